import { completed } from "../../shared/api/adjustment";
import { retryAnalysis, type Analysis, type FailureCode, type Refusal, type RefusalCode, type RefusalWords } from "../../shared/api/analyses";
import { previewOf, type PreviewWish } from "../../shared/api/uploads";
import { Link, paths } from "../../shared/router";
import { serverLang, texts } from "../../shared/texts";
import { useAction } from "../../shared/useAction";
import { Notice, ProblemNotice } from "../../shared/ui/Notice";
import { Adjusted } from "./Adjusted";
import { AnalyseAgain } from "./AnalyseAgain";

const words = texts.analysis;

interface EndedPaneProps {
  analysis: Analysis;
  onChanged: (analysis: Analysis) => void;
}

/** An analysis that ended without a result: why, and what to do. */
export function EndedPane({ analysis, onChanged }: EndedPaneProps) {
  const retry = useAction(async () => onChanged(await retryAnalysis(analysis.id)));
  const mayRetry = analysis.state === "cancelled" || (analysis.state === "failed" && analysis.failure?.retryable === true);
  const remedy = analysis.state === "refused" ? analysis.refusal?.remedy : null;
  return (
    <>
      <div role="status">
        <Why analysis={analysis} />
      </div>
      {remedy && <Remedy analysis={analysis} remedy={remedy} />}
      {retry.problem && <ProblemNotice problem={retry.problem} />}
      <p className="actions">
        {mayRetry && (
          <button type="button" className="button primary" aria-disabled={retry.busy} onClick={() => void retry.run()}>
            {retry.busy ? words.retrying : words.retry}
          </button>
        )}
        <Link to={paths.picture} className={mayRetry || remedy ? "button quiet" : "button primary"}>
          {words.anotherPicture}
        </Link>
      </p>
      <Adjusted analysis={analysis} />
    </>
  );
}

function Why({ analysis }: { analysis: Analysis }) {
  if (analysis.state === "refused" && analysis.refusal) {
    const { reason, advice, lang } = refusalWords(analysis.refusal);
    return (
      <Notice tone="attention" title={words.refusedTitle}>
        <dl className="why">
          <dt>{words.why}</dt>
          <dd lang={lang}>{reason}</dd>
          <dt>{words.whatToDo}</dt>
          {/* One thing to do: what a click mends needs no other file. */}
          {analysis.refusal.remedy ? <dd>{words.remedyAdvice}</dd> : <dd lang={lang}>{advice}</dd>}
        </dl>
        <p>{words.refusedNote}</p>
      </Notice>
    );
  }
  if (analysis.state === "cancelled") {
    return (
      <Notice title={words.cancelledTitle}>
        <p>{words.cancelledBody}</p>
      </Notice>
    );
  }
  const own = texts.failures?.[analysis.failure?.code as FailureCode];
  return (
    <Notice tone="problem" title={words.failedTitle}>
      {own ? <p>{own}</p> : <p lang={serverLang()}>{analysis.failure?.message ?? analysis.detail}</p>}
      {analysis.failure?.retryable === false && analysis.failure.code !== "analysis-quarantined" && <p>{words.failedFinal}</p>}
    </Notice>
  );
}

/** In the language of the page where it knows the code, else as the server says it. */
function refusalWords({ code, reason, advice }: Refusal): RefusalWords & { lang?: "en" | undefined } {
  const own = texts.refusals?.[code as RefusalCode];
  return own ?? { reason, advice, lang: serverLang() };
}

/** A picture that a click would mend: how it is and how it would be, side by side, and the click. */
function Remedy({ analysis, remedy }: { analysis: Analysis; remedy: NonNullable<Refusal["remedy"]> }) {
  const before = completed(analysis.adjustment);
  const after = completed(remedy);
  const shown: PreviewWish = { width: 320, ...(typeof analysis.frame === "number" ? { frame: analysis.frame } : {}) };
  return (
    <div className="remedy">
      <div className="remedy-pictures">
        <figure className="film">
          <img src={previewOf(analysis.uploadId, { ...shown, ...before })} alt={words.pictureBefore} />
          <figcaption>{words.before}</figcaption>
        </figure>
        <figure className="film">
          <img src={previewOf(analysis.uploadId, { ...shown, ...after })} alt={words.pictureAfter} />
          <figcaption>{words.after}</figcaption>
        </figure>
      </div>
      <AnalyseAgain analysis={analysis} adjustment={after} className="button primary large">
        {words.remedy(after.turn !== before.turn, after.mirror !== before.mirror, after.invert !== before.invert)}
      </AnalyseAgain>
    </div>
  );
}
