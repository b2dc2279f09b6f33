import { useState } from "react";
import { eraseSession, type Receipt } from "../../shared/api/session";
import { texts } from "../../shared/texts";
import { useAction } from "../../shared/useAction";
import { Dialog } from "../../shared/ui/Dialog";
import { ProblemNotice } from "../../shared/ui/Notice";

const words = texts.session;

/** Erases the session, after asking. */
export function EraseButton({ onErased }: { onErased: (receipt: Receipt) => void }) {
  const [asking, setAsking] = useState(false);
  const erase = useAction(async () => {
    const receipt = await eraseSession();
    setAsking(false);
    onErased(receipt);
  });
  const close = () => {
    if (erase.busy) return;
    erase.forget();
    setAsking(false);
  };
  return (
    <>
      <button type="button" className="button on-bar" onClick={() => setAsking(true)}>
        {words.erase}
      </button>
      {asking && (
        <Dialog title={words.eraseTitle} role="alertdialog" onClose={close}>
          <p>{words.eraseBody}</p>
          {erase.problem && <ProblemNotice problem={erase.problem} />}
          <p className="actions">
            <button type="button" className="button quiet" onClick={close}>
              {words.keep}
            </button>
            <button type="button" className="button danger" aria-disabled={erase.busy} onClick={() => void erase.run()}>
              {erase.busy ? words.erasing : words.eraseConfirm}
            </button>
          </p>
        </Dialog>
      )}
    </>
  );
}
