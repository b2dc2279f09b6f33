import { acuity, alerts, all, click, control, field, hasControl, limits, now, one, press, problem, questionnaire, scripted, session, settled, show, showInside, text, until, whileSilent, type ScriptedServer } from "./harness";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { App } from "../src/app/App";
import { Layout } from "../src/app/Layout";
import { Pages } from "../src/app/Pages";
import { Steps } from "../src/app/Steps";
import { UnknownPage } from "../src/app/UnknownPage";
import { WelcomePage } from "../src/app/WelcomePage";
import { EraseButton } from "../src/features/session/EraseButton";
import { LogOffButton } from "../src/features/session/LogOffButton";
import { IdleWarning } from "../src/features/session/IdleWarning";
import { ReceiptPage, receiptOf } from "../src/features/session/ReceiptPage";
import { ConsentForm } from "../src/features/welcome/ConsentForm";
import { Welcome } from "../src/features/welcome/Welcome";
import { LimitsContext } from "../src/shared/api/limits";
import { request } from "../src/shared/http";
import { Link, navigate, usePathname } from "../src/shared/router";
import { SessionProvider, useSession } from "../src/shared/session";

const receipt = { receiptId: "r-1", erasedAt: now, uploads: 2, analyses: 1, reports: 0, conversations: 3, messages: 8, readings: 4, receptions: 5, logEmptied: true };
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

function begun(): ScriptedServer {
  return scripted().on("GET /limits", () => limits).on("GET /session", () => session);
}

function fresh(): ScriptedServer {
  return scripted().on("GET /limits", () => limits).on("GET /session", () => problem(401, "session-required"));
}

describe("The app", () => {
  test("welcomes who comes first, asks for consent, and leads to the history", async () => {
    const server = fresh();
    await show(<App />);
    await until(() => hasControl("Start"));
    assert.match(text(), /A second look at a chest X-ray.*It is not a medical device/);
    assert.match(text(), /After 30 minutes without use it is erased/);
    await press("Start");
    assert.match(alerts(), /Tick the box first/);
    assert.deepEqual(server.bodies("POST /session"), []);
    await click(field("I understand"));
    server.on("POST /session", () => ({ status: 201, json: session })).on("GET /session", () => session);
    server.on("GET /intake/questionnaire", () => questionnaire);
    server.on("GET /intake", () => ({ answers: {}, complete: false, missing: [], contradictions: [], packYears: null, acuity: acuity(), revision: 0, updatedAt: now }));
    await press("Start");
    await until(() => window.location.pathname === "/history");
    assert.deepEqual(server.bodies("POST /session"), [{ consent: { version: "1", accepted: true } }]);
    await until(() => text(one("h1")) === "About the person in the picture");
    assert.equal(document.activeElement, one("h1"));
    assert.equal(document.title, "About the person in the picture · Lightbox");
  });

  test("shows the emergency number on every page, and “your local number” until it is known", async () => {
    fresh().on("GET /limits", () => ({ never: true }));
    await show(<App />);
    assert.match(text(one("aside.emergency")), /Call your local emergency number\. Don't wait for a result\./);
    fresh();
    await show(<App key="again" />);
    await until(() => hasControl("112"));
    assert.equal(control("112").getAttribute("href"), "tel:112");
  });

  test("leads from a page that needs a session to the start, and says why", async () => {
    fresh();
    await show(<App />, "/analyses/x");
    await until(() => window.location.pathname === "/");
    assert.match(alerts(), /Start here first/);
  });

  test("tells who was in the middle that the session has ended", async () => {
    const server = begun().on("GET /samples", () => []);
    await show(<App />, "/picture");
    await until(() => text().includes("Drop the picture here"));
    server.on("GET /session", () => problem(401, "session-required"));
    await settled(() => request("GET", "/session").catch(() => undefined));
    await until(() => alerts().includes("Your session has ended"));
  });

  test("doesn't take a lost connection for the end of the session", async () => {
    const server = scripted().on("GET /limits", () => limits).on("GET /session", () => ({ broken: true }));
    await show(<App />, "/picture");
    await until(() => alerts().includes("can't be reached"));
    server.on("GET /session", () => session).on("GET /samples", () => []);
    await press("Try again");
    await until(() => text().includes("Drop the picture here"));
  });

  test("has a page for addresses that lead nowhere", async () => {
    fresh();
    await show(<App />, "/nowhere/at/all");
    await until(() => text().includes("There is nothing here"));
    assert.equal(control("Go to the start").getAttribute("href"), "/");
  });

  test("stands still and says so when it breaks as a whole", async () => {
    scripted().on("POST /client-errors", () => ({ status: 204 })).on("GET /session", () => session).on("GET /limits", () => ({ formats: null, version: 1, emergencyNumber: null }));
    await whileSilent(async () => {
      await show(<App />);
      await until(() => text().includes("Lightbox stopped working"));
    });
    assert(control("Load the page again"));
  });

  test("Its skip link leads to the content", async () => {
    fresh();
    await show(<App />);
    await press("Skip to the content");
    assert.equal(document.activeElement?.id, "content");
  });
});

describe("The start page", () => {
  const ready = { state: "ready", data: limits, problem: undefined, reload: () => undefined, replace: () => undefined } as const;
  const open = (more: object) => (
    <Welcome session={{ status: "open", session: { ...session, ...more } }} limits={ready} sentHere={false} lastAnalysisId={"id" in more ? "a9" : null} onStarted={() => undefined} />
  );

  for (const [more, name, path] of [
    [{}, "Go on with the history", "/history"],
    [{ intakeComplete: true }, "Go on to the picture", "/picture"],
    [{ id: "x" }, "Go to the last result", "/analyses/a9"],
  ] as const) {
    test(`of an open session leads on: ${name}`, async () => {
      scripted();
      await show(open(more));
      assert.equal(control(name).getAttribute("href"), path);
      assert.equal(all("form").length, 0);
    });
  }

  test("finds the last analysis by itself", async () => {
    scripted().on("GET /session", () => ({ ...session, analyses: 1 })).on("GET /analyses", () => ({ analyses: [{ id: "a7", createdAt: now }] }));
    await show(<LimitsContext.Provider value={ready}><SessionProvider><WelcomePage sentHere={false} /></SessionProvider></LimitsContext.Provider>);
    await until(() => hasControl("Go to the last result"));
    assert.equal(control("Go to the last result").getAttribute("href"), "/analyses/a7");
  });

  test("A consent that the server doesn't take is told", async () => {
    scripted().on("POST /session", () => problem(422, "consent-required"));
    await show(<ConsentForm version="0" onStarted={() => assert.fail("nothing started")} />);
    await click(field("I understand"));
    await press("Start");
    assert.match(alerts(), /Read the text and agree to it first/);
  });
});

describe("The way through", () => {
  test("names where one is, and links to what can be reached", async () => {
    scripted();
    await show(<Steps route={{ page: "picture" }} session={{ ...session, intakeComplete: true }} />);
    assert.equal(text(one("[aria-current=step]")), "Picture");
    assert.deepEqual(all("a").map((link) => `${link.getAttribute("href")} ${text(link)}`), ["/ Start (done)", "/history History (done)", "/assistant Ask"]);
  });

  test("without a session leads nowhere but to the start", async () => {
    scripted();
    await show(<Steps route={{ page: "unknown" }} session={null} />);
    assert.deepEqual(all("a").map((link) => link.getAttribute("href")), ["/"]);
  });

  test("Links go inside the page, but leave a new tab to the browser", async () => {
    scripted();
    function Where() {
      return <p>{usePathname()}</p>;
    }
    await show(<><Where /><Link to="/history">There</Link></>);
    const event = new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: true });
    await settled(() => {
      // jsdom can't follow links.
      document.addEventListener("click", (late) => late.preventDefault(), { once: true });
      control("There").dispatchEvent(event);
    });
    assert.equal(text(one("p")), "/");
    await press("There");
    assert.equal(text(one("p")), "/history");
    await settled(() => navigate("/picture", { replace: true }));
    assert.equal(text(one("p")), "/picture");
  });

  test("Addresses lead to their pages", async () => {
    scripted().on("GET /samples", () => []);
    await showInside(<Layout><Pages /></Layout>, "/picture");
    await until(() => text(one("h1")) === "The picture");
    await settled(() => navigate("/erased", { state: { receipt } }));
    assert.match(text(), /Everything is erased/);
    assert.equal(all("nav.steps").length, 0);
  });

  test("A page that isn't there leads home", async () => {
    scripted();
    await show(<UnknownPage />);
    assert(control("Go to the start"));
  });
});

describe("Erasing", () => {
  test("asks first, and changes nothing when one thinks better of it", async () => {
    const server = scripted();
    await show(<EraseButton onErased={() => assert.fail("nothing was erased")} />);
    await press("Erase everything");
    assert.match(text(one("[role=alertdialog]")), /This can't be undone/);
    await press("No, keep it");
    assert.equal(all("dialog").length, 0);
    assert.equal(server.asked.length, 0);
  });

  test("gives a receipt, or says why it failed", async () => {
    let works = false;
    scripted().on("DELETE /session", () => (works ? receipt : problem(503, "storage-busy")));
    const receipts: object[] = [];
    await show(<EraseButton onErased={(given) => receipts.push(given)} />);
    await press("Erase everything");
    await press("Yes, erase everything");
    assert.match(alerts(), /nothing was changed/);
    works = true;
    await press("Yes, erase everything");
    assert.deepEqual(receipts, [receipt]);
  });

  test("Its receipt is shown, and survives a reload in the browser's history alone", async () => {
    scripted();
    await show(<ReceiptPage receipt={receiptOf({ receipt })} />);
    assert.match(text(), /Numberr-1.*Pictures2Analyses1Reports0Conversations3Questions and answers8Readings by clinicians4Uploads in parts5/);
    assert.match(text(), /Nothing of your session is left/);
    await show(<ReceiptPage key="later" receipt={receiptOf({ receipt: { ...receipt, logEmptied: false } })} />);
    assert.match(text(), /last, encrypted copies in the database’s log/);
    assert.doesNotMatch(text(), /Nothing of your session is left/);
    await show(<ReceiptPage key="none" receipt={receiptOf({ receipt: { receiptId: 7 } })} />);
    assert.match(text(), /There is no receipt here/);
  });
});

describe("Logging off", () => {
  test("says what it means, and changes nothing when one thinks better of it", async () => {
    const server = scripted();
    await show(<LogOffButton onLoggedOff={() => assert.fail("nobody logged off")} />);
    await press("Log off");
    assert.match(text(one("[role=alertdialog]")), /nobody can come back to it.*everything in it is erased/);
    await press("No, stay");
    assert.equal(all("dialog").length, 0);
    assert.equal(server.asked.length, 0);
  });

  test("ends the session, or says why it could not", async () => {
    let works = false;
    let left = 0;
    scripted().on("POST /session/log-off", () => (works ? { status: 204 } : problem(503, "storage-busy")));
    await show(<LogOffButton onLoggedOff={() => left++} />);
    await press("Log off");
    await press("Yes, log off");
    assert.match(alerts(), /nothing was changed/);
    assert.equal(left, 0);
    works = true;
    await press("Yes, log off");
    assert.equal(left, 1);
  });
});

describe("The warning before the session ends", () => {
  const warned = async (minutes: number, whole = 600) => {
    const ending = { ...session, idleExpiresAt: inMinutes(minutes), absoluteExpiresAt: inMinutes(whole) };
    const server = scripted().on("GET /session", () => ending);
    await show(<SessionProvider><Warned /></SessionProvider>);
    await until(() => text().includes("open"));
    return server;
  };
  function Warned() {
    const { state } = useSession();
    return state.status === "open" ? <><p>open</p><IdleWarning session={state.session} /></> : null;
  }

  test("comes two minutes before, not earlier", async () => {
    await warned(3);
    await settled();
    assert.equal(all("dialog").length, 0);
  });

  test("asks the server first, and lets one stay", async () => {
    const server = await warned(1.5);
    await until(() => all("[role=alertdialog]").length === 1);
    assert.match(text(one("[role=timer]")), /your session ends in 1:\d\d/);
    assert(server.asked.filter(({ path }) => path === "/session").length >= 2);
    server.on("POST /session/extend", () => session);
    await press("Stay");
    await until(() => all("dialog").length === 0);
  });

  test("says that the whole time is over when staying is no help", async () => {
    await warned(30, 1);
    await until(() => all("[role=alertdialog]").length === 1);
    assert.match(text(one("[role=timer]")), /has lasted as long as it may/);
    await press("I understand");
    assert.equal(all("dialog").length, 0);
  });
});
