import { request } from "../../shared/http";
import { useResource, type LoadedResource } from "../../shared/useResource";

/**
 * The parts of a FHIR R4 Questionnaire that the form understands.
 *
 * Source: https://hl7.org/fhir/R4/questionnaire.html
 */
export interface Questionnaire {
  resourceType: "Questionnaire";
  id: string;
  version: string;
  title: string;
  item: Item[];
}

export interface Item {
  linkId: string;
  text: string;
  type: "group" | "display" | "integer" | "decimal" | "string" | "text" | "choice" | "boolean" | "date";
  required?: boolean;
  repeats?: boolean;
  maxLength?: number;
  answerOption?: { valueCoding: { code: string; display?: string } }[];
  enableWhen?: EnableWhen[];
  enableBehavior?: "all" | "any";
  extension?: { url: string; valueInteger?: number; valueDecimal?: number; valueCoding?: { code?: string; display?: string } }[];
  item?: Item[];
}

export interface EnableWhen {
  question: string;
  operator: "=" | "!=" | ">" | "<" | ">=" | "<=" | "exists";
  answerCoding?: { code: string };
  answerBoolean?: boolean;
  answerInteger?: number;
  answerDecimal?: number;
  answerString?: string;
  answerDate?: string;
}

export type Answer = string | number | boolean | string[];
export type Answers = Record<string, Answer>;

/** `GET /intake/questionnaire` */
export function useQuestionnaire(): LoadedResource<Questionnaire> {
  return useResource("questionnaire", (signal) => request<Questionnaire>("GET", "/intake/questionnaire", { signal }));
}

/** The questions of a group, in order; nested groups are flattened. */
export function questionsOf(item: Item): Item[] {
  return (item.item ?? []).flatMap((child) =>
    child.type === "group" ? questionsOf(child) : child.type === "display" ? [] : [child],
  );
}

export function helpOf(item: Item): string | undefined {
  return item.item?.find((child) => child.type === "display")?.text;
}

export function limitsOf(item: Item): { min: number | undefined; max: number | undefined; unit: string | undefined } {
  const find = (name: string) => item.extension?.find((extension) => extension.url.endsWith(`/${name}`));
  const value = (name: string) => find(name)?.valueInteger ?? find(name)?.valueDecimal;
  const unit = find("questionnaire-unit")?.valueCoding;
  return { min: value("minValue"), max: value("maxValue"), unit: unit?.display ?? unit?.code };
}

/** Whether a question is asked now. A condition on a question without an answer doesn't hold, also for `!=`. */
export function isAsked(item: Item, answers: Answers): boolean {
  const conditions = item.enableWhen ?? [];
  if (conditions.length === 0) return true;
  const held = (condition: EnableWhen) => holds(condition, answers[condition.question]);
  return item.enableBehavior === "any" ? conditions.some(held) : conditions.every(held);
}

function holds(condition: EnableWhen, answer: Answer | undefined): boolean {
  if (condition.operator === "exists") return (answer !== undefined) === (condition.answerBoolean ?? true);
  if (answer === undefined) return false;
  const wanted =
    condition.answerCoding?.code ??
    condition.answerInteger ??
    condition.answerDecimal ??
    condition.answerBoolean ??
    condition.answerString ??
    condition.answerDate;
  const equal = Array.isArray(answer) ? answer.includes(String(wanted)) : answer === wanted;
  switch (condition.operator) {
    case "=":
      return equal;
    case "!=":
      return !equal;
    default:
      return compared(condition.operator, answer, wanted);
  }
}

function compared(operator: ">" | "<" | ">=" | "<=", answer: Answer, wanted: unknown): boolean {
  const numbers = typeof answer === "number" && typeof wanted === "number";
  const texts = typeof answer === "string" && typeof wanted === "string";
  if (!numbers && !texts) return false;
  const [a, b] = [answer as number, wanted as number];
  switch (operator) {
    case ">":
      return a > b;
    case "<":
      return a < b;
    case ">=":
      return a >= b;
    case "<=":
      return a <= b;
  }
}
