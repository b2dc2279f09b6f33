import { serverLang, texts } from "../../shared/texts";

const words = texts.assistant;

/** Questions that can be asked at a press. */
export function Suggestions({ questions, busy, onAsk }: { questions: readonly string[]; busy: boolean; onAsk: (question: string) => void }) {
  if (questions.length === 0) return null;
  return (
    <section className="suggestions" aria-label={words.suggestions}>
      <p className="help" aria-hidden="true">
        {words.suggestions}
      </p>
      <ul>
        {questions.map((question) => (
          <li key={question}>
            <button type="button" className="button quiet" lang={serverLang()} aria-disabled={busy} onClick={() => !busy && onAsk(question)}>
              {question}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
