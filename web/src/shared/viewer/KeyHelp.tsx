import { texts } from "../texts";
import { Dialog } from "../ui/Dialog";
import { commands, keyTold } from "./commands";

const words = texts.viewer;

/** Every command with its keys, and what hands can do. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={words.helpTitle} onClose={onClose}>
      <p className="help">{words.helpLead}</p>
      <p className="actions">
        <button type="button" className="button primary" onClick={onClose}>
          {texts.close}
        </button>
      </p>
      <dl className="facts film-help">
        {commands.map(({ name, label, keys }) => (
          <div key={name}>
            <dt>{label}</dt>
            <dd>{keys.length === 0 ? words.noKey : keys.filter((key) => key !== "=" && key !== "_").map((key) => <kbd key={key}>{keyTold(key)}</kbd>)}</dd>
          </div>
        ))}
        {words.gestures.map(([gesture, does]) => (
          <div key={gesture}>
            <dt>{gesture}</dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
