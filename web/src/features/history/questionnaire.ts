import { request } from "../../shared/http";
import { texts } from "../../shared/texts";
import { useResource, type LoadedResource } from "../../shared/useResource";
import { translated } from "./translated";

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
  type: "group" | "display" | "integer" | "decimal" | "string" | "text" | "choice" | "open-choice" | "boolean" | "date";
  /** The language of its words, where it is another than the page's. */
  lang?: string;
  /** The short name, as reports have it. */
  prefix?: string;
  required?: boolean;
  repeats?: boolean;
  maxLength?: number;
  answerOption?: { valueCoding: { code: string; display?: string; lang?: string } }[];
  /** The vocabulary whose terms are suggested. */
  answerValueSet?: string;
  enableWhen?: EnableWhen[];
  enableBehavior?: "all" | "any";
  extension?: { url: string; valueInteger?: number; valueDecimal?: number; valueBoolean?: boolean; valueCoding?: { code?: string; display?: string } }[];
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

/** One row of a list: answers by the name of the column. */
export type Row = Record<string, string | number | boolean | string[]>;
export type Answer = string | number | boolean | string[] | Row[];
export type Answers = Record<string, Answer>;

/** `GET /intake/questionnaire`, in the language of the page. */
export function useQuestionnaire(): LoadedResource<Questionnaire> {
  return useResource("questionnaire", async (signal) =>
    translated(await request<Questionnaire>("GET", "/intake/questionnaire", { signal }), texts.questionnaire),
  );
}

/** Whether a question is a list of rows. */
export function isList(item: Item): boolean {
  return item.type === "group" && item.repeats === true;
}

/** The questions of a group, in order; nested groups are flattened, lists of rows are questions. */
export function questionsOf(item: Item): Item[] {
  return (item.item ?? []).flatMap((child) =>
    child.type === "group" && !isList(child) ? questionsOf(child) : child.type === "display" ? [] : [child],
  );
}

/** The columns of a list, each with the name that it has in a row. */
export function columnsOf(item: Item): { name: string; column: Item }[] {
  return (item.item ?? [])
    .filter((child) => child.type !== "display")
    .map((column) => ({ name: column.linkId.slice(item.linkId.length + 1), column }));
}

/** How many rows a list may have. */
export function maximumRows(item: Item): number {
  return item.extension?.find((extension) => extension.url.endsWith("/questionnaire-maxOccurs"))?.valueInteger ?? 20;
}

/** Whether a date may lie in the future. */
export function mayLieAhead(item: Item): boolean {
  return !item.extension?.some((extension) => extension.url === "urn:lightbox:not-in-the-future" && extension.valueBoolean);
}

/** The help of a question, or the lead of a topic: its text, and the language of it. */
export function helpOf(item: Item): Pick<Item, "text" | "lang"> | undefined {
  return item.item?.find((child) => child.type === "display");
}

interface Limits {
  min: number | undefined;
  max: number | undefined;
  /** As people write it. */
  unit: string | undefined;
  /** In UCUM. */
  code: string | undefined;
}

export function limitsOf(item: Item): Limits {
  const find = (name: string) => item.extension?.find((extension) => extension.url.endsWith(`/${name}`));
  const value = (name: string) => find(name)?.valueInteger ?? find(name)?.valueDecimal;
  const unit = find("questionnaire-unit")?.valueCoding;
  return { min: value("minValue"), max: value("maxValue"), unit: unit?.display ?? unit?.code, code: unit?.code };
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
  const equal = Array.isArray(answer) ? (answer as unknown[]).includes(String(wanted)) : answer === wanted;
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
