import { useEffect, useRef, useState, type FormEvent, type MouseEvent } from "react";
import { en } from "../../shared/texts/en";
import { Notice, ProblemNotice } from "../../shared/ui/Notice";
import { fieldId } from "./field";
import { QuestionField } from "./QuestionField";
import { isAsked, questionsOf, type Answer, type Answers, type Item, type Questionnaire } from "./questionnaire";
import { SaveState } from "./SaveState";
import { useAutosave } from "./useAutosave";

const words = en.history;

interface HistoryFormProps {
  questionnaire: Questionnaire;
  saved: Answers;
  onComplete: () => void;
}

/** The whole questionnaire on one page, a section for each topic. */
export function HistoryForm({ questionnaire, saved, onComplete }: HistoryFormProps) {
  const autosave = useAutosave(saved);
  /** What the page itself found wrong, by `linkId`. */
  const [entered, setEntered] = useState<Record<string, string>>({});
  /** Set when somebody wanted to go on and couldn't. */
  const [summary, setSummary] = useState(0);
  const summaryBox = useRef<HTMLDivElement>(null);

  const topics = questionnaire.item
    .map((group) => ({ group, questions: asked(group, autosave.answers) }))
    .filter(({ questions }) => questions.length > 0);
  const questions = topics.flatMap((topic) => topic.questions);
  const missing = summary > 0 ? questions.filter((item) => item.required && autosave.answers[item.linkId] === undefined) : [];
  const errors: Record<string, string> = {
    ...Object.fromEntries(missing.map((item) => [item.linkId, words.missing])),
    ...autosave.faults,
    ...entered,
  };
  const wrong = questions.filter((item) => errors[item.linkId]);
  const answered = questions.filter((item) => autosave.answers[item.linkId] !== undefined).length;

  useEffect(() => {
    if (summary > 0) summaryBox.current?.focus();
  }, [summary]);

  const change = (item: Item) => (answer: Answer | null, fault?: string) => {
    setEntered(({ [item.linkId]: _, ...others }) => (fault ? { ...others, [item.linkId]: fault } : others));
    autosave.change(item.linkId, answer);
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const saved = await autosave.flush();
    const open = questions.some((item) => (item.required && autosave.answers[item.linkId] === undefined) || entered[item.linkId]);
    if (saved && !open) onComplete();
    else setSummary((n) => n + 1);
  };

  return (
    <form className="history" onSubmit={(event) => void submit(event)} noValidate>
      <aside className="history-side">
        <nav aria-label={words.topics}>
          <ol className="topics">
            {topics.map(({ group, questions: own }) => (
              <li key={group.linkId} className={own.every((item) => autosave.answers[item.linkId] !== undefined) ? "done" : ""}>
                <a href={`#topic-${group.linkId}`} onClick={(event) => jump(event, `topic-${group.linkId}`)}>
                  {group.text}
                </a>
              </li>
            ))}
          </ol>
        </nav>
        <p className="history-progress">
          <progress max={questions.length} value={answered} aria-label={words.progress(answered, questions.length)} />
          {words.progress(answered, questions.length)}
        </p>
        <SaveState status={autosave.status} savedAt={autosave.savedAt} />
      </aside>
      <div className="history-main">
        {summary > 0 && wrong.length > 0 && (
          <div ref={summaryBox} tabIndex={-1} className="summary">
            <Notice tone="problem" role="alert" title={words.summaryTitle(wrong.length)}>
              <ul>
                {wrong.map((item) => (
                  <li key={item.linkId}>
                    <a href={`#${fieldId(item.linkId)}`} onClick={(event) => jump(event, fieldId(item.linkId))}>
                      {item.text}
                    </a>
                    : {errors[item.linkId]}
                  </li>
                ))}
              </ul>
            </Notice>
          </div>
        )}
        {topics.map(({ group, questions: own }) => (
          <section key={group.linkId} className="pane topic" aria-labelledby={`topic-${group.linkId}`}>
            <h2 className="pane-title" id={`topic-${group.linkId}`} tabIndex={-1}>
              {group.text}
            </h2>
            {own.map((item) => (
              <QuestionField
                key={item.linkId}
                item={item}
                value={autosave.answers[item.linkId]}
                error={errors[item.linkId]}
                onChange={change(item)}
              />
            ))}
          </section>
        ))}
        {autosave.problem && (
          <ProblemNotice problem={autosave.problem} title={words.saveFailed} retry={() => void autosave.flush()} />
        )}
        <p className="actions end">
          <button type="submit" className="button primary large">
            {words.next}
          </button>
        </p>
      </div>
    </form>
  );
}

function asked(group: Item, answers: Answers): Item[] {
  if (!isAsked(group, answers)) return [];
  return questionsOf(group).filter((item) => isAsked(item, answers));
}

/** Goes to a part of the page and puts the focus there, without changing the address. */
function jump(event: MouseEvent, id: string): void {
  event.preventDefault();
  const target = document.getElementById(id);
  const control = target?.matches("fieldset") ? target.querySelector<HTMLElement>("input") ?? target : target;
  control?.focus({ preventScroll: true });
  target?.scrollIntoView?.({ block: "start" });
}
