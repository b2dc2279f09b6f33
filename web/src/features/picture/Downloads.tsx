import { useState } from "react";
import { getRemoved, type Upload } from "../../shared/api/uploads";
import { texts } from "../../shared/texts";
import { Loaded, Pane } from "../../shared/ui/Pane";
import { useResource } from "../../shared/useResource";

const words = texts.received;

/** The file as it was received and, for DICOM, without what identifies a person. */
export function Downloads({ upload }: { upload: Upload }) {
  const [open, setOpen] = useState(false);
  if (!upload.file) return null;
  return (
    <Pane title={words.download}>
      <ul className="links">
        <li>
          <a href={upload.file} download>
            {words.downloadFile}
          </a>
        </li>
        {upload.deidentified && (
          <li>
            <a href={upload.deidentified} download>
              {words.downloadClean}
            </a>
          </li>
        )}
      </ul>
      {upload.deidentified && (
        <details className="technical" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary>{words.removed}</summary>
          {open && <Removed upload={upload} />}
          <p className="help">{words.removedLetters}</p>
        </details>
      )}
    </Pane>
  );
}

function Removed({ upload }: { upload: Upload }) {
  const removed = useResource(`removed ${upload.id}`, (signal) => getRemoved(upload, signal));
  return (
    <Loaded resource={removed}>
      {(list) => (
        <ul className="removed">
          {list.map(({ tag, name, action }, index) => (
            <li key={index}>
              <code>{tag}</code> <span lang="en">{name}</span>: {words.actions[action]}
            </li>
          ))}
        </ul>
      )}
    </Loaded>
  );
}
