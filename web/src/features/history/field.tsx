import { texts } from "../../shared/texts";
import { helpOf, type Answer, type Item } from "./questionnaire";

export interface FieldProps {
  item: Item;
  value: Answer | undefined;
  error: string | undefined;
  /** `null` removes the answer. `fault` says why what was entered is no answer. */
  onChange: (answer: Answer | null, fault?: string) => void;
}

/** What a question asks. */
export function Asked({ item }: { item: Item }) {
  return <span lang={item.lang}>{item.text}</span>;
}

/** The help of a question, which its control names as its description. */
export function Help({ item, id }: { item: Item; id: string }) {
  const help = helpOf(item);
  return help ? (
    <p className="help" id={id} lang={help.lang}>
      {help.text}
    </p>
  ) : null;
}

export function fieldId(linkId: string): string {
  return `question-${linkId}`;
}

/** Says whether an answer is needed. */
export function Mark({ item }: { item: Item }) {
  const { required, optional } = texts.history;
  return <span className={item.required ? "mark required" : "mark"}>{item.required ? required : optional}</span>;
}

/** What wires a control to its label, help and error. */
export interface ControlAttributes {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

export type InnerProps = Pick<FieldProps, "item" | "value" | "onChange"> & { control: ControlAttributes };
