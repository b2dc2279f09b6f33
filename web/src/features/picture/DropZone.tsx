import { useEffect, useRef, useState, type ChangeEvent, type DragEvent } from "react";
import type { Limits } from "../../shared/api/limits";
import { binaryBytes } from "../../shared/format";
import { texts } from "../../shared/texts";
import { formatNames } from "./checkFile";

const words = texts.picture;

interface DropZoneProps {
  limits: Limits;
  onFiles: (files: File[]) => void;
  onNothingPasted: () => void;
}

/** Takes a picture by dropping, choosing or pasting. */
export function DropZone({ limits, onFiles, onNothingPasted }: DropZoneProps) {
  const [over, setOver] = useState(false);
  const depth = useRef(0);
  const handlers = useRef({ onFiles, onNothingPasted });
  handlers.current = { onFiles, onNothingPasted };

  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      if (event.target instanceof HTMLElement && event.target.matches("input:not([type=file]), textarea")) return;
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) {
        event.preventDefault();
        handlers.current.onFiles(files);
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
  }, []);

  const moved = (by: number) => (event: DragEvent) => {
    event.preventDefault();
    depth.current = Math.max(0, depth.current + by);
    setOver(depth.current > 0);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    depth.current = 0;
    setOver(false);
    const files = [...event.dataTransfer.files];
    if (files.length > 0) onFiles(files);
  };
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const files = [...(event.target.files ?? [])];
    // So that choosing the same file again is a change.
    event.target.value = "";
    if (files.length > 0) onFiles(files);
  };
  // DICOM files often have no ending, so unknown binary files can be chosen too.
  const known = limits.formats.flatMap((format) => [...format.mediaTypes, ...format.extensions]);
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
        <input id="picture-file" className="unseen" type="file" accept={accept} aria-describedby="picture-limits" onChange={choose} />
        <label htmlFor="picture-file" className="button primary large">
          {words.choose}
        </label>
      </p>
      <p className="help" id="picture-limits">
        {words.limits(formatNames(limits), binaryBytes(limits.maxUploadBytes))} {words.edges(limits.minEdge, limits.maxEdge)}
      </p>
    </div>
  );
}
