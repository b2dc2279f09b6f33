import { useState, type ChangeEvent } from "react";
import { plain } from "../../shared/format";
import { texts } from "../../shared/texts";
import { Choices } from "./Choices";
import { Asked, fieldId, Help, Mark, type ControlAttributes, type FieldProps, type InnerProps } from "./field";
import { MeasureField } from "./MeasureField";
import { PartialDateField } from "./PartialDateField";
import { helpOf, limitsOf } from "./questionnaire";
import { SuggestedText } from "./SuggestedText";

const words = texts.history;

/** One question: its label, help, control and error, wired together for assistive technology. */
export function QuestionField(props: FieldProps) {
  const { item, error } = props;
  const id = fieldId(item.linkId);
  const described = [helpOf(item) && `${id}-help`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  const control = { id, "aria-describedby": described, "aria-invalid": error ? (true as const) : undefined };
  const notes = (
    <>
      <Help item={item} id={`${id}-help`} />
      {error && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </>
  );

  if (item.type === "choice" || item.type === "boolean") {
    return <Choices {...props} id={id} described={described} notes={notes} />;
  }
  if (item.type === "date") {
    return (
      <fieldset className={error ? "field wrong" : "field"}>
        <legend>
          <Asked item={item} /> <Mark item={item} />
        </legend>
        {notes}
        <PartialDateField item={item} value={props.value} onChange={props.onChange} control={control} />
      </fieldset>
    );
  }
  return (
    <div className={error ? "field wrong" : "field"}>
      <label htmlFor={id}>
        <Asked item={item} /> <Mark item={item} />
      </label>
      {notes}
      <Control {...props} control={control} />
    </div>
  );
}

function Control({ item, value, onChange, control }: FieldProps & { control: ControlAttributes }) {
  const required = item.required ? ({ "aria-required": true } as const) : {};
  switch (item.type) {
    case "integer":
      return <NumberControl item={item} value={value} onChange={onChange} control={{ ...control, ...required }} />;
    case "decimal":
      return <MeasureField item={item} value={value} onChange={onChange} control={{ ...control, ...required }} />;
    case "open-choice":
      return <SuggestedText item={item} value={value} onChange={onChange} control={{ ...control, ...required }} />;
    case "text":
      return <TextControl item={item} value={value} onChange={onChange} control={{ ...control, ...required }} lines />;
    default:
      return <TextControl item={item} value={value} onChange={onChange} control={{ ...control, ...required }} lines={item.repeats === true} />;
  }
}

function NumberControl({ item, value, onChange, control }: InnerProps) {
  const [draft, setDraft] = useState(typeof value === "number" ? plain(value) : "");
  const { min, max, unit } = limitsOf(item);

  const change = (event: ChangeEvent<HTMLInputElement>) => {
    const text = event.target.value;
    setDraft(text);
    const trimmed = text.trim();
    if (trimmed === "") return onChange(null);
    if (!/^-?\d+$/.test(trimmed)) return onChange(null, words.wholeNumber);
    const number = Number(trimmed);
    if ((min !== undefined && number < min) || (max !== undefined && number > max)) return onChange(null, words.range(min, max));
    onChange(number);
  };

  return (
    <span className="with-unit">
      <input
        {...control}
        type="text"
        inputMode="numeric"
        autoComplete="off"
        className="short"
        value={draft}
        onChange={change}
      />
      {unit && <span className="unit">{unit}</span>}
    </span>
  );
}

function TextControl({ item, value, onChange, control, lines }: InnerProps & { lines: boolean }) {
  const [draft, setDraft] = useState(Array.isArray(value) ? value.join("\n") : typeof value === "string" ? value : "");
  const max = item.maxLength;
  const length = [...draft.trim()].length;

  const change = (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => {
    const text = event.target.value;
    setDraft(text);
    if (text.trim() === "") return onChange(null);
    if (max !== undefined && [...text.trim()].length > max) return onChange(null, words.tooLong(max));
    onChange(item.repeats ? text.split("\n").map((line) => line.trim()).filter(Boolean) : text);
  };

  return (
    <>
      {lines ? (
        <textarea {...control} dir="auto" rows={4} value={draft} onChange={change} />
      ) : (
        <input {...control} type="text" dir="auto" autoComplete="off" value={draft} onChange={change} />
      )}
      {max !== undefined && length > max * 0.8 && <p className="help">{words.left(max - length)}</p>}
    </>
  );
}
