import { alerts, all, control, field, hasControl, now, one, press, problem, scripted, settled, show, text, type, until, type ScriptedServer } from "./harness";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ReactNode } from "react";
import { Act } from "../src/operators/Act";
import { AlertsSection, type Alert } from "../src/operators/AlertsSection";
import { AuditSection, trailPath } from "../src/operators/AuditSection";
import { ClientContext, OperatorClient, usePolled } from "../src/operators/client";
import { Console, type Me } from "../src/operators/Console";
import { ErrorsSection } from "../src/operators/ErrorsSection";
import { Listing, Live } from "../src/operators/Live";
import { MaintenanceSection } from "../src/operators/MaintenanceSection";
import { ModelsSection } from "../src/operators/ModelsSection";
import { OperatorsApp } from "../src/operators/OperatorsApp";
import { OverviewSection, placed, type Point } from "../src/operators/OverviewSection";
import { Paged } from "../src/operators/Paged";
import { Plot } from "../src/operators/Plot";
import { QueueSection, type Queue } from "../src/operators/QueueSection";
import { RecordSection } from "../src/operators/RecordSection";
import { niceCeiling, path } from "../src/operators/scale";
import { SessionsSection } from "../src/operators/SessionsSection";
import { SignIn } from "../src/operators/SignIn";
import { usePages } from "../src/operators/usePages";
import { WorkersSection } from "../src/operators/WorkersSection";

const me: Me = { name: "Ada Example", roles: ["viewer", "operator", "clinician"] };
const pseudonym = "012345678901234567890123";

const signedIn = (page: ReactNode, address = "/") => show(<ClientContext.Provider value={new OperatorClient("secret-token")}>{page}</ClientContext.Provider>, address);
const seconds = (date: string, by: number) => new Date(Date.parse(date) + by * 1000).toISOString();

/** The cells of the table of this name, a row each. */
const rows = (name: string) => {
  const listing = all("section.listing").find((section) => text(section).startsWith(name));
  assert(listing, `no table “${name}”: ${text()}`);
  return [...listing.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("td")].map((cell) => text(cell)));
};

describe("Signing in", () => {
  test("sends the token as it was typed, without blanks around it, and shows who one is", async () => {
    const server = scripted().on("GET /admin/me", () => me).on("GET /admin/overview", () => ({ now, bucketSeconds: 10, points: [] }));
    await show(<OperatorsApp />);
    await type(field("Operator’s token"), "  secret-token ");
    await press("Sign in");
    await until(() => text().includes("Ada Example (viewer, operator, clinician)"));
    assert.equal(server.asked[0]?.headers.Authorization, "Bearer secret-token");
    await press("Sign out");
    assert(control("Sign in"));
  });

  test("tells why nobody was let in, and stays", async () => {
    scripted().on("GET /admin/me", () => problem(401, "operator-token-required"));
    await show(<SignIn onSignedIn={() => assert.fail("let in")} />);
    await type(field("Operator’s token"), "wrong");
    await press("Sign in");
    await until(() => alerts() !== "");
    assert.match(alerts(), /token/i);
  });

  test("keeps the token out of what a browser remembers", async () => {
    scripted().on("GET /admin/me", () => me).on("GET /admin/overview", () => ({ now, bucketSeconds: 10, points: [] }));
    await show(<OperatorsApp />);
    await type(field("Operator’s token"), "secret-token");
    await press("Sign in");
    assert.doesNotMatch(JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, window.location.href]), /secret/);
  });
});

describe("The console", () => {
  test("shows the section that the address names, and the first for one that isn't there", async () => {
    scripted().on("GET /admin/workers", () => ({ waiting: 0, workers: [] })).on("GET /admin/overview", () => ({ now, bucketSeconds: 10, points: [] }));
    await signedIn(<Console me={me} onSignOut={() => undefined} />, "/#workers");
    assert.equal(text(one("h1")), "Workers");
    assert.equal(one("nav [aria-current]").textContent, "Workers");
    await settled(() => {
      window.location.hash = "#nothing";
      window.dispatchEvent(new Event("hashchange"));
    });
    assert.equal(text(one("h1")), "Overview");
  });

  test("offers a viewer nothing that changes something", async () => {
    const server = scripted();
    const viewer: Me = { name: "V", roles: ["viewer"] };
    const pages: [string, string, object][] = [
      ["queue", "GET /admin/queue", { state: "running", waiting: [], running: [], dead: [{ id: "a1", session: pseudonym, attempts: 3, code: "engine-failed", diedAt: now }] }],
      ["errors", "GET /admin/errors", { errors: [{ fingerprint: "f", origin: "server", message: "m", count: 1, firstSeen: now, lastSeen: now, requestIds: [] }] }],
      ["maintenance", "GET /admin/maintenance", { on: false }],
      ["record", "", {}],
    ];
    for (const [section, route, answer] of pages) {
      if (route) server.on(route, () => answer);
      await signedIn(<Console me={viewer} onSignOut={() => undefined} />, `/#${section}`);
      await settled();
      assert.deepEqual(all("main button").map((button) => text(button)), [], section);
    }
  });
});

describe("What is read again and again", () => {
  function Clock() {
    return <Live polled={usePolled<{ value: number }>("/queue", 1000)}>{({ value }) => <p>{`Value ${value}`}</p>}</Live>;
  }

  test("stays when a try fails, and the failure is said", async () => {
    let fails = false;
    scripted().on("GET /admin/queue", () => (fails ? problem(503, "unavailable") : { value: 7 }));
    await signedIn(<Clock />);
    assert.match(text(), /Value 7/);
    fails = true;
    await settled(() => document.dispatchEvent(new Event("visibilitychange")));
    await until(() => alerts() !== "");
    assert.match(text(), /Not up to date: this is from .*Value 7/);
    fails = false;
    await press("Try again");
    await until(() => alerts() === "");
  });

  test("a table scrolls by itself, and says when it is empty", async () => {
    await show(<Listing name="Things" heads={["One"]} rows={[{ key: "a", cells: ["first"] }]} none="Nothing." />);
    assert.equal(one("[role=region]").tabIndex, 0);
    assert.deepEqual(rows("Things"), [["first"]]);
    await show(<Listing name="Things" heads={["One"]} rows={[]} none="Nothing." />);
    assert.match(text(), /Things ?Nothing\./);
  });

  test("what is done says why it was not", async () => {
    scripted().on("POST /admin/queue/pause", () => problem(403, "operator-token-required"));
    const client = new OperatorClient("t");
    await show(<Act label="Pause" does={async () => void (await client.request("POST", "/queue/pause"))} />);
    await press("Pause");
    await until(() => alerts() !== "");
    assert.match(alerts(), /Pause: not done/);
  });
});

describe("The last hour", () => {
  test("each point stands at its time; what is too old or yet to come isn't shown", () => {
    const point = (by: number): Point => ({ at: seconds(now, by), requests: 1, errors: 0 });
    const places = placed({ now, bucketSeconds: 10, points: [point(-4000), point(-3590), point(-20), point(0), point(60)] });
    assert.equal(places.length, 360);
    assert.deepEqual(places.flatMap((place, index) => (place ? [index] : [])), [0, 357, 359]);
  });

  test("a ceiling is a round number at or above the most", () => {
    const cases: [number, number][] = [[0, 1], [-3, 1], [Number.NaN, 1], [1, 1], [1.01, 2], [2.1, 2.5], [4, 5], [7, 10], [10, 10], [120, 200], [0.03, 0.05], [0.3, 0.5]];
    for (const [most, ceiling] of cases) assert(Math.abs(niceCeiling(most) - ceiling) < 1e-9, `${most}: ${niceCeiling(most)}`);
  });

  test("a line breaks where nothing is known, and stays inside", () => {
    assert.equal(path([0, 10, null, 5, 99], 10, 100, 50), "M0.0 50.0L25.0 0.0M75.0 25.0L100.0 0.0");
    assert.equal(path([], 10, 100, 50), "");
  });

  test("numbers stand in words beside the lines", async () => {
    await show(<Plot title="Latency" lines={[{ name: "half", values: [1, null, 3] }, { name: "none", values: [null] }]} unit={(value) => `${value} ms`} from="10:00" to="11:00" />);
    assert.match(text(), /half: now 3 ms, most 3 ms/);
    assert.match(text(), /none: none yet/);
    assert.equal(one("svg").getAttribute("aria-hidden"), "true");
    await show(<Plot title="Latency" lines={[{ name: "half", values: [null] }]} unit={String} from="10:00" to="11:00" />);
    assert.match(text(), /No numbers yet/);
  });

  test("requests are told per second, and latencies in milliseconds", async () => {
    const point: Point = { at: now, requests: 25, errors: 5, p50: 0.012, p95: 0.2, p99: 1.5, queued: 3, running: 2, residentBytes: 104_857_600, eventStreams: 4 };
    scripted().on("GET /admin/overview", () => ({ now, bucketSeconds: 10, points: [point] }));
    await signedIn(<OverviewSection />);
    assert.match(text(), /requests: now 2\.5\/s, most 2\.5\/s/);
    assert.match(text(), /half are faster than: now 12 ms.*99 of 100: now 1\.5 s/);
    assert.match(text(), /resident: now 100 MiB/);
  });
});

describe("The queue", () => {
  const waiting = { id: "a2", session: pseudonym, acuity: "urgent", position: 1, queuedAt: now, attempt: 1 };
  const queue: Queue = {
    state: "running", waiting: [{ ...waiting, estimatedSeconds: 65 }, { ...waiting, id: "a3", position: 2, notBefore: now }, { ...waiting, id: "a4", position: 3 }],
    running: [{ id: "a1", session: pseudonym, acuity: "routine", state: "inferring", attempt: 2 }], dead: [{ id: "a0", session: pseudonym, attempts: 3, code: "engine-failed", diedAt: now }],
  };
  const shown = async (answer: () => Queue): Promise<ScriptedServer> => {
    const server = scripted().on("GET /admin/queue", answer);
    await signedIn(<QueueSection mayChange />);
    return server;
  };

  test("tells what runs, what waits and for how long, and what could not be done", async () => {
    await shown(() => queue);
    assert.deepEqual(rows("Running (1)").map((cells) => cells.slice(2)), [["routine", "inferring", "2"]]);
    assert.deepEqual(rows("Waiting (3)").map((cells) => cells[6]?.replace(/\d\d:\d\d$/, "…")), ["1:05", "put off until …", "not known yet"]);
    assert.deepEqual(rows("Could not be done (1)").map((cells) => cells[3]), ["engine-failed"]);
  });

  test("is paused and goes on", async () => {
    let state: Queue["state"] = "running";
    const server = await shown(() => ({ ...queue, state }));
    server.on("POST /admin/queue/pause", () => void (state = "paused")).on("POST /admin/queue/resume", () => void (state = "running"));
    await press("Pause");
    await until(() => text().includes("The queue is paused"));
    await press("Resume");
    await until(() => text().includes("The queue is running"));
  });

  test("what could not be done is tried again", async () => {
    let dead = queue.dead;
    const server = await shown(() => ({ ...queue, dead }));
    server.on("POST /admin/analyses/a0/requeue", () => {
      dead = [];
      return { status: 202, json: { id: "a0" } };
    });
    await press("Try again");
    await until(() => text().includes("Could not be done (0)"));
  });
});

test("Workers are told with their memory and their trouble", async () => {
  scripted().on("GET /admin/workers", () => ({ waiting: 2, workers: [{ state: "busy", processId: 12, jobs: 1234, restarts: 1, residentBytes: 524_288_000 }, { state: "pausing", jobs: 0, restarts: 5, trouble: "It can't be started." }] }));
  await signedIn(<WorkersSection />);
  assert.match(text(), /wait for a worker: 2/);
  assert.deepEqual(rows("Workers"), [["busy", "12", "1,234", "1", "500 MiB", ""], ["pausing", "", "0", "5", "", "It can't be started."]]);
});

describe("Alerts and errors", () => {
  const alert: Alert = { id: "queue-age", state: "inactive", severity: "warning", text: "Analyses wait too long.", signal: "queue-age", comparison: "above", threshold: 60, runbook: "docs/operations.md#queue-age" };

  test("what fires stands first, with what to do", async () => {
    scripted().on("GET /admin/alerts", () => ({ alerts: [alert, { ...alert, id: "disk-space", state: "firing", value: 3, since: now }] }));
    await signedIn(<AlertsSection mayChange />);
    assert.deepEqual(all(".card h2").map((heading) => text(heading)), ["disk-space: firing", "queue-age: inactive"]);
    assert.match(text(one(".alert-firing")), /What to do: docs\/operations\.md#queue-age/);
  });

  test("one is silenced with a reason", async () => {
    const server = scripted().on("GET /admin/alerts", () => ({ alerts: [{ ...alert, state: "firing" }] })).on("POST /admin/alerts/queue-age/silence", () => ({ ...alert }));
    await signedIn(<AlertsSection mayChange />);
    await type(field("because"), "New disk on Monday");
    await press("Save");
    await until(() => server.bodies("POST /admin/alerts/queue-age/silence").length === 1);
    assert.deepEqual(server.bodies("POST /admin/alerts/queue-age/silence"), [{ minutes: 60, reason: "New disk on Monday" }]);
  });

  test("errors are listed newest first, and one is marked as resolved", async () => {
    let resolvedAt: string | null = null;
    const group = { origin: "server", count: 3, firstSeen: now, requestIds: ["r1", "r2"] };
    const server = scripted().on("GET /admin/errors", () => ({
      errors: [{ ...group, fingerprint: "f1", message: "older", lastSeen: now, resolvedAt: now }, { ...group, fingerprint: "f2", message: "newer", lastSeen: seconds(now, 60), resolvedAt }, { ...group, fingerprint: "f3", message: "newest", lastSeen: seconds(now, 90), resolvedAt: now }],
    }));
    server.on("POST /admin/errors/f2/resolve", () => ({ fingerprint: "f2", resolvedAt: (resolvedAt = now) }));
    await signedIn(<ErrorsSection mayChange />);
    assert.deepEqual(rows("Open").map((cells) => cells[1]), ["newer"]);
    assert.deepEqual(rows("Resolved").map((cells) => cells[1]), ["newest", "older"]);
    await press("Mark as resolved");
    await until(() => text().includes("No errors."));
  });
});

describe("Sessions and the trail", () => {
  const line = { number: 9, at: now, actor: "operator", name: "Ada Example", role: "clinician", session: pseudonym, action: "record-read", subject: "session", outcome: "done", request: "r1", bytes: 1200 };

  test("a session leads to what was done with it", async () => {
    scripted().on("GET /admin/sessions", () => ({ sessions: [{ session: pseudonym, createdAt: now, lastSeenAt: now, expiresAt: now, uploads: 1, analyses: 2, reports: 3, conversations: 4 }] }));
    await signedIn(<SessionsSection />);
    assert.deepEqual(rows("Open sessions")[0]?.slice(4, 8), ["1", "2", "3", "4"]);
    assert.equal(control("What was done").getAttribute("href"), `#audit?session=${pseudonym}`);
  });

  test("a long list is read a page at a time, and goes on where it failed", async () => {
    function Numbers() {
      const pages = usePages<number, { numbers: number[]; next?: number | null }>("/numbers?x=1", ({ numbers }) => numbers);
      return <Paged pages={pages}>{(numbers) => <p>{numbers.join(",")}</p>}</Paged>;
    }
    let fails = true;
    scripted().on("GET /admin/numbers?x=1", () => ({ numbers: [1, 2], next: 2 })).on("GET /admin/numbers?x=1&after=2", () => (fails ? problem(503, "unavailable") : { numbers: [3] }));
    await signedIn(<Numbers />);
    await press("Show more");
    await until(() => alerts() !== "");
    assert.match(text(), /^1,2/);
    fails = false;
    await press("Try again");
    await until(() => text() === "1,2,3");
    assert(!hasControl("Show more"));
  });

  test("the trail is searched by what the address names, then by what is typed", async () => {
    const server = scripted().on(`GET /admin/audit?session=${pseudonym}`, () => ({ lines: [line] })).on(`GET /admin/audit?session=${pseudonym}&action=record-read`, () => ({ lines: [] }));
    await signedIn(<AuditSection />, `/#audit?session=${pseudonym}`);
    assert.deepEqual(rows("Lines")[0]?.slice(2), ["operator Ada Example (clinician)", pseudonym, "record-read", "session", "done", "1,200", "r1"]);
    await type(field("Action"), "record-read");
    assert.equal(server.asked.length, 1, "nothing is asked while one types");
    await press("Search");
    await until(() => text().includes("No line fits."));
  });

  test("times are sent as instants", () => {
    assert.equal(trailPath({ session: " a b ", action: "", from: "", to: "" }), "/audit?session=a+b");
    const asked = new URLSearchParams(trailPath({ session: "", action: "", from: "2026-11-28T10:00", to: "" }).split("?")[1]);
    assert.equal(Date.parse(asked.get("from") ?? ""), new Date("2026-11-28T10:00").getTime());
    assert.equal(trailPath({ session: "", action: "", from: "", to: "" }), "/audit");
  });
});

describe("Models", () => {
  const check = { status: "drifted", analyses: "paused", model: "chest", version: "1.2.0", checkedAt: now, pictures: 4, troubles: ["Picture 2 gives another score."] };

  test("a drifted model says so, and is checked again", async () => {
    let status = "drifted";
    const server = scripted().on("GET /admin/model/check", () => ({ ...check, status })).on("GET /admin/models/withdrawals", () => ({ withdrawals: [] }));
    server.on("POST /admin/model/check", () => ({ ...check, status: (status = "passed") }));
    await signedIn(<ModelsSection mayChange />);
    assert.match(text(), /gives something else than when it was made.*New analyses are paused.*Picture 2 gives another score/);
    await press("Check now");
    await until(() => text().includes("gives what it gave when it was made"));
  });

  test("a version is withdrawn only after a second thought; who it was the server knows", async () => {
    const server = scripted().on("GET /admin/model/check", () => check).on("GET /admin/models/withdrawals", () => ({ withdrawals: [] }));
    server.on("POST /admin/models/chest/1.2.0/withdraw", () => ({ status: 201, json: {} }));
    await signedIn(<ModelsSection mayChange />);
    await type(field("Why"), "Too many false alarms");
    await press("Withdraw");
    assert.deepEqual(server.bodies("POST /admin/models/chest/1.2.0/withdraw"), []);
    await settled(() => field("This can’t be taken back").click());
    await press("Withdraw");
    await until(() => server.bodies("POST /admin/models/chest/1.2.0/withdraw").length === 1);
    assert.deepEqual(server.bodies("POST /admin/models/chest/1.2.0/withdraw"), [{ reason: "Too many false alarms" }]);
  });
});

test("Maintenance is begun with what people read, and ended", async () => {
  let state: object = { on: false };
  const server = scripted().on("GET /admin/maintenance", () => state);
  server.on("PUT /admin/maintenance", ({ body }) => (state = { ...(body as object), since: now }));
  await signedIn(<MaintenanceSection mayChange />);
  await type(field("What people read"), "We are back at 18:00.");
  await press("Begin maintenance");
  await until(() => text().includes("Maintenance is on"));
  assert.match(text(), /“We are back at 18:00\.”/);
  await press("End maintenance");
  await until(() => text().includes("Maintenance is off"));
  assert.deepEqual(server.bodies("PUT /admin/maintenance"), [{ on: true, message: "We are back at 18:00." }, { on: false }]);
});

describe("A record in need", () => {
  const record = {
    grant: { grant: "g1", session: pseudonym, openedAt: now, expiresAt: "2126-11-23T10:15:00Z" }, history: { answers: { reason: "<b>cough</b>", age: 54 } }, acuity: { level: "soon" }, pictures: [],
    analyses: [{ id: "a1", state: "completed", createdAt: now, result: { findings: [{ id: "effusion", name: "Effusion", probability: 0.31, flagged: true }] } }], readings: [], reports: [],
  };

  test("is opened with a reason and read, and what was typed in it stays text", async () => {
    const server = scripted().on(`POST /admin/records/${pseudonym}/break-glass`, () => ({ status: 201, json: { grant: "g1" } })).on(`GET /admin/records/${pseudonym}?grant=g1`, () => record);
    await signedIn(<RecordSection mayOpen />);
    await type(field("Session"), pseudonym);
    await type(one<HTMLTextAreaElement>("textarea"), "Found unconscious");
    await press("Open the record");
    await until(() => text().includes("Open until"));
    assert.deepEqual(server.bodies(`POST /admin/records/${pseudonym}/break-glass`), [{ reason: "Found unconscious" }]);
    assert.deepEqual(rows("History"), [["reason", "<b>cough</b>"], ["age", "54"]]);
    assert.deepEqual(rows("What the model found"), [["Effusion", "yes", "31 %"]]);
    await press("Close");
    assert(control("Open the record"));
  });

  test("is closed when its time is over", async () => {
    scripted().on(`POST /admin/records/${pseudonym}/break-glass`, () => ({ status: 201, json: { grant: "g1" } })).on(`GET /admin/records/${pseudonym}?grant=g1`, () => ({ ...record, grant: { ...record.grant, expiresAt: now } }));
    await signedIn(<RecordSection mayOpen />);
    await type(field("Session"), pseudonym);
    await type(one<HTMLTextAreaElement>("textarea"), "Found unconscious");
    await press("Open the record");
    await until(() => hasControl("Open the record"));
    assert.doesNotMatch(text(), /cough/);
  });

  test("isn't offered to who may not", async () => {
    await signedIn(<RecordSection mayOpen={false} />);
    assert.equal(all("button").length, 0);
  });
});
