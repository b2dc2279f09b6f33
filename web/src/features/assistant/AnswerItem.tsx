import { useId, useState } from "react";
import type { Answer, Fallback, Message } from "../../shared/api/assistant";
import { clock } from "../../shared/format";
import { texts } from "../../shared/texts";
import { CallLink } from "../../shared/ui/CallLink";
import { Footnotes } from "./Citation";
import { footnotesOf, plainText, type Places } from "./evidence";
import { Sentences } from "./Sentences";
import { SpeakerName } from "./SpeakerName";

const words = texts.assistant;

interface AnswerItemProps {
  message: Message & { answer: Answer };
  places: Places;
  /** It tells of an emergency: the number to call stands above it. */
  emergency: boolean;
  emergencyNumber: string | null;
  /** Only of the newest answer, and while nothing is being written. */
  onRegenerate: (() => void) | null;
}

/** One answer: who speaks, what is said and on what ground, and what is missing from it. */
export function AnswerItem({ message: { answer, createdAt }, places, emergency, emergencyNumber, onRegenerate }: AnswerItemProps) {
  const id = useId();
  const footnotes = footnotesOf(answer.sentences);
  const writing = answer.state === "writing";
  return (
    <article className={emergency ? "answer emergency-answer" : "answer"} aria-labelledby={`${id}-by`}>
      <header className="said-by" id={`${id}-by`}>
        <SpeakerName speaker={answer.speaker} /> <time dateTime={createdAt}>{clock(createdAt)}</time>
      </header>
      {emergency && (
        <p className="emergency-call">
          {emergencyNumber ? <CallLink number={emergencyNumber}>{texts.acuity.call(emergencyNumber)}</CallLink> : words.callHelp}
        </p>
      )}
      <div className="answer-text">
        <Sentences sentences={answer.sentences} footnotes={footnotes} places={places} notesId={`${id}-notes`} />
      </div>
      <Remarks answer={answer} />
      {!writing && <Footnotes footnotes={footnotes} places={places} id={`${id}-notes`} />}
      {!writing && (
        <div className="actions" aria-live="off">
          <CopyButton answer={answer} />
          {onRegenerate && (
            <button type="button" className="button quiet" onClick={onRegenerate}>
              {words.regenerate}
            </button>
          )}
        </div>
      )}
    </article>
  );
}

/** In plain words: why this speaker, what was left out, and whether the end is missing. */
function Remarks({ answer: { state, struck, fallback } }: { answer: Answer }) {
  const remarks = [
    state === "stopped" && words.stopped,
    state === "interrupted" && words.interrupted,
    fallback && (words.fallback[fallback as Fallback] ?? words.fallbackOther),
    struck > 0 && words.struck(struck),
  ].filter(Boolean);
  return (
    <>
      {remarks.map((remark) => (
        <p key={String(remark)} className="remark">
          {remark}
        </p>
      ))}
    </>
  );
}

/** Copies the answer with what it rests on. */
function CopyButton({ answer }: { answer: Answer }) {
  const [said, setSaid] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(plainText(answer));
      setSaid(words.copied);
    } catch {
      setSaid(words.notCopied);
    }
  };
  return (
    <>
      <button type="button" className="button quiet" onClick={() => void copy()}>
        {words.copy}
      </button>
      <span role="status">{said}</span>
    </>
  );
}
