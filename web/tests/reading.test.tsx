import { alerts, all, click, control, field, hasControl, now, one, press, problem, result, ScriptedClock, scripted, settled, show, showInside, text, type, until, type ScriptedServer } from "./harness";
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { AnalysisPage } from "../src/app/AnalysisPage";
import { AnalyseAgain } from "../src/features/analysis/AnalyseAgain";
import { BlindFirst } from "../src/features/picture/BlindFirst";
import { ReceivedPage } from "../src/features/picture/ReceivedPage";
import { ReadingBeside } from "../src/features/reading/ReadingBeside";
import { ReadingFirst } from "../src/features/reading/ReadingFirst";
import { ReadingForm } from "../src/features/reading/ReadingForm";
import type { Analysis } from "../src/shared/api/analyses";
import { drafts } from "../src/shared/drafts";

const analysis = (more: Partial<Analysis> = {}): Analysis => ({
  id: "a1", uploadId: "u1", state: "completed", progress: 1, attempt: 1, revision: 5, detail: "Done.", createdAt: now, updatedAt: now, blindFirst: true, ...more,
});
const held = (more: Partial<Analysis> = {}) => analysis({ awaitsReading: true, result: null, ...more });
const reading = { clinician: "Dr Example", text: "No effusion.\nHeart not enlarged.", recordedAt: now, isBlind: true };
const upload = { id: "u1", fileName: "film.dcm", preview: "/p.png" };

let clock = new ScriptedClock();
function serving(given: () => Analysis): ScriptedServer {
  clock = new ScriptedClock();
  return scripted()
    .on("GET /analyses/a1", given)
    .on("GET /uploads/u1", () => upload)
    .on("GET /uploads", () => ({ uploads: [] }))
    .on("GET /reports", () => ({ reports: [] }))
    .on("GET /conversations", () => ({ conversations: [] }));
}
afterEach(async () => drafts.forgetAll());

const open = () => show(<AnalysisPage session="s1" analysisId="a1" />, "/analyses/a1");
const fieldOf = (label: string) => field<HTMLTextAreaElement>(label);

describe("A clinician who wants to read first", () => {
  const received = { ...upload, sha256: "ab", bytes: 1, format: "dicom", width: 1, height: 1, bitsPerSample: 8, frames: 1, createdAt: now };

  test("says so before the analysis; nobody else is asked to", async () => {
    const server = scripted().on("GET /uploads/u1", () => received).on("GET /analyses", () => ({ analyses: [] })).on("POST /analyses", () => ({ status: 202, json: analysis() }));
    await showInside(<ReceivedPage uploadId="u1" onChanged={() => undefined} />);
    await until(() => hasControl("Analyse this picture"));
    const box = field("I am a clinician: let me write my own reading first");
    assert.equal(box.checked, false);
    assert.match(text(document.getElementById(box.getAttribute("aria-describedby") ?? "") as Element), /You see the picture alone/);
    await press("Analyse this picture");
    await settled(() => box.click());
    await press("Analyse this picture");
    await until(() => server.bodies("POST /analyses").length === 2);
    assert.deepEqual(server.bodies("POST /analyses"), [{ uploadId: "u1" }, { uploadId: "u1", blindFirst: true }]);
  });

  test("is told apart from one who doesn't by the tick alone", async () => {
    scripted();
    let chosen: boolean | null = null;
    await show(<BlindFirst chosen onChoose={(on) => (chosen = on)} />);
    await click(one("input"));
    assert.equal(chosen, false);
  });

  test("still reads first when the picture has to be turned and is analysed anew", async () => {
    for (const [state, blindFirst] of [["refused", true], ["completed", undefined]] as const) {
      const server = scripted().on("POST /analyses", () => ({ status: 202, json: analysis() }));
      await show(<AnalyseAgain analysis={analysis({ state })} adjustment={null} className="">Again</AnalyseAgain>);
      await press("Again");
      assert.deepEqual(server.bodies("POST /analyses"), [{ uploadId: "u1", ...(blindFirst ? { blindFirst } : {}) }]);
    }
  });
});

describe("While a reading is awaited", () => {
  test("the page shows the picture and nothing that the model found, not even in what isn't seen", async () => {
    // A server that says too much is not helped.
    serving(() => held({ result }));
    await open();
    await until(() => text(one("h1")) === "Read the picture first");
    assert(all("img").length >= 1, "the picture is there");
    const page = document.body.innerHTML;
    for (const { name, id } of result.findings) for (const word of [name, `finding-${id}`]) assert(!page.includes(word), word);
    for (const selector of ["article", ".results", ".heat", "#report", "input[type=range]"]) assert.equal(all(selector).length, 0, selector);
    assert.match(text(), /The findings are held back, also urgent ones/);
  });

  test("a reading is recorded, and stands beside the findings then", async () => {
    let recorded = false;
    const server = serving(() => (recorded ? analysis({ result }) : held()));
    server.on("PUT /analyses/a1/reading", () => {
      recorded = true;
      return { status: 201, json: reading };
    });
    server.on("GET /analyses/a1/reading", () => reading);
    await open();
    await until(() => hasControl("Record and show findings"));
    await type(fieldOf("Your name"), " Dr Example ");
    await type(fieldOf("Your reading"), reading.text);
    assert.match(text(), /32 of 4,000 characters/);
    await press("Record and show findings");
    await until(() => text(one("h1")) === "What the model found");
    assert.deepEqual(server.bodies("PUT /analyses/a1/reading"), [{ clinician: "Dr Example", text: reading.text }]);
    await until(() => all(".results-findings > .reading").length === 1);
    assert.equal(one(".reading-text").textContent, reading.text);
    assert.match(text(one(".results-findings > .reading")), /Dr Example.*Recorded before the model's findings were shown\./);
    assert.equal(document.activeElement, one("h1"), "the focus is on the result");
    assert.equal(drafts.read("s1", "text of the reading of a1"), "");
  });

  test("the findings can be shown without one", async () => {
    let shown = false;
    const server = serving(() => (shown ? analysis({ result, revealedWithoutReading: true }) : held()));
    server.on("POST /analyses/a1/reveal", () => {
      shown = true;
      return analysis({ result });
    });
    server.on("GET /analyses/a1/reading", () => problem(404, "not-found"));
    await open();
    await until(() => hasControl("Show findings without a reading"));
    await press("Show findings without a reading");
    await until(() => text(one("h1")) === "What the model found");
    await until(() => text(one(".results-findings")).includes("The findings were shown before a reading was recorded."));
    assert.equal(server.bodies("PUT /analyses/a1/reading").length, 0);
  });

  test("what is missing or too long is said at its field, which takes the focus", async () => {
    scripted();
    await show(<ReadingForm analysisId="a1" session="s1" onDone={() => assert.fail("nothing was recorded")} />);
    await press("Record and show findings");
    const clinician = fieldOf("Your name");
    assert.equal(document.activeElement, clinician);
    assert.deepEqual([clinician.getAttribute("aria-invalid"), fieldOf("Your reading").getAttribute("aria-invalid")], ["true", "true"]);
    const [, fault] = (clinician.getAttribute("aria-describedby") ?? "").split(" ");
    assert.equal(text(document.getElementById(fault ?? "") as Element), "Write your name: a reading belongs to somebody.");
    await type(clinician, "Dr Example");
    assert.equal(clinician.getAttribute("aria-invalid"), null);
    await press("Record and show findings");
    assert.equal(document.activeElement, fieldOf("Your reading"));
    await type(fieldOf("Your reading"), "🫁".repeat(4001));
    await press("Record and show findings");
    assert.match(alerts(), /Too long by 1 characters/);
  });

  test("the server's own faults stand at their fields, and what was typed stays", async () => {
    scripted().on("PUT /analyses/a1/reading", () => problem(422, "validation-failed", { errors: [{ pointer: "/clinician", code: "odd", detail: "This is no name." }] }));
    await show(<ReadingForm analysisId="a1" session="s1" onDone={() => assert.fail("nothing was recorded")} />);
    await type(fieldOf("Your name"), "?");
    await type(fieldOf("Your reading"), "Clear.");
    await press("Record and show findings");
    await until(() => all(".field.wrong").length === 1);
    assert.match(text(one(".field.wrong")), /^Your name.*This is no name\.$/);
    assert.equal(fieldOf("Your reading").value, "Clear.");
  });

  test("a lost connection loses nothing, also on another page", async () => {
    scripted().on("PUT /analyses/a1/reading", () => ({ broken: true })).on("POST /analyses/a1/reveal", () => ({ broken: true }));
    const form = <ReadingForm analysisId="a1" session="s1" onDone={() => assert.fail("nothing was recorded")} />;
    await show(form);
    await type(fieldOf("Your name"), "Dr Example");
    await type(fieldOf("Your reading"), "Clear.");
    await press("Record and show findings");
    await until(() => alerts().includes("The reading was not recorded"));
    await press("Show findings without a reading");
    await until(() => alerts().includes("The findings are not shown yet"));
    await show(<p>Another page</p>);
    await show(form);
    assert.deepEqual([fieldOf("Your name").value, fieldOf("Your reading").value], ["Dr Example", "Clear."]);
    await show(<ReadingForm key="other" analysisId="a2" session="s1" onDone={() => undefined} />);
    assert.equal(fieldOf("Your reading").value, "", "another analysis has its own");
  });

  test("the page says when the findings are shown by themselves, and asks for them then", async () => {
    scripted();
    clock = new ScriptedClock();
    let asked = 0;
    const at = (ms: number) => new Date(Date.now() + ms).toISOString();
    const first = (revealsAt: string) => <ReadingFirst key={revealsAt} analysis={held({ revealsAt })} session="s1" upload={upload} onShown={() => (asked += 1)} clock={clock.after} />;
    await show(first(at(10 * 60_000)));
    assert.match(text(), /or show the findings now\. They are shown by themselves at \d\d:\d\d, in 10 minutes\./);
    assert.deepEqual(clock.waits, [30_000]);
    await show(first(at(-1000)));
    assert.match(text(), /in a minute at most/);
    await clock.pass(3000);
    assert.equal(asked, 1);
    await clock.pass(3000);
    assert.equal(asked, 2, "as long as the server holds them back");
  });
});

describe("A reading beside the findings", () => {
  const beside = async () => {
    await show(<ReadingBeside analysisId="a1" session="s1" />);
    await until(() => all(".reading-text").length === 1);
  };

  test("that can't be read now is not taken for none", async () => {
    let works = false;
    scripted().on("GET /analyses/a1/reading", () => (works ? reading : problem(503, "storage-busy")));
    await show(<ReadingBeside analysisId="a1" session="s1" />);
    await until(() => alerts().includes("The storage is busy"));
    assert.equal(all("form").length, 0);
    works = true;
    await press("Try again");
    await until(() => all(".reading-text").length === 1);
  });

  test("that was written after they were shown says so", async () => {
    scripted().on("GET /analyses/a1/reading", () => ({ ...reading, isBlind: false }));
    await beside();
    assert.match(text(), /Recorded after the model's findings were shown\./);
  });

  test("stays text, whatever is in it", async () => {
    scripted().on("GET /analyses/a1/reading", () => ({ ...reading, clinician: "\u202eDr <i>X</i>", text: `<script>alert(1)</script>\u202e${"x".repeat(4000)}` }));
    await beside();
    assert.equal(all("script, .reading i").length, 0);
    assert.match(one(".reading-text").textContent ?? "", /^<script>alert\(1\)<\/script>x+$/);
    assert.match(text(one(".reading-by")), /^Dr <i>X<\/i>, November 23, 2026/);
  });

  test("What was being written when the time ran out is still there, and is recorded as what it is then", async () => {
    drafts.write("s1", "text of the reading of a1", "Half a sen");
    let recorded = false;
    const server = serving(() => analysis({ result, revealedWithoutReading: true }));
    server.on("GET /analyses/a1/reading", () => (recorded ? { ...reading, isBlind: false } : problem(404, "not-found")));
    server.on("PUT /analyses/a1/reading", () => {
      recorded = true;
      return { status: 201, json: { ...reading, isBlind: false } };
    });
    await open();
    await until(() => all(".results-findings details[open] form").length === 1);
    assert.equal(fieldOf("Your reading").value, "Half a sen");
    assert.equal(hasControl("Show findings without a reading"), false);
    await press("Record the reading");
    assert.match(alerts(), /Write your name/);
    await type(fieldOf("Your name"), "Dr Example");
    await press("Record the reading");
    await until(() => text(one(".results-findings > .reading")).includes("Recorded after the model's findings were shown."));
    assert.deepEqual(server.bodies("PUT /analyses/a1/reading"), [{ clinician: "Dr Example", text: "Half a sen" }]);
  });

  test("There is nothing where nobody wanted one", async () => {
    serving(() => analysis({ blindFirst: false, result }));
    await open();
    await until(() => text(one("h1")) === "What the model found");
    assert.equal(all(".reading").length, 0);
  });
});

test("The result of a withdrawn model begins with that", async () => {
  serving(() => analysis({ blindFirst: false, result, modelWithdrawn: { reason: "It misses effusions.", at: now } }));
  await open();
  await until(() => all(".results-summary").length === 1);
  assert.match(text(one(".results-summary")), /^This version of the model was withdrawnOn November 23, 2026.*It misses effusions\./);
  assert(control("Go to the report"));
});
