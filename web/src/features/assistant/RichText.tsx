import { shownText } from "../../shared/shownText";
import { serverLang } from "../../shared/texts";

/** Words of an answer: text and `**bold**`, and nothing else. */
export function RichText({ text }: { text: string }) {
  // Every second part was between stars.
  const parts = shownText(text).split(/\*\*(.+?)\*\*/s);
  return (
    <bdi lang={serverLang()}>
      {parts.map((part, index) => (index % 2 === 1 ? <strong key={index}>{part}</strong> : part))}
    </bdi>
  );
}
