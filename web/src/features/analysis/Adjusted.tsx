import { completed, isNone } from "../../shared/api/adjustment";
import { getAnalysis, type Analysis } from "../../shared/api/analyses";
import { texts } from "../../shared/texts";
import { useResource } from "../../shared/useResource";
import { Notice } from "../../shared/ui/Notice";
import { AnalyseAgain } from "./AnalyseAgain";

const words = texts.analysis;

/** What was done to the picture before it was analysed, and a way back. */
export function Adjusted({ analysis }: { analysis: Analysis }) {
  const adjustment = completed(analysis.adjustment);
  const turned = !isNone(adjustment);
  const framed = typeof analysis.frame === "number" && analysis.frame > 0;
  if (!turned && !framed) return null;
  return (
    <Notice>
      {framed && <p>{words.frameOf((analysis.frame ?? 0) + 1)}</p>}
      {turned && (
        <>
          <p>{words.adjusted(adjustment.turn, adjustment.mirror, adjustment.invert)}</p>
          <AnalyseAgain analysis={analysis} adjustment={null} className="button quiet">
            {words.asSent}
          </AnalyseAgain>
        </>
      )}
    </Notice>
  );
}

/** The same beside a result. */
export function AdjustedRemark({ analysisId }: { analysisId: string }) {
  const { data } = useResource(analysisId, (signal) => getAnalysis(analysisId, signal));
  return data ? <Adjusted analysis={data} /> : null;
}
