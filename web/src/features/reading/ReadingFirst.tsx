import { useEffect, useState } from "react";
import type { Analysis } from "../../shared/api/analyses";
import { after, type After } from "../../shared/clock";
import { clock as timeOfDay } from "../../shared/format";
import { serverNow } from "../../shared/http";
import { lateTexts } from "../../shared/texts/late";
import { Notice } from "../../shared/ui/Notice";
import { PageTitle, Pane } from "../../shared/ui/Pane";
import { Viewer, type ViewerProps } from "../../shared/viewer/Viewer";
import { ReadingForm } from "./ReadingForm";

const words = lateTexts.reading;

/** Milliseconds until the server is asked again for findings that are due. */
const patience = 3000;

interface ReadingFirstProps extends Pick<ViewerProps, "upload" | "adjustment" | "frame" | "others"> {
  analysis: Analysis;
  /** The session's id. */
  session: string;
  /** The findings may be shown now. */
  onShown: () => void;
  clock?: After;
}

/** The picture alone, and where a clinician writes down what is in it, before the model's findings are shown. */
export function ReadingFirst({ analysis, session, onShown, clock = after, ...picture }: ReadingFirstProps) {
  return (
    <>
      <PageTitle lead={words.lead}>{words.pageTitle}</PageTitle>
      <div className="received reading-first">
        <Pane title={words.picture} className="viewer-pane">
          <Viewer {...picture} alt={words.picture} />
        </Pane>
        <div className="reading-side">
          <Notice tone="attention" title={words.warningTitle}>
            <p>
              {words.warning} {analysis.revealsAt && <ByItself at={analysis.revealsAt} onDue={onShown} clock={clock} />}
            </p>
          </Notice>
          <Pane title={words.title} className="reading">
            <ReadingForm analysisId={analysis.id} session={session} onDone={onShown} />
          </Pane>
        </div>
      </div>
    </>
  );
}

/** When the findings are shown by themselves. Once it is so far, the page asks for them. */
function ByItself({ at, onDue, clock }: { at: string; onDue: () => void; clock: After }) {
  const [round, setRound] = useState(0);
  const left = Date.parse(at) - serverNow();
  useEffect(() => {
    const next = () => setRound((n) => n + 1);
    if (left > 0) return clock(Math.min(left, 30_000), next);
    return clock(patience, () => {
      onDue();
      next();
    });
    // A round a time: what is left changes with every look at the clock.
  }, [round, at, clock]);
  return <>{words.byItself(timeOfDay(at), Math.round(left / 60_000))}</>;
}
