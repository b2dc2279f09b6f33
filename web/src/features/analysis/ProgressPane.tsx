import { cancelAnalysis, runningStates, type Analysis, type RunningState } from "../../shared/api/analyses";
import type { Problem } from "../../shared/problem";
import { serverLang, texts } from "../../shared/texts";
import { useAction } from "../../shared/useAction";
import { Notice, ProblemNotice } from "../../shared/ui/Notice";
import { Adjusted } from "./Adjusted";

const words = texts.analysis;

interface ProgressPaneProps {
  analysis: Analysis;
  polling: boolean;
  lost: Problem | null;
  onChanged: (analysis: Analysis) => void;
}

/** A running analysis: where in the queue, which step, how far. */
export function ProgressPane({ analysis, polling, lost, onChanged }: ProgressPaneProps) {
  const cancel = useAction(async () => onChanged(await cancelAnalysis(analysis.id)));
  const now = runningStates.indexOf(analysis.state as RunningState);
  const queue =
    analysis.state === "queued" && analysis.position
      ? analysis.position === 1
        ? words.next
        : words.position(analysis.position)
      : null;
  // What the server says of it is in English.
  const step = serverLang() && now >= 0 ? `${words.steps[analysis.state as RunningState]}.` : analysis.detail;
  const paused = analysis.state === "queued" && analysis.paused === true;
  const remaining = paused || analysis.etaSeconds == null ? null : analysis.state === "queued" ? words.wait(analysis.etaSeconds) : words.eta(analysis.etaSeconds);
  return (
    <>
      <p className="progress-detail" role="status">
        {[step, queue].filter(Boolean).join(" ")}
      </p>
      {paused && (
        <Notice role="status" title={words.pausedTitle}>
          <p>{analysis.pausedBy === "model-check" ? words.pausedByCheck : words.pausedBody}</p>
        </Notice>
      )}
      <progress aria-label={words.progress} max={100} value={Math.round(analysis.progress * 100)} />
      {/* Not announced: it changes all the time. */}
      <p className="help eta">
        {remaining} {analysis.attempt > 1 && words.attempt(analysis.attempt)}
      </p>
      <ol className="live-steps">
        {runningStates.map((state, index) => {
          const [className, spoken] =
            index < now ? ["done", words.stepDone] : index === now ? ["now", words.stepNow] : ["next", words.stepNext];
          return (
            <li key={state} className={className} aria-current={index === now ? "step" : undefined}>
              {words.steps[state]}
              <span className="unseen"> ({spoken})</span>
            </li>
          );
        })}
      </ol>
      <p className="help">{words.mayLeave}</p>
      {polling && (
        <Notice role="status">
          <p>{lost ? lost.sentence : words.lost}</p>
        </Notice>
      )}
      {cancel.problem && <ProblemNotice problem={cancel.problem} />}
      <p className="actions">
        <button type="button" className="button quiet" aria-disabled={cancel.busy} onClick={() => void cancel.run()}>
          {cancel.busy ? words.cancelling : words.cancel}
        </button>
      </p>
      <Adjusted analysis={analysis} />
    </>
  );
}
