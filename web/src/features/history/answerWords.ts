import { plain } from "../../shared/format";
import { texts } from "../../shared/texts";
import { columnsOf, isList, limitsOf, type Answer, type Item, type Row } from "./questionnaire";

const words = texts.history;

/** An answer as the person chose it; a list has one entry for each row. */
export function answerWords(item: Item, answer: Answer): string[] {
  if (isList(item)) return ((answer as Row[]) ?? []).map((row) => rowWords(item, row));
  if (Array.isArray(answer)) return [(answer as string[]).map((code) => optionWords(item, code)).join(", ")];
  if (typeof answer === "boolean") return [answer ? words.yes : words.no];
  if (typeof answer === "number") {
    const { unit } = limitsOf(item);
    return [unit ? `${plain(answer)} ${unit}` : plain(answer)];
  }
  return [optionWords(item, answer)];
}

function rowWords(item: Item, row: Row): string {
  return columnsOf(item)
    .flatMap(({ name, column }, index) => {
      const cell = row[name];
      if (cell === undefined) return [];
      const told = answerWords(column, cell).join(", ");
      return index === 0 ? [told] : [words.cell(column.prefix ?? column.text, told)];
    })
    .join("; ");
}

function optionWords(item: Item, code: string): string {
  return item.answerOption?.find(({ valueCoding }) => valueCoding.code === code)?.valueCoding.display ?? code;
}
