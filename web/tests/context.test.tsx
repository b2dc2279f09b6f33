import { alerts, all, click, control, one, press, problem, questionnaire, scripted, settled, show, showInside, text, until } from "./harness";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Pages } from "../src/app/Pages";
import { RecordPage } from "../src/app/RecordPage";
import { ContextPage } from "../src/features/context/ContextPage";
import { ContextPane } from "../src/features/context/ContextPane";
import { TellSwitch } from "../src/features/context/TellSwitch";
import { questionOf, type ContextFile, type ContextLine } from "../src/shared/api/context";

const line = (id: string, value: string, section = "history", isWithholdable = true): ContextLine => ({ id, section, text: value, isWithholdable });
const lines = [
  line("acuity", "Level: routine.", "urgency", false), line("intake.age", "Age: 54 years"),
  line("intake.medication.1", "Medication, medicine: \"aspirin\""), line("intake.medication.2", "Medication, medicine: \"insulin\""),
  line("intake.pack-years", "Pack-years: 12.5 (computed)", "history", false), line("picture", "No picture has been analysed yet.", "picture", false),
];
const file = (more: Partial<ContextFile> = {}): ContextFile => ({
  preamble: "This is one person's record.", lines, withheld: [], leftOut: 0, tokens: 812, tokenBudget: 3000, markdown: "# Record\n\n- [intake.age] Age: 54 years\n",
  sections: [["urgency", "Urgency"], ["history", "History, as told"], ["picture", "The picture"], ["findings", "What the model found"]].map(([id = "", title = ""]) => ({ id, title })), ...more,
});
const nameOf = (question: string) => ({ text: question === "age" ? "Age" : question });
const pane = (given: ContextFile, onChanged: (file: ContextFile) => void = () => undefined) => show(<ContextPane file={given} nameOf={nameOf} onChanged={onChanged} />);
const switches = () => all("[role=switch]").map((element) => [element.dataset.question, element.getAttribute("aria-checked")]);

describe("What the assistant is told", () => {
  test("is the exact text, by section and with the ids of its lines", async () => {
    scripted();
    await pane(file());
    assert.deepEqual(all("h3").map((heading) => text(heading)), ["Urgency", "History, as told", "The picture"]);
    assert.deepEqual(all(".context-file .context-text").map((element) => text(element)), lines.map(({ id, text: told }) => `[${id}] ${told}`));
    assert.match(text(), /about 812 tokens .* of at most 3,000\./);
    assert.match(text(), /The report still has them, and it says which ones/);
    assert.equal(one("pre").textContent, file().markdown);
  });

  test("has one switch for each question that can be withheld, a list being one", async () => {
    scripted();
    await pane(file());
    assert.deepEqual(switches(), [["age", "true"], ["medication", "true"]]);
    assert.match(text(), /Nothing is kept from it\./);
  });

  test("says what had no room, and when the history is empty", async () => {
    scripted();
    await pane(file({ lines: lines.filter(({ section }) => section !== "history"), leftOut: 3 }));
    assert.match(text(), /3 lines of the history had no room\./);
    assert.match(text(), /History, as toldNothing of the history is told\./);
  });

  test("An answer is withheld and shared again; the switch takes the focus along, and a screen reader hears it", async () => {
    const without = file({ lines: lines.filter(({ id }) => id !== "intake.age"), withheld: ["age"], tokens: 800 });
    const server = scripted().on("GET /context", () => file());
    server.on("PATCH /context", ({ body }) => ((body as { withheld: Record<string, boolean> }).withheld.age ? without : file()));
    await show(<ContextPage nameOf={nameOf} />);
    await until(() => switches().length === 2);
    await press(/^Tell the assistant: Age/);
    assert.deepEqual(server.bodies("PATCH /context"), [{ withheld: { age: true } }]);
    assert.deepEqual(switches(), [["age", "false"], ["medication", "true"]]);
    assert.equal(text(one(".context-withheld .context-text")), "Age");
    assert.doesNotMatch(text(one(".context-file")).split("The text in one piece")[0]!, /54 years/);
    assert.equal((document.activeElement as HTMLElement).dataset.question, "age");
    assert.match(all("[role=status]").map((element) => text(element)).join(), /“Age” is now kept from the assistant/);
    await click(one("[data-question=age]"));
    assert.deepEqual(server.bodies("PATCH /context")[1], { withheld: { age: false } });
    assert.match(text(), /The assistant is told “Age” again/);
    assert.equal((document.activeElement as HTMLElement).dataset.question, "age");
  });

  test("says when nothing was changed, and when it can't be read", async () => {
    const server = scripted().on("GET /context", () => problem(503, "storage-busy"));
    await show(<ContextPage nameOf={nameOf} />);
    await until(() => alerts().includes("The storage is busy"));
    server.on("GET /context", () => file()).on("PATCH /context", () => problem(503, "storage-busy"));
    await press("Try again");
    await until(() => switches().length === 2);
    await press(/^Tell the assistant: medication/);
    assert.match(alerts(), /Nothing was changed/);
    assert.deepEqual(switches(), [["age", "true"], ["medication", "true"]]);
  });

  test("can be printed", async () => {
    scripted();
    let printed = 0;
    window.print = () => (printed += 1);
    await pane(file());
    await press("Print this page");
    assert.equal(printed, 1);
  });

  test("names its questions as the history does, at its own address", async () => {
    scripted().on("GET /context", () => file({ withheld: ["medication"] })).on("GET /intake/questionnaire", () => questionnaire);
    await showInside(<Pages />, "/record");
    await until(() => text().includes("Kept from the assistantMedicationTell the assistant"));
    assert.equal(document.title, "What the assistant is told · Lightbox");
    assert.equal(text(one("h1")), "What the assistant is told");
  });

  test("works without the names", async () => {
    scripted().on("GET /context", () => file({ withheld: ["medication"] })).on("GET /intake/questionnaire", () => problem(500, "internal"));
    await show(<RecordPage />);
    await until(() => text().includes("Kept from the assistantmedication"));
  });

  test("A switch says in words what it does, and waits while something is saved", async () => {
    scripted();
    let toggled = 0;
    const shown = (busy: boolean) => show(<TellSwitch question="q" name={{ text: "Alter", lang: "de" }} told busy={busy} onToggle={() => (toggled += 1)} />);
    await shown(true);
    await click(one("button"));
    assert.equal(toggled, 0);
    await shown(false);
    await click(control(/Alter/));
    assert.equal(toggled, 1);
    assert.equal(one("[lang=de]:not(html)").textContent, ": Alter");
    await settled();
  });

  for (const [id, withholdable, question] of [["intake.age", true, "age"], ["intake.medication.12", true, "medication"], ["intake.pack-years", false, null], ["acuity", false, null], ["intake.smoking-years", true, "smoking-years"]] as const) {
    test(`${id} tells of ${question ?? "no question"}`, () => assert.equal(questionOf(line(id, "", "history", withholdable)), question));
  }
});
