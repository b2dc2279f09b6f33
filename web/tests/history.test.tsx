import { alerts, all, click, field, one, press, problem, questionnaire, scripted, settled, show, text, type, until, type ScriptedServer } from "./harness";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Choices } from "../src/features/history/Choices";
import { Mark } from "../src/features/history/field";
import { HistoryForm } from "../src/features/history/HistoryForm";
import { HistoryPage } from "../src/features/history/HistoryPage";
import { QuestionField } from "../src/features/history/QuestionField";
import type { Answer, Answers, Item } from "../src/features/history/questionnaire";
import { SaveState } from "../src/features/history/SaveState";

const intake = (answers: Answers = {}) => ({ answers, complete: false, missing: [], revision: 1, updatedAt: "2026-11-23T10:00:00Z" });

function saving(): ScriptedServer {
  return scripted().on("PATCH /intake", () => intake());
}

const form = (answers: Answers = {}, onComplete: () => void = () => undefined) => (
  <HistoryForm questionnaire={questionnaire} saved={answers} onComplete={onComplete} />
);

describe("The history page", () => {
  test("reads the questionnaire and what was saved, and shows both", async () => {
    scripted().on("GET /intake/questionnaire", () => questionnaire).on("GET /intake", () => intake({ age: 54, reason: "Cough" }));
    await show(<HistoryPage onComplete={() => undefined} />);
    await until(() => text().includes("About the person"));
    assert.equal(field("Age in years").value, "54");
    assert.equal(field<HTMLTextAreaElement>("Why was the picture taken?").value, "Cough");
  });

  test("says when the questionnaire can't be read, and tries again", async () => {
    let works = false;
    scripted().on("GET /intake/questionnaire", () => (works ? questionnaire : problem(500, "internal"))).on("GET /intake", () => intake());
    await show(<HistoryPage onComplete={() => undefined} />);
    await until(() => alerts().includes("Something went wrong on the server"));
    works = true;
    await press("Try again");
    await until(() => text().includes("About the person"));
  });
});

describe("The form", () => {
  test("saves what was changed, and only that, soon after", async () => {
    const server = saving();
    await show(form({ reason: "Cough" }));
    await type(field("Name or pseudonym"), "Jay");
    await type(field("Age in years"), "54");
    assert.match(text(), /Not saved yet/);
    await until(() => /Saved at \d\d:\d\d/.test(text()));
    assert.deepEqual(server.bodies("PATCH /intake"), [{ answers: { pseudonym: "Jay", age: 54 } }]);
  });

  test("An emptied answer is removed", async () => {
    const server = saving();
    await show(form({ pseudonym: "Jay" }));
    await type(field("Name or pseudonym"), "");
    await until(() => server.asked.length > 0);
    assert.deepEqual(server.bodies("PATCH /intake"), [{ answers: { pseudonym: null } }]);
  });

  test("goes on only when every required question has an answer, and leads to those that don't", async () => {
    saving();
    let done = 0;
    await show(form({}, () => (done += 1)));
    await press("Go on to the picture");
    assert.match(alerts(), /2 answers need your attention.*Age in years: This question needs an answer/);
    await press("Age in years");
    assert.equal(document.activeElement, field("Age in years"));
    assert.equal(field("Age in years").getAttribute("aria-invalid"), "true");
    await type(field("Age in years"), "54");
    await type(field<HTMLTextAreaElement>("Why was the picture taken?"), "Cough");
    await press("Go on to the picture");
    await until(() => done === 1);
  });

  test("says at once what is no answer, and doesn't send it", async () => {
    const server = saving();
    await show(form({ age: 54, reason: "Cough" }));
    for (const [entered, words] of [["abc", "Enter a whole number."], ["5.5", "Enter a whole number."], ["121", "Enter a number from 0 to 120."]] as const) {
      await type(field("Age in years"), entered);
      assert.match(text(), new RegExp(words));
    }
    await until(() => server.asked.length > 0);
    assert.deepEqual(server.bodies("PATCH /intake"), [{ answers: { age: null } }]);
    await press("Go on to the picture");
    await until(() => alerts().includes("One answer needs your attention"));
  });

  test("shows what the server says about an answer, and saves the others", async () => {
    const server = scripted().on("PATCH /intake", ({ body }) =>
      "pseudonym" in (body as { answers: Answers }).answers
        ? problem(422, "validation-failed", { errors: [{ pointer: "/answers/pseudonym", code: "forbidden-character", detail: "No such sign." }] })
        : intake(),
    );
    await show(form());
    await type(field("Name or pseudonym"), "J");
    await type(field("Age in years"), "54");
    await until(() => text().includes("No such sign."));
    await until(() => server.asked.length === 2);
    assert.deepEqual(server.bodies("PATCH /intake")[1], { answers: { age: 54 } });
    assert.match(text(), /Not saved/);
  });

  test("keeps what couldn't be sent, and sends it when asked again", async () => {
    let works = false;
    const server = scripted().on("PATCH /intake", () => (works ? intake() : { broken: true }));
    await show(form());
    await type(field("Age in years"), "54");
    await until(() => alerts().includes("The server can't be reached"));
    works = true;
    await press("Try again");
    await until(() => text().includes("Saved at"));
    assert.deepEqual(server.bodies("PATCH /intake")[1], { answers: { age: 54 } });
  });

  test("asks about a pregnancy only when sex and age say that it is possible", async () => {
    saving();
    await show(form());
    const asked = () => text().includes("Could there be a pregnancy now?");
    assert.equal(asked(), false);
    await type(field("Age in years"), "30");
    assert.equal(asked(), false);
    await click(field("Female"));
    assert.equal(asked(), true);
    await click(field("Male"));
    assert.equal(asked(), false);
  });

  test("tells how many questions are answered, and leads to a topic", async () => {
    saving();
    await show(form({ age: 54 }));
    assert.match(text(), /1 of 7 questions answered/);
    await press("Allergies and medication");
    assert.equal(document.activeElement?.textContent, "Allergies and medication");
  });

  test("What was typed last is sent when the page goes away", async () => {
    const server = saving();
    await show(form());
    await type(field("Age in years"), "54");
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    await settled(() => document.dispatchEvent(new Event("visibilitychange")));
    Object.defineProperty(document, "visibilityState", { value: "visible", configurable: true });
    assert.deepEqual(server.bodies("PATCH /intake"), [{ answers: { age: 54 } }]);
  });
});

describe("A question", () => {
  const asking = async (item: Item, value?: Answer) => {
    scripted();
    const given: [Answer | null, string | undefined][] = [];
    await show(<QuestionField item={item} value={value} error={undefined} onChange={(answer, fault) => given.push([answer, fault])} />);
    return given;
  };
  const base = { linkId: "q", text: "The question" };

  test("with its help and its error is wired together for a screen reader", async () => {
    scripted();
    const item: Item = { ...base, type: "string", item: [{ linkId: "q.help", text: "The help.", type: "display" }] };
    await show(<QuestionField item={item} value="x" error="The error." onChange={() => undefined} />);
    const described = (field("The question").getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent);
    assert.deepEqual(described, ["The help.", "The error."]);
  });

  test("for a decimal number takes a comma", async () => {
    const given = await asking({ ...base, type: "decimal" });
    await type(field("The question"), "36,6");
    assert.deepEqual(given, [[36.6, undefined]]);
  });

  test("for a date gives the date, or nothing", async () => {
    const given = await asking({ ...base, type: "date" }, "2026-01-02");
    assert.equal(field("The question").value, "2026-01-02");
    await type(field("The question"), "");
    assert.deepEqual(given, [[null, undefined]]);
  });

  test("for yes or no gives a boolean, which can be taken back", async () => {
    const given = await asking({ ...base, type: "boolean" }, true);
    assert.equal(field("Yes").checked, true);
    await click(field("No"));
    await press(/Clear this answer/);
    assert.deepEqual(given, [[false, undefined], [null, undefined]]);
  });

  test("with a longest text says how much is left, then that it is too long", async () => {
    const given = await asking({ ...base, type: "string", maxLength: 10 });
    await type(field("The question"), "123456789");
    assert.match(text(), /1 characters left/);
    await type(field("The question"), "12345678901");
    assert.deepEqual(given[1], [null, "Enter at most 10 characters."]);
  });

  test("that repeats takes one answer a line", async () => {
    const given = await asking({ ...base, type: "string", repeats: true });
    await type(field<HTMLTextAreaElement>("The question"), "a\n\n b ");
    assert.deepEqual(given, [[["a", "b"], undefined]]);
  });

  const options = (count: number) => Array.from({ length: count }, (_, index) => ({ valueCoding: { code: `c${index}`, display: `Option ${index}` } }));

  test("with many options is a list to unfold", async () => {
    const given = await asking({ ...base, type: "choice", answerOption: options(9) }, "c1");
    const list = one<HTMLSelectElement>("select");
    assert.equal(list.value, "c1");
    await type(list, "c2");
    await type(list, "");
    assert.deepEqual(given, [["c2", undefined], [null, undefined]]);
  });

  test("with several answers lets “none” and the others exclude each other", async () => {
    scripted();
    const item: Item = { ...base, type: "choice", repeats: true, answerOption: [...options(2), { valueCoding: { code: "none", display: "None" } }] };
    const given: (Answer | null)[] = [];
    await show(<Choices item={item} value={["c0"]} error={undefined} onChange={(answer) => given.push(answer)} id="q" described={undefined} notes={null} />);
    assert.deepEqual(all<HTMLInputElement>("input").map((input) => input.checked), [true, false, false]);
    await click(field("Option 1"));
    await click(field("None"));
    await click(field("Option 0"));
    assert.deepEqual(given, [["c0", "c1"], ["none"], null]);
  });

  test("says whether it must be answered", async () => {
    scripted();
    await show(<><Mark item={{ ...base, type: "string", required: true }} /> <Mark item={{ ...base, type: "string" }} /></>);
    assert.equal(text(), "required optional");
  });
});

test("Whether it is saved is told in words", async () => {
  scripted();
  const states = ["untouched", "waiting", "saving", "saved", "failed"] as const;
  await show(<>{states.map((status) => <SaveState key={status} status={status} savedAt={null} />)}</>);
  assert.deepEqual(all("[role=status]").map((element) => text(element)), ["Your answers are saved as you go.", "Not saved yet", "Saving…", "Saved", "Not saved"]);
  assert.equal(alerts(), "");
});
