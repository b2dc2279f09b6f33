import { alerts, all, control, hasControl, now, one, press, problem, result, scripted, ScriptedEventSource, settled, show, text, until, type ScriptedServer } from "./harness";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AnalysisPage } from "../src/app/AnalysisPage";
import { Adjusted, AdjustedRemark } from "../src/features/analysis/Adjusted";
import { AnalyseAgain } from "../src/features/analysis/AnalyseAgain";
import { EndedPane } from "../src/features/analysis/EndedPane";
import { ProgressPane } from "../src/features/analysis/ProgressPane";
import type { Analysis, AnalysisState, Refusal } from "../src/shared/api/analyses";
import { Problem } from "../src/shared/problem";

const analysis = (state: AnalysisState, more: Partial<Analysis> = {}): Analysis => ({
  id: "a1", uploadId: "u1", state, progress: 0.3, position: null, etaSeconds: null, attempt: 1, revision: 1, detail: `It is ${state}.`,
  createdAt: now, updatedAt: now, refusal: null, failure: null, result: null, ...more,
});

function serving(first: Analysis): ScriptedServer {
  return scripted()
    .on("GET /analyses/a1", () => first)
    .on("GET /uploads", () => ({ uploads: [] }))
    .on("GET /uploads/u1", () => ({ id: "u1", fileName: "film.dcm", preview: "/api/v1/uploads/u1/preview" }))
    .on("GET /conversations", () => ({ conversations: [] }))
    .on("GET /reports", () => ({ reports: [] }));
}

describe("A queue that takes no more", () => {
  test("is told with the time after which it is worth to come back, where the server knows it", () => {
    const said = (code: "queue-full" | "too-many-waiting" | "not-found", members: object) => new Problem(code, "", 503, null, [], { ...members }).sentence;
    assert.equal(said("queue-full", { retryAfter: 40 }), "Too many analyses are waiting now. Your picture is kept. Try again in about 40 seconds.");
    assert.match(said("too-many-waiting", { retryAfter: 300 }), /wait until one of them is done\. Try again in about 5 minutes\.$/);
    assert.match(said("too-many-waiting", { retryAfter: 2 }), /Try again in a few seconds\.$/);
    assert.equal(said("queue-full", {}), "Too many analyses are waiting now. Your picture is kept.");
    assert.doesNotMatch(said("not-found", { retryAfter: 3 }), /Try again in/);
  });
});

describe("A running analysis", () => {
  test("shows its place in the queue, its step and what is still to come, live", async () => {
    serving(analysis("queued", { position: 3, etaSeconds: 20, progress: 0 }));
    await show(<AnalysisPage session="s1" analysisId="a1" />, "/analyses/a1");
    await until(() => text().includes("Number 3 in line."));
    assert.match(text(), /It begins in about 20 seconds\./);
    const stream = ScriptedEventSource.last;
    assert.equal(stream.url, "/api/v1/analyses/a1/events");
    await stream.send({ ...analysis("queued"), revision: 2, position: 1, progress: 0 });
    assert.match(text(), /You are next in line\./);
    await stream.send({ ...analysis("inferring"), revision: 3, progress: 0.6 });
    assert.equal(one<HTMLProgressElement>("progress").value, 60);
    assert.equal(text(one("[aria-current=step]")), "The model looks at it (now)");
    assert.deepEqual(all(".live-steps .done").map((step) => text(step)), ["Waiting for its turn (done)", "Reading the picture (done)", "Checking the picture (done)"]);
  });

  test("says that the analyses are paused, without a time that nobody knows, and that they go on", async () => {
    serving(analysis("queued", { position: 1, paused: true, progress: 0 }));
    await show(<AnalysisPage session="s1" analysisId="a1" />, "/analyses/a1");
    await until(() => text().includes("Analyses are paused"));
    assert.match(text(), /Your picture keeps its place/);
    assert.doesNotMatch(text(), /It begins in/);
    await until(() => ScriptedEventSource.all.length === 1);
    await ScriptedEventSource.last.send({ ...analysis("queued"), revision: 2, position: 1, etaSeconds: 3, progress: 0 });
    assert.doesNotMatch(text(), /paused/);
    assert.match(text(), /It begins in a few seconds\./);
  });

  test("says that it waits because of the model's own check, and when that is over", async () => {
    serving(analysis("queued", { position: 1, paused: true, pausedBy: "operator", progress: 0 }));
    await show(<AnalysisPage session="s1" analysisId="a1" />, "/analyses/a1");
    await until(() => text().includes("The operator of this server has paused them"));
    await until(() => ScriptedEventSource.all.length === 1);
    await ScriptedEventSource.last.send({ ...analysis("queued"), revision: 2, position: 1, paused: true, pausedBy: "model-check", progress: 0 });
    assert.match(text(), /Analyses are paused.*A check of the model did not give the expected result.*Your picture keeps its place/);
    assert.doesNotMatch(text(), /operator/);
    await ScriptedEventSource.last.send({ ...analysis("queued"), revision: 3, position: 1, etaSeconds: 3, progress: 0 });
    assert.doesNotMatch(text(), /paused|check of the model/);
  });

  test("An event that comes late changes nothing", async () => {
    serving(analysis("inferring", { revision: 5 }));
    await show(<AnalysisPage session="s1" analysisId="a1" />);
    await until(() => ScriptedEventSource.all.length === 1);
    await ScriptedEventSource.last.send({ ...analysis("decoding"), revision: 4 });
    assert.equal(text(one("[aria-current=step]")), "The model looks at it (now)");
  });

  test("becomes its result when it ends, and closes the stream", async () => {
    const server = serving(analysis("inferring"));
    await show(<AnalysisPage session="s1" analysisId="a1" />);
    await until(() => ScriptedEventSource.all.length === 1);
    const stream = ScriptedEventSource.last;
    server.on("GET /analyses/a1", () => analysis("completed", { result, revision: 9 }));
    await stream.send({ ...analysis("completed"), revision: 9, progress: 1 });
    await until(() => text().includes("What the model found"));
    assert.equal(stream.closed, true);
  });

  test("is asked for where the live stream breaks, and says so", async () => {
    const server = serving(analysis("queued"));
    await show(<AnalysisPage session="s1" analysisId="a1" />);
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
    await show(<AnalysisPage session="s1" analysisId="a1" />);
    await until(() => text().includes("asks again every few seconds by itself"));
    server.on("GET /analyses/a1", () => analysis("completed", { result }));
    await until(() => text().includes("What the model found"));
  });

  test("that isn't there offers another picture, not another try", async () => {
    const server = serving(analysis("queued"));
    server.on("GET /analyses/a1", () => problem(404, "not-found"));
    await show(<AnalysisPage session="s1" analysisId="a1" />);
    await until(() => text().includes("Choose another picture"));
    assert.equal(hasControl("Try again"), false);
    assert.doesNotMatch(text(), /by itself/);
  });

  test("An event that can't be read is no end", async () => {
    serving(analysis("queued"));
    await show(<AnalysisPage session="s1" analysisId="a1" />);
    await until(() => ScriptedEventSource.all.length === 1);
    await ScriptedEventSource.last.send("{half");
    assert.match(text(), /The live view was lost/);
  });

  test("can be cancelled, and tried again", async () => {
    const server = serving(analysis("queued"));
    server.on("POST /analyses/a1/cancel", () => analysis("cancelled", { revision: 2 }));
    server.on("POST /analyses/a1/retry", () => ({ status: 202, json: analysis("queued", { attempt: 2, revision: 3 }) }));
    await show(<AnalysisPage session="s1" analysisId="a1" />);
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

  test("broke off too often: who can allow it again, and nothing that contradicts that", async () => {
    scripted();
    const failure = { code: "analysis-quarantined", message: "It broke off. The operator can allow it.", retryable: false };
    await show(<EndedPane analysis={analysis("failed", { failure })} onChanged={() => undefined} />);
    assert.match(text(), /It broke off\. The operator can allow it\./);
    assert.doesNotMatch(text(), /won't help/);
    assert.equal(hasControl("Try the analysis again"), false);
  });
});

describe("A refused picture that a click would mend", () => {
  const refused = (remedy: Refusal["remedy"], more: Partial<Analysis> = {}) =>
    analysis("refused", { refusal: { code: "upside-down", reason: "It is upside down.", advice: "Turn it and upload it again.", remedy }, ...more });
  const remedies: [string, Refusal["remedy"], Partial<Analysis>, string][] = [
    ["upside down", { turn: 180 }, {}, "Turn it upright and analyse"],
    ["inverted", { invert: true }, {}, "Swap black and white and analyse"],
    ["mirrored", { mirror: true }, {}, "Mirror it and analyse"],
    ["all of it", { turn: 90, mirror: true, invert: true }, {}, "Turn it upright, mirror it, swap black and white and analyse"],
    ["inverted, after it was turned", { turn: 180, invert: true }, { adjustment: { turn: 180, mirror: false, invert: false } }, "Swap black and white and analyse"],
    ["turned by mistake", {}, { adjustment: { turn: 180, mirror: false, invert: false } }, "Turn it upright and analyse"],
  ];
  for (const [what, remedy, more, button] of remedies) {
    test(`${what}: “${button}”`, async () => {
      const server = scripted().on("POST /analyses", () => ({ status: 202, json: { id: "a2" } }));
      await show(<EndedPane analysis={refused(remedy, more)} onChanged={() => undefined} />);
      assert.doesNotMatch(text(), /upload it again/);
      await press(button);
      const adjustment = { turn: 0, mirror: false, invert: false, ...remedy };
      const none = Object.keys(remedy ?? {}).length === 0;
      assert.deepEqual(server.bodies("POST /analyses"), [none ? { uploadId: "u1" } : { uploadId: "u1", adjustment }]);
      assert.equal(window.location.pathname, "/analyses/a2");
    });
  }

  test("is shown before and after, side by side, in the frame that was analysed", async () => {
    const server = scripted().on("POST /analyses", () => ({ status: 202, json: { id: "a2" } }));
    await show(<EndedPane analysis={refused({ turn: 180, invert: true }, { frame: 3, adjustment: { turn: 180, mirror: false, invert: false } })} onChanged={() => undefined} />);
    assert.deepEqual(all("figure").map((figure) => [text(figure), figure.querySelector("img")?.alt, figure.querySelector("img")?.getAttribute("src")]), [
      ["Before", "The picture as it was analysed", "/api/v1/uploads/u1/preview?width=320&frame=3&turn=180"],
      ["After", "The picture after the change", "/api/v1/uploads/u1/preview?width=320&frame=3&turn=180&invert=true"],
    ]);
    await press("Swap black and white and analyse");
    assert.deepEqual(server.bodies("POST /analyses"), [{ uploadId: "u1", frame: 3, adjustment: { turn: 180, mirror: false, invert: true } }]);
  });

  test("Where history and file differ, that is confirmed first", async () => {
    const rows = [{ field: "sex", told: "male", file: "female", agreement: "differs" }];
    const server = scripted().on("POST /analyses", () => problem(409, "picture-mismatch")).on("GET /uploads/u1", () => ({ identity: { rows, confirmed: [] } }));
    await show(<AnalyseAgain analysis={refused({ turn: 180 })} adjustment={null} className="button">Again</AnalyseAgain>);
    await press("Again");
    await until(() => hasControl("Again") && all("input[type=checkbox]").length === 1);
    await press("Again");
    assert.equal(server.bodies("POST /analyses").length, 1);
    server.on("POST /analyses", () => ({ status: 202, json: { id: "a2" } }));
    await settled(() => one("input[type=checkbox]").click());
    await press("Again");
    assert.deepEqual(server.bodies("POST /analyses")[1], { uploadId: "u1", confirmedDifferences: ["sex"] });
  });

  test("without a remedy has the server's advice, and no click", async () => {
    scripted();
    await show(<EndedPane analysis={refused(null)} onChanged={() => undefined} />);
    assert.match(text(), /Turn it and upload it again/);
    assert.equal(all("figure, button").length, 0);
  });
});

describe("What was done to the picture", () => {
  const cases: [NonNullable<Analysis["adjustment"]>, string][] = [
    [{ turn: 180, mirror: false, invert: false }, "Turned by 180°, at your request."],
    [{ turn: 90, mirror: true, invert: false }, "Turned by 90° to the right, mirrored, at your request."],
    [{ turn: 270, mirror: false, invert: true }, "Turned by 90° to the left, black and white swapped, at your request."],
    [{ turn: 0, mirror: false, invert: true }, "Black and white swapped, at your request."],
  ];
  for (const [adjustment, told] of cases) {
    test(told, async () => {
      scripted();
      await show(<Adjusted analysis={analysis("queued", { adjustment })} />);
      assert(text().startsWith(told), text());
    });
  }

  test("is said while it runs, when it ends and beside the result, each with a way back", async () => {
    const adjustment = { turn: 180, mirror: false, invert: false } as const;
    const server = scripted().on("POST /analyses", () => ({ status: 202, json: { id: "a2" } }));
    server.on("GET /analyses/a1", () => analysis("completed", { adjustment, frame: 2 }));
    const pages = [
      <ProgressPane analysis={analysis("queued", { adjustment, frame: 2 })} polling={false} lost={null} onChanged={() => undefined} />,
      <EndedPane analysis={analysis("refused", { adjustment, frame: 2 })} onChanged={() => undefined} />,
      <AdjustedRemark analysisId="a1" />,
    ];
    for (const page of pages) {
      await show(page);
      await until(() => /This is frame 3 of the file\.Turned by 180°, at your request\./.test(text()));
      await press("Use it as it was sent");
    }
    assert.deepEqual(server.bodies("POST /analyses"), pages.map(() => ({ uploadId: "u1", frame: 2 })));
  });

  test("is nothing where nothing was asked for", async () => {
    scripted();
    await show(<Adjusted analysis={analysis("queued", { frame: 0, adjustment: null })} />);
    assert.equal(text(), "");
  });
});

describe("The page of an analysis", () => {
  test("that isn't there says so", async () => {
    scripted().on("GET /analyses/a1", () => problem(404, "not-found"));
    await show(<AnalysisPage session="s1" analysisId="a1" />);
    await until(() => alerts().includes("doesn't belong to your session"));
  });

  test("leads from the result to the report, to another picture and to the history", async () => {
    serving(analysis("completed", { result }));
    await show(<AnalysisPage session="s1" analysisId="a1" />, "/analyses/a1");
    await until(() => hasControl("Go to the report"));
    await press("Go to the report");
    assert.equal(document.activeElement, one("#report"));
    await until(() => hasControl("Make the report"));
    assert.deepEqual(["Start over with another picture", "Change the history"].map((name) => control(name).getAttribute("href")), ["/picture", "/history"]);
    await settled();
    assert.equal(ScriptedEventSource.all.length, 0);
  });

  test("shows the picture as it was analysed, and offers the others of the session beside it", async () => {
    const other = { id: "u2", fileName: "earlier.dcm", preview: "/api/v1/uploads/u2/preview", createdAt: now };
    serving(analysis("completed", { result, frame: 1, adjustment: { turn: 90, mirror: false, invert: true } })).on("GET /uploads", () => ({ uploads: [other] }));
    await show(<AnalysisPage session="s1" analysisId="a1" />, "/analyses/a1");
    await until(() => text().includes("Turned 90° · Inverted"));
    assert.equal(one(".film-preview").getAttribute("src"), "/api/v1/uploads/u1/preview?width=1600&frame=1");
    await until(() => text().includes("earlier.dcm"));
  });
});
