import type { Speaker } from "../../shared/api/assistant";
import { texts } from "../../shared/texts";

const words = texts.assistant;

/** Who speaks: the prepared answers, or a model by its name. */
export function SpeakerName({ speaker }: { speaker: Speaker }) {
  return (
    <span className="speaker" dir="auto">
      {speaker.kind === "library" ? words.library : words.model(speaker.name)}
    </span>
  );
}
