import { useEffect, useRef, useState, type FormEvent, type MouseEvent, type ReactNode } from "react";
import { Link, navigate, paths } from "../../shared/router";
import { texts } from "../../shared/texts";
import { Notice, ProblemNotice } from "../../shared/ui/Notice";
import { PageTitle } from "../../shared/ui/Pane";
import { answerWords } from "./answerWords";
import { CheckAnswers, errorsOf } from "./CheckAnswers";
import { Asked, fieldId } from "./field";
import type { Intake } from "./intake";
import { helpOf, isAsked, isList, questionsOf, type Answer, type Answers, type Item, type Questionnaire } from "./questionnaire";
import { QuestionField } from "./QuestionField";
import { RowsField } from "./RowsField";
import { SaveState } from "./SaveState";
import { ownerOf, useAutosave, type Autosave } from "./useAutosave";

const words = texts.history;
/** The page after the last topic. */
const check = "check";

/** A topic, with those of its questions that are asked now. */
export interface Topic {
  group: Item;
  questions: Item[];
}

interface HistoryFormProps {
  questionnaire: Questionnaire;
  saved: Intake;
  session: string;
  /** The id of a topic, `check`, or null for the first. */
  topic: string | null;
  /** What is said before the answers are checked. */
  remark?: ReactNode;
  onComplete: () => void;
}

/** The questionnaire, one topic a page, and a last page with all answers. */
export function HistoryForm({ questionnaire, saved, session, topic, remark, onComplete }: HistoryFormProps) {
  const autosave = useAutosave(saved, session);
  /** What the page itself found wrong, by `linkId`. */
  const [entered, setEntered] = useState<Record<string, string>>({});
  /** Counts how often somebody wanted to go on and couldn't, on this page. */
  const [stopped, setStopped] = useState({ page: topic, count: 0 });
  const summaryBox = useRef<HTMLDivElement>(null);

  const topics = questionnaire.item
    .map((group) => ({ group, questions: asked(group, autosave.answers) }))
    .filter(({ questions }) => questions.length > 0);
  const index = topic === check ? topics.length : Math.max(0, topics.findIndex(({ group }) => group.linkId === topic));
  const here = topics[index];
  const all = topics.flatMap(({ questions }) => questions);
  const questions = here ? here.questions : all;
  const refused = stopped.page === topic ? stopped.count : 0;
  const errors: Record<string, string> = {
    ...(refused > 0 || !here ? missingIn(questions, autosave.answers) : {}),
    ...autosave.contradictions,
    ...autosave.faults,
    ...entered,
  };
  const wrong = questions.flatMap((item) => errorsOf(item.linkId, errors).map((error) => ({ item, error })));
  const answered = all.filter((item) => autosave.answers[item.linkId] !== undefined).length;

  useEffect(() => {
    if (refused > 0) summaryBox.current?.focus();
  }, [refused]);

  const change = (item: Item) => (answer: Answer | null, fault?: string) => {
    setEntered(({ [item.linkId]: _, ...others }) => (fault ? { ...others, [item.linkId]: fault } : others));
    autosave.change(item.linkId, answer);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const isSaved = await autosave.flush();
    const missing = Object.keys(missingIn(questions, autosave.answers));
    const open = missing.length > 0 || questions.some((item) => entered[item.linkId]);
    const contradicts = !here && Object.keys(autosave.contradictions).length > 0;
    if (!isSaved || open || contradicts) return setStopped({ page: topic, count: refused + 1 });
    if (!here) return onComplete();
    const next = topics[index + 1];
    navigate(paths.topic(next ? next.group.linkId : check));
  };
  const title = here ? here.group.text : words.check;
  const before = topics[index - 1];

  return (
    <form className="history" onSubmit={(event) => void submit(event)} noValidate>
      <aside className="history-side">
        <p className="history-progress">
          <progress max={topics.length} value={index} aria-label={words.part(index + 1, topics.length + 1)} />
          {words.part(index + 1, topics.length + 1)}
        </p>
        <details className="topics-list">
          <summary>{words.topics}</summary>
          <Topics topics={topics} here={here?.group.linkId ?? check} answers={autosave.answers} errors={errors} />
        </details>
        <SaveState status={autosave.status} savedAt={autosave.savedAt} />
      </aside>
      <div className="history-main">
        <PageTitle key={title} lead={here ? (leadOf(here.group) ?? (index === 0 ? words.lead : undefined)) : words.checkLead}>
          {title}
        </PageTitle>
        {!here && remark}
        {wrong.length > 0 && (refused > 0 || !here) && (
          <div ref={summaryBox} tabIndex={-1} className="summary">
            <Notice tone="problem" role="alert" title={words.summaryTitle(wrong.length)}>
              <ul>
                {wrong.map(({ item, error }) => (
                  <li key={`${item.linkId} ${error}`}>
                    {here ? (
                      <a href={`#${fieldId(item.linkId)}`} onClick={(event) => jump(event, fieldId(item.linkId))}>
                        {item.text}
                      </a>
                    ) : (
                      <Link to={paths.topic(topicOf(item, topics))}>{item.text}</Link>
                    )}
                    : {error}
                  </li>
                ))}
              </ul>
            </Notice>
          </div>
        )}
        {here ? (
          <section className="pane topic" aria-label={title}>
            {questions.map((item) => (
              <Question key={`${item.linkId} ${autosave.versions[item.linkId] ?? 0}`} item={item} autosave={autosave} errors={errors} onChange={change(item)} />
            ))}
          </section>
        ) : (
          <CheckAnswers topics={topics} answers={autosave.answers} errors={errors} packYears={autosave.packYears} />
        )}
        {autosave.problem && (
          <ProblemNotice problem={autosave.problem} title={words.saveFailed} retry={() => void autosave.flush()} />
        )}
        <p className="actions end">
          {before && (
            <Link to={paths.topic(before.group.linkId)} className="button quiet">
              {words.back}
            </Link>
          )}
          <button type="submit" className="button primary large">
            {here ? words.nextTopic : words.next}
          </button>
        </p>
        {here && (
          <p className="help">
            {words.answered(answered, all.length)} <Link to={paths.topic(check)}>{words.toCheck}</Link>
          </p>
        )}
      </div>
    </form>
  );
}

interface TopicsProps {
  topics: Topic[];
  here: string;
  answers: Answers;
  errors: Record<string, string>;
}

/** The way through the topics; each can be gone to at any time. */
function Topics({ topics, here, answers, errors }: TopicsProps) {
  return (
    <nav aria-label={words.topics}>
      <ol className="topics">
        {topics.map(({ group, questions }) => {
          const wrong = questions.some((item) => errorsOf(item.linkId, errors).length > 0);
          const begun = questions.some((item) => answers[item.linkId] !== undefined);
          return (
            <li key={group.linkId} className={wrong ? "wrong" : begun ? "done" : ""}>
              <Link to={paths.topic(group.linkId)} aria-current={group.linkId === here ? "step" : undefined}>
                <Asked item={group} />
                {wrong ? <span className="unseen"> ({words.topicWrong})</span> : begun ? <span className="unseen"> ({words.topicBegun})</span> : null}
              </Link>
            </li>
          );
        })}
        <li>
          <Link to={paths.topic(check)} aria-current={here === check ? "step" : undefined}>
            {words.check}
          </Link>
        </li>
      </ol>
    </nav>
  );
}

interface QuestionProps {
  item: Item;
  autosave: Autosave;
  errors: Record<string, string>;
  onChange: (answer: Answer | null, fault?: string) => void;
}

/** A question, and what another tab has answered to it. */
function Question({ item, autosave, errors, onChange }: QuestionProps) {
  const id = item.linkId;
  const conflict = autosave.conflicts[id];
  const field = { item, value: autosave.answers[id], error: errors[id], onChange };
  return (
    <>
      {isList(item) ? <RowsField {...field} errors={errors} /> : <QuestionField {...field} />}
      {conflict !== undefined && (
        <Notice tone="attention" title={words.conflict(item.prefix ?? item.text)}>
          <p>{conflict === null ? words.conflictEmpty : answerWords(item, conflict).join("; ")}</p>
          <p className="actions">
            <button type="button" className="button" onClick={() => autosave.settle(id, true)}>
              {words.takeTheirs}
            </button>
            <button type="button" className="button" onClick={() => autosave.settle(id, false)}>
              {words.keepMine}
            </button>
          </p>
        </Notice>
      )}
    </>
  );
}

function leadOf(group: Item): ReactNode {
  const lead = helpOf(group);
  return lead && <span lang={lead.lang}>{lead.text}</span>;
}

function asked(group: Item, answers: Answers): Item[] {
  if (!isAsked(group, answers)) return [];
  return questionsOf(group).filter((item) => isAsked(item, answers));
}

/** Which required answers aren't there, by place; in a list, those of rows that say something. */
function missingIn(questions: Item[], answers: Answers): Record<string, string> {
  const missing: Record<string, string> = {};
  for (const item of questions) {
    const answer = answers[item.linkId];
    if (answer === undefined) {
      if (item.required) missing[item.linkId] = words.missing;
    } else if (isList(item)) {
      const needed = (item.item ?? []).filter((column) => column.required);
      (answer as Record<string, unknown>[]).forEach((row, index) => {
        for (const column of needed) {
          const name = column.linkId.slice(item.linkId.length + 1);
          if (row[name] === undefined) missing[`${item.linkId}/${index}/${name}`] = words.missing;
        }
      });
    }
  }
  return missing;
}

function topicOf(item: Item, topics: Topic[]): string {
  return topics.find(({ questions }) => questions.includes(item))?.group.linkId ?? ownerOf(item.linkId);
}

/** Goes to a part of the page and puts the focus there, without changing the address. */
function jump(event: MouseEvent, id: string): void {
  event.preventDefault();
  const target = document.getElementById(id);
  const control = target?.matches("fieldset") ? (target.querySelector<HTMLElement>("input, select, button") ?? target) : target;
  control?.focus({ preventScroll: true });
  target?.scrollIntoView?.({ block: "start" });
}
