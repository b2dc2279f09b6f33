import { failureOf, type DocumentFormat, type ReportDocument } from "../../shared/api/reports";
import type { After } from "../../shared/clock";
import { bytes } from "../../shared/format";
import { lateTexts } from "../../shared/texts/late";
import { Notice } from "../../shared/ui/Notice";
import { FailureNotice } from "./FailureNotice";
import { useDownload, type DownloadControl } from "./useDownload";

const words = lateTexts.reports;

const told = (document: ReportDocument) => words.formats[document.format as DocumentFormat];

interface DownloadsProps {
  /** Of the report. */
  name: string;
  documents: ReportDocument[];
  /** Nothing is missing. Else these are what can still be had. */
  whole: boolean;
  /** It is the newest report. */
  first: boolean;
  clock: After;
}

/** The documents of a report, and the one that is on its way. */
export function Downloads({ name, documents, whole, first, clock }: DownloadsProps) {
  const control = useDownload(clock);
  const { download, start } = control;
  const failed = download.phase === "failed" ? failureOf(download.problem).available ?? [] : [];
  const pdf = whole ? documents.find(({ format }) => format === "pdf") : undefined;
  const others = documents.filter((document) => document !== pdf);
  const list = (some: ReportDocument[]) => (
    <ul className="report-formats">
      {some.map((document) => {
        const { name: format, help } = told(document);
        return (
          <li key={document.format}>
            <button type="button" className="button quiet" aria-label={words.downloadOf(words.download(format), name)} onClick={() => start(document)}>
              {format}
            </button>
            <span className="help">{help}</span>
          </li>
        );
      })}
    </ul>
  );
  return (
    <>
      {pdf && (
        <p className="actions">
          <button
            type="button"
            className={first ? "button primary" : "button"}
            aria-label={words.downloadOf(words.pdf(pdf.bytes ? bytes(pdf.bytes) : ""), name)}
            onClick={() => start(pdf)}
          >
            {words.pdf(pdf.bytes ? bytes(pdf.bytes) : "")}
          </button>
        </p>
      )}
      <OnItsWay {...control} />
      {failed.length > 0 ? (
        <>
          <p>{words.stillPossible}</p>
          {list(documents.filter(({ format }) => failed.includes(format)))}
        </>
      ) : others.length === 0 ? null : whole ? (
        <details className="report-others">
          <summary>{words.other}</summary>
          {list(others)}
        </details>
      ) : (
        <>
          <p>{words.stillPossible}</p>
          {list(others)}
        </>
      )}
    </>
  );
}

/** The download that runs, or how it ended. */
function OnItsWay({ download, start, goOn, stop }: DownloadControl) {
  if (download.phase === "idle") return null;
  const { document } = download;
  const format = told(document).name;
  switch (download.phase) {
    case "running":
    case "waiting":
    case "paused": {
      const { phase, received, total } = download;
      return (
        <div className="transfer">
          <p className="unseen" role="status">
            {words.transfer(format)}
          </p>
          <progress aria-label={words.transfer(format)} {...(total ? { max: total, value: received } : {})} />
          {/* Not announced: it changes all the time. */}
          <p className="help transfer-amount">{total === null || received === 0 ? words.begins : words.amount(bytes(received), bytes(total))}</p>
          <div role="status">{phase !== "running" && <p>{phase === "waiting" ? words.waiting : words.paused}</p>}</div>
          <p className="actions">
            {phase !== "running" && (
              <button type="button" className="button primary" onClick={goOn}>
                {words.goOn}
              </button>
            )}
            <button type="button" className="button quiet" onClick={stop}>
              {words.stop}
            </button>
          </p>
        </div>
      );
    }
    case "stopped":
      return <p role="status">{words.stopped}</p>;
    case "damaged":
      return (
        <Notice tone="problem" role="alert">
          <p>{words.damaged}</p>
          <p className="actions">
            <button type="button" className="button quiet" onClick={() => start(document)}>
              {words.download(format)}
            </button>
          </p>
        </Notice>
      );
    case "failed":
      return <FailureNotice problem={download.problem} title={words.notMade} />;
    case "done":
      return (
        <p className="transfer-done" role="status">
          {words.saved(document.fileName)} {download.checked && words.whole}
        </p>
      );
  }
}
