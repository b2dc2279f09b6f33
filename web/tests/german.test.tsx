// The page in German. What has texts is imported once they are loaded, as the page itself does it.
import { acuity, all, control, field, hasControl, limits, now, one, problem, questionnaire, result, scripted, session, show, showInside, text, type, until } from "./harness";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Limits } from "../src/shared/api/limits";
import type { Answers, Item, Questionnaire } from "../src/features/history/questionnaire";
import { clock, count, bytes, dateAndClock, decimal, duration, percent, plain } from "../src/shared/format";
import { faultSentence, Problem } from "../src/shared/problem";
import { languages, loadTexts } from "../src/shared/texts";
import { de } from "../src/shared/texts/de";

/** The app, after its texts. */
async function app() {
  await loadTexts(languages.find(({ code }) => code === "de"));
  return import("../src/app/App");
}

async function history() {
  await app();
  const [{ HistoryForm }, { translated }] = await Promise.all([import("../src/features/history/HistoryForm"), import("../src/features/history/translated")]);
  return { HistoryForm, translated };
}

const intake = (answers: Answers) => ({ answers, complete: false, missing: [], contradictions: [], packYears: null, acuity: acuity(), revision: 0, updatedAt: now });

describe("In German", () => {
  test("the app welcomes, says so to the browser, and offers the other languages", async () => {
    scripted().on("GET /limits", () => limits).on("GET /session", () => problem(401, "session-required"));
    const { App } = await app();
    await show(<App />);
    await until(() => hasControl("Beginnen"));
    assert.deepEqual([document.documentElement.lang, document.documentElement.dir], ["de", "ltr"]);
    assert.equal(document.title, "Ein zweiter Blick auf ein Röntgenbild des Brustkorbs · Lightbox");
    assert.match(text(one("aside.emergency")), /Rufen Sie 112 an\. Warten Sie nicht/);
    assert.deepEqual(all("footer button").map((button) => [text(button), button.getAttribute("aria-current")]), [["English", null], ["Deutsch", "true"]]);
    assert.doesNotMatch(text(), /\b(the|your|you|start|page)\b/);
  });

  test("the history is asked in German, and answered with the same codes", async () => {
    const server = scripted().on("PATCH /intake", () => intake({ sex: "female" }));
    const { HistoryForm, translated } = await history();
    await show(<HistoryForm questionnaire={translated(questionnaire as Questionnaire, de.questionnaire)} saved={intake({ age: 54 })} session="s" topic="person" onComplete={() => undefined} />);
    assert.equal(text(one("h1")), "Die Person auf dem Bild");
    assert.match(text(), /Alter in Jahren nötigBei einem Baby unter einem Jahr geben Sie 0 ein\.Jahre/);
    await type(field("Alter in Jahren"), "5,5");
    assert.match(text(), /Geben Sie eine ganze Zahl ein/);
    await type(field("Alter in Jahren"), "200");
    assert.match(text(), /Geben Sie eine Zahl von 0 bis 120 ein/);
    field("Weiblich").click();
    await until(() => server.bodies("PATCH /intake").length > 0);
    assert.deepEqual(server.bodies("PATCH /intake")[0], { answers: { age: null, sex: "female" } });
  });

  test("answers are told in German", async () => {
    scripted();
    const { HistoryForm, translated } = await history();
    const answers = { age: 54, sex: "declined", symptoms: ["cough", "none"], medication: [{ name: "Metformin", started: "2020-01" }] };
    await show(<HistoryForm questionnaire={translated(questionnaire as Questionnaire, de.questionnaire)} saved={intake(answers)} session="s" topic="check" onComplete={() => undefined} />);
    for (const told of ["Alter54 Jahre", "Keine Angabe", "Husten, Nichts davon", "Metformin; Seit: 2020-01"]) assert(text().includes(told), `${told} in ${text()}`);
  });

  test("what the questionnaire has beyond the translation is shown in English, and says so", async () => {
    scripted();
    const { HistoryForm, translated } = await history();
    const options = [{ valueCoding: { code: "new", display: "A new option" } }, { valueCoding: { code: "female", display: "Female" } }, { valueCoding: { code: "unknown", display: "Don't know" } }];
    const item: Item[] = [{ linkId: "person", text: "The person", type: "group", item: [
      { linkId: "new-question", text: "A new question?", type: "choice", answerOption: options, item: [{ linkId: "new-question.help", text: "Its help.", type: "display" }] },
      { linkId: "sex", text: "Sex at birth", type: "choice", answerOption: options },
    ] }];
    const german = translated({ resourceType: "Questionnaire", id: "q", version: "9", title: "Q", item }, de.questionnaire);
    await show(<HistoryForm questionnaire={german} saved={intake({})} session="s" topic="person" onComplete={() => undefined} />);
    assert.deepEqual(all("form [lang]").map((element) => [element.lang, text(element)]), [
      ["en", "A new question?"], ["en", "Its help."], ["en", "A new option"], ["en", "Female"], ["en", "A new option"],
    ]);
    assert.deepEqual(all(".option").map((option) => text(option)), ["A new option", "Female", "Weiß nicht", "A new option", "Weiblich", "Weiß nicht"]);
  });

  test("what is urgent is told in German, with the server's reasons in English", async () => {
    scripted();
    await app();
    const { adviceOf, Reasons } = await import("../src/features/acuity/parts");
    for (const level of ["routine", "soon", "urgent", "emergency"] as const) {
      const { title, steps, lang } = adviceOf(acuity(level, { emergencyNumber: "144" }));
      assert.equal(lang, undefined);
      assert.match([title, ...steps].join(" "), /144/, level);
      assert.doesNotMatch([title, ...steps].join(" "), /Advice|undefined/);
    }
    assert.equal(adviceOf(acuity("emergency")).title, "Das kann ein Notfall sein. Rufen Sie jetzt 112 an.");
    await show(<Reasons acuity={acuity("urgent")} />);
    assert.match(text(), /Warum das hier steht:A reason for urgent\. \(aus einer Antwort\)/);
    assert.deepEqual(all("li [lang=en]").map((part) => text(part)), ["A reason for urgent.", "Guidance"]);
  });

  test("a result is told in German; what the server says is marked as English", async () => {
    scripted();
    await app();
    const { ResultView } = await import("../src/features/results/ResultView");
    await show(<ResultView result={result} upload={{ id: "u1", preview: "/x" }} />);
    assert.match(text(), /1,2 %.*Schwellenwert 2,1 %|31 %.*Schwellenwert 4,5 %/);
    assert.match(text(), /AUC 0,833 \(95-%-Intervall 0,793 bis 0,873\)/);
    assert.match(text(), /Das ist keine Diagnose/);
    assert.equal(one("#finding-effusion").lang, "en");
    assert.equal(all("h2").filter((heading) => heading.lang).length, 0);
    assert(control("Heatmap für Pleural effusion"));
    await until(() => text().includes("Einfluss auf das Modell, nicht der Ort einer Krankheit."));
    assert.doesNotMatch(text(one(".film-desk")), /\b(the|zoom in|assumed|window)\b/i);
  });

  test("the assistant speaks English, and the page around it German", async () => {
    const by = { state: "complete", speaker: { kind: "library" }, intent: "record-person", fallback: "silent", struck: 2, acuity: "routine", suggestions: ["What is an effusion?"] };
    const answer = { ...by, sentences: [{ text: "You are **54**.", layout: "same", replacesStruck: true, evidence: [{ kind: "record", id: "intake.age", label: "Age" }] }] };
    const items = [{ id: "q", number: 1, role: "person", createdAt: now, text: "Wie alt?" }, { id: "a", number: 2, role: "assistant", createdAt: now, text: "", answer }];
    const summary = { id: "c", title: "Wie alt?", createdAt: now, updatedAt: now, messages: 2 };
    const server = scripted().on("GET /limits", () => limits).on("GET /session", () => ({ ...session })).on("GET /assistant", () => ({ speaker: by.speaker, note: "", canStop: true }));
    server.on("GET /conversations", () => ({ conversations: [summary] })).on("GET /conversations/c", () => ({ ...summary, items, suggestions: by.suggestions, answering: null }));
    server.on("GET /intake/questionnaire", () => questionnaire).on("GET /analyses", () => ({ analyses: [] }));
    const { App } = await app();
    await show(<App />, "/assistant/c");
    await until(() => hasControl("Noch einmal antworten"));
    assert.match(text(one("main")), /Das ist ein Programm, keine Ärztin und kein Arzt.*Jetzt antwortet: Vorbereitete Antworten dieses Programms/);
    assert.match(text(one(".answer")), /Das Sprachmodell antwortete nicht rechtzeitig\. Darum sehen Sie die vorbereitete Antwort\.2 Sätze des Modells wurden weggelassen/);
    assert.equal(control("1, Ihre Angaben: Age").getAttribute("href"), "/history/person#question-age");
    assert.deepEqual(all("main [lang=en]").map((element) => text(element)), ["You are 54.", "Age", "What is an effusion?"]);
    assert.match(text(one(".question-field")), /0 von 4\.000 Zeichen/);
  });

  test("an analysis tells its steps in German", async () => {
    scripted();
    await app();
    const { ProgressPane } = await import("../src/features/analysis/ProgressPane");
    const analysis = { id: "a", uploadId: "u", createdAt: now, updatedAt: now, state: "queued" as const, progress: 0, position: 2, etaSeconds: 120, attempt: 1, revision: 1, detail: "Waiting for its turn." };
    await show(<ProgressPane analysis={analysis} polling={false} lost={null} onChanged={() => undefined} />);
    assert.equal(text(one(".progress-detail")), "Wartet, bis sie an der Reihe ist. Platz 2 in der Reihe.");
    assert.match(text(), /Beginnt in etwa 2 Minuten\./);
    assert(control("Analyse abbrechen"));
    await show(<ProgressPane analysis={{ ...analysis, etaSeconds: null, paused: true }} polling={false} lost={null} onChanged={() => undefined} />);
    assert.match(text(), /Die Analysen sind angehalten.*Ihr Bild behält seinen Platz/);
    await show(<ProgressPane analysis={{ ...analysis, etaSeconds: null, paused: true, pausedBy: "model-check" }} polling={false} lost={null} onChanged={() => undefined} />);
    assert.match(text(), /Eine Prüfung des Modells hat nicht das erwartete Ergebnis gebracht.*Ihr Bild behält seinen Platz/);
    const { PausedNotice } = await import("../src/app/PausedNotice");
    await showInside(<PausedNotice />, "/", { ...limits, analysesPausedBy: "model-check" } as Limits);
    assert.match(text(one("[role=status]")), /Neue Analysen sind angehalten.*damit niemand ein Ergebnis bekommt, auf das kein Verlass ist.*Fragen Sie eine Ärztin oder einen Arzt/);
  });

  test("a refused picture has its reason, its advice and its remedy in German; a code that isn't known stays English", async () => {
    scripted();
    await app();
    const { EndedPane } = await import("../src/features/analysis/EndedPane");
    const refused = (code: string, remedy?: object) => ({
      id: "a", uploadId: "u", createdAt: now, updatedAt: now, state: "refused" as const, progress: 1, attempt: 1, revision: 1, detail: "",
      refusal: { code, reason: "The reason.", advice: "The advice.", remedy }, adjustment: { turn: 90 as const, mirror: false, invert: false },
    });
    await show(<EndedPane analysis={refused("upside-down", { turn: 180, invert: true })} onChanged={() => undefined} />);
    assert.match(text(), /Das Bild scheint auf dem Kopf zu stehen\..*Vergleichen Sie die beiden Bilder.*Um 90° nach rechts gedreht, auf Ihren Wunsch\./);
    assert(control("Aufrecht drehen, Schwarz und Weiß tauschen und auswerten"));
    assert.equal(all("[lang=en]").length, 0);
    await show(<EndedPane analysis={refused("too-dark")} onChanged={() => undefined} />);
    assert.match(text(), /Das Bild ist zu dunkel\..*fotografieren Sie noch einmal mit mehr Licht/);
    await show(<EndedPane analysis={refused("of-tomorrow")} onChanged={() => undefined} />);
    assert.deepEqual(all("[lang=en]").map((part) => text(part)), ["The reason.", "The advice."]);
  });

  test("an analysis that failed says why in German; a code that isn't known stays English", async () => {
    scripted();
    await app();
    const { EndedPane } = await import("../src/features/analysis/EndedPane");
    const failed = (code: string) => ({
      id: "a", uploadId: "u", createdAt: now, updatedAt: now, state: "failed" as const, progress: 1, attempt: 1, revision: 1, detail: "",
      failure: { code, message: "The reason.", retryable: false }, adjustment: { turn: 0 as const, mirror: false, invert: false },
    });
    await show(<EndedPane analysis={failed("analysis-quarantined")} onChanged={() => undefined} />);
    assert.match(text(), /dreimal abgebrochen.*wenn der Betreiber dieses Servers sie freigibt\./);
    assert.equal(all("[lang=en]").length, 0);
    await show(<EndedPane analysis={failed("of-tomorrow")} onChanged={() => undefined} />);
    assert.deepEqual(all("[lang=en]").map((part) => text(part)), ["The reason."]);
  });

  test("what is no picture is told in German", async () => {
    scripted();
    await app();
    const { examine } = await import("../src/features/picture/checkFile");
    const told = async (name: string) => (await examine(new File(["?"], name), limits)).fault?.text ?? "";
    assert.match(await told("a.heic"), /kann hier nicht gelesen werden\. Wählen Sie das Original/);
    assert.match(await told("a.pdf"), /Ein PDF ist ein Dokument/);
  });

  test("a measurement is written with a comma", async () => {
    scripted();
    await app();
    const { MeasureField } = await import("../src/features/history/MeasureField");
    const unit = [{ url: "http://hl7.org/fhir/StructureDefinition/questionnaire-unit", valueCoding: { code: "kg", display: "kg" } }, { url: "http://hl7.org/fhir/StructureDefinition/minValue", valueDecimal: 0.4 }, { url: "http://hl7.org/fhir/StructureDefinition/maxValue", valueDecimal: 400 }];
    const given: unknown[] = [];
    await show(<MeasureField item={{ linkId: "weight", text: "Gewicht", type: "decimal", extension: unit }} value={70.5} onChange={(...answer) => given.push(answer)} control={{ id: "w", "aria-describedby": undefined, "aria-invalid": undefined }} />);
    assert.equal(one<HTMLInputElement>("input").value, "70,5");
    await type(one<HTMLInputElement>("input"), "0,3");
    assert.deepEqual(given, [[null, "Geben Sie eine Zahl von 0,4 bis 400 ein."]]);
  });

  test("numbers, times and problems are in German", async () => {
    await app();
    const said = [decimal(0.5, 2), plain(1234.5), count(12345), bytes(2_345_678), bytes(12), percent(0.022), percent(0), percent(1), duration(4600), clock(new Date(2026, 10, 23, 0, 5)), dateAndClock(new Date(2026, 2, 3, 14, 7).toISOString())];
    assert.deepEqual(said, ["0,50", "1234,5", "12.345", "2,3 MB", "12 Byte", "2,2 %", "unter 0,1 %", "über 99,9 %", "4,6 s", "00:05", "3. März 2026, 14:07"]);
    assert.equal(new Problem("queue-full").sentence, de.problems["queue-full"]);
    assert.equal(new Problem("network").sentence, de.connection.network);
    assert.equal(faultSentence({ code: "too-long", detail: "Enter less." }), "Dieser Text ist zu lang.");
    assert.equal(faultSentence({ code: "of-tomorrow", detail: "Enter less." }), "Enter less.");
  });
});
