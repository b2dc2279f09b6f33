import { acuity, alerts, all, click, control, field, hasControl, limits, now, one, press, problem, questionnaire, result, scripted, session, settled, show, showInside, text, type, until, type ScriptedServer } from "./harness";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { App } from "../src/app/App";
import { AcuityNotice } from "../src/features/acuity/AcuityNotice";
import { AcuityRemark } from "../src/features/acuity/AcuityRemark";
import { Lowering, Reasons, Steps } from "../src/features/acuity/parts";
import { AcuityProvider, useAcuity } from "../src/shared/acuity";
import { toldAcuity, type Acuity, type AcuityLevel } from "../src/shared/api/acuity";
import { navigate } from "../src/shared/router";
import { SessionProvider } from "../src/shared/session";
import { CallLink } from "../src/shared/ui/CallLink";

const lowering = { level: "soon" as const, clinician: "Dr. Ada Example", reason: "Seen in person.", at: now };
const intake = (answers: object, urgency: Acuity) => ({ answers, complete: false, missing: [], contradictions: [], packYears: null, acuity: urgency, revision: 1, updatedAt: now });

async function noticed(urgency: Acuity): Promise<void> {
  scripted().on("GET /acuity", () => urgency);
  await showInside(<><AcuityNotice /><main><AcuityRemark /></main></>, "/history");
  await settled();
}

async function remarked(urgency: Acuity, withResult: boolean): Promise<void> {
  scripted().on("GET /acuity", () => urgency);
  await showInside(<AcuityRemark withResult={withResult} />, "/analyses/a");
  await settled();
}

describe("How urgent it is", () => {
  test("an emergency is an alert with a call, and below it what to do, why, and who can take it back", async () => {
    await noticed(acuity("emergency", { emergencyNumber: "+49 112" }));
    assert.equal(alerts(), "Advice for emergency.Call +49 112");
    assert.equal(control("Call +49 112").getAttribute("href"), "tel:+49112");
    const detail = one(".emergency-detail");
    assert.match(text(detail), /First step, emergency\.Second step, emergency\..*A reason for emergency\..*Guidance.*Only a clinician can take this back/);
    assert.equal(document.getElementById(detail.getAttribute("aria-labelledby") ?? "")?.textContent, "Advice for emergency.");
    assert.equal(one<HTMLAnchorElement>(".acuity-reasons a").href, "https://www.example.org/guidance");
  });

  test("something for today is a status, not an alert", async () => {
    await noticed(acuity("urgent"));
    assert.equal(alerts(), "");
    assert.match(text(one("[role=status]")), /^Advice for urgent\.First step.*In an emergency: call 112.*A reason for urgent/);
  });

  test("an appointment soon stands where the answers are checked, but not on every page", async () => {
    await noticed(acuity("soon"));
    assert.equal(all(".acuity-detail, .acuity-call").length, 0);
    assert.match(text(one("main [role=status]")), /Advice for soon\.First step.*A reason for soon/);
  });

  test("nothing urgent is said with the result alone, and is no reassurance", async () => {
    await remarked(acuity("routine"), false);
    assert.equal(text(), "");
    await remarked(acuity("routine"), true);
    assert.match(text(), /That is no reassurance: this program can miss things/);
    assert.doesNotMatch(text(), /Advice for routine/);
    assert.equal(all("[role=alert], .notice").length, 0);
  });

  for (const level of ["urgent", "emergency"] as AcuityLevel[]) {
    test(`${level} isn't said twice on the page of the result`, async () => {
      await remarked(acuity(level), true);
      assert.equal(text(), "");
    });
  }

  for (const [level, page] of [["routine", "remark"], ["soon", "remark"], ["urgent", "notice"], ["emergency", "notice"]] as const) {
    test(`what a clinician lowered names them, the time and the reason, at ${level}`, async () => {
      if (page === "remark") await remarked(acuity(level, { lowering }), true);
      else await noticed(acuity(level, { lowering }));
      assert.match(text(), /Lowered to “soon” on November 23, 2026, \d\d:00 by Dr\. Ada Example\. Reason given: Seen in person\./);
    });
  }

  test("what can't be read says so with a way to try again; what was known stays", async () => {
    const server = scripted().on("GET /acuity", () => problem(503, "storage-busy"));
    await showInside(<><AcuityNotice /><AcuityRemark withResult /></>, "/history");
    await until(() => alerts().includes("How urgent it is can't be read now"));
    server.on("GET /acuity", () => acuity("urgent"));
    await press("Try again");
    await until(() => text().includes("Advice for urgent."));
    server.on("GET /acuity", () => ({ broken: true }));
    await settled(() => navigate("/picture"));
    assert.equal(alerts(), "");
    assert.match(text(), /Advice for urgent\./);
  });

  test("while it is read, the page of the result says so", async () => {
    scripted().on("GET /acuity", () => ({ never: true }));
    await showInside(<AcuityRemark withResult />, "/analyses/a");
    assert.match(text(one("[role=status]")), /Reading how urgent it is/);
  });

  test("other reasons are there to unfold, and each says where it comes from", async () => {
    scripted();
    const both = { ...acuity("emergency"), reasons: [...acuity("emergency").reasons, { ...acuity("soon").reasons[0]!, origin: "finding" as const }] };
    await show(<Reasons acuity={both} />);
    assert.equal(text(one("summary")), "One more reason");
    assert.match(text(one("details")), /A reason for soon\. \(from the picture\) Guidance/);
    assert.match(text(all(".acuity-reasons")[0]!), /^A reason for emergency\. \(from an answer\)/);
    await show(<Reasons acuity={acuity("routine")} />);
    assert.equal(text(), "");
  });

  test("its parts: steps, nothing lowered, and a number to call", async () => {
    scripted();
    await show(<><Steps steps={["One.", "Two."]} lang="en" /><Lowering acuity={acuity()} /><CallLink number="1 1 2">Call</CallLink></>);
    assert.deepEqual(all("li").map((item) => text(item)), ["One.", "Two."]);
    assert.equal(one("ul").lang, "en");
    assert.equal(all(".acuity-lowering").length, 0);
    assert.equal(control("Call").getAttribute("href"), "tel:112");
  });
});

function Level() {
  const { state, data } = useAcuity();
  return <p>{data?.level ?? state}</p>;
}

describe("What is known of the urgency", () => {
  test("an answer that was overtaken by a save changes nothing", async () => {
    scripted();
    let answer: (response: Response) => void = () => undefined;
    await showInside(<Level />, "/history");
    await settled();
    assert.equal(text(), "routine");
    const old = globalThis.fetch;
    globalThis.fetch = (() => new Promise((resolve) => (answer = resolve))) as typeof fetch;
    try {
      await settled(() => navigate("/history/visit"));
      await settled(() => toldAcuity(acuity("emergency")));
      await settled(() => answer(new Response(JSON.stringify(acuity("routine")))));
    } finally {
      globalThis.fetch = old;
    }
    assert.equal(text(), "emergency");
  });

  test("ends with the session", async () => {
    const server = scripted().on("GET /acuity", () => acuity("emergency"));
    await showInside(<Level />, "/history");
    await until(() => text() === "emergency");
    server.on("GET /acuity", () => problem(401, "session-required"));
    await settled(() => navigate("/picture"));
    await until(() => text() === "loading");
    await settled(() => toldAcuity(acuity("emergency")));
    assert.equal(text(), "loading");
  });

  test("nobody asks for it without a session", async () => {
    const server = scripted().on("GET /session", () => problem(401, "session-required"));
    await show(<SessionProvider><AcuityProvider><Level /></AcuityProvider></SessionProvider>);
    await settled();
    assert.equal(server.bodies("GET /acuity").length, 0);
  });
});

describe("In the app", () => {
  const serving = (): ScriptedServer =>
    scripted().on("GET /limits", () => limits).on("GET /session", () => session)
      .on("GET /intake/questionnaire", () => questionnaire)
      .on("GET /intake", () => intake({ age: 54, reason: "Cough" }, acuity()));

  test("an answer that makes it an emergency is followed by the alert at once, on the same page", async () => {
    const server = serving().on("PATCH /intake", () => intake({ age: 54, reason: "Cough", symptoms: ["chest-pain"] }, acuity("emergency")));
    await show(<App />, "/history/visit");
    await until(() => text().includes("Chest pain"));
    assert.equal(alerts(), "");
    await click(field("Chest pain"));
    await until(() => alerts().includes("Advice for emergency."));
    assert.equal(control("Call 112").getAttribute("href"), "tel:112");
    assert.equal(window.location.pathname, "/history/visit");
    server.on("GET /acuity", () => acuity("emergency"));
    await settled(() => navigate("/history/check"));
    assert.match(alerts(), /Advice for emergency/);
  });

  test("something for today stands on every page, and stays while more is answered", async () => {
    const server = serving().on("GET /acuity", () => acuity("urgent")).on("GET /intake", () => intake({ age: 54 }, acuity("urgent")));
    server.on("PATCH /intake", () => intake({ age: 54, reason: "Cough" }, acuity("urgent")));
    await show(<App />, "/history/person");
    await until(() => text().includes("Advice for urgent."));
    await type(field("Name or pseudonym"), "Jay");
    await until(() => text().includes("Saved at"));
    assert.match(text(), /Advice for urgent\./);
  });

  test("an appointment soon stands on the page with all answers, not on a topic", async () => {
    serving().on("GET /acuity", () => acuity("soon")).on("GET /intake", () => intake({ age: 54 }, acuity("soon")));
    await show(<App />, "/history/visit");
    await until(() => text().includes("Chest pain"));
    assert.doesNotMatch(text(), /Advice for soon/);
    await settled(() => navigate("/history/check"));
    assert.match(text(one("main")), /Check your answers.*Advice for soon\./);
    assert.equal(control("What the assistant is told").getAttribute("href"), "/record");
  });

  test("is asked for again when an analysis is complete", async () => {
    const done = { id: "a1", uploadId: "u1", state: "completed", progress: 1, attempt: 1, revision: 3, detail: "Done.", createdAt: now, updatedAt: now, result };
    let ended = false;
    const server = serving().on("GET /uploads", () => ({ uploads: [] })).on("GET /reports", () => ({ reports: [] })).on("GET /conversations", () => ({ conversations: [] })).on("GET /uploads/u1", () => ({ id: "u1", fileName: "film.dcm", preview: "/p" }));
    server.on("GET /analyses/a1", () => {
      ended = true;
      return done;
    });
    server.on("GET /acuity", () => acuity(ended ? "soon" : "routine"));
    await show(<App />, "/analyses/a1");
    await until(() => text().includes("Advice for soon."));
    assert(hasControl("What the assistant is told"));
  });
});
