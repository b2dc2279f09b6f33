import { en } from "../../shared/texts/en";
import type { Answer, Item } from "./questionnaire";

export interface FieldProps {
  item: Item;
  value: Answer | undefined;
  error: string | undefined;
  /** `null` removes the answer. `fault` says why what was entered is no answer. */
  onChange: (answer: Answer | null, fault?: string) => void;
}

export function fieldId(linkId: string): string {
  return `question-${linkId}`;
}

/** Says whether an answer is needed. */
export function Mark({ item }: { item: Item }) {
  const { required, optional } = en.history;
  return <span className={item.required ? "mark required" : "mark"}>{item.required ? required : optional}</span>;
}

/** What wires a control to its label, help and error. */
export interface ControlAttributes {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

export type InnerProps = Pick<FieldProps, "item" | "value" | "onChange"> & { control: ControlAttributes };
