import { questionsOf, type Identity } from "../api/identity";
import { texts } from "../texts";
import { Notice } from "./Notice";

const words = texts.identity;

/** Asks whether a picture that isn't new is the one that is meant; nothing where it is new, or the file doesn't say. */
export function OldPicture({ identity }: { identity: Identity | null | undefined }) {
  const old = questionsOf(identity).find(({ field }) => field === "study-date");
  if (!old) return null;
  return (
    <Notice tone="attention" title={words.oldTitle}>
      <p>{words.old(old.file ?? words.missing)}</p>
    </Notice>
  );
}
