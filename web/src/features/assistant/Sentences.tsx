import type { Sentence } from "../../shared/api/assistant";
import { texts } from "../../shared/texts";
import { Citation } from "./Citation";
import { keyOf, type Footnote, type Places } from "./evidence";
import { RichText } from "./RichText";

interface SentencesProps {
  sentences: readonly Sentence[];
  footnotes: readonly Footnote[];
  places: Places;
  notesId: string;
}

interface Block {
  isList: boolean;
  /** Each the sentences of one paragraph, or of one item, with their index in the answer. */
  parts: { index: number; sentence: Sentence }[][];
}

/** Paragraphs and lists. A sentence that comes later changes nothing of those before it. */
function blocksOf(sentences: readonly Sentence[]): Block[] {
  const blocks: Block[] = [];
  sentences.forEach((sentence, index) => {
    const last = blocks[blocks.length - 1];
    const isItem = sentence.layout === "item";
    if (last && sentence.layout === "same") last.parts[last.parts.length - 1]?.push({ index, sentence });
    else if (last?.isList && isItem) last.parts.push([{ index, sentence }]);
    else blocks.push({ isList: isItem, parts: [[{ index, sentence }]] });
  });
  return blocks;
}

/** What was said, each sentence with the numbers of what it rests on. */
export function Sentences({ sentences, footnotes, places, notesId }: SentencesProps) {
  const said = (part: Block["parts"][number]) =>
    part.map(({ index, sentence }) => (
      <span key={index} className={sentence.replacesStruck ? "sentence corrected" : "sentence"}>
        <RichText text={sentence.text} />
        {footnotes
          .filter(({ evidence }) => sentence.evidence.some((one) => keyOf(one) === keyOf(evidence)))
          .map((footnote) => (
            <Citation key={footnote.number} footnote={footnote} places={places} notesId={notesId} />
          ))}
        {sentence.replacesStruck && <span className="help"> {texts.assistant.corrected}</span>}{" "}
      </span>
    ));
  return (
    <>
      {blocksOf(sentences).map(({ isList, parts }) =>
        isList ? (
          <ul key={parts[0]?.[0]?.index}>
            {parts.map((part) => (
              <li key={part[0]?.index}>{said(part)}</li>
            ))}
          </ul>
        ) : (
          parts.map((part) => <p key={part[0]?.index}>{said(part)}</p>)
        ),
      )}
    </>
  );
}
