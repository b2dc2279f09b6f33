import { hasControl, limits, one, problem, scripted, session, settled, show, showInside, text, until } from "./harness";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { App } from "../src/app/App";
import { PausedNotice } from "../src/app/PausedNotice";
import { useLoadLimits, type Limits } from "../src/shared/api/limits";
import type { After } from "../src/shared/clock";
import { request } from "../src/shared/http";

/** Keeps what is to be done later, and after how many milliseconds. */
class Clock {
  waiting: { milliseconds: number; work: () => void }[] = [];
  readonly after: After = (milliseconds, work) => {
    const entry = { milliseconds, work };
    this.waiting.push(entry);
    return () => {
      this.waiting = this.waiting.filter((other) => other !== entry);
    };
  };
  async ring() {
    assert.equal(this.waiting.length, 1, "one question is planned");
    const [{ work } = { work: () => undefined }] = this.waiting.splice(0);
    await settled(work);
  }
  get next() {
    return this.waiting.map(({ milliseconds }) => milliseconds);
  }
}

let shows = 0;
function Told({ clock }: { clock: After }) {
  const { data } = useLoadLimits(clock);
  shows += 1;
  return <p>{data ? (data.maintenance?.message ?? data.analysesPausedBy ?? "All goes on.") : "Nothing is known."}</p>;
}

describe("What has to wait", () => {
  test("is asked again now and then, more often while something waits, and is over by itself", async () => {
    const clock = new Clock();
    const server = scripted().on("GET /limits", () => limits);
    await show(<Told clock={clock.after} />);
    await until(() => text() === "All goes on.");
    assert.deepEqual(clock.next, [60_000]);
    const before = shows;
    await clock.ring();
    await until(() => clock.next.length === 1);
    assert.equal(shows, before, "the same answer shows nothing anew");
    server.on("GET /limits", () => ({ ...limits, analysesPausedBy: "model-check" }));
    await clock.ring();
    await until(() => text() === "model-check");
    assert.deepEqual(clock.next, [10_000]);
    server.on("GET /limits", () => problem(500, "internal"));
    await clock.ring();
    await until(() => clock.next.length === 1);
    assert.equal(text(), "model-check", "no answer is no news");
    server.on("GET /limits", () => ({ ...limits, maintenance: { message: "Back at noon.", since: "2026-01-01T00:00:00Z" } }));
    await clock.ring();
    await until(() => text() === "Back at noon.");
    server.on("GET /limits", () => limits);
    await clock.ring();
    await until(() => text() === "All goes on.");
    assert.deepEqual(clock.next, [60_000]);
  });

  test("is asked at once when the server refuses something for now, and not when nobody wanted to change anything", async () => {
    const clock = new Clock();
    const server = scripted().on("GET /limits", () => limits);
    await show(<Told clock={clock.after} />);
    await until(() => text() === "All goes on.");
    server.on("GET /limits", () => ({ ...limits, analysesPausedBy: "model-check" }));
    server.on("GET /analyses", () => problem(503, "storage-busy")).on("POST /analyses", () => problem(503, "model-check-failed"));
    await settled(() => void request("GET", "/analyses").catch(() => undefined));
    assert.equal(text(), "All goes on.");
    await settled(() => void request("POST", "/analyses").catch(() => undefined));
    await until(() => text() === "model-check");
  });

  test("stands where somebody would begin an analysis, with what it means for them, and nowhere else", async () => {
    const paused = { ...limits, analysesPausedBy: "model-check" };
    const server = scripted().on("GET /limits", () => paused).on("GET /session", () => session);
    server.on("GET /samples", () => []).on("GET /access-log", () => ({ entries: [] }));
    await show(<App />, "/picture");
    await until(() => text().includes("New analyses are paused"));
    assert.match(text(one(".notice.attention")), /A check of the model did not give the expected result.*What you entered and sent is kept.*If something feels wrong, don't wait for this: ask a doctor/);
    await show(<App key="elsewhere" />, "/access-log");
    await until(() => hasControl("Log off"));
    assert.doesNotMatch(text(), /paused/);
    await showInside(<PausedNotice />, "/", limits as Limits);
    assert.equal(text(), "");
  });
});
