import { useRef, useState } from "react";
import { startAnalysis, useAnalyses } from "../../shared/api/analyses";
import { differencesOf } from "../../shared/api/identity";
import { deleteUpload, useUpload, type Upload } from "../../shared/api/uploads";
import type { After } from "../../shared/clock";
import { dateAndClock } from "../../shared/format";
import { Link, navigate, paths } from "../../shared/router";
import { texts } from "../../shared/texts";
import { asProblem } from "../../shared/problem";
import { useAction } from "../../shared/useAction";
import { Notice, ProblemNotice } from "../../shared/ui/Notice";
import { Loaded, PageTitle, Pane } from "../../shared/ui/Pane";
import { Viewer } from "../../shared/viewer/Viewer";
import { BlindFirst } from "./BlindFirst";
import { BurnedIn } from "./BurnedIn";
import { Downloads } from "./Downloads";
import { IdentityCheck } from "./IdentityCheck";
import { Recognised } from "./Recognised";

const words = texts.received;

interface ReceivedPageProps {
  uploadId: string;
  /** What the session holds has changed. */
  onChanged: () => void;
  clock?: After;
}

/** A picture that the server has read: what it is, before it is analysed. */
export function ReceivedPage({ uploadId, onChanged, clock }: ReceivedPageProps) {
  const upload = useUpload(uploadId);
  return (
    <>
      <PageTitle lead={words.lead}>{words.title}</PageTitle>
      <Loaded resource={upload}>{(picture) => <Received upload={picture} onChanged={onChanged} reload={upload.reload} {...(clock ? { clock } : {})} />}</Loaded>
    </>
  );
}

interface ReceivedProps {
  upload: Upload;
  onChanged: () => void;
  /** There is more to know than this page does. */
  reload: () => void;
  clock?: After;
}

function Received({ upload, onChanged, reload, clock }: ReceivedProps) {
  const differences = differencesOf(upload.identity).map(({ field }) => field);
  const [frame, setFrame] = useState(0);
  const [blindFirst, setBlindFirst] = useState(false);
  const [confirmed, setConfirmed] = useState("");
  /** Somebody wanted to go on without confirming. */
  const [unconfirmed, setUnconfirmed] = useState(false);
  const box = useRef<HTMLInputElement>(null);
  // What was confirmed are these differences: others have to be confirmed anew.
  const shown = upload.identity?.rows.map(({ field, told, file, agreement }) => [field, told, file, agreement].join("\n")).join("\n") ?? "";
  const isConfirmed = differences.length > 0 && confirmed === shown;
  const analyse = useAction(async () => {
    try {
      const analysis = await startAnalysis({ uploadId: upload.id, frame: upload.frames > 1 ? frame : null, confirmedDifferences: differences, blindFirst });
      onChanged();
      navigate(paths.analysis(analysis.id));
    } catch (error) {
      if (asProblem(error).code === "picture-mismatch") {
        setConfirmed("");
        reload();
      }
      throw error;
    }
  });
  const ask = () => {
    if (busy) return;
    const isOpen = differences.length > 0 && !isConfirmed;
    setUnconfirmed(isOpen);
    if (isOpen) box.current?.focus();
    else void analyse.run();
  };
  const remove = useAction(async () => {
    await deleteUpload(upload.id);
    onChanged();
    navigate(paths.picture, { replace: true });
  });
  const busy = analyse.busy || remove.busy;
  return (
    <>
      <div className="received">
        <Pane title={words.viewer} className="viewer-pane">
          <Viewer upload={upload} alt={words.alt(upload.fileName)} onFrame={setFrame} />
        </Pane>
        <div className="received-facts">
          {upload.capturedView === "LL" && (
            <Notice tone="attention">
              <p>{words.lateral}</p>
            </Notice>
          )}
          {upload.burnedInText && <BurnedIn found={upload.burnedInText} reload={reload} {...(clock ? { clock } : {})} />}
          <Pane title={words.recognised}>
            <Recognised upload={upload} />
          </Pane>
          {upload.identity && upload.identity.rows.length > 0 && (
            <IdentityCheck
              ref={box}
              identity={upload.identity}
              confirmed={isConfirmed}
              missing={unconfirmed && !isConfirmed}
              onConfirm={(on) => setConfirmed(on ? shown : "")}
            />
          )}
          <BlindFirst chosen={blindFirst} onChoose={setBlindFirst} />
          {analyse.problem && <ProblemNotice problem={analyse.problem} />}
          {remove.problem && <ProblemNotice problem={remove.problem} />}
          <div className="actions stacked">
            <button type="button" className="button primary large" aria-disabled={busy} onClick={ask}>
              {analyse.busy ? words.starting : upload.frames > 1 ? words.analyseFrame : words.analyse}
            </button>
            <Link to={paths.picture} className="button quiet">
              {words.another}
            </Link>
            <button type="button" className="button text" aria-disabled={busy} onClick={() => !busy && void remove.run()}>
              {remove.busy ? words.removing : words.remove}
            </button>
          </div>
          <Downloads upload={upload} />
          <EarlierAnalyses uploadId={upload.id} />
        </div>
      </div>
    </>
  );
}

/** Analyses of this picture that were made before, if any. */
function EarlierAnalyses({ uploadId }: { uploadId: string }) {
  const analyses = useAnalyses();
  const own = analyses.data?.filter((analysis) => analysis.uploadId === uploadId) ?? [];
  if (own.length === 0) return null;
  return (
    <Pane title={words.earlier}>
      <ul className="links">
        {own.map((analysis) => (
          <li key={analysis.id}>
            <Link to={paths.analysis(analysis.id)}>
              {words.openAnalysis(dateAndClock(analysis.createdAt), texts.analysis.states[analysis.state])}
            </Link>
          </li>
        ))}
      </ul>
    </Pane>
  );
}
