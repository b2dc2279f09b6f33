import { useEffect, useRef, useState, type RefObject } from "react";
import { useLimits, type Limits } from "../../shared/api/limits";
import { listReceptions, useReceptions } from "../../shared/api/receptions";
import type { Upload } from "../../shared/api/uploads";
import type { After } from "../../shared/clock";
import { printOf, stopped } from "../../shared/stopped";
import { texts } from "../../shared/texts";
import { ErrorBoundary } from "../../shared/ui/ErrorBoundary";
import { Notice, ProblemNotice } from "../../shared/ui/Notice";
import { Loaded, PageTitle, Pane } from "../../shared/ui/Pane";
import { examine, mediaType, type FileFaultWords } from "./checkFile";
import { DropZone } from "./DropZone";
import { EarlierPictures } from "./EarlierPictures";
import type { Gathered } from "./gather";
import { FileFault, LocalPreview } from "./LocalPreview";
import { Samples } from "./Samples";
import { StoppedUploads } from "./StoppedUploads";
import { UploadProgress } from "./UploadProgress";
import { UploadRows } from "./UploadRows";
import { isJudged, useSending, type NewRow, type Row } from "./useSending";

const words = texts.picture;

interface PicturePageProps {
  /** The session's id. */
  session: string;
  onReceived: (upload: Upload) => void;
  /** The server has kept another picture, and this page stays. */
  onKept: () => void;
  hasPictures: boolean;
}

/** Choose pictures, look at them, send them. */
export function PicturePage({ session, onReceived, onKept, hasPictures }: PicturePageProps) {
  const limits = useLimits();
  const [round, setRound] = useState(0);
  const kept = () => {
    setRound((n) => n + 1);
    onKept();
  };
  return (
    <>
      <PageTitle lead={words.lead}>{words.title}</PageTitle>
      <ErrorBoundary name={words.title}>
        <Loaded resource={limits}>{(known) => <Chooser limits={known} session={session} onReceived={onReceived} onKept={kept} />}</Loaded>
      </ErrorBoundary>
      <Pane title={words.samplesTitle}>
        <Samples onReceived={onReceived} />
      </Pane>
      {hasPictures && (
        <Pane title={words.earlierTitle}>
          <EarlierPictures round={round} />
        </Pane>
      )}
    </>
  );
}

interface ChooserProps {
  limits: Limits;
  session: string;
  onReceived: (upload: Upload) => void;
  /** One of several files was kept. */
  onKept?: () => void;
  clock?: After;
}

/** From chosen files to received pictures. */
export function Chooser({ limits, session, onReceived, onKept, clock }: ChooserProps) {
  const receptions = useReceptions();
  const { rows, choose, start, cancel, tryNow } = useSending(session, clock);
  const [fault, setFault] = useState<FileFaultWords | null>(null);
  const [note, setNote] = useState<string | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const handlers = useRef({ onReceived, onKept });
  handlers.current = { onReceived, onKept };
  const chosen = rows[0]?.key;
  const only = onlyPicture(rows);
  const kept = rows.filter(({ stage }) => stage.is === "kept").length;

  useEffect(() => {
    if (chosen !== undefined) heading.current?.focus();
  }, [chosen]);
  useEffect(() => {
    if (only) handlers.current.onReceived(only);
    else if (kept > 0) handlers.current.onKept?.();
  }, [only, kept]);

  const take = async ({ files, more }: Gathered) => {
    // Whoever is quick has chosen before it is known which uploads stopped.
    const open = receptions.data ?? (await listReceptions().catch(() => []));
    const found = await Promise.all(files.map((file) => examined(file, limits, session, open)));
    const single = found.length === 1 ? found[0] : undefined;
    const fit = found.filter(({ stage }) => stage.is !== "unfit");
    const beyond = fit.slice(limits.maxUploadsPerSession);
    setNote(more || beyond.length > 0 ? words.onlySome(found.length - beyond.length) : null);
    if (single?.stage.is === "unfit") {
      setFault(single.stage.fault);
      return;
    }
    setFault(null);
    choose(found.filter((row) => !beyond.includes(row)));
  };
  const others = () => {
    choose([]);
    setFault(null);
    setNote(null);
    receptions.reload();
  };

  const [first] = rows;
  if (!first) {
    return (
      <>
        {receptions.data && <StoppedUploads receptions={receptions.data} onReceived={onReceived} onChanged={receptions.reload} {...(clock ? { clock } : {})} />}
        {fault && <FileFault fault={fault} />}
        {note && (
          <Notice role="status">
            <p>{note}</p>
          </Notice>
        )}
        <DropZone limits={limits} onFiles={(given) => void take(given)} onNothingPasted={() => setNote(words.nothingPasted)} />
      </>
    );
  }
  if (rows.length > 1 || first.archive) {
    return (
      <>
        {note && (
          <Notice role="status">
            <p>{note}</p>
          </Notice>
        )}
        <UploadRows rows={rows} heading={heading} onStart={start} onCancel={cancel} onTryNow={tryNow} onOthers={others} />
      </>
    );
  }
  return <OnePicture key={first.key} row={first} limits={limits} heading={heading} onStart={() => start(first.key)} onCancel={() => cancel(first.key)} onTryNow={tryNow} onAnother={others} />;
}

/** A file as a row: unfit, or one that goes on, or ready. */
async function examined(file: File, limits: Limits, session: string, open: { id: string; length: number; state: string }[]): Promise<NewRow> {
  const { fault, archive } = await examine(file, limits);
  const row: NewRow = { file, mediaType: mediaType(file, limits), archive, reception: null, resumed: false, stage: fault ? { is: "unfit", fault } : { is: "ready" } };
  const candidates = fault ? [] : open.filter(({ length, state }) => state === "receiving" && length === file.size);
  if (candidates.length === 0) return row;
  const print = await printOf(file);
  const mine = candidates.find(({ id }) => stopped.printOf(session, id) === print);
  return mine ? { ...row, reception: mine.id, resumed: true, stage: { is: "queued" } } : row;
}

/** The picture, once all is over and it is the only one that was asked for. */
function onlyPicture(rows: Row[]): Upload | null {
  const [first, ...more] = rows;
  if (!first || more.length > 0 || first.stage.is !== "kept" || first.stage.refused.length > 0) return null;
  return first.stage.uploads.length === 1 ? first.stage.uploads[0] ?? null : null;
}

interface OnePictureProps {
  row: Row;
  limits: Limits;
  heading: RefObject<HTMLHeadingElement>;
  onStart: () => void;
  onCancel: () => void;
  onTryNow: () => void;
  onAnother: () => void;
}

/** One picture: it is looked at before it is sent. */
function OnePicture({ row: { file, stage, resumed }, limits, heading, onStart, onCancel, onTryNow, onAnother }: OnePictureProps) {
  const [fault, setFault] = useState<string | null>(null);
  const [checked, setChecked] = useState(false);
  const judged = isJudged(stage);
  return (
    <section className="pane chosen" aria-labelledby="chosen-title">
      <h2 ref={heading} tabIndex={-1} id="chosen-title" className="pane-title">
        {words.localTitle}
      </h2>
      {stage.is === "sending" ? resumed && <p>{words.goesOn}</p> : <p>{words.localLead}</p>}
      <LocalPreview
        file={file}
        limits={limits}
        onChecked={(found) => {
          setFault(found);
          setChecked(true);
        }}
      />
      {fault && <FileFault fault={{ text: fault }} />}
      {stage.is === "failed" && <ProblemNotice problem={stage.problem} title={words.failed} />}
      {stage.is === "cancelled" && (
        <Notice role="status">
          <p>{words.cancelled}</p>
        </Notice>
      )}
      {stage.is === "sending" ? (
        <UploadProgress fileName={file.name} sent={stage.sent} total={file.size} why={stage.why} restarted={stage.restarted} onTryNow={onTryNow} onCancel={onCancel} />
      ) : (
        <p className="actions">
          {!fault && !judged && ["ready", "failed", "cancelled"].includes(stage.is) && (
            <button type="button" className="button primary large" aria-disabled={!checked} onClick={() => checked && onStart()}>
              {stage.is === "ready" ? words.upload : words.retry}
            </button>
          )}
          <button type="button" className={judged ? "button primary" : "button quiet"} onClick={onAnother}>
            {words.another}
          </button>
        </p>
      )}
    </section>
  );
}
