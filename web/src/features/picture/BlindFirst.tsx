import { useId } from "react";
import { lateTexts } from "../../shared/texts/late";

const words = lateTexts.reading;

/** For clinicians who want to read the picture before they see what the model found. */
export function BlindFirst({ chosen, onChoose }: { chosen: boolean; onChoose: (on: boolean) => void }) {
  const id = useId();
  return (
    <label className="check blind-first">
      <input type="checkbox" checked={chosen} aria-describedby={id} onChange={(event) => onChoose(event.target.checked)} />
      <span>
        {words.choose}
        <span className="help" id={id} aria-hidden="true">
          {words.chooseHelp}
        </span>
      </span>
    </label>
  );
}
