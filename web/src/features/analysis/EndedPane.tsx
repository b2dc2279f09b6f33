import { retryAnalysis, type Analysis } from "../../shared/api/analyses";
import { Link, paths } from "../../shared/router";
import { serverLang, texts } from "../../shared/texts";
import { useAction } from "../../shared/useAction";
import { Notice, ProblemNotice } from "../../shared/ui/Notice";

const words = texts.analysis;

interface EndedPaneProps {
  analysis: Analysis;
  onChanged: (analysis: Analysis) => void;
}

/** An analysis that ended without a result: why, and what to do. */
export function EndedPane({ analysis, onChanged }: EndedPaneProps) {
  const retry = useAction(async () => onChanged(await retryAnalysis(analysis.id)));
  const mayRetry = analysis.state === "cancelled" || (analysis.state === "failed" && analysis.failure?.retryable === true);
  return (
    <div role="status">
      <Why analysis={analysis} />
      {retry.problem && <ProblemNotice problem={retry.problem} />}
      <p className="actions">
        {mayRetry && (
          <button type="button" className="button primary" aria-disabled={retry.busy} onClick={() => void retry.run()}>
            {retry.busy ? words.retrying : words.retry}
          </button>
        )}
        <Link to={paths.picture} className={mayRetry ? "button quiet" : "button primary"}>
          {words.anotherPicture}
        </Link>
      </p>
    </div>
  );
}

function Why({ analysis }: { analysis: Analysis }) {
  if (analysis.state === "refused" && analysis.refusal) {
    return (
      <Notice tone="attention" title={words.refusedTitle}>
        <dl className="why">
          <dt>{words.why}</dt>
          <dd lang={serverLang()}>{analysis.refusal.reason}</dd>
          <dt>{words.whatToDo}</dt>
          <dd lang={serverLang()}>{analysis.refusal.advice}</dd>
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
  return (
    <Notice tone="problem" title={words.failedTitle}>
      <p lang={serverLang()}>{analysis.failure?.message ?? analysis.detail}</p>
      {analysis.failure?.retryable === false && <p>{words.failedFinal}</p>}
    </Notice>
  );
}
