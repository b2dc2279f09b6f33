import { forwardRef, useId } from "react";
import { differencesOf, questionsOf, type Identity } from "../../shared/api/identity";
import { texts } from "../../shared/texts";
import { IdentityTable } from "../../shared/ui/IdentityTable";
import { Notice } from "../../shared/ui/Notice";
import { OldPicture } from "../../shared/ui/OldPicture";
import { Pane } from "../../shared/ui/Pane";

const words = texts.identity;

interface IdentityCheckProps {
  identity: Identity;
  confirmed: boolean;
  /** Somebody wanted to go on without confirming. */
  missing: boolean;
  onConfirm: (on: boolean) => void;
}

/** Whether the file belongs to the person of the history; differences have to be confirmed. */
export const IdentityCheck = forwardRef<HTMLInputElement, IdentityCheckProps>(function IdentityCheck({ identity, confirmed, missing, onConfirm }, box) {
  const errorId = useId();
  const differences = differencesOf(identity);
  return (
    <Pane title={words.title}>
      <OldPicture identity={identity} />
      <IdentityTable rows={identity.rows} caption={words.caption} />
      {differences.length === 0 ? (
        questionsOf(identity).length === 0 && <p>{words.nothingDiffers}</p>
      ) : (
        <Notice tone="attention" title={words.differTitle}>
          <p>{words.differLead}</p>
          <label className="check">
            <input
              ref={box}
              type="checkbox"
              checked={confirmed}
              aria-describedby={missing ? errorId : undefined}
              aria-invalid={missing ? true : undefined}
              onChange={(event) => onConfirm(event.target.checked)}
            />
            <span>{words.confirm(differences.map(({ field }) => words.fields[field]).join(", "))}</span>
          </label>
          {missing && (
            <p className="field-error" id={errorId} role="alert">
              {words.confirmMissing}
            </p>
          )}
        </Notice>
      )}
    </Pane>
  );
});
