import { acuity, alerts, all, click, field, one, press, problem, questionnaire, scripted, session, settled, show, text, type, until, type ScriptedServer } from "./harness";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Choices } from "../src/features/history/Choices";
import { Asked, Help, Mark } from "../src/features/history/field";
import { CheckAnswers } from "../src/features/history/CheckAnswers";
import { HistoryForm } from "../src/features/history/HistoryForm";
import { HistoryPage } from "../src/features/history/HistoryPage";
import type { Intake } from "../src/features/history/intake";
import { MeasureField } from "../src/features/history/MeasureField";
import { merge } from "../src/features/history/merge";
import { dateOf, PartialDateField } from "../src/features/history/PartialDateField";
import { QuestionField } from "../src/features/history/QuestionField";
import type { Answer, Answers, Item } from "../src/features/history/questionnaire";
import { RowsField } from "../src/features/history/RowsField";
import { SuggestedText, suggestions } from "../src/features/history/SuggestedText";
import { SessionProvider } from "../src/shared/session";
import { parseDecimal } from "../src/features/history/units";
import { SaveState } from "../src/features/history/SaveState";

const intake = (answers: Answers = {}, more: Partial<Intake> = {}): Intake => ({
  answers, complete: false, missing: [], contradictions: [], packYears: null, acuity: acuity(), revision: 1, updatedAt: "2026-11-23T10:00:00Z", ...more,
});

function saving(): ScriptedServer {
  sessionStorage.clear();
  return scripted().on("GET /vocabularies/medication.txt", () => "").on("PATCH /intake", ({ body }) => intake((body as { answers: Answers }).answers, { revision: 2 }));
}

interface Options {
  topic?: string;
  onComplete?: () => void;
  contradictions?: Intake["contradictions"];
}

const form = (answers: Answers = {}, { topic = "person", onComplete = () => undefined, contradictions = [] }: Options = {}) => (
  <HistoryForm questionnaire={questionnaire} saved={intake(answers, { contradictions })} session="s1" topic={topic} onComplete={onComplete} />
);
const patches = (server: ScriptedServer) => server.bodies("PATCH /intake").map((body) => (body as { answers: Answers }).answers);

describe("The history page", () => {
  const page = (topic: string | null) => (
    <SessionProvider>
      <HistoryPage topic={topic} onComplete={() => undefined} />
    </SessionProvider>
  );
  const serving = () => scripted().on("GET /session", () => session).on("GET /intake", () => intake({ age: 54, reason: "Cough" }));

  test("reads the questionnaire and what was saved, and shows the first topic", async () => {
    serving().on("GET /intake/questionnaire", () => questionnaire);
    await show(page(null));
    await until(() => text(one("h1")) === "About the person in the picture");
    assert.equal(field("Age in years").value, "54");
  });

  test("says when the questionnaire can't be read, and tries again", async () => {
    let works = false;
    serving().on("GET /intake/questionnaire", () => (works ? questionnaire : problem(500, "internal")));
    await show(page(null));
    await until(() => alerts().includes("Something went wrong on the server"));
    works = true;
    await press("Try again");
    await until(() => text().includes("About the person"));
  });
});

describe("The form", () => {
  test("shows one topic, and knows its place among the others", async () => {
    saving();
    await show(form({}, { topic: "visit" }));
    assert.equal(text(one("h1")), "The reason for the visit");
    assert.match(text(), /Part 2 of 4/);
    assert.deepEqual(all("nav a").map((link) => text(link)), ["About the person in the picture", "The reason for the visit", "Allergies and medication", "Check your answers"]);
    assert.equal(text(one("nav a[aria-current=step]")), "The reason for the visit");
    assert.doesNotMatch(text(one(".history-main")), /Age in years/);
  });

  test("saves what was changed, and only that, soon after", async () => {
    const server = saving();
    await show(form({ reason: "Cough" }));
    await type(field("Name or pseudonym"), "Jay");
    await type(field("Age in years"), "54");
    assert.match(text(), /Not saved yet/);
    await until(() => /Saved at \d\d:\d\d/.test(text()));
    assert.deepEqual(patches(server), [{ pseudonym: "Jay", age: 54 }]);
  });

  test("Text that is still being typed is sent as a draft, and as finished when the field is left", async () => {
    const server = saving();
    await show(form({}, { topic: "visit" }));
    const reason = field<HTMLTextAreaElement>("Why was the picture taken?");
    await settled(() => reason.focus());
    await type(reason, "chest pain");
    await until(() => patches(server).length === 1);
    assert.deepEqual(server.bodies("PATCH /intake")[0], { answers: { reason: "chest pain" }, drafts: ["reason"] });
    await settled(() => reason.blur());
    await until(() => patches(server).length === 2);
    assert.deepEqual(server.bodies("PATCH /intake")[1], { answers: {} });
  });

  test("An emptied answer is removed", async () => {
    const server = saving();
    await show(form({ pseudonym: "Jay" }));
    await type(field("Name or pseudonym"), "");
    await until(() => server.asked.length > 0);
    assert.deepEqual(patches(server), [{ pseudonym: null }]);
  });

  test("goes to the next topic only when what is required here has an answer, and leads to what hasn't", async () => {
    saving();
    await show(form({}));
    await press("Save and go on");
    assert.match(alerts(), /One answer needs your attention.*Age in years: This question needs an answer/);
    await press("Age in years");
    assert.equal(document.activeElement, field("Age in years"));
    assert.equal(field("Age in years").getAttribute("aria-invalid"), "true");
    await type(field("Age in years"), "54");
    await press("Save and go on");
    await until(() => window.location.pathname === "/history/visit");
  });

  test("says at once what is no answer, and doesn't send it", async () => {
    const server = saving();
    await show(form({ age: 54 }));
    for (const [entered, words] of [["abc", "Enter a whole number."], ["5.5", "Enter a whole number."], ["121", "Enter a number from 0 to 120."]] as const) {
      await type(field("Age in years"), entered);
      assert.match(text(), new RegExp(words));
    }
    await until(() => server.asked.length > 0);
    assert.deepEqual(patches(server), [{ age: null }]);
    await press("Save and go on");
    await until(() => alerts().includes("One answer needs your attention"));
  });

  test("shows what the server says about an answer, and saves the others", async () => {
    const server = saving().on("PATCH /intake", ({ body }) =>
      "pseudonym" in (body as { answers: Answers }).answers
        ? problem(422, "validation-failed", { errors: [{ pointer: "/answers/pseudonym", code: "forbidden-character", detail: "No such sign." }] })
        : intake(),
    );
    await show(form());
    await type(field("Name or pseudonym"), "J");
    await type(field("Age in years"), "54");
    await until(() => text().includes("No such sign."));
    await until(() => server.asked.length === 2);
    assert.deepEqual(patches(server)[1], { age: 54 });
    assert.match(text(), /Not saved/);
  });

  test("keeps what couldn't be sent, and sends it when asked again", async () => {
    let works = false;
    const server = saving().on("PATCH /intake", () => (works ? intake() : { broken: true }));
    await show(form());
    await type(field("Age in years"), "54");
    await until(() => alerts().includes("The server can't be reached"));
    works = true;
    await press("Try again");
    await until(() => text().includes("Saved at"));
    assert.deepEqual(patches(server)[1], { age: 54 });
  });

  test("What couldn't be sent survives a reload in this tab, and goes when the connection is back", async () => {
    let works = false;
    const server = saving().on("PATCH /intake", ({ body }) => (works ? intake((body as { answers: Answers }).answers) : { broken: true }));
    await show(form());
    await type(field("Age in years"), "61");
    await until(() => alerts().includes("The server can't be reached"));
    await show(form());
    assert.equal(field("Age in years").value, "61");
    works = true;
    await settled(() => window.dispatchEvent(new Event("online")));
    await until(() => text().includes("Saved at"));
    assert.deepEqual(patches(server).pop(), { age: 61 });
    assert.equal(sessionStorage.length, 0);
  });

  test("What another tab changed meanwhile is joined; a question that both answered is asked about", async () => {
    const elsewhere = intake({ age: 30, pseudonym: "Other", sex: "female" }, { revision: 7 });
    const server = saving().on("GET /intake", () => elsewhere);
    let first = true;
    server.on("PATCH /intake", ({ body }) => {
      if (first) {
        first = false;
        return problem(412, "intake-changed");
      }
      return intake({ ...elsewhere.answers, ...(body as { answers: Answers }).answers }, { revision: 8 });
    });
    await show(form({ age: 54, pseudonym: "Jay" }));
    await type(field("Age in years"), "55");
    await until(() => text().includes("Saved at"));
    assert.deepEqual(patches(server), [{ age: 55 }, { age: 55 }]);
    assert.equal(field("Name or pseudonym").value, "Other");
    assert.equal(field("Female").checked, true);
    assert.match(text(), /“Age in years” was answered differently in another tab30/);
    await press("Use the other answer");
    assert.equal(field("Age in years").value, "30");
    await until(() => patches(server).length === 3);
    assert.deepEqual(patches(server)[2], { age: 30 });
    assert.doesNotMatch(text(), /another tab/);
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

  test("What was typed last is sent when the page goes away", async () => {
    const server = saving();
    await show(form());
    await type(field("Age in years"), "54");
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    await settled(() => document.dispatchEvent(new Event("visibilitychange")));
    Object.defineProperty(document, "visibilityState", { value: "visible", configurable: true });
    assert.deepEqual(patches(server), [{ age: 54 }]);
  });
});

describe("What another tab has changed", () => {
  const theirs = (body: unknown) => intake({ pseudonym: "Other", ...(body as { answers: Answers }).answers }, { revision: 5 });

  test("is shown when the page comes back, after what was typed last was sent", async () => {
    saving().on("PATCH /intake", ({ body }) => theirs(body));
    await show(form());
    await type(field("Age in years"), "54");
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    await settled(() => document.dispatchEvent(new Event("visibilitychange")));
    Object.defineProperty(document, "visibilityState", { value: "visible", configurable: true });
    assert.deepEqual([field("Age in years").value, field("Name or pseudonym").value], ["54", "Other"]);
  });

  test("is shown when a text is finished", async () => {
    const server = saving().on("PATCH /intake", ({ body }) => intake((body as { answers: Answers }).answers));
    await show(form({}, { topic: "person" }));
    await settled(() => field("Age in years").focus());
    await type(field("Age in years"), "54");
    await until(() => server.asked.length === 1);
    server.on("PATCH /intake", () => theirs({ answers: { age: 54 } }));
    await settled(() => field("Age in years").blur());
    await until(() => field("Name or pseudonym").value === "Other");
    assert.deepEqual(patches(server), [{ age: 54 }, {}]);
    assert.equal(field("Age in years").value, "54");
  });
});

describe("What another tab has answered to the same question", () => {
  test("is asked about too when it comes while one types on", async () => {
    const server = saving().on("PATCH /intake", ({ body }) => intake((body as { answers: Answers }).answers));
    await show(form({}, { topic: "person" }));
    await settled(() => field("Age in years").focus());
    await type(field("Age in years"), "54");
    await until(() => server.asked.length === 1);
    const theirs = { age: 54, pseudonym: "Other" };
    server.on("PATCH /intake", () => intake(theirs, { revision: 5 }));
    await settled(() => {
      field("Age in years").blur();
      void type(field("Name or pseudonym"), "Mine");
    });
    await until(() => text().includes("“Name or pseudonym” was answered differently in another tabOther"));
    assert.equal(field("Name or pseudonym").value, "Mine");
  });
});

describe("Checking the answers", () => {
  const answers: Answers = { age: 54, reason: "Cough", symptoms: ["cough", "fever"], medication: [{ name: "aspirin", dose: "100 mg" }, { name: "insulin" }] };

  test("shows each as it was chosen, with a way to change it", async () => {
    saving();
    await show(form(answers, { topic: "check" }));
    assert.equal(text(one("h1")), "Check your answers");
    for (const part of ["Age in years54 years", "Cough, Fever", "aspirin; dose: 100 mg", "insulin"]) assert(text().includes(part), part);
    const change = all<HTMLAnchorElement>(".checked-head a").map((link) => link.getAttribute("href"));
    assert.deepEqual(change, ["/history/person", "/history/visit", "/history/safety"]);
    assert.equal(alerts(), "");
  });

  test("goes on when nothing is missing", async () => {
    saving();
    let done = 0;
    await show(form(answers, { topic: "check", onComplete: () => (done += 1) }));
    await press("Go on to the picture");
    await until(() => done === 1);
  });

  test("names what is missing, in a row too, and what can't be true together, and doesn't go on", async () => {
    saving();
    let done = 0;
    const contradictions = [{ pointer: "/answers/age", detail: "The date of birth makes it 53 years." }];
    await show(form({ age: 54, medication: [{ dose: "5 mg" }] }, { topic: "check", contradictions, onComplete: () => (done += 1) }));
    assert.match(alerts(), /3 answers need your attention/);
    assert.match(alerts(), /Age in years: The date of birth makes it 53 years/);
    assert.match(alerts(), /Why was the picture taken\?: This question needs an answer/);
    await press("Go on to the picture");
    assert.equal(done, 0);
    await press("Medication taken now");
    assert.equal(window.location.pathname, "/history/safety");
  });

  test("one by one says what is wrong and what was computed", async () => {
    scripted();
    const item: Item = { linkId: "smoking-years", text: "For how many years?", type: "integer" };
    const topics = [{ group: { linkId: "t", text: "Smoking", type: "group" as const }, questions: [item] }];
    await show(<CheckAnswers topics={topics} answers={{ "smoking-years": 20 }} errors={{ "smoking-years": "Too long." }} packYears={12.5} />);
    assert.match(text(), /For how many years\?2012.5 pack-years.*Too long\./);
  });
});

describe("A list of rows", () => {
  const shown = (server: ScriptedServer) => patches(server).pop();
  const list = (answers: Answers = {}) => form({ "allergy-status": "none", ...answers }, { topic: "safety" });

  test("grows by a row, which is saved once it says something", async () => {
    const server = saving();
    await show(list());
    await press(/Add one/);
    assert.match(text(), /A row was added/);
    await type(field("Medicine"), "aspirin");
    await until(() => patches(server).length === 1);
    assert.deepEqual(shown(server), { medication: [{ name: "aspirin" }] });
    assert.equal(text(one(".row-head strong")), "Medicine 1: aspirin");
  });

  test("loses the row that is removed, and keeps the others as they are", async () => {
    const server = saving();
    await show(list({ medication: [{ name: "a" }, { name: "b", dose: "5 mg" }] }));
    await press("Remove: Medicine 1: a");
    assert.match(text(one(".rows [role=status]")), /Medicine 1: a was removed/);
    assert.equal(field("Dose").value, "5 mg");
    await until(() => server.asked.length === 1);
    assert.deepEqual(shown(server), { medication: [{ name: "b", dose: "5 mg" }] });
  });

  test("takes no more rows than may be", async () => {
    saving();
    await show(list({ medication: [{ name: "a" }, { name: "b" }, { name: "c" }] }));
    assert.match(text(), /No more than 3 fit here/);
    assert.equal(all(".add-row").length, 0);
  });

  test("shows what the server says at the field of the row", async () => {
    scripted();
    const item = questionnaire.item[2]?.item?.[2] as Item;
    await show(<RowsField item={item} value={[{ name: "x" }]} error={undefined} errors={{ "medication/0/name": "No such sign." }} onChange={() => undefined} />);
    assert.equal(field("Medicine").getAttribute("aria-invalid"), "true");
    assert.match(text(), /No such sign\./);
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

  test("and its help say in which language they are, where it isn't the page's", async () => {
    scripted();
    const item: Item = { ...base, lang: "en", type: "string", item: [{ linkId: "q.help", text: "The help.", lang: "en", type: "display" }] };
    await show(<><Asked item={item} /> <Help item={item} id="q-help" /></>);
    assert.deepEqual(all("[lang=en]").filter((part) => part !== document.documentElement).map((part) => text(part)), ["The question", "The help."]);
  });

  test("for free text takes its direction from what is written", async () => {
    for (const item of [{ ...base, type: "string" }, { ...base, type: "text" }, { ...base, type: "open-choice" }] as Item[]) {
      await asking(item);
      assert.equal(field("The question").dir, "auto", item.type);
    }
  });

  test("for a decimal number takes a comma", async () => {
    const given = await asking({ ...base, type: "decimal" });
    await type(field("The question"), "36,6");
    assert.deepEqual(given, [[36.6, undefined]]);
  });

  const control = { id: "q", "aria-describedby": undefined, "aria-invalid": undefined };
  const part = (name: string) => all("label").find((label) => text(label).startsWith(name))?.querySelector<HTMLInputElement>("input, select") as HTMLInputElement;

  test("for a date takes a year alone, a month or a day, and says what is none", async () => {
    scripted();
    const given: [Answer | null, string | undefined][] = [];
    const item: Item = { ...base, type: "date", extension: [{ url: "urn:lightbox:not-in-the-future", valueBoolean: true }] };
    await show(<PartialDateField item={item} value="1972" onChange={(answer, fault) => given.push([answer, fault])} control={control} />);
    assert.equal(part("Year").value, "1972");
    await type(part("Month"), "02");
    await type(part("Day"), "29");
    await type(part("Year"), "1973");
    await type(part("Year"), "2999");
    await type(part("Day"), "");
    await type(part("Month"), "");
    await type(part("Year"), "");
    assert.deepEqual(given, [
      ["1972-02", undefined], ["1972-02-29", undefined], [null, "Enter a day that this month has."],
      [null, "Enter a day that this month has."], [null, "Enter a date that is not in the future."],
      [null, "Enter a date that is not in the future."], [null, undefined],
    ]);
  });

  for (const [year, month, day, expected] of [
    ["2026", "", "", "2026"], ["2026", "11", "", "2026-11"], ["2026", "11", "3", "2026-11-03"], ["2026", "12", "", "Enter a date that is not in the future."],
    ["26", "", "", "Enter the year with four digits."], ["", "02", "", "Enter the year with four digits."], ["2020", "", "5", "Choose the month, or leave the day empty."],
    ["2020", "04", "31", "Enter a day that this month has."], ["1849", "", "", "Enter a year from 1850 on."], ["2020", "02", "x", "Enter a day that this month has."],
  ] as const) {
    test(`${year} ${month} ${day} is ${expected}`, () => {
      const read = dateOf({ year, month, day }, new Date(2026, 10, 23), false);
      assert.equal(read && ("date" in read ? read.date : read.fault), expected);
    });
  }

  test("for a measurement turns the number when the unit is changed, and remembers the unit", async () => {
    scripted();
    localStorage.clear();
    const given: (Answer | null)[] = [];
    const unit = (code: string) => [{ url: "http://hl7.org/fhir/StructureDefinition/questionnaire-unit", valueCoding: { code, display: code } },
      { url: "http://hl7.org/fhir/StructureDefinition/maxValue", valueDecimal: 45 }];
    const item: Item = { ...base, type: "decimal", extension: unit("Cel") };
    const measure = (value: number | undefined) => <MeasureField item={item} value={value} onChange={(answer) => given.push(answer)} control={control} />;
    await show(measure(38.5));
    await type(one<HTMLSelectElement>("select"), "°F");
    assert.equal(one<HTMLInputElement>("input").value, "101.3");
    await type(one<HTMLInputElement>("input"), "98,6");
    await type(one<HTMLInputElement>("input"), "212");
    assert.deepEqual(given, [38.5, 37, null]);
    await show(measure(37));
    assert.equal(one<HTMLInputElement>("input").value, "98.6");
    localStorage.clear();
  });

  test("suggests terms of its vocabulary, and takes any other text", async () => {
    scripted();
    const given: (Answer | null)[] = [];
    const old = globalThis.fetch;
    globalThis.fetch = (async () => new Response("aspirin\namoxicillin\nacetylsalicylic acid (aspirin)\n")) as typeof fetch;
    try {
      const item: Item = { ...base, type: "open-choice", answerValueSet: "urn:lightbox:vocabulary:condition" };
      await show(<SuggestedText item={item} value={undefined} onChange={(answer) => given.push(answer)} control={control} />);
      await settled(() => one("input").focus());
      await type(one<HTMLInputElement>("input"), "aspi");
      await until(() => all("datalist option").length === 2);
      await type(one<HTMLInputElement>("input"), "something else");
    } finally {
      globalThis.fetch = old;
    }
    assert.deepEqual(given, ["aspi", "something else"]);
  });

  for (const [typed, found] of [["a", []], ["ac", ["acid", "Vitamin C (ascorbic acid)"]], ["ASC", ["Vitamin C (ascorbic acid)"]], ["pa", ["Pâté"]], ["xyz", []]] as const) {
    test(`${typed} suggests ${found.join(", ") || "nothing"}`, () => {
      assert.deepEqual(suggestions(["acid", "Vitamin C (ascorbic acid)", "Pâté"], typed), found);
    });
  }

  for (const [typed, number] of [["37,5", 37.5], [" 37.5 ", 37.5], ["-1", -1], ["1.2.3", null], ["1e3", null], ["", null], ["٣", null]] as const) {
    test(`“${typed}” is ${number ?? "no number"}`, () => assert.equal(parseDecimal(typed), number));
  }

  test("Changes here and elsewhere are joined by answer", () => {
    const merged = merge({ a: 1, b: 1, c: 1, d: 1 }, { a: 2, b: 2, d: null }, { a: 1, b: 3, c: 9, e: [{ name: "x" }] });
    assert.deepEqual(merged, { answers: { a: 2, b: 2, c: 9, e: [{ name: "x" }] }, conflicts: { b: 3 }, taken: ["c", "e"] });
    assert.deepEqual(merge({}, { a: [{ n: "1", m: "2" }] }, { a: [{ m: "2", n: "1" }] }).conflicts, {});
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
