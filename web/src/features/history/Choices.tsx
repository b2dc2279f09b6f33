import type { ReactNode } from "react";
import { texts } from "../../shared/texts";
import { Asked, Mark, type FieldProps } from "./field";

const words = texts.history;

/** More options than this go into a list to unfold. */
const mostRadios = 8;

/** The codes that stand alone: "none of these", "don't know", "rather not say". */
const exclusive = ["none", "unknown", "declined"];

interface ChoicesProps extends FieldProps {
  id: string;
  described: string | undefined;
  notes: ReactNode;
}

interface Option {
  code: string;
  display: string;
  lang?: string | undefined;
}

/** A question with options: radios, checkboxes, or a list to unfold. */
export function Choices({ item, value, error, onChange, id, described, notes }: ChoicesProps) {
  const yesOrNo: Option[] = [
    { code: "true", display: words.yes },
    { code: "false", display: words.no },
  ];
  const options =
    item.type === "boolean"
      ? yesOrNo
      : (item.answerOption ?? []).map(({ valueCoding: { code, display, lang } }) => ({ code, display: display ?? code, lang }));
  const single = typeof value === "boolean" ? String(value) : typeof value === "string" ? value : undefined;
  const choose = (code: string) => onChange(item.type === "boolean" ? code === "true" : code);

  if (!item.repeats && options.length > mostRadios) {
    return (
      <div className={error ? "field wrong" : "field"}>
        <label htmlFor={id}>
          <Asked item={item} /> <Mark item={item} />
        </label>
        {notes}
        <select
          id={id}
          aria-describedby={described}
          aria-invalid={error ? true : undefined}
          value={single ?? ""}
          onChange={(event) => (event.target.value ? choose(event.target.value) : onChange(null))}
        >
          <option value="">{words.choose}</option>
          {options.map((option) => (
            <option key={option.code} value={option.code} lang={option.lang}>
              {option.display}
            </option>
          ))}
        </select>
      </div>
    );
  }

  const chosen = Array.isArray(value) ? (value as string[]) : [];
  const toggle = (code: string, on: boolean) => {
    const kept = chosen.filter((other) => other !== code && (!on || (!exclusive.includes(code) && !exclusive.includes(other))));
    const next = on ? [...kept, code] : kept;
    onChange(next.length > 0 ? next : null);
  };
  const isOn = (code: string) => (item.repeats ? chosen.includes(code) : single === code);

  return (
    <fieldset id={id} tabIndex={-1} className={error ? "field wrong" : "field"} aria-describedby={described}>
      <legend>
        <Asked item={item} /> <Mark item={item} />
      </legend>
      {notes}
      <div className="options">
        {options.map((option) => (
          <label key={option.code} className={isOn(option.code) ? "option on" : "option"}>
            <input
              type={item.repeats ? "checkbox" : "radio"}
              name={id}
              value={option.code}
              checked={isOn(option.code)}
              onChange={(event) => (item.repeats ? toggle(option.code, event.target.checked) : choose(option.code))}
            />
            <span lang={option.lang}>{option.display}</span>
          </label>
        ))}
      </div>
      {!item.repeats && !item.required && single !== undefined && (
        <button type="button" className="button text" onClick={() => onChange(null)}>
          {words.clear}
          <span className="unseen">: {item.text}</span>
        </button>
      )}
    </fieldset>
  );
}
