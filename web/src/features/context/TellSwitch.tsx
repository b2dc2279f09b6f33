import { texts } from "../../shared/texts";

const words = texts.context;

interface TellSwitchProps {
  question: string;
  name: { text: string; lang?: string | undefined };
  /** Whether the assistant is told. */
  told: boolean;
  busy: boolean;
  onToggle: () => void;
}

/** Whether the assistant is told an answer. */
export function TellSwitch({ question, name, told, busy, onToggle }: TellSwitchProps) {
  return (
    <button type="button" role="switch" className="switch" data-question={question} aria-checked={told} aria-disabled={busy} onClick={() => !busy && onToggle()}>
      <span className="switch-track" aria-hidden="true" />
      {words.tell}
      <span className="unseen" lang={name.lang}>
        : {name.text}
      </span>
      <span className="switch-state" aria-hidden="true">
        {told ? words.on : words.off}
      </span>
    </button>
  );
}
