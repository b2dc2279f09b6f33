import { alerts, all, control, hasControl, now, one, press, problem, result, scripted, ScriptedEventSource, settled, show, text, until, type ScriptedServer } from "./harness";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AnalysisPage } from "../src/app/AnalysisPage";
import { EndedPane } from "../src/features/analysis/EndedPane";
import { ProgressPane } from "../src/features/analysis/ProgressPane";
import type { Analysis, AnalysisState } from "../src/shared/api/analyses";
import { Problem } from "../src/shared/problem";

const analysis = (state: AnalysisState, more: Partial<Analysis> = {}): Analysis => ({
  id: "a1", uploadId: "u1", state, progress: 0.3, position: null, etaSeconds: null, attempt: 1, revision: 1, detail: `It is ${state}.`,
  createdAt: now, updatedAt: now, refusal: null, failure: null, result: null, ...more,
});

function serving(first: Analysis): ScriptedServer {
  return scripted()
    .on("GET /analyses/a1", () => first)
    .on("GET /uploads/u1", () => ({ id: "u1", fileName: "film.dcm", preview: "/api/v1/uploads/u1/preview" }))
    .on("GET /reports", () => ({ reports: [] }));
}

describe("A running analysis", () => {
  test("shows its place in the queue, its step and what is still to come, live", async () => {
    serving(analysis("queued", { position: 3, etaSeconds: 20, progress: 0 }));
    await show(<AnalysisPage analysisId="a1" />, "/analyses/a1");
    await until(() => text().includes("Number 3 in line."));
    assert.match(text(), /About 20 seconds to go/);
    const stream = ScriptedEventSource.last;
    assert.equal(stream.url, "/api/v1/analyses/a1/events");
    await stream.send({ ...analysis("queued"), revision: 2, position: 1, progress: 0 });
    assert.match(text(), /You are next in line\./);
    await stream.send({ ...analysis("inferring"), revision: 3, progress: 0.6 });
    assert.equal(one<HTMLProgressElement>("progress").value, 60);
    assert.equal(text(one("[aria-current=step]")), "The model looks at it (now)");
    assert.deepEqual(all(".live-steps .done").map((step) => text(step)), ["Waiting for its turn (done)", "Reading the picture (done)", "Checking the picture (done)"]);
  });

  test("An event that comes late changes nothing", async () => {
    serving(analysis("inferring", { revision: 5 }));
    await show(<AnalysisPage analysisId="a1" />);
    await until(() => ScriptedEventSource.all.length === 1);
    await ScriptedEventSource.last.send({ ...analysis("decoding"), revision: 4 });
    assert.equal(text(one("[aria-current=step]")), "The model looks at it (now)");
  });

  test("becomes its result when it ends, and closes the stream", async () => {
    const server = serving(analysis("inferring"));
    await show(<AnalysisPage analysisId="a1" />);
    await until(() => ScriptedEventSource.all.length === 1);
    const stream = ScriptedEventSource.last;
    server.on("GET /analyses/a1", () => analysis("completed", { result, revision: 9 }));
    await stream.send({ ...analysis("completed"), revision: 9, progress: 1 });
    await until(() => text().includes("What the model found"));
    assert.equal(stream.closed, true);
  });

  test("is asked for where the live stream breaks, and says so", async () => {
    const server = serving(analysis("queued"));
    await show(<AnalysisPage analysisId="a1" />);
    await until(() => ScriptedEventSource.all.length === 1);
    server.on("GET /analyses/a1", () => ({ broken: true }));
    await ScriptedEventSource.last.fail();
    assert.match(text(), /The live view was lost/);
    await until(() => text().includes("The server can't be reached"));
    server.on("GET /analyses/a1", () => analysis("completed", { result }));
    await until(() => text().includes("What the model found"));
  });

  test("asks again by itself when the server was away at first", async () => {
    const server = serving(analysis("queued"));
    server.on("GET /analyses/a1", () => ({ broken: true }));
    await show(<AnalysisPage analysisId="a1" />);
    await until(() => text().includes("asks again every few seconds by itself"));
    server.on("GET /analyses/a1", () => analysis("completed", { result }));
    await until(() => text().includes("What the model found"));
  });

  test("that isn't there offers another picture, not another try", async () => {
    const server = serving(analysis("queued"));
    server.on("GET /analyses/a1", () => problem(404, "not-found"));
    await show(<AnalysisPage analysisId="a1" />);
    await until(() => text().includes("Choose another picture"));
    assert.equal(hasControl("Try again"), false);
    assert.doesNotMatch(text(), /by itself/);
  });

  test("An event that can't be read is no end", async () => {
    serving(analysis("queued"));
    await show(<AnalysisPage analysisId="a1" />);
    await until(() => ScriptedEventSource.all.length === 1);
    await ScriptedEventSource.last.send("{half");
    assert.match(text(), /The live view was lost/);
  });

  test("can be cancelled, and tried again", async () => {
    const server = serving(analysis("queued"));
    server.on("POST /analyses/a1/cancel", () => analysis("cancelled", { revision: 2 }));
    server.on("POST /analyses/a1/retry", () => ({ status: 202, json: analysis("queued", { attempt: 2, revision: 3 }) }));
    await show(<AnalysisPage analysisId="a1" />);
    await until(() => hasControl("Cancel the analysis"));
    await press("Cancel the analysis");
    assert.match(text(), /The analysis was cancelled/);
    await press("Try the analysis again");
    assert.match(text(), /Attempt 2/);
    assert.equal(ScriptedEventSource.all.length, 2);
  });

  test("A cancellation that comes too late says why", async () => {
    scripted().on("POST /analyses/a1/cancel", () => problem(409, "analysis-finished"));
    await show(<ProgressPane analysis={analysis("explaining")} polling={false} lost={null} onChanged={() => assert.fail("nothing changed")} />);
    await press("Cancel the analysis");
    assert.match(alerts(), /ended already/);
  });

  test("A lost connection is named while it is asked for", async () => {
    scripted();
    await show(<ProgressPane analysis={analysis("queued")} polling lost={new Problem("network")} onChanged={() => undefined} />);
    assert.match(text(), /can't be reached/);
  });
});

describe("An analysis that ended without a result", () => {
  test("was refused: why, and what to do, and no second try with the same picture", async () => {
    scripted();
    await show(<EndedPane analysis={analysis("refused", { refusal: { code: "not-a-chest", reason: "It isn't a chest.", advice: "Choose a chest." } })} onChanged={() => undefined} />);
    assert.match(text(), /This picture was not analysed.*WhyIt isn't a chest\.What to doChoose a chest\..*No finding was looked for/);
    assert.equal(hasControl("Try the analysis again"), false);
    assert.equal(control("Choose another picture").getAttribute("href"), "/picture");
  });

  for (const retryable of [true, false]) {
    test(`failed, and ${retryable ? "can" : "can't"} be tried again`, async () => {
      scripted().on("POST /analyses/a1/retry", () => problem(503, "queue-full"));
      await show(<EndedPane analysis={analysis("failed", { failure: { code: "x", message: "The worker died.", retryable } })} onChanged={() => undefined} />);
      assert.match(text(), /The analysis didn't work.*The worker died\./);
      assert.equal(hasControl("Try the analysis again"), retryable);
      if (!retryable) return;
      await press("Try the analysis again");
      assert.match(alerts(), /Too many analyses/);
    });
  }
});

describe("The page of an analysis", () => {
  test("that isn't there says so", async () => {
    scripted().on("GET /analyses/a1", () => problem(404, "not-found"));
    await show(<AnalysisPage analysisId="a1" />);
    await until(() => alerts().includes("doesn't belong to your session"));
  });

  test("leads from the result to the report, to another picture and to the history", async () => {
    serving(analysis("completed", { result }));
    await show(<AnalysisPage analysisId="a1" />, "/analyses/a1");
    await until(() => hasControl("Go to the report"));
    await press("Go to the report");
    assert.equal(text(document.activeElement as Element), "Download the report (PDF)");
    assert.deepEqual(["Start over with another picture", "Change the history"].map((name) => control(name).getAttribute("href")), ["/picture", "/history"]);
    await settled();
    assert.equal(ScriptedEventSource.all.length, 0);
  });
});
