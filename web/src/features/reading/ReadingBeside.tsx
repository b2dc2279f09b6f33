import { useState } from "react";
import type { Analysis } from "../../shared/api/analyses";
import { dateAndClock } from "../../shared/format";
import { shownText } from "../../shared/shownText";
import { lateTexts } from "../../shared/texts/late";
import { Pane } from "../../shared/ui/Pane";
import { hasDraft, ReadingForm } from "./ReadingForm";

const words = lateTexts.reading;

interface ReadingBesideProps {
  analysis: Pick<Analysis, "id" | "reading" | "revealedWithoutReading">;
  /** The session's id. */
  session: string;
  /** A reading was recorded. */
  onRecorded: () => void;
}

/** What a clinician read, beside what the model found; or that nobody did before the findings were shown. */
export function ReadingBeside({ analysis, session, onRecorded }: ReadingBesideProps) {
  const { id, reading, revealedWithoutReading } = analysis;
  // The time may have run out while somebody was writing.
  const [begun] = useState(() => hasDraft(session, id));
  if (!reading && !revealedWithoutReading) return null;
  return (
    <Pane title={words.title} className="reading">
      {reading ? (
        <>
          <blockquote className="reading-text" dir="auto">
            {shownText(reading.text)}
          </blockquote>
          <p className="reading-by">
            <bdi>{words.by(shownText(reading.clinician), dateAndClock(reading.recordedAt))}</bdi>
          </p>
          <p className="help">{reading.isBlind ? words.blind : words.notBlind}</p>
        </>
      ) : (
        <>
          <p>{words.without}</p>
          <details open={begun}>
            <summary>{words.stillWrite}</summary>
            <ReadingForm analysisId={id} session={session} late onDone={onRecorded} />
          </details>
        </>
      )}
    </Pane>
  );
}
