import type { Result } from "../../shared/api/result";
import { count, percent } from "../../shared/format";
import { serverLang, texts } from "../../shared/texts";

const words = texts.results;

/** How good the picture was, for whom the model spoke, and from where the picture was taken. */
export function Quality({ result }: { result: Result }) {
  const { quality, scope, projection } = result;
  const notes = [...quality.notes.map((note) => note.text), ...scope.notes];
  return (
    <>
      <p lang={serverLang()}>{scope.statement}</p>
      <ul className="quality-facts">
        <li>{words.analysedSize(count(quality.width), count(quality.height))}</li>
        {scope.ageYears != null && <li>{words.ageUsed(scope.ageYears)}</li>}
        {projection && (
          <li>
            {words.projection[projection.value] ?? projection.value}:{" "}
            {projection.source === "header" ? words.projectionHeader : words.projectionModel(percent(projection.probability))}
          </li>
        )}
      </ul>
      {notes.length === 0 ? (
        <p>{words.qualityOk}</p>
      ) : (
        <ul className="quality-notes" lang={serverLang()}>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </>
  );
}
