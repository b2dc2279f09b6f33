import type { RefObject } from "react";
import type { RefusedFile } from "../../shared/api/receptions";
import { previewOf, type Upload } from "../../shared/api/uploads";
import { bytes } from "../../shared/format";
import { sentenceOf } from "../../shared/problem";
import { Link, paths } from "../../shared/router";
import { texts } from "../../shared/texts";
import { UploadProgress } from "./UploadProgress";
import { isJudged, type Row } from "./useSending";

const words = texts.picture;

interface UploadRowsProps {
  rows: Row[];
  heading?: RefObject<HTMLHeadingElement>;
  /** Of one row, or of all. */
  onStart: (key?: number) => void;
  onCancel: (key?: number) => void;
  onTryNow: () => void;
  /** Away with this list. */
  onOthers: () => void;
}

/** Several files on their way, one after another, and what became of each. */
export function UploadRows({ rows, heading, onStart, onCancel, onTryNow, onOthers }: UploadRowsProps) {
  const are = (...stages: Row["stage"]["is"][]) => rows.filter(({ stage }) => stages.includes(stage.is)).length;
  const ready = are("ready");
  const open = are("queued", "sending");
  const kept = rows.flatMap(({ stage }) => (stage.is === "kept" ? stage.uploads : []));
  const refused = rows.reduce((sum, { stage }) => sum + (stage.is === "unfit" ? 1 : stage.is === "kept" || stage.is === "failed" ? Math.max(stage.refused.length, Number(stage.is === "failed")) : 0), 0);
  const begun = rows.length > ready + are("unfit");
  return (
    <section className="pane chosen" aria-labelledby="rows-title">
      <h2 ref={heading} tabIndex={-1} id="rows-title" className="pane-title">
        {begun ? words.rowsTitle : words.rowsBefore}
      </h2>
      <p role="status">{begun ? words.rowsSummary(kept.length, kept.length + refused + open + are("cancelled")) : words.rowsLead}</p>
      <ul className="rows">
        {rows.map((row) => (
          <li key={row.key}>
            <RowView row={row} onStart={() => onStart(row.key)} onCancel={() => onCancel(row.key)} onTryNow={onTryNow} />
          </li>
        ))}
      </ul>
      <p className="actions">
        {ready > 0 && (
          <button type="button" className="button primary large" onClick={() => onStart()}>
            {words.uploadMany(ready)}
          </button>
        )}
        {open > 1 && (
          <button type="button" className="button quiet" onClick={() => onCancel()}>
            {words.cancelAll}
          </button>
        )}
        {open === 0 && (
          <button type="button" className="button quiet" onClick={onOthers}>
            {words.others}
          </button>
        )}
      </p>
    </section>
  );
}

interface RowViewProps {
  row: Row;
  onStart: () => void;
  onCancel: () => void;
  onTryNow: () => void;
}

function RowView({ row: { file, stage }, onStart, onCancel, onTryNow }: RowViewProps) {
  const again = !isJudged(stage) && (
    <button type="button" className="button quiet" aria-label={words.of(words.retry, file.name)} onClick={onStart}>
      {words.retry}
    </button>
  );
  if (stage.is === "sending") {
    return (
      <UploadProgress fileName={file.name} sent={stage.sent} total={file.size} why={stage.why} restarted={stage.restarted} onTryNow={onTryNow} onCancel={onCancel} />
    );
  }
  return (
    <>
      <p className="row-head">
        <span className="file-name">{file.name}</span> <span className="help">{bytes(file.size)}</span>{" "}
        <strong className={`row-state ${stage.is}`}>{words.stages[stage.is]}</strong>
      </p>
      {stage.is === "unfit" && <p lang={stage.fault.lang}>{stage.fault.text}</p>}
      {stage.is === "failed" && (
        <>
          <p>{stage.problem.sentence}</p>
          <Refused files={stage.refused} />
          {again}
        </>
      )}
      {stage.is === "cancelled" && again}
      {stage.is === "queued" && (
        <button type="button" className="button quiet" aria-label={words.of(words.cancelOne, file.name)} onClick={onCancel}>
          {words.cancelOne}
        </button>
      )}
      {stage.is === "kept" && (
        <>
          <Kept uploads={stage.uploads} />
          <Refused files={stage.refused} />
        </>
      )}
    </>
  );
}

/** Pictures to choose from. */
function Kept({ uploads }: { uploads: Upload[] }) {
  return (
    <ul className="earlier">
      {uploads.map((upload) => (
        <li key={upload.id}>
          <Link to={paths.received(upload.id)} aria-label={words.open(upload.fileName)}>
            <img src={previewOf(upload.id, { width: 320 })} alt="" loading="lazy" width="64" height="64" />
            <span>
              <span className="file-name">{upload.fileName}</span>
              <span className="help">{words.lookAt}</span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** What an archive held that was not kept, and why. */
function Refused({ files }: { files: RefusedFile[] }) {
  if (files.length === 0) return null;
  return (
    <details className="technical">
      <summary>{words.refusedInside(files.length)}</summary>
      <ul className="refused">
        {files.map((file, index) => {
          const { text, lang } = sentenceOf(file);
          return (
            <li key={index}>
              <span className="file-name">{file.fileName}</span>: <span lang={lang}>{text}</span>
            </li>
          );
        })}
      </ul>
    </details>
  );
}
