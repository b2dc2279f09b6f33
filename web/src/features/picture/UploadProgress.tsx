import { bytes } from "../../shared/format";
import { texts } from "../../shared/texts";

const words = texts.picture;

interface UploadProgressProps {
  fileName: string;
  sent: number;
  total: number;
  onCancel: () => void;
}

/** How much of the file has been sent, and a way to stop. */
export function UploadProgress({ fileName, sent, total, onCancel }: UploadProgressProps) {
  const all = total > 0 && sent >= total;
  return (
    <div className="upload-progress">
      <p className="upload-name">{words.uploading(fileName)}</p>
      <progress aria-label={words.progress} max={Math.max(1, total)} value={sent} />
      {/* Rounded to quarters for a screen reader, which would otherwise never stop talking. */}
      <p aria-hidden={!all}>{all ? words.reading : words.sent(bytes(sent), bytes(total))}</p>
      <p className="unseen" role="status">
        {all ? words.reading : `${Math.floor((4 * sent) / Math.max(1, total)) * 25} %`}
      </p>
      <p className="actions">
        <button type="button" className="button quiet" onClick={onCancel}>
          {words.cancel}
        </button>
      </p>
    </div>
  );
}
