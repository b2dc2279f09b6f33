import { ContextPage } from "../features/context/ContextPage";
import { questionsOf, useQuestionnaire } from "../features/history/questionnaire";
import { Link, paths } from "../shared/router";
import { texts } from "../shared/texts";

/** What the assistant is told, with the names that the history has for its questions. */
export function RecordPage() {
  const questionnaire = useQuestionnaire();
  const questions = questionnaire.data?.item.flatMap(questionsOf) ?? [];
  return (
    <>
      <ContextPage
        nameOf={(question) => {
          const item = questions.find(({ linkId }) => linkId === question);
          return item ? { text: item.prefix ?? item.text, lang: item.lang } : { text: question };
        }}
      />
      <p>
        <Link to={paths.accessLog}>{texts.accessLog.link}</Link>
      </p>
    </>
  );
}
