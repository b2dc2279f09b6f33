import { useState } from "react";
import { logOff } from "../../shared/api/session";
import { texts } from "../../shared/texts";
import { useAction } from "../../shared/useAction";
import { Dialog } from "../../shared/ui/Dialog";
import { ProblemNotice } from "../../shared/ui/Notice";

const words = texts.session;

/** Ends the session in every tab at once, after asking: nobody can come back to it, so that it is erased as well. */
export function LogOffButton({ onLoggedOff }: { onLoggedOff: () => void }) {
  const [asking, setAsking] = useState(false);
  const leave = useAction(async () => {
    await logOff();
    setAsking(false);
    onLoggedOff();
  });
  const close = () => {
    if (leave.busy) return;
    leave.forget();
    setAsking(false);
  };
  return (
    <>
      <button type="button" className="button on-bar" onClick={() => setAsking(true)}>
        {words.logOff}
      </button>
      {asking && (
        <Dialog title={words.logOffTitle} role="alertdialog" onClose={close}>
          <p>{words.logOffBody}</p>
          {leave.problem && <ProblemNotice problem={leave.problem} />}
          <p className="actions">
            <button type="button" className="button quiet" onClick={close}>
              {words.stayHere}
            </button>
            <button type="button" className="button danger" aria-disabled={leave.busy} onClick={() => void leave.run()}>
              {leave.busy ? words.loggingOff : words.logOffConfirm}
            </button>
          </p>
        </Dialog>
      )}
    </>
  );
}
