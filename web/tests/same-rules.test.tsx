import { all, field, scripted, show, type } from "./harness";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { dateOf } from "../src/features/history/PartialDateField";
import { QuestionField } from "../src/features/history/QuestionField";
import { isAsked, questionsOf, type Answer, type Answers, type Item, type Questionnaire } from "../src/features/history/questionnaire";

interface Table {
  today: string;
  answers: { question: string; typed: string; kept: number | null }[];
  dates: { date: string; ahead: boolean; taken: boolean }[];
  asked: { answers: Answers; asked: string[]; notAsked: string[] }[];
}

// The folder is the package's, whether tests are started from there or from the repository.
const data = (name: string): string => readFileSync(`${process.cwd().replace(/\/web$/, "")}/engine/Tests/DomainTests/Data/${name}`, "utf8");
const table = JSON.parse(data("same-rules.json")) as Table;
/** As the server has it: a test of `Domain` holds the file against the code. */
const questionnaire = JSON.parse(data("questionnaire.json")) as Questionnaire;
const items = questionnaire.item.flatMap(questionsOf);
const question = (id: string): Item => {
  const found = items.find((item) => item.linkId === id);
  assert(found, id);
  return found;
};

describe("The server's rules hold in the page", () => {
  for (const { question: id, typed, kept } of table.answers) {
    test(`${id} “${typed}” is ${kept ?? "refused"}`, async () => {
      scripted();
      localStorage.clear();
      const given: (Answer | null)[] = [];
      const faults: (string | undefined)[] = [];
      const change = (answer: Answer | null, fault?: string) => {
        given.push(answer);
        faults.push(fault);
      };
      await show(<QuestionField item={question(id)} value={undefined} error={undefined} onChange={change} />);
      await type(all<HTMLInputElement>("input")[0] ?? field(question(id).text), typed);
      assert.equal(given[given.length - 1], kept);
      assert.equal(faults[faults.length - 1] === undefined, kept !== null);
    });
  }

  const [year = 0, month = 0, day = 0] = table.today.split("-").map(Number);
  for (const { date, ahead, taken } of table.dates) {
    test(`${date} is ${taken ? "taken" : "refused"}${ahead ? ", ahead or not" : ""}`, () => {
      const [y = "", m = "", d = ""] = date.split("-");
      const read = dateOf({ year: y, month: m, day: d }, new Date(year, month - 1, day), ahead);
      assert.deepEqual(read && "date" in read ? read.date : null, taken ? date : null);
    });
  }

  for (const { answers, asked, notAsked } of table.asked) {
    test(`${JSON.stringify(answers)} asks ${asked.join(", ") || "nothing more"}`, () => {
      for (const id of asked) assert.equal(isAsked(question(id), answers), true, id);
      for (const id of notAsked) assert.equal(isAsked(question(id), answers), false, id);
    });
  }
});
