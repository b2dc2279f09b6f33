import { texts } from "../../shared/texts";
import { QuestionField, tooLong } from "./QuestionField";

const words = texts.assistant;

interface ComposerProps {
  draft: string;
  onDraft: (text: string) => void;
  onSend: (text: string) => void;
  /** An answer is under way: nothing can be sent, but it can be written. */
  busy: boolean;
  /** Stops the answer, where there is one to stop. */
  onStop: (() => void) | null;
  stopping: boolean;
  focused?: boolean;
}

/** The id of its field, for who wants to give it the focus. */
export const composerId = "assistant-question";

export function focusComposer(): void {
  document.getElementById(composerId)?.focus();
}

/** Where the next question is written and sent, and the answer stopped. */
export function Composer({ draft, onDraft, onSend, busy, onStop, stopping, focused = false }: ComposerProps) {
  const sendable = !busy && draft.trim() !== "" && !tooLong(draft);
  const send = () => {
    if (sendable) onSend(draft.trim());
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <QuestionField id={composerId} label={words.ask} value={draft} onChange={onDraft} onSend={send} focused={focused} />
      <p className="actions">
        <button type="submit" className="button primary" aria-disabled={!sendable}>
          {words.send}
        </button>
        {onStop && (
          <button
            type="button"
            className="button danger"
            aria-disabled={stopping}
            onClick={() => {
              onStop();
              focusComposer();
            }}
          >
            {stopping ? words.stopping : words.stop}
          </button>
        )}
      </p>
    </form>
  );
}
