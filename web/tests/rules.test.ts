import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isAsked, questionsOf, type Answers, type EnableWhen, type Item } from "../src/features/history/questionnaire";
import { canShow, faultOf, mediaType, sizeFaultOf } from "../src/features/picture/checkFile";
import { place } from "../src/features/results/ProbabilityBar";
import { isFinal } from "../src/shared/api/analyses";
import { binaryBytes, bytes, countdown, duration, percent } from "../src/shared/format";
import { asProblem, Problem, problemCodes, problemOf } from "../src/shared/problem";
import { paths, routeOf } from "../src/shared/router";
import { limits, questionnaire } from "./harness";

describe("Numbers in words", () => {
  const cases: [string, string][] = [
    [bytes(0), "0 bytes"], [bytes(999), "999 bytes"], [bytes(1000), "1.0 kB"], [bytes(677_000), "677 kB"], [bytes(2_345_678), "2.3 MB"],
    [binaryBytes(104_857_600), "100 MiB"], [binaryBytes(1536), "1.5 KiB"],
    [percent(0), "under 0.1 %"], [percent(0.00099), "under 0.1 %"], [percent(0.022), "2.2 %"], [percent(0.29), "29 %"],
    [percent(0.995), "99.5 %"], [percent(1), "over 99.9 %"],
    [countdown(65), "1:05"], [countdown(0.2), "0:01"], [countdown(-5), "0:00"], [duration(380.4), "380 ms"], [duration(4600), "4.6 s"],
  ];
  for (const [said, expected] of cases) test(`"${expected}"`, () => assert.equal(said, expected));

  test("A probability's place on the ruler grows with it and stays on it", () => {
    const places = [0, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 1].map(place);
    assert.equal(places[0], 0);
    assert.equal(Math.round(places[4] ?? 0), 50);
    assert.equal(places[places.length - 1], 100);
    assert.deepEqual(places, [...places].sort((a, b) => a - b));
  });
});

describe("Addresses", () => {
  const cases: [string, object][] = [
    ["/", { page: "welcome" }], ["/history", { page: "history", topic: null }], ["/history/", { page: "history", topic: null }], ["/history/visit", { page: "history", topic: "visit" }], ["/picture", { page: "picture" }],
    ["/picture/a%2Fb", { page: "received", uploadId: "a/b" }], ["/analyses/x", { page: "analysis", analysisId: "x" }],
    ["/analyses", { page: "unknown" }], ["/erased", { page: "erased" }], ["/record", { page: "record" }], ["/record/x", { page: "unknown" }], ["/a/b/c", { page: "unknown" }], ["/%E0%A4%A", { page: "unknown" }],
  ];
  for (const [path, route] of cases) test(`${path} leads to ${JSON.stringify(route)}`, () => assert.deepEqual(routeOf(path), route));

  test("Paths lead to where they say", () => {
    assert.deepEqual(routeOf(paths.received("a/b")), { page: "received", uploadId: "a/b" });
    assert.deepEqual(routeOf(paths.analysis("é")), { page: "analysis", analysisId: "é" });
  });
});

describe("Problems", () => {
  test("Every code has a sentence of its own that says what to do", () => {
    assert(problemCodes.length > 30);
    const sentences = problemCodes.map((code) => new Problem(code).sentence);
    assert.equal(new Set(sentences).size, sentences.length);
    for (const sentence of sentences) assert.match(sentence, /^[A-Z].*\.$/);
  });

  test("An answer of the API becomes its code, its reference and its fields", () => {
    const body = { code: "validation-failed", detail: "d", instance: "i1", errors: [{ pointer: "/answers/a~1b", code: "required", detail: "Say it." }, "x"] };
    const problem = problemOf(422, JSON.stringify(body), "r1");
    assert.deepEqual([problem.code, problem.status, problem.requestId, problem.detail], ["validation-failed", 422, "i1", "d"]);
    assert.deepEqual(problem.byField, { "a/b": "Say it." });
  });

  for (const body of ["", "<html>", "[]", "null", '{"code":"constructor"}', '{"code":7}']) {
    test(`An answer like ${body || "nothing"} is unexpected, and says so in words`, () => {
      const problem = problemOf(502, body, "r1");
      assert.deepEqual([problem.code, problem.requestId], ["unexpected", "r1"]);
      assert.match(problem.sentence, /doesn't understand/);
    });
  }

  test("Whatever is thrown becomes a problem", () => {
    assert.equal(asProblem(new TypeError("x")).code, "unexpected");
    assert.equal(asProblem("x").code, "unexpected");
    assert.equal(asProblem(new Problem("network")).code, "network");
  });
});

describe("When a question is asked", () => {
  const code = (operator: EnableWhen["operator"], value: string): EnableWhen => ({ question: "q", operator, answerCoding: { code: value } });
  const number = (operator: EnableWhen["operator"], value: number): EnableWhen => ({ question: "n", operator, answerInteger: value });
  const cases: [string, EnableWhen[], Answers, boolean, ("all" | "any")?][] = [
    ["without a condition", [], {}, true],
    ["= holds", [code("=", "a")], { q: "a" }, true],
    ["= doesn't hold", [code("=", "a")], { q: "b" }, false],
    ["= without an answer", [code("=", "a")], {}, false],
    ["!= holds", [code("!=", "a")], { q: "b" }, true],
    ["!= without an answer doesn't hold either", [code("!=", "a")], {}, false],
    ["= in several answers", [code("=", "a")], { q: ["b", "a"] }, true],
    [">= at its edge", [number(">=", 10)], { n: 10 }, true],
    ["> at its edge", [number(">", 10)], { n: 10 }, false],
    ["<= beyond", [number("<=", 10)], { n: 11 }, false],
    ["a number compared with a text", [number("<", 10)], { n: "5" }, false],
    ["exists", [{ question: "q", operator: "exists", answerBoolean: true }], { q: "" }, true],
    ["exists not", [{ question: "q", operator: "exists", answerBoolean: false }], {}, true],
    ["all of two, one holds", [code("=", "a"), number(">", 1)], { q: "a" }, false, "all"],
    ["any of two, one holds", [code("=", "a"), number(">", 1)], { q: "a" }, true, "any"],
  ];
  for (const [name, enableWhen, answers, expected, enableBehavior] of cases) {
    test(`${name}: ${expected ? "asked" : "not asked"}`, () => {
      const item: Item = { linkId: "x", text: "x", type: "string", enableWhen, ...(enableBehavior ? { enableBehavior } : {}) };
      assert.equal(isAsked(item, answers), expected);
    });
  }

  test("Help texts are no questions, and groups are flattened", () => {
    assert.deepEqual(questionsOf(questionnaire.item[0] as Item).map((item) => item.linkId), ["pseudonym", "age", "sex", "pregnancy"]);
  });
});

describe("What can be known of a file before it is sent", () => {
  const file = (name: string, type: string, size = 5) => new File([new Uint8Array(size)], name, { type });
  const small = { ...limits, maxUploadBytes: 10 };
  const cases: [File, RegExp | null][] = [
    [file("a.png", "image/png"), null], [file("a.dcm", ""), null], [file("IM0001", ""), null], [file("a", "application/octet-stream"), null],
    [file("a.png", "image/png", 0), /is empty/], [file("a.png", "image/png", 11), /At most/], [file("a.pdf", "application/pdf"), /can't be read here/],
    [file("a.txt", "text/plain"), /can't be read here/], [file("a.heic", "image/heic"), /can't be read here/], [file("a.dcm", "text/plain"), null],
  ];
  for (const [given, expected] of cases) {
    test(`${given.name} of ${given.size} bytes, ${given.type || "no type"}`, () => {
      const fault = faultOf(given, small);
      if (expected) assert.match(fault ?? "", expected);
      else assert.equal(fault, null);
    });
  }

  test("The type is the browser's, else that of the name, else unknown", () => {
    assert.equal(mediaType(file("a", "image/png"), limits), "image/png");
    assert.equal(mediaType(file("A.DCM", ""), limits), "application/dicom");
    assert.equal(mediaType(file("a", ""), limits), "application/octet-stream");
    assert.equal(canShow(file("a.dcm", ""), limits), false);
    assert.equal(canShow(file("a.jpg", ""), limits), true);
  });

  test("A picture that is too large or too small is named with its limits", () => {
    assert.equal(sizeFaultOf(100, 100, limits), null);
    assert.match(sizeFaultOf(20_001, 10, limits) ?? "", /20,000/);
    assert.match(sizeFaultOf(63, 1000, limits) ?? "", /64/);
  });
});

test("An analysis ends in four ways", () => {
  assert.deepEqual((["queued", "inferring", "completed", "refused", "failed", "cancelled"] as const).map(isFinal), [false, false, true, true, true, true]);
});
