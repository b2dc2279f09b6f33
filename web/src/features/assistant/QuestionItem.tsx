import { useEffect, useRef, useState } from "react";
import type { Message } from "../../shared/api/assistant";
import { drafts } from "../../shared/drafts";
import { clock } from "../../shared/format";
import { shownText } from "../../shared/shownText";
import { texts } from "../../shared/texts";
import { QuestionField, tooLong } from "./QuestionField";

const words = texts.assistant;

interface QuestionItemProps {
  /** The session's id. */
  session: string;
  message: Message;
  busy: boolean;
  /** Asks it in other words. It and what follows it are replaced. */
  onReplace: (text: string) => void;
}

/** A question of the person, which can be put in other words. */
export function QuestionItem({ session, message, busy, onReplace }: QuestionItemProps) {
  const [draft, setShown] = useState<string | null>(() => drafts.read(session, message.id) || null);
  const setDraft = (text: string | null) => {
    setShown(text);
    drafts.write(session, message.id, text ?? "");
  };
  const button = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  /** Not where it was left open, and something else was looked at. */
  const takesFocus = useRef(false);
  const open = draft !== null;
  useEffect(() => {
    if (!open && wasOpen.current) button.current?.focus();
    wasOpen.current = open;
  }, [open]);
  const edit = () => {
    if (busy) return;
    takesFocus.current = true;
    setDraft(message.text);
  };
  const send = () => {
    if (!busy && draft?.trim() && !tooLong(draft)) onReplace(draft.trim());
  };
  return (
    <article className="question" aria-label={words.yourQuestion} aria-live="off">
      <header className="said-by">
        {words.you} <time dateTime={message.createdAt}>{clock(message.createdAt)}</time>
      </header>
      {open ? (
        <form
          className="question-edit"
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <QuestionField label={words.editLabel} value={draft} onChange={setDraft} onSend={send} onEscape={() => setDraft(null)} focused={takesFocus.current} />
          <p className="help">{words.editNote}</p>
          <p className="actions">
            <button type="submit" className="button primary" aria-disabled={busy || !draft.trim() || tooLong(draft)}>
              {words.askAgain}
            </button>
            <button type="button" className="button quiet" onClick={() => setDraft(null)}>
              {words.cancel}
            </button>
          </p>
        </form>
      ) : (
        <>
          <p className="question-text" dir="auto">
            {shownText(message.text)}
          </p>
          <p className="actions">
            <button type="button" ref={button} className="button text" aria-disabled={busy} aria-label={words.editThis(shownText(message.text).slice(0, 60))} onClick={edit}>
              {words.edit}
            </button>
          </p>
        </>
      )}
    </article>
  );
}
