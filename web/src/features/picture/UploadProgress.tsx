import { bytes } from "../../shared/format";
import { texts } from "../../shared/texts";
import type { Why } from "../../shared/tus";

const words = texts.picture;

interface UploadProgressProps {
  fileName: string;
  sent: number;
  total: number;
  /** Why it stands still, if it does. */
  why?: Why | null;
  /** It had to be begun anew. */
  restarted?: boolean;
  onTryNow: () => void;
  onCancel: () => void;
}

/** How much of the file has been sent, what it waits for, and a way to stop. */
export function UploadProgress({ fileName, sent, total, why = null, restarted = false, onTryNow, onCancel }: UploadProgressProps) {
  const all = total > 0 && sent >= total;
  const stands = why === "lost" || why === "busy";
  const quarter = `${Math.floor((4 * sent) / Math.max(1, total)) * 25} %`;
  return (
    <div className="upload-progress">
      <p className="upload-name">{words.uploading(fileName)}</p>
      <progress aria-label={words.progress} max={Math.max(1, total)} value={sent} />
      {/* Rounded to quarters for a screen reader, which would otherwise never stop talking. */}
      <p aria-hidden={!all}>{all ? words.reading : words.sent(bytes(sent), bytes(total))}</p>
      <p className="unseen" role="status">
        {stands ? words.standing[why] : all ? words.reading : quarter}
      </p>
      {stands && (
        <p className="notice attention" aria-hidden="true">
          {words.standing[why]}
        </p>
      )}
      {restarted && <p role="status">{words.restarted}</p>}
      <p className="actions">
        {stands && (
          <button type="button" className="button" onClick={onTryNow}>
            {words.tryNow}
          </button>
        )}
        <button type="button" className="button quiet" onClick={onCancel}>
          {words.cancel}
        </button>
      </p>
    </div>
  );
}
