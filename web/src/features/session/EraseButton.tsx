import { useState } from "react";
import { eraseSession, type Receipt } from "../../shared/api/session";
import { texts } from "../../shared/texts";
import { useAction } from "../../shared/useAction";
import { ConfirmDialog } from "../../shared/ui/ConfirmDialog";

const words = texts.session;

/** Erases the session, after asking. */
export function EraseButton({ onErased }: { onErased: (receipt: Receipt) => void }) {
  const [asking, setAsking] = useState(false);
  const erase = useAction(async () => {
    const receipt = await eraseSession();
    setAsking(false);
    onErased(receipt);
  });
  return (
    <>
      <button type="button" className="button on-bar" onClick={() => setAsking(true)}>
        {words.erase}
      </button>
      {asking && (
        <ConfirmDialog
          title={words.eraseTitle}
          keep={words.keep}
          confirm={words.eraseConfirm}
          confirming={words.erasing}
          action={erase}
          onClose={() => setAsking(false)}
        >
          <p>{words.eraseBody}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
