import { useEffect, useRef, useState } from "react";
import { useLimits, type Limits } from "../../shared/api/limits";
import type { Upload } from "../../shared/api/uploads";
import { texts } from "../../shared/texts";
import { ErrorBoundary } from "../../shared/ui/ErrorBoundary";
import { Notice, ProblemNotice } from "../../shared/ui/Notice";
import { Loaded, PageTitle, Pane } from "../../shared/ui/Pane";
import { faultOf, mediaType } from "./checkFile";
import { DropZone } from "./DropZone";
import { EarlierPictures } from "./EarlierPictures";
import { FileFault, LocalPreview } from "./LocalPreview";
import { Samples } from "./Samples";
import { UploadProgress } from "./UploadProgress";
import { useUpload } from "./useUpload";

const words = texts.picture;

interface PicturePageProps {
  onReceived: (upload: Upload) => void;
  hasPictures: boolean;
}

/** Choose a picture, look at it, send it. */
export function PicturePage({ onReceived, hasPictures }: PicturePageProps) {
  const limits = useLimits();
  return (
    <>
      <PageTitle lead={words.lead}>{words.title}</PageTitle>
      <ErrorBoundary name={words.title}>
        <Loaded resource={limits}>{(known) => <Chooser limits={known} onReceived={onReceived} />}</Loaded>
      </ErrorBoundary>
      <Pane title={words.samplesTitle}>
        <Samples onReceived={onReceived} />
      </Pane>
      {hasPictures && (
        <Pane title={words.earlierTitle}>
          <EarlierPictures />
        </Pane>
      )}
    </>
  );
}

/** From a chosen file to a received one. */
export function Chooser({ limits, onReceived }: { limits: Limits; onReceived: (upload: Upload) => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [checked, setChecked] = useState(false);
  const [note, setNote] = useState<string | null>(null);
  const upload = useUpload(onReceived);
  const heading = useRef<HTMLHeadingElement>(null);
  const busy = upload.state.step === "sending";
  // The server has judged the file itself: sending the same bytes again would change nothing.
  const judged = upload.state.step === "failed" && [413, 415, 422].includes(upload.state.problem.status);

  useEffect(() => {
    if (file) heading.current?.focus();
  }, [file]);

  const take = (files: File[]) => {
    const first = files[0];
    if (!first || busy) return;
    upload.forget();
    setNote(files.length > 1 ? words.onlyOne : null);
    const found = faultOf(first, limits);
    setFault(found);
    setChecked(false);
    setFile(found ? null : first);
  };
  const another = () => {
    upload.forget();
    setFile(null);
    setFault(null);
    setNote(null);
  };

  if (!file) {
    return (
      <>
        {fault && <FileFault fault={fault} />}
        {note && (
          <Notice role="status">
            <p>{note}</p>
          </Notice>
        )}
        <DropZone limits={limits} onFiles={take} onNothingPasted={() => setNote(words.nothingPasted)} />
      </>
    );
  }
  return (
    <section className="pane chosen" aria-labelledby="chosen-title">
      <h2 ref={heading} tabIndex={-1} id="chosen-title" className="pane-title">
        {words.localTitle}
      </h2>
      <p>{words.localLead}</p>
      {note && <p role="status">{note}</p>}
      <LocalPreview
        file={file}
        limits={limits}
        onChecked={(found) => {
          setFault(found);
          setChecked(true);
        }}
      />
      {fault && <FileFault fault={fault} />}
      {upload.state.step === "failed" && <ProblemNotice problem={upload.state.problem} title={words.failed} />}
      {upload.state.step === "cancelled" && (
        <Notice role="status">
          <p>{words.cancelled}</p>
        </Notice>
      )}
      {upload.state.step === "sending" ? (
        <UploadProgress fileName={file.name} sent={upload.state.sent} total={upload.state.total} onCancel={upload.cancel} />
      ) : (
        <p className="actions">
          {!fault && !judged && (
            <button
              type="button"
              className="button primary large"
              aria-disabled={!checked}
              onClick={() => checked && void upload.start(file, mediaType(file, limits))}
            >
              {upload.state.step === "idle" ? words.upload : words.retry}
            </button>
          )}
          <button type="button" className={judged ? "button primary" : "button quiet"} onClick={another}>
            {words.another}
          </button>
        </p>
      )}
    </section>
  );
}
