import { ContextPage } from "../features/context/ContextPage";
import { questionsOf, useQuestionnaire } from "../features/history/questionnaire";

/** What the assistant is told, with the names that the history has for its questions. */
export function RecordPage() {
  const questionnaire = useQuestionnaire();
  const questions = questionnaire.data?.item.flatMap(questionsOf) ?? [];
  return (
    <ContextPage
      nameOf={(question) => {
        const item = questions.find(({ linkId }) => linkId === question);
        return item ? { text: item.prefix ?? item.text, lang: item.lang } : { text: question };
      }}
    />
  );
}
