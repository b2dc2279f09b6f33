import type { MouseEvent } from "react";
import { Link } from "../../shared/router";
import { serverLang, texts } from "../../shared/texts";
import { placeOf, openable, type Footnote, type Places } from "./evidence";

const words = texts.assistant;

interface CitationProps {
  footnote: Footnote;
  places: Places;
  /** The element that holds the footnotes. */
  notesId: string;
}

/** The number after a sentence. It leads to the field or finding, or to the footnote with the source. */
export function Citation({ footnote: { number, evidence }, places, notesId }: CitationProps) {
  const name = words.citation(number, words.evidence[evidence.kind], evidence.label);
  if (evidence.kind === "record") {
    return (
      <Link to={placeOf(evidence.id, places)} className="citation" aria-label={name}>
        {number}
      </Link>
    );
  }
  const toFootnote = (event: MouseEvent) => {
    event.preventDefault();
    const note = document.getElementById(notesId)?.querySelector<HTMLElement>(`[data-note="${number}"]`);
    note?.focus({ preventScroll: true });
    note?.scrollIntoView?.({ block: "nearest" });
  };
  return (
    <button type="button" className="citation" aria-label={name} onClick={toFootnote}>
      {number}
    </button>
  );
}

/** All that an answer rests on, with the address of each source. */
export function Footnotes({ footnotes, places, id }: { footnotes: Footnote[]; places: Places; id: string }) {
  if (footnotes.length === 0) return null;
  return (
    <div className="footnotes">
      <ol id={id} aria-label={words.footnotes}>
        {footnotes.map((footnote) => (
          <li key={footnote.number} data-note={footnote.number} tabIndex={-1}>
            {words.evidence[footnote.evidence.kind]}: <Place footnote={footnote} places={places} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function Place({ footnote: { evidence }, places }: { footnote: Footnote; places: Places }) {
  const label = (
    <bdi lang={serverLang()}>{evidence.label}</bdi>
  );
  if (evidence.kind === "record") return <Link to={placeOf(evidence.id, places)}>{label}</Link>;
  const address = openable(evidence.address);
  if (!address) return label;
  return (
    <>
      <a href={address} target="_blank" rel="noopener noreferrer">
        {label} <span className="new-tab">{texts.opensInNewTab}</span>
      </a>
      <span className="address" dir="ltr">
        {address}
      </span>
    </>
  );
}
