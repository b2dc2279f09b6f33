import { useEffect, useId, useRef, type KeyboardEvent } from "react";
import { longestQuestion } from "../../shared/api/assistant";
import { count } from "../../shared/format";
import { texts } from "../../shared/texts";

const words = texts.assistant;

/** As many characters as there are code points. */
function lengthOf(text: string): number {
  return [...text].length;
}

export function tooLong(text: string): boolean {
  return lengthOf(text.trim()) > longestQuestion;
}

interface QuestionFieldProps {
  id?: string;
  label: string;
  value: string;
  onChange: (text: string) => void;
  /** Enter. */
  onSend: () => void;
  onEscape?: () => void;
  /** Has the focus once it is there. */
  focused?: boolean;
}

/** Where a question is written. What is too long isn't cut off: it is said. */
export function QuestionField({ id: given, label, value, onChange, onSend, onEscape, focused = false }: QuestionFieldProps) {
  const own = useId();
  const id = given ?? own;
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (focused) field.current?.focus();
  }, [focused]);
  const length = lengthOf(value.trim());
  const over = length > longestQuestion;
  const keyed = (event: KeyboardEvent) => {
    // While a word is being put together, Enter chooses it.
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") onEscape?.();
    if (event.key !== "Enter" || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    onSend();
  };
  return (
    <div className="question-field">
      <label htmlFor={id}>{label}</label>
      <textarea
        ref={field}
        id={id}
        dir="auto"
        rows={3}
        value={value}
        aria-describedby={`${id}-keys ${id}-count`}
        aria-invalid={over ? true : undefined}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={keyed}
      />
      <p className="help field-notes">
        <span id={`${id}-keys`}>{words.keys}</span>
        <span id={`${id}-count`}>{words.count(count(length), count(longestQuestion))}</span>
      </p>
      {over && (
        <p className="field-error" role="alert">
          {words.tooLong(count(length - longestQuestion))}
        </p>
      )}
    </div>
  );
}
