import { useEffect, useId, useRef, useState, type ChangeEvent, type DragEvent } from "react";
import type { Limits } from "../../shared/api/limits";
import { binaryBytes } from "../../shared/format";
import { texts } from "../../shared/texts";
import { formatNames } from "./checkFile";
import { bounded, entriesOf, gather, type Gathered } from "./gather";

const words = texts.picture;

interface DropZoneProps {
  limits: Limits;
  onFiles: (given: Gathered) => void;
  onNothingPasted: () => void;
}

/** Most files that are looked at in one go: not all of them need be pictures. */
const most = (limits: Limits) => Math.max(limits.maxFilesPerArchive, limits.maxUploadsPerSession);

/** Takes pictures, folders and archives by dropping, choosing or pasting. */
export function DropZone({ limits, onFiles, onNothingPasted }: DropZoneProps) {
  const [over, setOver] = useState(false);
  const depth = useRef(0);
  const folderId = useId();
  const hand = (given: Gathered) => {
    if (given.files.length > 0) onFiles(given);
  };
  const handlers = useRef({ hand, onNothingPasted });
  handlers.current = { hand, onNothingPasted };

  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      if (event.target instanceof HTMLElement && event.target.matches("input:not([type=file]), textarea")) return;
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) {
        event.preventDefault();
        handlers.current.hand(bounded(files, most(limits)));
      } else handlers.current.onNothingPasted();
    };
    // A file that misses the zone must not replace the page.
    const keep = (event: Event) => event.preventDefault();
    document.addEventListener("paste", paste);
    document.addEventListener("dragover", keep);
    document.addEventListener("drop", keep);
    return () => {
      document.removeEventListener("paste", paste);
      document.removeEventListener("dragover", keep);
      document.removeEventListener("drop", keep);
    };
  }, [limits]);

  const moved = (by: number) => (event: DragEvent) => {
    event.preventDefault();
    depth.current = Math.max(0, depth.current + by);
    setOver(depth.current > 0);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    depth.current = 0;
    setOver(false);
    const entries = entriesOf(event.dataTransfer.items);
    if (entries.some(({ isDirectory }) => isDirectory)) void gather(entries, most(limits)).then(hand);
    else hand(bounded([...event.dataTransfer.files], most(limits)));
  };
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const files = [...(event.target.files ?? [])];
    // So that choosing the same file again is a change.
    event.target.value = "";
    hand(bounded(files, most(limits)));
  };
  // DICOM files often have no ending, so unknown binary files can be chosen too.
  const known = [...limits.formats, ...limits.archives].flatMap((format) => [...format.mediaTypes, ...format.extensions]);
  const accept = [...known, "application/octet-stream"].join(",");

  return (
    <div
      className={over ? "drop over" : "drop"}
      onDragEnter={moved(1)}
      onDragLeave={moved(-1)}
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
    >
      <p className="drop-title">{over ? words.dropNow : words.dropTitle}</p>
      <p className="drop-hint">{words.dropHint}</p>
      <p className="drop-choose">
        <input id="picture-file" className="unseen" type="file" multiple accept={accept} aria-describedby="picture-limits" onChange={choose} />
        <label htmlFor="picture-file" className="button primary large">
          {words.choose}
        </label>
        {/* Where folders can be chosen. */}
        {"webkitdirectory" in HTMLInputElement.prototype && (
          <>
            {" "}
            <input id={folderId} className="unseen" type="file" {...{ webkitdirectory: "" }} aria-describedby="picture-limits" onChange={choose} />
            <label htmlFor={folderId} className="button on-film large">
              {words.chooseFolder}
            </label>
          </>
        )}
      </p>
      <p className="help" id="picture-limits">
        {words.limits(formatNames(limits.formats), binaryBytes(limits.maxUploadBytes))} {words.edges(limits.minEdge, limits.maxEdge)}{" "}
        {limits.archives.length > 0 && `${words.archives(formatNames(limits.archives), limits.maxFilesPerArchive, binaryBytes(limits.resumable.maxSize))} `}
        {words.atMost(limits.maxUploadsPerSession)}
      </p>
    </div>
  );
}
