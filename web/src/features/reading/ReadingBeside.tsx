import { useState } from "react";
import { getReading, type OwnReading } from "../../shared/api/analyses";
import { dateAndClock } from "../../shared/format";
import { shownText } from "../../shared/shownText";
import { lateTexts } from "../../shared/texts/late";
import { Loaded, Pane } from "../../shared/ui/Pane";
import { useResource } from "../../shared/useResource";
import { hasDraft, ReadingForm } from "./ReadingForm";

const words = lateTexts.reading;

interface ReadingBesideProps {
  analysisId: string;
  /** The session's id. */
  session: string;
}

/** What a clinician read, beside what the model found; or that nobody did before the findings were shown. */
export function ReadingBeside({ analysisId, session }: ReadingBesideProps) {
  const reading = useResource(analysisId, (signal) => getReading(analysisId, signal));
  // The time may have run out while somebody was writing.
  const [begun] = useState(() => hasDraft(session, analysisId));
  return (
    <Pane title={words.title} className="reading">
      <Loaded resource={reading}>
        {(read) =>
          read ? (
            <Read reading={read} />
          ) : (
            <>
              <p>{words.without}</p>
              <details open={begun}>
                <summary>{words.stillWrite}</summary>
                <ReadingForm analysisId={analysisId} session={session} late onDone={reading.reload} />
              </details>
            </>
          )
        }
      </Loaded>
    </Pane>
  );
}

function Read({ reading: { clinician, text, recordedAt, isBlind } }: { reading: OwnReading }) {
  return (
    <>
      <blockquote className="reading-text" dir="auto">
        {shownText(text)}
      </blockquote>
      <p className="reading-by">
        <bdi>{words.by(shownText(clinician), dateAndClock(recordedAt))}</bdi>
      </p>
      <p className="help">{isBlind ? words.blind : words.notBlind}</p>
    </>
  );
}
