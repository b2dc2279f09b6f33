import { useEffect, useRef, type MouseEvent, type ReactNode } from "react";
import { EndedPane } from "../features/analysis/EndedPane";
import { ProgressPane } from "../features/analysis/ProgressPane";
import { useAnalysis } from "../features/analysis/useAnalysis";
import { ResultView } from "../features/results/ResultView";
import { isFinal, type Analysis } from "../shared/api/analyses";
import { listUploads, useUpload } from "../shared/api/uploads";
import type { Problem } from "../shared/problem";
import { Link, paths } from "../shared/router";
import { serverLang, texts } from "../shared/texts";
import { ErrorBoundary } from "../shared/ui/ErrorBoundary";
import { Loading, ProblemNotice } from "../shared/ui/Notice";
import { PageTitle, Pane } from "../shared/ui/Pane";
import { useResource } from "../shared/useResource";
import { readingBeside, readingFirst, reportsPane } from "./late";

const words = texts.analysis;

/** Goes down to the report, without changing the address. */
function toReport(event: MouseEvent): void {
  event.preventDefault();
  const report = document.getElementById("report");
  report?.focus({ preventScroll: true });
  report?.scrollIntoView?.({ block: "start" });
}

interface AnalysisPageProps {
  analysisId: string;
  /** The session's id. */
  session: string;
  /** What is said before a result. */
  remark?: ReactNode;
  /** What is said before the ways to go on from one that ended without a result. */
  ended?: ReactNode;
  /** There is a result, which may make it more urgent. */
  onCompleted?: () => void;
}

/** One analysis, from the queue to its result. */
export function AnalysisPage({ analysisId, session, remark, ended, onCompleted }: AnalysisPageProps) {
  const watched = useAnalysis(analysisId);
  const analysis = watched.data;
  const awaitsReading = analysis?.state === "completed" && analysis.awaitsReading === true;
  const completed = analysis?.state === "completed" && Boolean(analysis.result) && !awaitsReading;
  const upload = useUpload(analysis?.uploadId ?? null);
  const preview = upload.data?.preview ?? (analysis ? `/api/v1/uploads/${encodeURIComponent(analysis.uploadId)}/preview` : "");

  // To lay beside it. Without an answer there is just this one.
  const others = useResource(completed || awaitsReading ? "uploads" : null, listUploads);

  useEffect(() => {
    if (completed) onCompleted?.();
  }, [completed, onCompleted]);

  // Where the reading was written, there is nothing more that could have the focus.
  const held = useRef(false);
  useEffect(() => {
    if (completed && held.current) document.querySelector<HTMLElement>("h1")?.focus();
    held.current = awaitsReading;
  }, [completed, awaitsReading]);

  if (!analysis) {
    return (
      <>
        <PageTitle>{words.title}</PageTitle>
        {watched.state === "failed" ? <Missing problem={watched.problem} retry={watched.reload} /> : <Loading />}
      </>
    );
  }
  const picture = {
    upload: upload.data ?? { id: analysis.uploadId, preview },
    adjustment: analysis.adjustment ?? null,
    frame: analysis.frame ?? 0,
    others: others.data ?? [],
  };
  if (awaitsReading) return <readingFirst.Part analysis={analysis} session={session} onShown={watched.reload} {...picture} />;
  if (completed && analysis.result) {
    return (
      <>
        <PageTitle lead={upload.data && <span className="file-name">{upload.data.fileName}</span>}>{texts.results.title}</PageTitle>
        <p className="unseen" role="status" lang={serverLang()}>
          {analysis.detail}
        </p>
        {remark}
        <ErrorBoundary name={texts.results.title}>
          <ResultView
            result={analysis.result}
            {...picture}
            withdrawn={analysis.modelWithdrawn ?? null}
            reading={analysis.blindFirst && <readingBeside.Part analysisId={analysis.id} session={session} />}
            actions={
              <>
                <Link to={paths.assistant} className="button">
                  {texts.assistant.title}
                </Link>
                <a href="#report" className="button quiet" onClick={toReport}>
                  {words.toReport}
                </a>
              </>
            }
          />
        </ErrorBoundary>
        <div className="after-results">
          <div id="report" tabIndex={-1} role="group" aria-label={words.toReport}>
            <reportsPane.Part analysisId={analysis.id} />
          </div>
          <Pane title={texts.assistant.title} className="ask">
            <p>{texts.assistant.lead}</p>
            <p className="actions">
              <Link to={paths.assistant} className="button">
                {texts.assistant.open}
              </Link>
            </p>
          </Pane>
          <p className="actions">
            <Link to={paths.picture} className="button quiet">
              {words.startOver}
            </Link>
            <Link to={paths.history} className="button quiet">
              {words.changeHistory}
            </Link>
            <Link to={paths.record} className="button quiet">
              {texts.context.link}
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
        <Pane title={texts.received.viewer} className="viewer-pane">
          <figure className="film">
            <div className="film-frame">
              <img src={preview} alt={texts.received.alt(upload.data?.fileName ?? "")} />
            </div>
          </figure>
        </Pane>
        <Pane title={words.progress} className="analysis-pane">
          <State analysis={analysis} watched={watched} ended={ended} />
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

function State({ analysis, watched, ended }: { analysis: Analysis; watched: ReturnType<typeof useAnalysis>; ended: ReactNode }) {
  // What ended without its outcome is being read again.
  if (analysis.state === "completed") return <Loading />;
  if (isFinal(analysis.state)) {
    return (
      <>
        {ended}
        <EndedPane analysis={analysis} onChanged={watched.replace} />
      </>
    );
  }
  return <ProgressPane analysis={analysis} polling={watched.polling} lost={watched.lost} onChanged={watched.replace} />;
}
