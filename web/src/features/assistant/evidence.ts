import type { Answer, Evidence, Sentence } from "../../shared/api/assistant";
import { paths } from "../../shared/router";

/** A piece of evidence with its number in the answer. */
export interface Footnote {
  number: number;
  evidence: Evidence;
}

/** What an answer rests on, each once, in the order in which it is said. */
export function footnotesOf(sentences: readonly Sentence[]): Footnote[] {
  const found = new Map<string, Evidence>();
  for (const { evidence } of sentences) for (const one of evidence) if (!found.has(keyOf(one))) found.set(keyOf(one), one);
  return [...found.values()].map((evidence, index) => ({ number: index + 1, evidence }));
}

export function keyOf({ kind, id }: Evidence): string {
  return `${kind} ${id}`;
}

/** What is known of the record, to find the way to what a sentence rests on. */
export interface Places {
  /** The topic of the history that a question belongs to. */
  topicOf: (question: string) => string | null;
  /** The newest analysis that has a result. */
  analysisId: string | null;
}

const ofTheAnalysis = /^(picture|scope|projection|identity|not-checked|finding\..+|quality\..+)$/;

/** The page of this program where a line of the record comes from. */
export function placeOf(id: string, { topicOf, analysisId }: Places): string {
  const question = /^intake\.([^.]+)/.exec(id)?.[1];
  const topic = question === undefined ? null : topicOf(question);
  if (topic !== null) return `${paths.topic(topic)}#question-${encodeURIComponent(question ?? "")}`;
  if (analysisId === null || !ofTheAnalysis.test(id)) return paths.record;
  const finding = /^finding\.(.+)$/.exec(id)?.[1];
  return paths.analysis(analysisId) + (finding === undefined ? "" : `#finding-${encodeURIComponent(finding)}`);
}

/** An address that may be opened: of the web, or of this server's documents. */
export function openable(address: string | null | undefined): string | null {
  if (!address) return null;
  return /^https?:\/\//i.test(address) || /^\/docs\/[\w./#-]*$/.test(address) ? address : null;
}

/** An answer with its evidence, as plain text. */
export function plainText({ sentences }: Answer): string {
  const footnotes = footnotesOf(sentences);
  const numberOf = (evidence: Evidence) => footnotes.find((footnote) => keyOf(footnote.evidence) === keyOf(evidence))?.number ?? 0;
  const said = sentences.reduce((text, { text: words, layout, evidence }) => {
    const before = layout === "item" ? (text && "\n") + "- " : text && (layout === "paragraph" ? "\n\n" : " ");
    return text + before + words.replace(/\*\*(.+?)\*\*/g, "$1") + evidence.map((one) => ` [${numberOf(one)}]`).join("");
  }, "");
  const notes = footnotes.map(({ number, evidence: { label, address } }) => `[${number}] ${label}${address ? ` (${address})` : ""}`);
  return notes.length > 0 ? `${said}\n\n${notes.join("\n")}` : said;
}
