import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { refusalOf, type Reception } from "../src/shared/api/receptions";
import { Problem } from "../src/shared/problem";
import { after, begun, delay, largestPiece, smallestPiece, type Step, type TusAnswer, type TusEvent, type TusState } from "../src/shared/tus";

const size = 20_000_000;
const file = { size, archive: false };
const zip = { size, archive: true };
const steps: Step[] = ["creating", "asking", "sending", "checking"];

const state = (step: Step, more: Partial<TusState> = {}): TusState => ({ ...begun(step === "creating" ? null : "r1"), offset: step === "sending" ? 1000 : 0, ...more, now: { step } });
const waiting = (then: Step, why: "lost" | "busy" | "reading", seconds: number | null = null): TusState => ({ ...state(then), now: { step: "waiting", then, why, seconds }, tries: 1 });
const answer = (status: number, more: Partial<TusAnswer> = {}): TusEvent => ({ type: "answer", answer: { status, problem: status >= 400 ? new Problem("unexpected", "", status) : null, ...more } });
const reception = (kind: Reception["state"], more: Partial<Reception> = {}): TusEvent =>
  answer(200, { reception: { id: "r1", fileName: "a", offset: size, length: size, expiresAt: "", state: kind, uploads: [], refused: [], ...more } });

/** `sending@5`, `asking after busy 7s`, `failed 413`. */
function brief({ now, offset }: TusState): string {
  if (now.step === "waiting") return `${now.then} after ${now.why}${now.seconds === null ? "" : ` ${now.seconds}s`}`;
  if (now.step !== "ended") return now.step === "sending" ? `sending@${offset}` : now.step;
  const { outcome } = now;
  return outcome.kind === "failed" ? `failed ${outcome.problem.status || outcome.problem.code}` : outcome.kind;
}

describe("A resumable upload, at every step and after every answer", () => {
  const passes = [408, 423, 425, 429, 502, 503, 504];
  const fails = [400, 401, 403, 405, 412, 413, 415, 500, 507];
  const table: [Step, string, TusEvent, string][] = [
    ...steps.flatMap((step) => passes.map((status): [Step, string, TusEvent, string] => [step, `${status}`, answer(status), `${step === "sending" ? "asking" : step} after busy`])),
    ...steps.flatMap((step) => fails.map((status): [Step, string, TusEvent, string] => [step, `${status}`, answer(status), `failed ${status}`])),
    ...steps.map((step): [Step, string, TusEvent, string] => [step, "503 with Retry-After", answer(503, { retryAfter: 7 }), `${step === "sending" ? "asking" : step} after busy 7s`]),
    ...steps.map((step): [Step, string, TusEvent, string] => [step, "a lost connection", { type: "lost" }, `${step === "sending" ? "asking" : step} after lost`]),
    ...steps.map((step): [Step, string, TusEvent, string] => [step, "a cancellation", { type: "cancel" }, "cancelled"]),
    ...steps.map((step): [Step, string, TusEvent, string] => [step, "an unreadable file", { type: "unreadable" }, "failed file-changed"]),

    ["creating", "201 with an id", answer(201, { id: "r1" }), "sending@0"],
    ["creating", "201 with an id and part of the file", answer(201, { id: "r1", offset: 500 }), "sending@500"],
    ["creating", "201 with an id and all of the file", answer(201, { id: "r1", offset: size }), "checking"],
    ["creating", "201 with more than all of the file", answer(201, { id: "r1", offset: size + 1 }), "sending@0"],
    ["creating", "201 without an id", answer(201), "failed unexpected"],
    ["creating", "404", answer(404), "failed 404"],
    ["creating", "409", answer(409), "failed 409"],
    ["creating", "409 because the same request is under way", answer(409, { problem: new Problem("request-in-progress", "", 409) }), "creating after busy"],
    ["creating", "422", answer(422), "failed 422"],

    ["asking", "an offset", answer(200, { offset: 4000 }), "sending@4000"],
    ["asking", "an offset at the end", answer(200, { offset: size }), "checking"],
    ["asking", "an offset beyond the end", answer(200, { offset: size + 1 }), "failed unexpected"],
    ["asking", "no offset", answer(204), "failed unexpected"],
    ["asking", "404", answer(404), "checking"],
    ["asking", "410", answer(410), "checking"],
    ["asking", "409", answer(409), "failed 409"],
    ["asking", "422", answer(422), "failed 422"],

    ["sending", "a higher offset", answer(204, { offset: 9000 }), "sending@9000"],
    ["sending", "an offset at the end", answer(204, { offset: size }), "checking"],
    ["sending", "an offset that isn't higher", answer(204, { offset: 1000 }), "asking"],
    ["sending", "an offset beyond the end", answer(204, { offset: size + 1 }), "asking"],
    ["sending", "no offset", answer(204), "asking"],
    ["sending", "409", answer(409), "asking"],
    ["sending", "409 because the session is full", answer(409, { problem: new Problem("too-many-uploads", "", 409) }), "failed 409"],
    ["sending", "400 because the piece broke off", answer(400, { problem: new Problem("upload-incomplete", "", 400) }), "asking"],
    ["sending", "404", answer(404), "checking"],
    ["sending", "410", answer(410), "checking"],
    ["sending", "422", answer(422), "failed 422"],

    ["checking", "kept", reception("kept"), "kept"],
    ["checking", "refused with a problem", reception("refused", { problem: { code: "no-pixels", title: "", detail: "", status: 422 } }), "failed 422"],
    ["checking", "refused with the code of its only file", reception("refused", { refused: [{ fileName: "a", code: "empty-file", detail: "" }] }), "failed 422"],
    ["checking", "refused without a word", reception("refused"), "failed 422"],
    ["checking", "being read", reception("checking"), "checking after reading"],
    ["checking", "all there, not read yet", reception("receiving"), "checking after reading"],
    ["checking", "not all there", reception("receiving", { offset: 70 }), "sending@70"],
    ["checking", "an answer that can't be read", answer(200), "failed unexpected"],
    ["checking", "404", answer(404), "creating"],
    ["checking", "410", answer(410), "creating"],
    ["checking", "409", answer(409), "failed 409"],
    ["checking", "422", answer(422), "failed 422"],
  ];
  for (const [step, what, event, expected] of table) {
    test(`${step}: ${what} leads to ${expected}`, () => assert.equal(brief(after(state(step), event, file)), expected));
  }

  test("A piece that arrived changed is sent again, three times at most, wherever it was sent", () => {
    for (const step of ["creating", "sending"] as const) {
      let now = state(step);
      for (let time = 1; time <= 3; time += 1) {
        now = after(now, answer(460), file);
        assert.deepEqual([brief(now), now.spoilt], [step === "creating" ? "creating" : "sending@1000", time]);
      }
      assert.equal(brief(after(now, answer(460), file)), "failed 460");
    }
    const once = after(state("sending"), answer(460), file);
    assert.equal(after(once, answer(204, { offset: 2000 }), file).spoilt, 0);
  });

  test("Offsets that both sides dispute are asked for again, and after three times not at once", () => {
    let now = state("sending");
    for (const expected of ["asking", "asking", "asking after busy"]) {
      now = after(now, answer(409), file);
      assert.equal(brief(now), expected);
      if (now.now.step === "asking") now = after(now, answer(200, { offset: 1000 }), file);
    }
  });

  test("What is gone is begun anew once, and then no more", () => {
    const anew = after(state("checking"), answer(410), file);
    assert.deepEqual([brief(anew), anew.restarted, anew.id, anew.offset], ["creating", true, null, 0]);
    assert.equal(brief(after({ ...state("checking"), restarted: true }, answer(410), file)), "failed 410");
  });

  test("An archive that was refused is asked for the reason of each file, and keeps its own where there are none", () => {
    const refused = new Problem("no-pixels", "", 422);
    const asking = after(state("sending"), answer(422, { problem: refused }), zip);
    assert.equal(brief(asking), "checking");
    const files = [{ fileName: "a.txt", code: "unsupported-format", detail: "No picture." }];
    const told = after(asking, reception("refused", { refused: files }), zip).now;
    assert.deepEqual(told, { step: "ended", outcome: { kind: "failed", problem: refused, refused: files } });
    assert.deepEqual(after(asking, answer(410), zip).now, { step: "ended", outcome: { kind: "failed", problem: refused, refused: [] } });
  });

  test("What was kept comes with what was refused", () => {
    const files = [{ fileName: "a.txt", code: "unsupported-format", detail: "No picture." }];
    const { now } = after(state("checking"), reception("kept", { refused: files }), zip);
    assert.deepEqual(now, { step: "ended", outcome: { kind: "kept", uploads: [], refused: files } });
  });

  test("A piece is halved by each lost connection and doubled by each that arrives, within bounds", () => {
    let now = state("sending");
    for (let time = 0; time < 10; time += 1) now = after({ ...now, now: { step: "sending" } }, { type: "lost" }, file);
    assert.equal(now.piece, smallestPiece);
    for (let offset = 2000; offset < 12_000; offset += 1000) now = after({ ...now, now: { step: "sending" } }, answer(204, { offset }), file);
    assert.equal(now.piece, largestPiece);
    assert.equal(after(state("asking"), { type: "lost" }, file).piece, largestPiece);
  });
});

describe("Why nothing of an upload was kept", () => {
  const refused = (fileName: string, code = "empty-file") => ({ fileName, code, detail: "" });
  const problem = { code: "no-pixels", title: "", detail: "", status: 422 };
  const cases: [string, Partial<Reception>, string, string[]][] = [
    ["a picture's own code", { refused: [refused("film.dcm")] }, "empty-file", []],
    ["the problem that is told", { problem, refused: [refused("film.dcm")] }, "no-pixels", []],
    ["an archive's files, each with its own", { refused: [refused("a.txt"), refused("b.txt")] }, "nothing-readable", ["a.txt", "b.txt"]],
    ["an archive with one file", { refused: [refused("a.txt")] }, "nothing-readable", ["a.txt"]],
    ["an archive that can't be opened", { refused: [refused("film.dcm", "damaged-archive")] }, "damaged-archive", []],
  ];
  for (const [what, more, code, files] of cases) {
    test(what, () => {
      const told = refusalOf({ id: "r1", fileName: "film.dcm", offset: 1, length: 1, expiresAt: "", state: "refused", uploads: [], refused: [], ...more });
      assert.deepEqual([told.problem.code, told.problem.status, told.refused.map(({ fileName }) => fileName)], [code, 422, files]);
    });
  }
});

describe("A resumable upload that waits", () => {
  const events: [string, TusEvent, boolean][] = [
    ["the end of the wait", { type: "elapsed" }, true], ["an impatient press", { type: "try-now" }, true],
    ["another lost connection", { type: "lost" }, false], ["an answer that comes late", answer(204, { offset: 9000 }), false],
  ];
  for (const then of steps) {
    for (const why of ["lost", "busy", "reading"] as const) {
      for (const [what, event, goesOn] of events) {
        test(`${why}, then ${then}: ${what} ${goesOn ? "goes on" : "changes nothing"}`, () => {
          const before = waiting(then, why);
          const now = after(before, event, file);
          if (goesOn) assert.deepEqual(now, { ...before, now: { step: then } });
          else assert.equal(now, before);
        });
      }
      test(`${why}, then ${then}: being online again ${why === "lost" ? "goes on" : "changes nothing"}`, () => {
        const before = waiting(then, why);
        assert.deepEqual(after(before, { type: "online" }, file), why === "lost" ? { ...before, now: { step: then } } : before);
      });
      test(`${why}, then ${then}: can be cancelled`, () => assert.equal(brief(after(waiting(then, why), { type: "cancel" }, file)), "cancelled"));
    }
  }

  test("waits from 1 to 30 s, longer with each try, and never in step with others", () => {
    const at = (tries: number, random: number) => delay({ ...waiting("asking", "lost"), tries }, random);
    assert.deepEqual([at(1, 0), at(1, 1), at(2, 1), at(3, 1), at(4, 1), at(5, 1), at(50, 1)], [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    assert.equal(at(50, 0), 1000);
    assert.equal(at(2, 0.5), 2500);
  });

  test("waits as long as the server asked, within reason", () => {
    const asked = (seconds: number) => delay(waiting("asking", "busy", seconds), 0.5);
    assert.deepEqual([asked(7), asked(0), asked(1_000_000)], [7000, 1000, 300_000]);
    assert.equal(delay(waiting("checking", "reading"), 1), 1000);
    assert.equal(delay(state("sending"), 1), 0);
  });

  test("counts the tries in a row, and forgets them when bytes arrive", () => {
    let now = state("sending");
    for (const tries of [1, 2, 3]) {
      now = after(now, { type: "lost" }, file);
      assert.equal(now.tries, tries);
      now = after(now, { type: "elapsed" }, file);
    }
    now = after(now, answer(200, { offset: 1000 }), file);
    assert.equal(now.tries, 3);
    assert.equal(after(now, answer(204, { offset: 1001 }), file).tries, 0);
  });
});

describe("A resumable upload that has ended", () => {
  const over = after(state("sending"), { type: "cancel" }, file);
  const events: TusEvent[] = [{ type: "lost" }, { type: "elapsed" }, { type: "online" }, { type: "try-now" }, { type: "cancel" }, { type: "unreadable" }, answer(204, { offset: size }), reception("kept")];
  for (const event of events) test(`isn't changed by ${event.type}`, () => assert.equal(after(over, event, file), over));
});

test("An upload begins by being created, or by asking how far the earlier one is", () => {
  assert.deepEqual([brief(begun()), brief(begun("r9")), begun("r9").id], ["creating", "asking", "r9"]);
});

test("What only ends a wait does nothing to a request on its way", () => {
  for (const now of steps.map((step) => state(step))) {
    for (const type of ["online", "elapsed", "try-now"] as const) assert.equal(after(now, { type }, file), now);
  }
});
