import { alerts, all, control, field, hasControl, now, one, press, problem, ScriptedClock, scripted, settled, show, Tap, text, until, type ScriptedServer } from "./harness";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, describe, test } from "node:test";
import { Downloads } from "../src/features/reports/Downloads";
import { FailureNotice } from "../src/features/reports/FailureNotice";
import { usualPaper } from "../src/features/reports/paper";
import { ReportForm } from "../src/features/reports/ReportForm";
import { ReportItem } from "../src/features/reports/ReportItem";
import { ReportsPane } from "../src/features/reports/ReportsPane";
import type { DocumentFormat, Report } from "../src/shared/api/reports";
import { problemOf } from "../src/shared/problem";
import { late as lateGerman } from "../src/shared/texts/late.de";
import { lateEnglish } from "../src/shared/texts/late.en";
import { WithdrawnNotice } from "../src/shared/ui/WithdrawnNotice";

const content = new TextEncoder().encode("%PDF-1.7 the bytes of a report");
const sha256 = async (bytes: Uint8Array) =>
  Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");
const place = "/reports/r1/document?format=";
const documents = (["pdf", "fhir", "dicom", "sr", "txt"] as DocumentFormat[]).map((format) => ({
  format, mediaType: "application/octet-stream", address: `/api/v1${place}${format}`, fileName: `report.${format}`, bytes: format === "pdf" ? content.length : null,
}));
const report = (more: Partial<Report> = {}): Report => ({
  id: "r1", analysisId: "a1", audience: "clinician", paper: "a4", state: "ready", progress: 1, createdAt: now, documents, ...more,
});
const name = "For a clinician, November 23, 2026, 10:00";
const conversation = (id: string, title: string, messages: number, createdAt = now) => ({ id, title, messages, createdAt, updatedAt: createdAt });

/** What the browser was given to save. */
let saved: { name: string; bytes: Uint8Array }[] = [];
let blobs: Blob[] = [];
URL.createObjectURL = (blob) => `blob:${blobs.push(blob as Blob) - 1}`;
document.addEventListener("click", (event) => {
  const link = event.target as HTMLAnchorElement;
  if (!link.download) return;
  event.preventDefault();
  const blob = blobs[Number(link.href.split(":")[1])];
  void blob?.arrayBuffer().then((bytes) => saved.push({ name: link.download, bytes: new Uint8Array(bytes) }));
});
afterEach(async () => void ([saved, blobs] = [[], []]));

let clock = new ScriptedClock();
function serving(reports: Report[] = [], conversations: object[] = []): ScriptedServer {
  clock = new ScriptedClock();
  return scripted().on("GET /reports", () => ({ reports })).on("GET /conversations", () => ({ conversations }));
}
const open = () => show(<ReportsPane analysisId="a1" clock={clock.after} />);
const headersOf = (server: ScriptedServer, request: string) => server.asked.filter(({ method, path }) => `${method} ${path}` === request).map(({ headers }) => headers);

describe("Asking for a report", () => {
  test("is for a clinician, on the paper of the region, without conversations and without the name, unless told otherwise", async () => {
    const server = serving([], [conversation("c2", "Second", 2, "2026-11-23T09:00:00Z"), conversation("c1", "First\u202e", 1, "2026-11-23T08:00:00Z"), conversation("c0", "Empty", 0)]);
    server.on("POST /reports", () => ({ status: 201, json: report() }));
    await open();
    await until(() => text().includes("No report has been made yet."));
    await until(() => text().includes("Second"));
    assert.deepEqual(all<HTMLInputElement>(".report-form input").map(({ checked }) => checked), [true, false, false, true, false, false, false]);
    assert.deepEqual(all(".report-form bdi").map((title) => title.textContent), ["First", "Second"], "the oldest first, without an empty one, and without what turns words around");
    await press("Make the report");
    await until(() => hasControl(`Download the PDF (30 bytes), ${name}`));
    assert.deepEqual(server.bodies("POST /reports"), [{ analysisId: "a1", audience: "clinician", paper: "letter", conversations: [], nameInFileName: false }], "this browser speaks en-US");
    assert.equal(document.activeElement, one(".report h4"), "the focus is on the new report");
    assert.match(text(one(".report .verdict")), /^ready$/);
  });

  test("tells what was chosen", async () => {
    const server = serving([], [conversation("c1", "First", 1)]).on("POST /reports", () => ({ status: 201, json: report({ audience: "patient" }) }));
    await open();
    await until(() => text().includes("First"));
    for (const label of ["For yourself", "A4", "First", "Put the name"]) await settled(() => field(label).click());
    await press("Make the report");
    await until(() => all(".report").length === 1);
    assert.deepEqual(server.bodies("POST /reports"), [{ analysisId: "a1", audience: "patient", paper: "a4", conversations: ["c1"], nameInFileName: true }]);
    assert.match(text(one(".report-head")), /^For yourself.* A4$/);
  });

  test("says with each choice what it is for, and the keyboard reaches all of them", async () => {
    serving();
    await open();
    for (const [label, help] of [["For a clinician", "In the order that clinicians know"], ["For yourself", "plain words"], ["Put the name", "Better not"]] as const) {
      const input = field(label);
      assert.match(text(document.getElementById(input.getAttribute("aria-describedby") ?? "") as Element), new RegExp(help));
    }
    assert.deepEqual(all("fieldset legend").map((legend) => text(legend)), ["Who is it for?", "Paper"]);
  });

  test("that had no answer is tried again under the same key; that was refused is a new wish", async () => {
    let answer: object = { broken: true };
    const server = serving().on("POST /reports", () => answer);
    await open();
    await press("Make the report");
    await until(() => alerts().includes("The server can't be reached"));
    answer = problem(500, "report-failed", { failed: "font", available: ["txt"] });
    await press("Make the report");
    await until(() => alerts().includes("The report was not made. A font is missing on the server. Tell the operator.The report could not be made."));
    answer = { status: 201, json: report() };
    await press("Make the report");
    await until(() => all(".report").length === 1);
    const keys = headersOf(server, "POST /reports").map((headers) => headers["Idempotency-Key"]);
    assert(keys[0] && keys[0].length >= 16);
    assert.deepEqual([keys[0] === keys[1], keys[1] === keys[2]], [true, false]);
  });

  test("goes without the conversations when they can't be read, and says so", async () => {
    scripted().on("GET /conversations", () => problem(503, "storage-busy"));
    await show(<ReportForm analysisId="a1" onMade={() => undefined} />);
    await until(() => alerts().includes("The storage is busy"));
    assert(hasControl("Make the report"));
  });

  for (const [tags, paper] of [
    [["de-AT"], "a4"], [["en-US", "de-DE"], "letter"], [["en"], "a4"], [[], "a4"], [["en", "es-mx"], "letter"], [["zh-Hans-CN"], "a4"], [["fr-CA-u-ca-iso8601"], "letter"],
  ] as const) {
    test(`prints on ${paper} where the browser speaks ${tags.join(", ") || "nothing"}`, () => assert.equal(usualPaper(tags), paper));
  }
});

describe("A report that is being made", () => {
  const making = (more: Partial<Report> = {}) => report({ state: "making", progress: 0.2, step: "Drawing the pages.", ...more });

  test("shows its step and its progress live, and can be downloaded at the end", async () => {
    const tap = new Tap();
    serving([making()]).on("GET /reports/r1/events", () => ({ tap, headers: { "Content-Type": "text/event-stream" } })).on("GET /reports/r1", () => report());
    await open();
    await until(() => all("progress").length === 1);
    const bar = one<HTMLProgressElement>("progress");
    assert.deepEqual([bar.getAttribute("aria-label"), bar.value, bar.max], ["Progress of the report", 20, 100]);
    assert.match(text(one(".report")), /being made.*Drawing the pages\./);
    assert.equal(hasControl("Delete"), false);
    await tap.event("state", { id: "r1", state: "making", progress: 0.6, step: "drawing" });
    await until(() => all(".report [role=status]").some((status) => text(status) === "Drawing the pages."));
    await tap.event("state", making({ progress: 0.7, step: "Signing." }));
    await until(() => bar.value === 70);
    assert(all(".report [role=status]").some((status) => text(status) === "Signing."));
    await tap.event("state", { id: "r1", state: "ready", progress: 1 });
    await until(() => text(one(".report .verdict")) === "ready");
    assert.equal(all("progress").length, 0);
    assert(control(/^Download the PDF/));
  });

  test("is cancelled", async () => {
    const server = serving([making()]).on("GET /reports/r1/events", () => ({ never: true })).on("POST /reports/r1/cancel", () => report({ state: "cancelled" }));
    await open();
    await until(() => all("progress").length === 1);
    await press(/^Cancel the report For a clinician/);
    await until(() => text().includes("It was cancelled before it was ready. Nothing of it was kept."));
    assert.equal(server.bodies("POST /reports/r1/cancel").length, 1);
    assert.equal(hasControl("Download the PDF"), false);
  });

  test("can't be cancelled any more, and says so", async () => {
    serving([making()]).on("GET /reports/r1/events", () => ({ never: true })).on("POST /reports/r1/cancel", () => problem(503, "storage-busy"));
    await open();
    await until(() => all("progress").length === 1);
    await press(/^Cancel the report/);
    await until(() => alerts().includes("The storage is busy"));
  });

  test("is followed again after the live view was lost", async () => {
    const taps = [new Tap(), new Tap()];
    let asked = 0;
    const server = serving([making()]).on("GET /reports/r1/events", () => ({ tap: taps[asked++], headers: { "Content-Type": "text/event-stream" } }));
    await open();
    await until(() => asked === 1);
    await taps[0]?.event("state", making({ progress: 0.4 }));
    await taps[0]?.breakOff();
    await until(() => text().includes("The live view was lost"));
    await clock.pass(1500);
    await until(() => asked === 2);
    assert.equal(headersOf(server, "GET /reports/r1/events")[1]?.["Last-Event-ID"], "1");
    await taps[1]?.event("state", making({ progress: 0.9 }));
    await until(() => one<HTMLProgressElement>("progress").value === 90);
    assert.doesNotMatch(text(), /live view was lost/);
  });

  test("is asked for again where its end was told and couldn't be read", async () => {
    let asked = 0;
    const taps = [new Tap(), new Tap()];
    const server = serving([making()]).on("GET /reports/r1/events", () => ({ tap: taps[asked++], headers: { "Content-Type": "text/event-stream" } })).on("GET /reports/r1", () => ({ broken: true }));
    await open();
    await until(() => asked === 1);
    await taps[0]?.event("state", { id: "r1", state: "ready" });
    await taps[0]?.end();
    server.on("GET /reports/r1", () => report());
    await until(() => clock.waits.includes(1500));
    await clock.pass(1500);
    await until(() => asked === 2);
    assert.equal(headersOf(server, "GET /reports/r1/events")[1]?.["Last-Event-ID"], undefined);
    await taps[1]?.event("state", { id: "r1", state: "ready" });
    await until(() => text(one(".report .verdict")) === "ready");
  });

  test("that is gone leaves the list", async () => {
    serving([making()]).on("GET /reports/r1/events", () => problem(404, "not-found"));
    await open();
    await until(() => text().includes("No report has been made yet."));
  });
});

describe("A report that could not be made", () => {
  test("says what failed, and offers what can still be had", async () => {
    serving([report({ state: "failed", failure: { code: "report-failed", message: "No.", failed: "picture", available: ["txt", "fhir"] } })]);
    await open();
    await until(() => alerts().includes("This report could not be madeThe picture can't be read any more."));
    assert.deepEqual(all(".report-formats button").map((button) => text(button)), ["Plain text", "FHIR"]);
    assert.match(text(one(".report")), /You can still have it as:/);
  });

  test("says it in the server's words where the page has none", async () => {
    scripted();
    await show(<ul><ReportItem report={report({ state: "failed", failure: { code: "x", message: "The moon is full.", failed: "moon", available: [] } })} first focused={false} onChanged={() => undefined} onGone={() => undefined} clock={clock.after} /></ul>);
    assert.match(alerts(), /The moon is full\./);
    assert.equal(all(".report-formats").length, 0);
  });

  test("A problem names the part of the work that failed", async () => {
    scripted();
    const told = problemOf(507, JSON.stringify({ code: "storage-full", detail: "D", failed: "storage" }), "r1");
    await show(<FailureNotice problem={told} title="Not made" />);
    assert.match(alerts(), /^Not made\. The server's storage is full or doesn't work\. Tell the operator\./);
  });
});

describe("A download", () => {
  const half = Math.floor(content.length / 2);
  const headers = { ETag: '"v1"', "Content-Length": String(content.length) };
  const rest = (from: number) => ({ ETag: '"v1"', "Content-Range": `bytes ${from}-${content.length - 1}/${content.length}`, "Content-Length": String(content.length - from) });
  /** Answers of the address of the PDF, in their order. */
  async function downloading(answers: object[], more: Partial<Report["documents"][number]> = {}): Promise<ScriptedServer> {
    let asked = 0;
    const server = serving([report({ documents: documents.map((one) => ({ ...one, ...(one.format === "pdf" ? more : {}) })) })]);
    server.on(`GET ${place}pdf`, () => answers[asked++] ?? problem(500, "internal"));
    await open();
    await until(() => all(".report").length === 1);
    await press(/^Download the PDF/);
    return server;
  }

  test("shows bytes of bytes, is checked, and is saved under its name", async () => {
    const tap = new Tap();
    await downloading([{ tap, headers }], { sha256: await sha256(content) });
    await until(() => text().includes("Waiting for the first byte"));
    await tap.send(content.slice(0, half));
    await until(() => text().includes("15 bytes of 30 bytes"));
    const bar = one<HTMLProgressElement>("progress");
    assert.deepEqual([bar.getAttribute("aria-label"), bar.value, bar.max], ["Download of PDF", half, content.length]);
    await tap.send(content.slice(half));
    await tap.end();
    await until(() => saved.length === 1);
    assert.deepEqual([saved[0]?.name, [...(saved[0]?.bytes ?? [])]], ["report.pdf", [...content]]);
    assert.equal(text(one(".transfer-done[role=status]")), "Your browser saves it now as report.pdf. It arrived just as the server made it.");
  });

  test("goes on by itself from where the connection was lost", async () => {
    const taps = [new Tap(), new Tap()];
    const server = await downloading([{ tap: taps[0], headers }, { status: 206, tap: taps[1], headers: rest(half) }]);
    await taps[0]?.send(content.slice(0, half));
    await taps[0]?.breakOff();
    await until(() => text().includes("It goes on by itself in a moment, from where it stopped."));
    assert(text().includes("15 bytes of 30 bytes"), "what has arrived is kept");
    await clock.pass(1000);
    await until(() => headersOf(server, `GET ${place}pdf`).length === 2);
    assert.deepEqual(["Range", "If-Range"].map((header) => headersOf(server, `GET ${place}pdf`)[1]?.[header]), [`bytes=${half}-`, '"v1"']);
    await taps[1]?.send(content.slice(half));
    await taps[1]?.end();
    await until(() => saved.length === 1);
    assert.deepEqual([...(saved[0]?.bytes ?? [])], [...content]);
  });

  test("begins anew where the file is another one now", async () => {
    const taps = [new Tap(), new Tap()];
    await downloading([{ tap: taps[0], headers }, { status: 200, tap: taps[1], headers: { ...headers, ETag: '"v2"' } }]);
    await taps[0]?.send(new Uint8Array([1, 2, 3]));
    await taps[0]?.breakOff();
    await until(() => clock.waits.includes(1000));
    await clock.pass(1000);
    await taps[1]?.send(content);
    await taps[1]?.end();
    await until(() => saved.length === 1);
    assert.deepEqual([...(saved[0]?.bytes ?? [])], [...content]);
  });

  test("without an entity tag is never pieced together", async () => {
    const taps = [new Tap(), new Tap()];
    const server = await downloading([{ tap: taps[0], headers: { ETag: 'W/"v1"' } }, { tap: taps[1], headers: {} }]);
    await taps[0]?.send(content.slice(0, half));
    await taps[0]?.breakOff();
    await until(() => clock.waits.includes(1000));
    await clock.pass(1000);
    await taps[1]?.send(content);
    await taps[1]?.end();
    await until(() => saved.length === 1);
    assert.equal(headersOf(server, `GET ${place}pdf`)[1]?.["Range"], undefined);
    assert.deepEqual([...(saved[0]?.bytes ?? [])], [...content]);
  });

  test("that ends too early is not taken for whole", async () => {
    const tap = new Tap();
    await downloading([{ tap, headers }]);
    await tap.send(content.slice(0, half));
    await tap.end();
    await until(() => text().includes("The connection was lost"));
    assert.equal(saved.length, 0);
  });

  test("tries again three times, then waits for a person", async () => {
    const tap = new Tap();
    const server = await downloading([{ broken: true }, { broken: true }, problem(503, "storage-busy"), { broken: true }, { tap, headers }]);
    for (const pause of [1000, 3000, 8000]) {
      await until(() => clock.waits.includes(pause));
      await clock.pass(pause);
    }
    await until(() => text().includes("The connection is still lost. What has arrived is kept."));
    assert.equal(headersOf(server, `GET ${place}pdf`).length, 4);
    await press("Go on");
    await tap.send(content);
    await tap.end();
    await until(() => saved.length === 1);
  });

  test("need not be waited for after a lost connection", async () => {
    const tap = new Tap();
    await downloading([{ broken: true }, { tap, headers }]);
    await until(() => hasControl("Go on"));
    await press("Go on");
    await tap.send(content);
    await tap.end();
    await until(() => saved.length === 1);
    assert.deepEqual(clock.waits.filter((wait) => wait === 1000), [], "the wait is called off");
  });

  test("on which nothing comes any more is given up and asked for again", async () => {
    const tap = new Tap();
    await downloading([{ tap, headers }]);
    await tap.send(content.slice(0, half));
    await until(() => clock.waits.includes(30_000));
    await clock.pass(30_000);
    await until(() => text().includes("It goes on by itself in a moment"));
  });

  test("is stopped, and nothing is saved", async () => {
    const tap = new Tap();
    await downloading([{ tap, headers }]);
    await tap.send(content.slice(0, half));
    await press("Stop the download");
    assert.match(text(), /The download was stopped\./);
    await settled();
    assert.deepEqual([saved.length, all("progress").length], [0, 0]);
    assert(control(/^Download the PDF/), "it can be begun again");
  });

  test("that was changed on its way is not saved", async () => {
    const taps = [new Tap(), new Tap()];
    await downloading([{ tap: taps[0], headers }, { tap: taps[1], headers }], { sha256: await sha256(content) });
    await taps[0]?.send(new Uint8Array(content.length));
    await taps[0]?.end();
    await until(() => alerts().includes("The file was changed on its way, so it isn't saved."));
    assert.equal(saved.length, 0);
    await press("Download: PDF");
    await taps[1]?.send(content);
    await taps[1]?.end();
    await until(() => saved.length === 1);
  });

  test("that can't be made says what failed, and offers the other formats that can", async () => {
    const tap = new Tap();
    const server = await downloading([problem(500, "report-failed", { failed: "font", available: ["txt", "fhir"] })]);
    server.on(`GET ${place}txt`, () => ({ tap, headers: {} }));
    await until(() => alerts().includes("A font is missing on the server."));
    assert.deepEqual(all(".report-formats button").map((button) => text(button)), ["Plain text", "FHIR"]);
    await press(/^Download: Plain text/);
    await tap.send("in plain words");
    await tap.end();
    await until(() => saved.length === 1);
    assert.deepEqual([saved[0]?.name, new TextDecoder().decode(saved[0]?.bytes)], ["report.txt", "in plain words"]);
  });

  test("is offered in every format that there is, each with a sentence for whom", async () => {
    scripted();
    await show(<Downloads name={name} documents={documents} whole first clock={clock.after} />);
    assert.deepEqual(all(".report-others li").map((item) => text(item)).map((told) => told.length > 30), [true, true, true, true]);
    assert.deepEqual(new Set(all("button").map((button) => button.getAttribute("aria-label"))).size, 5, "each has a name of its own");
  });
});

describe("The list of reports", () => {
  test("has those of this analysis, the newest first, each with its state", async () => {
    serving([report({ createdAt: "2026-11-23T08:00:00Z" }), report({ id: "r2", audience: "patient" }), report({ id: "r3", analysisId: "other" })]);
    await open();
    await until(() => all(".report").length === 2);
    assert.deepEqual(all(".report h4").map((heading) => text(heading)), ["For yourself", "For a clinician"]);
  });

  test("A report is deleted after asking; the focus goes to the list", async () => {
    const server = serving([report()]).on("DELETE /reports/r1", () => ({ status: 204 }));
    await open();
    await until(() => all(".report").length === 1);
    await press(/^Delete the report/);
    assert.match(text(one("dialog")), /Delete this report\?For a clinician, November 23, 2026.*stay on your device/);
    await press("Keep it");
    assert.equal(server.asked.some(({ method }) => method === "DELETE"), false);
    await press(/^Delete the report/);
    await press("Delete it");
    await until(() => text().includes("No report has been made yet."));
    assert.equal(text(document.activeElement as Element), "Reports made so far");
    assert(all("[role=status]").some((status) => text(status) === "The report was deleted."));
  });

  test("A report of a withdrawn model says so, with the reason as plain words", async () => {
    serving([report({ withdrawn: { reason: "It misses\u202e <b>everything</b>.", at: now } })]);
    await open();
    await until(() => text().includes("This version of the model was withdrawn"));
    assert.match(text(one(".report .notice")), /On November 23, 2026.*The reason given: It misses <b>everything<\/b>\.$/);
    await show(<WithdrawnNotice withdrawn={{ reason: "R", at: now }} />);
    assert.match(text(), /must not be relied on/);
  });

  test("that can't be read says so, and is asked for again by a new report", async () => {
    let works = false;
    scripted().on("GET /conversations", () => ({ conversations: [] })).on("GET /reports", () => (works ? { reports: [report()] } : problem(503, "storage-busy"))).on("POST /reports", () => {
      works = true;
      return { status: 201, json: report() };
    });
    await open();
    await until(() => alerts().includes("The storage is busy"));
    await press("Make the report");
    await until(() => all(".report").length === 1);
  });

  test("tells how a report is checked", async () => {
    serving();
    await open();
    assert.match(text(one(".reports > details, .reports details.technical")), /QR code.*lightbox report verify FILE/);
  });
});

test("Each step and each state of a report that the server names has its words, in each language", () => {
  const swift = readFileSync("../engine/Sources/Domain/Report.swift", "utf8");
  const names = (type: string) => {
    const [, body = ""] = swift.split(`enum ${type}: String`);
    return [...body.slice(0, body.indexOf("\n\n")).matchAll(/^ +case (.+)$/gm)].flatMap(([, cases = ""]) => cases.split(", "));
  };
  assert(names("Step").length > 3 && names("State").length > 3, "they are found");
  for (const { reports } of [lateEnglish, lateGerman]) {
    assert.deepEqual(Object.keys(reports.steps).sort(), names("Step").sort());
    assert.deepEqual(Object.keys(reports.states).sort(), names("State").sort());
    for (const sentence of Object.values(reports.steps)) assert.match(sentence ?? "", /^\S.*\.$/);
  }
});
