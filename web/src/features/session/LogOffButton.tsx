import { useState } from "react";
import { logOff } from "../../shared/api/session";
import { texts } from "../../shared/texts";
import { useAction } from "../../shared/useAction";
import { ConfirmDialog } from "../../shared/ui/ConfirmDialog";

const words = texts.session;

/** Ends the session in every tab at once, after asking: nobody can come back to it, so that it is erased as well. */
export function LogOffButton({ onLoggedOff }: { onLoggedOff: () => void }) {
  const [asking, setAsking] = useState(false);
  const leave = useAction(async () => {
    await logOff();
    setAsking(false);
    onLoggedOff();
  });
  return (
    <>
      <button type="button" className="button on-bar" onClick={() => setAsking(true)}>
        {words.logOff}
      </button>
      {asking && (
        <ConfirmDialog
          title={words.logOffTitle}
          keep={words.stayHere}
          confirm={words.logOffConfirm}
          confirming={words.loggingOff}
          action={leave}
          onClose={() => setAsking(false)}
        >
          <p>{words.logOffBody}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
