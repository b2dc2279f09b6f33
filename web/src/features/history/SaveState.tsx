import { clock } from "../../shared/format";
import { texts } from "../../shared/texts";
import type { SaveStatus } from "./useAutosave";

const words = texts.history;

/** Says whether what was entered is saved. A screen reader hears it when it changes, once a pause comes. */
export function SaveState({ status, savedAt }: { status: SaveStatus; savedAt: number | null }) {
  return (
    <p className={`save-state ${status}`} role="status">
      <span className="dot" aria-hidden="true" />
      {text(status, savedAt)}
    </p>
  );
}

function text(status: SaveStatus, savedAt: number | null): string {
  switch (status) {
    case "untouched":
      return words.autosave;
    case "waiting":
      return words.notSaved;
    case "saving":
      return words.saving;
    case "failed":
      return words.saveFailed;
    case "saved":
      return savedAt ? words.savedAt(clock(savedAt)) : words.saved;
  }
}
