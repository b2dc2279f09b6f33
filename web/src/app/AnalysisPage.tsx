import type { MouseEvent } from "react";
import { EndedPane } from "../features/analysis/EndedPane";
import { ProgressPane } from "../features/analysis/ProgressPane";
import { useAnalysis } from "../features/analysis/useAnalysis";
import { ReportsPane } from "../features/reports/ReportsPane";
import { ResultView } from "../features/results/ResultView";
import { isFinal, type Analysis } from "../shared/api/analyses";
import { useUpload } from "../shared/api/uploads";
import type { Problem } from "../shared/problems";
import { Link, paths } from "../shared/router";
import { en } from "../shared/texts/en";
import { ErrorBoundary } from "../shared/ui/ErrorBoundary";
import { Loading, ProblemNotice } from "../shared/ui/Notice";
import { PageTitle, Pane } from "../shared/ui/Pane";

const words = en.analysis;

/** Goes down to the report, without changing the address. */
function toReport(event: MouseEvent): void {
  event.preventDefault();
  const report = document.getElementById("report");
  report?.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
  report?.scrollIntoView?.({ block: "start" });
}

/** One analysis, from the queue to its result. */
export function AnalysisPage({ analysisId }: { analysisId: string }) {
  const watched = useAnalysis(analysisId);
  const analysis = watched.data;
  const upload = useUpload(analysis?.uploadId ?? null);
  const preview = upload.data?.preview ?? (analysis ? `/api/v1/uploads/${encodeURIComponent(analysis.uploadId)}/preview` : "");

  if (!analysis) {
    return (
      <>
        <PageTitle>{words.title}</PageTitle>
        {watched.state === "failed" ? <Missing problem={watched.problem} retry={watched.reload} /> : <Loading />}
      </>
    );
  }
  if (analysis.state === "completed" && analysis.result) {
    return (
      <>
        <PageTitle lead={upload.data && <span className="file-name">{upload.data.fileName}</span>}>{en.results.title}</PageTitle>
        <p className="unseen" role="status">
          {analysis.detail}
        </p>
        <ErrorBoundary name={en.results.title}>
          <ResultView
            result={analysis.result}
            picture={preview}
            actions={
              <a href="#report" className="button quiet" onClick={toReport}>
                {words.toReport}
              </a>
            }
          />
        </ErrorBoundary>
        <div className="after-results" id="report">
          <ReportsPane analysisId={analysis.id} />
          <p className="actions">
            <Link to={paths.picture} className="button quiet">
              {words.startOver}
            </Link>
            <Link to={paths.history} className="button quiet">
              {words.changeHistory}
            </Link>
          </p>
        </div>
      </>
    );
  }
  return (
    <>
      <PageTitle lead={upload.data && <span className="file-name">{upload.data.fileName}</span>}>{words.title}</PageTitle>
      <div className="received">
        <Pane title={en.received.viewer} className="viewer-pane">
          <figure className="film">
            <div className="film-frame">
              <img src={preview} alt={en.received.alt(upload.data?.fileName ?? "")} />
            </div>
          </figure>
        </Pane>
        <Pane title={words.progress} className="analysis-pane">
          <State analysis={analysis} watched={watched} />
        </Pane>
      </div>
    </>
  );
}

/** Why there is nothing to show. What isn't there won't be there after another try either. */
function Missing({ problem, retry }: { problem: Problem; retry: () => void }) {
  if (problem.code !== "not-found") {
    return (
      <>
        <ProblemNotice problem={problem} retry={retry} />
        {problem.passes && <p className="help">{words.askingAgain}</p>}
      </>
    );
  }
  return (
    <>
      <ProblemNotice problem={problem} />
      <p className="actions">
        <Link to={paths.picture} className="button primary">
          {words.anotherPicture}
        </Link>
      </p>
    </>
  );
}

function State({ analysis, watched }: { analysis: Analysis; watched: ReturnType<typeof useAnalysis> }) {
  // What ended without its outcome is being read again.
  if (analysis.state === "completed") return <Loading />;
  if (isFinal(analysis.state)) return <EndedPane analysis={analysis} onChanged={watched.replace} />;
  return <ProgressPane analysis={analysis} polling={watched.polling} lost={watched.lost} onChanged={watched.replace} />;
}
