import type { DicomSummary, ReadLine, Upload } from "../../shared/api/uploads";
import { bytes, count } from "../../shared/format";
import { texts } from "../../shared/texts";
import { Fact } from "../../shared/ui/Fact";

const words = texts.received;

/** What the server read from the file. */
export function Recognised({ upload }: { upload: Upload }) {
  const view = upload.capturedView;
  const letters = upload.burnedInText;
  return (
    <>
      <dl className="facts">
        <Fact name={texts.picture.fileName} value={upload.fileName} />
        <Fact name={words.format} value={texts.formats[upload.format] ?? upload.format} />
        <Fact name={words.pixels} value={`${count(upload.width)} × ${count(upload.height)}`} />
        <Fact name={words.depth} value={words.bits(upload.bitsPerSample)} />
        <Fact name={texts.picture.fileSize} value={bytes(upload.bytes)} />
        {upload.frames > 1 && <Fact name={words.frames} value={count(upload.frames)} />}
        <Fact name={words.view} value={view ? words.views[view] ?? view : words.viewUnknown} />
        {letters && <Fact name={words.letters} value={words.lettersStates[letters.state]} />}
        {letters && letters.sideMarkers.length > 0 && <Fact name={words.markers} value={letters.sideMarkers.map(markerWords).join("; ")} />}
      </dl>
      {upload.dicom && <Dicom dicom={upload.dicom} />}
      <details className="technical">
        <summary>{words.checksum}</summary>
        <p>
          <code>{upload.sha256}</code>
        </p>
      </details>
    </>
  );
}

function Dicom({ dicom }: { dicom: DicomSummary }) {
  const known = Object.keys(words.dicom).flatMap((key) => {
    const value = dicom[key as keyof DicomSummary];
    return value ? [{ key, value: /Date$/.test(key) ? day(value) : value }] : [];
  });
  if (known.length === 0) return null;
  return (
    <>
      <h3>{words.dicomTitle}</h3>
      <p className="help">{words.dicomWarning}</p>
      <dl className="facts">
        {known.map(({ key, value }) => (
          <Fact key={key} name={words.dicom[key] ?? key} value={value} />
        ))}
      </dl>
    </>
  );
}

/** A side marker, and on which half of the picture it stands: on the left one it should be an R. */
function markerWords({ text, x, width }: ReadLine): string {
  return words.marker(text ?? "?", x + width / 2 > 0.5);
}

/** DICOM writes `20240131`. */
function day(value: string): string {
  return /^\d{8}$/.test(value) ? `${value.slice(0, 4)}-${value.slice(4, 6)}-${value.slice(6)}` : value;
}
