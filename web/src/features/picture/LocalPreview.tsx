import { useEffect, useState } from "react";
import type { Limits } from "../../shared/api/limits";
import { bytes } from "../../shared/format";
import { texts } from "../../shared/texts";
import { Notice } from "../../shared/ui/Notice";
import { canShow, sizeFaultOf, type FileFaultWords } from "./checkFile";

const words = texts.picture;

interface LocalPreviewProps {
  file: File;
  limits: Limits;
  /** Why the picture can't be sent, or null once it is known that it can. */
  onChecked: (fault: string | null) => void;
}

/** The picture as it lies on this device. Nothing is sent for it. */
export function LocalPreview({ file, limits, onChecked }: LocalPreviewProps) {
  const showable = canShow(file, limits);
  const address = useObjectAddress(showable ? file : null);
  const [size, setSize] = useState<{ width: number; height: number } | null>(null);

  const [broken, setBroken] = useState(false);

  useEffect(() => {
    setSize(null);
    setBroken(false);
    if (!showable) onChecked(null);
    // Only another file starts another check, not another `onChecked`.
  }, [file]);

  return (
    <figure className="film local">
      <div className="film-frame">
        {broken ? (
          <p className="film-note">{words.unreadable}</p>
        ) : address ? (
          <img
            src={address}
            alt={words.localAlt(file.name)}
            onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => {
              setSize({ width, height });
              onChecked(sizeFaultOf(width, height, limits));
            }}
            onError={() => {
              // The server reads more kinds than a browser: it has the last word.
              setBroken(true);
              onChecked(null);
            }}
          />
        ) : (
          <p className="film-note">{words.noPreview}</p>
        )}
      </div>
      <figcaption>
        <span className="file-name">{file.name}</span>
        <span>
          {bytes(file.size)}
          {size && ` · ${words.pixels(size.width, size.height)}`}
        </span>
      </figcaption>
    </figure>
  );
}

/** An address under which this page alone can show the file; given back when it is no longer needed. */
function useObjectAddress(file: File | null): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (!file) {
      setAddress(null);
      return;
    }
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return address;
}

export function FileFault({ fault }: { fault: FileFaultWords }) {
  return (
    <Notice tone="problem" role="alert">
      <p lang={fault.lang}>{fault.text}</p>
    </Notice>
  );
}
