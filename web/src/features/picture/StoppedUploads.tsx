import { useEffect, useState } from "react";
import { deleteReception, getReception, refusalOf, type Reception } from "../../shared/api/receptions";
import type { Upload } from "../../shared/api/uploads";
import { after, type After } from "../../shared/clock";
import { bytes } from "../../shared/format";
import { asProblem } from "../../shared/problem";
import { texts } from "../../shared/texts";
import { useAction } from "../../shared/useAction";
import { Notice, ProblemNotice } from "../../shared/ui/Notice";

const words = texts.picture;

interface StoppedUploadsProps {
  receptions: Reception[];
  onReceived: (upload: Upload) => void;
  /** The list has to be read again. */
  onChanged: () => void;
  clock?: After;
}

/** Uploads that were begun and not ended: how to go on with each, or to throw it away. */
export function StoppedUploads({ receptions, onReceived, onChanged, clock = after }: StoppedUploadsProps) {
  return (
    <>
      {receptions.map((reception) =>
        reception.state === "receiving" && reception.offset < reception.length ? (
          <Stopped key={reception.id} reception={reception} onChanged={onChanged} />
        ) : (
          <Arrived key={reception.id} reception={reception} onReceived={onReceived} onChanged={onChanged} clock={clock} />
        ),
      )}
    </>
  );
}

function Stopped({ reception, onChanged }: { reception: Reception; onChanged: () => void }) {
  const discard = useAction(async () => {
    try {
      await deleteReception(reception.id);
    } catch (error) {
      // What is gone already is as good as thrown away.
      if (![404, 410].includes(asProblem(error).status)) throw error;
    }
    onChanged();
  });
  const percent = Math.floor((100 * reception.offset) / reception.length);
  return (
    <Notice tone="attention" title={words.stoppedTitle}>
      <p>
        <span className="file-name">{reception.fileName}</span>: {words.stopped(bytes(reception.length), `${percent} %`)}
      </p>
      {discard.problem && <ProblemNotice problem={discard.problem} />}
      <p className="actions">
        <button type="button" className="button quiet" aria-disabled={discard.busy} aria-label={words.of(words.discard, reception.fileName)} onClick={() => void discard.run()}>
          {words.discard}
        </button>
      </p>
    </Notice>
  );
}

interface ArrivedProps extends Omit<StoppedUploadsProps, "receptions" | "clock"> {
  reception: Reception;
  clock: After;
}

/** All of it has arrived: what became of it is asked for until it is known. */
function Arrived({ reception, onReceived, onChanged, clock }: ArrivedProps) {
  const [shown, setShown] = useState(reception);
  const [round, setRound] = useState(0);
  const reading = shown.state === "checking" || shown.state === "receiving";

  useEffect(() => {
    if (!reading) return;
    const abort = new AbortController();
    const stop = clock(2000, () => {
      getReception(reception.id, abort.signal).then(
        (answer) => {
          setShown(answer);
          setRound((n) => n + 1);
        },
        (error: unknown) => {
          if (abort.signal.aborted) return;
          if (asProblem(error).passes) setRound((n) => n + 1);
          else onChanged();
        },
      );
    });
    return () => {
      stop();
      abort.abort();
    };
  }, [reception.id, reading, round, clock, onChanged]);

  if (reading) {
    return (
      <Notice role="status">
        <p>
          <span className="file-name">{shown.fileName}</span>: {words.reading}
        </p>
      </Notice>
    );
  }
  if (shown.state === "refused") {
    return <ProblemNotice title={shown.fileName} problem={refusalOf(shown).problem} />;
  }
  return (
    <Notice tone="good" role="status" title={words.rowsSummary(shown.uploads.length, shown.uploads.length + shown.refused.length)}>
      <p className="actions">
        {shown.uploads.map((upload) => (
          <button key={upload.id} type="button" className="button" onClick={() => onReceived(upload)}>
            {words.open(upload.fileName)}
          </button>
        ))}
      </p>
    </Notice>
  );
}
