import type { Analysis } from "../../shared/api/analyses";
import { dateAndClock } from "../../shared/format";
import { shownText } from "../../shared/shownText";
import { lateTexts } from "../../shared/texts/late";
import { Pane } from "../../shared/ui/Pane";

const words = lateTexts.reading;

/** What a clinician read, beside what the model found; or that nobody did before the findings were shown. */
export function ReadingBeside({ reading, revealedWithoutReading }: Pick<Analysis, "reading" | "revealedWithoutReading">) {
  if (!reading) return revealedWithoutReading ? <p className="help">{words.without}</p> : null;
  return (
    <Pane title={words.title} className="reading">
      <blockquote className="reading-text" dir="auto">
        {shownText(reading.text)}
      </blockquote>
      <p className="reading-by">
        <bdi>{words.by(shownText(reading.clinician), dateAndClock(reading.recordedAt))}</bdi>
      </p>
      <p className="help">{reading.isBlind ? words.blind : words.notBlind}</p>
    </Pane>
  );
}
