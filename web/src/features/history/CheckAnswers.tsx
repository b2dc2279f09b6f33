import { Link, paths } from "../../shared/router";
import { texts } from "../../shared/texts";
import { answerWords } from "./answerWords";
import { Asked } from "./field";
import type { Topic } from "./HistoryForm";
import type { Answers } from "./questionnaire";

const words = texts.history;

interface CheckAnswersProps {
  topics: Topic[];
  answers: Answers;
  /** What is wrong, by place: `age`, `medication/0/name`. */
  errors: Record<string, string>;
  packYears: number | null;
}

/** Everything that was answered, to be read once more before it is used. */
export function CheckAnswers({ topics, answers, errors, packYears }: CheckAnswersProps) {
  return (
    <>
      {topics.map(({ group, questions }) => {
        const told = questions.filter((item) => answers[item.linkId] !== undefined || errorsOf(item.linkId, errors).length > 0);
        return (
          <section key={group.linkId} className="pane checked" aria-labelledby={`check-${group.linkId}`}>
            <header className="checked-head">
              <h2 className="pane-title" id={`check-${group.linkId}`}>
                <Asked item={group} />
              </h2>
              <Link to={paths.topic(group.linkId)}>
                {words.changeTopic}
                <span className="unseen">: {group.text}</span>
              </Link>
            </header>
            {told.length === 0 ? (
              <p className="help">{words.nothingAnswered}</p>
            ) : (
              <dl className="answers">
                {told.map((item) => {
                  const answer = answers[item.linkId];
                  return (
                    <div key={item.linkId}>
                      <dt lang={item.lang}>{item.prefix ?? item.text}</dt>
                      <dd>
                        {answer !== undefined && answerWords(item, answer).map((line, index) => (
                          <p key={index} dir="auto">
                            {line}
                          </p>
                        ))}
                        {item.linkId === "smoking-years" && packYears !== null && <p className="help">{words.packYears(packYears)}</p>}
                        {errorsOf(item.linkId, errors).map((error) => (
                          <p key={error} className="field-error">
                            {error}
                          </p>
                        ))}
                      </dd>
                    </div>
                  );
                })}
              </dl>
            )}
          </section>
        );
      })}
      <p className="actions">
        <Link to={paths.record} className="button quiet">
          {texts.context.link}
        </Link>
        <button type="button" className="button quiet" onClick={() => window.print()}>
          {words.print}
        </button>
      </p>
    </>
  );
}

/** What is wrong with an answer or with a part of it. */
export function errorsOf(id: string, errors: Record<string, string>): string[] {
  return Object.entries(errors)
    .filter(([place]) => place === id || place.startsWith(`${id}/`))
    .map(([, error]) => error);
}
