import type { ReactNode } from "react";
import { useSession } from "../../shared/session";
import { texts } from "../../shared/texts";
import { ErrorBoundary } from "../../shared/ui/ErrorBoundary";
import { Loaded } from "../../shared/ui/Pane";
import { HistoryForm } from "./HistoryForm";
import { useIntake } from "./intake";
import { useQuestionnaire } from "./questionnaire";

const words = texts.history;

interface HistoryPageProps {
  /** The id of a topic, `check`, or null for the first. */
  topic: string | null;
  /** What is said before the answers are checked. */
  remark?: ReactNode;
  onComplete: () => void;
}

/** The history: the questionnaire and the saved answers, then the form. */
export function HistoryPage({ topic, remark, onComplete }: HistoryPageProps) {
  const questionnaire = useQuestionnaire();
  const intake = useIntake();
  const { state } = useSession();
  const session = state.status === "open" ? state.session.id : "";
  return (
    <ErrorBoundary name={words.title}>
      <Loaded resource={questionnaire}>
        {(questions) => (
          <Loaded resource={intake}>
            {(saved) => (
              <HistoryForm questionnaire={questions} saved={saved} session={session} topic={topic} remark={remark} onComplete={onComplete} />
            )}
          </Loaded>
        )}
      </Loaded>
    </ErrorBoundary>
  );
}
