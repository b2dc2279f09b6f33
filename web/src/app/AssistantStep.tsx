import { AssistantPage } from "../features/assistant/AssistantPage";
import { questionsOf, useQuestionnaire } from "../features/history/questionnaire";
import { useAnalyses } from "../shared/api/analyses";

/** Questions to the assistant: a script of its own. It knows where in the history and which analysis its evidence is. */
export function AssistantStep({ session, conversationId }: { session: string; conversationId: string | null }) {
  const questionnaire = useQuestionnaire();
  const analyses = useAnalyses();
  const topicOf = (question: string) =>
    questionnaire.data?.item.find((topic) => questionsOf(topic).some(({ linkId }) => linkId === question))?.linkId ?? null;
  const analysisId = analyses.data?.find(({ state }) => state === "completed")?.id ?? null;
  return <AssistantPage session={session} conversationId={conversationId} places={{ topicOf, analysisId }} />;
}
