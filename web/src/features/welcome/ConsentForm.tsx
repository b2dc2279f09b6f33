import { useRef, useState, type FormEvent } from "react";
import { startSession, type Session } from "../../shared/api/session";
import { texts } from "../../shared/texts";
import { ProblemNotice } from "../../shared/ui/Notice";
import { useAction } from "../../shared/useAction";

const words = texts.welcome;

export function ConsentForm({ version, onStarted }: { version: string; onStarted: (session: Session) => void }) {
  const [agreed, setAgreed] = useState(false);
  const [missing, setMissing] = useState(false);
  const box = useRef<HTMLInputElement>(null);
  const start = useAction(async () => onStarted(await startSession(version)));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!agreed) {
      setMissing(true);
      box.current?.focus();
      return;
    }
    void start.run();
  };

  return (
    <form onSubmit={submit} noValidate>
      <label className="check">
        <input
          ref={box}
          type="checkbox"
          checked={agreed}
          aria-invalid={missing}
          aria-describedby={missing ? "consent-missing" : undefined}
          onChange={(event) => {
            setAgreed(event.target.checked);
            setMissing(false);
          }}
        />
        <span>{words.consent}</span>
      </label>
      {missing && (
        <p className="field-error" id="consent-missing" role="alert">
          {words.consentMissing}
        </p>
      )}
      {start.problem && <ProblemNotice problem={start.problem} />}
      <p className="actions">
        <button type="submit" className="button primary large" aria-disabled={start.busy}>
          {start.busy ? words.starting : words.start}
        </button>
      </p>
    </form>
  );
}
