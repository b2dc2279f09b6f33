import { en } from "../../shared/texts/en";
import { ErrorBoundary } from "../../shared/ui/ErrorBoundary";
import { Loaded, PageTitle } from "../../shared/ui/Pane";
import { HistoryForm } from "./HistoryForm";
import { useIntake } from "./intake";
import { useQuestionnaire } from "./questionnaire";

const words = en.history;

/** The history: the questionnaire and the saved answers, then the form. */
export function HistoryPage({ onComplete }: { onComplete: () => void }) {
  const questionnaire = useQuestionnaire();
  const intake = useIntake();
  return (
    <>
      <PageTitle lead={words.lead}>{words.title}</PageTitle>
      <ErrorBoundary name={words.title}>
        <Loaded resource={questionnaire}>
          {(questions) => (
            <Loaded resource={intake}>
              {(saved) => <HistoryForm questionnaire={questions} saved={saved.answers} onComplete={onComplete} />}
            </Loaded>
          )}
        </Loaded>
      </ErrorBoundary>
    </>
  );
}
