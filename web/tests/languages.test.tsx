import { all, click, one, scripted, show, text } from "./harness";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, describe, test } from "node:test";
import type { FailureCode, RefusalCode } from "../src/shared/api/analyses";
import { LanguageChoice } from "../src/app/LanguageChoice";
import { chooseLanguage, language, languages, loadTexts, preferredLanguage, texts } from "../src/shared/texts";
import { de } from "../src/shared/texts/de";
import { en } from "../src/shared/texts/en";
import { lateTexts, loadLateTexts } from "../src/shared/texts/late";
import { late as lateGerman } from "../src/shared/texts/late.de";
import { lateEnglish } from "../src/shared/texts/late.en";
import { asked } from "./asked";
import { files } from "./files";

afterEach(() => localStorage.clear());

describe("The language", () => {
  const cases: [string | null, string[], string][] = [
    [null, [], "en"], [null, ["fr", "ja"], "en"], [null, ["de-AT", "en"], "de"], [null, ["fr", "DE"], "de"], [null, ["en-GB", "de"], "en"],
    [null, ["del"], "en"], ["de", ["en"], "de"], ["en", ["de"], "en"], ["xx", ["de"], "de"], ["", ["de"], "de"],
  ];
  for (const [saved, wanted, expected] of cases) {
    test(`chosen ${saved ?? "never"}, wanted by the browser ${wanted.join(", ") || "none"}: ${expected}`, () => {
      if (saved !== null) localStorage.setItem("lightbox:language", saved);
      assert.equal(preferredLanguage(wanted).code, expected);
    });
  }

  test("is read without a storage too", () => {
    const storage = globalThis.localStorage;
    Object.defineProperty(globalThis, "localStorage", { configurable: true, writable: true, value: undefined });
    try {
      assert.equal(preferredLanguage(["de"]).code, "de");
      let loaded = 0;
      chooseLanguage("de", () => (loaded += 1));
      assert.equal(loaded, 1);
    } finally {
      Object.defineProperty(globalThis, "localStorage", { configurable: true, writable: true, value: storage });
    }
  });

  test("is chosen among all, each under its own name, and kept for the next time", async () => {
    scripted();
    let loaded = 0;
    await show(<LanguageChoice onChoose={(code) => chooseLanguage(code, () => (loaded += 1))} />);
    assert.equal(one("nav").getAttribute("aria-label"), "Language");
    assert.deepEqual(all("button").map((button) => [text(button), button.lang, button.getAttribute("aria-current")]), [["English", "en", "true"], ["Deutsch", "de", null]]);
    await click(one("button[lang=de]"));
    assert.equal(loaded, 1);
    assert.equal(preferredLanguage(["en"]).code, "de");
  });

  test("that can't be read leaves the page in English", async () => {
    await loadTexts({ code: "xx", name: "X", direction: "rtl", load: () => Promise.reject(new Error("no answer")) });
    assert.equal(texts, en);
    assert.deepEqual([language, document.documentElement.lang, document.documentElement.dir], ["en", "en", "ltr"]);
  });

  test("that is written from right to left turns the page", async () => {
    await loadTexts({ code: "xx", name: "X", direction: "rtl", load: async () => de });
    assert.deepEqual([texts, language, document.documentElement.lang, document.documentElement.dir], [de, "xx", "xx", "rtl"]);
    await loadTexts(languages[0]);
  });
});

describe("Texts in German", () => {
  function asking(sentence: Function, values: number[]): string | string[] {
    try {
      return sentence(...values);
    } catch {
      return sentence(...values.map(String));
    }
  }

  /** Every text by its place; those that are made of something are made of numbers, or else of words. */
  function told(value: unknown, place = ""): [string, string][] {
    if (typeof value === "string") return [[place, value]];
    if (typeof value === "function") return [[place, [[1, 2, 3], [3, 400, 5]].flatMap((values) => asking(value, values)).join(" ")]];
    return Object.entries(value ?? {}).flatMap(([key, part]) => told(part, `${place}.${key}`));
  }

  test("are all there, in words of their own", () => {
    const own = (all: typeof en) => told({ ...all, questionnaire: null, faults: null, failures: null, refusals: null, fileAdvice: null, acuity: { ...all.acuity, advice: null } });
    const english = new Map(own(en));
    const german = own(de);
    assert.deepEqual(german.map(([place]) => place).sort(), [...english.keys()].sort());
    const sameInBoth = /^\.(product|titled|history\.(row|cell)|version|formats\..*|steps\.welcome|picture\.credit|received\.(format|dicom\.patientName)|analysis\.attempt|results\.(auc|heatmapChoice|showHeatmap)|identity\.fields\.name|assistant\.citation)$/;
    assert.deepEqual(german.filter(([place, said]) => said === english.get(place) && !sameInBoth.test(place)), []);
    for (const [place, said] of german) assert(said.trim() && !/undefined|NaN/.test(said), place);
  });

  test("of late steps are all there too, in words of their own", () => {
    const english = new Map(told(lateEnglish));
    const german = told(lateGerman);
    assert(german.length > 90, `${german.length} texts are found`);
    assert.deepEqual(german.map(([place]) => place).sort(), [...english.keys()].sort());
    const sameInBoth = /^\.reports\.(papers\.a4|formats\.(pdf|fhir)\.name)$/;
    assert.deepEqual(german.filter(([place, said]) => said === english.get(place) && !sameInBoth.test(place)), []);
    for (const [place, said] of german) {
      assert(said.trim() && !/undefined|NaN/.test(said), place);
      assert.doesNotMatch(said, /\b([Dd]u|[Dd]ein\w*|[Dd]ir|[Dd]ich)\b/, place);
    }
  });

  test("of late steps are loaded when they are wanted, and are English where they can't be", async () => {
    const before = lateTexts;
    assert.equal(before, lateEnglish);
    await loadLateTexts("de");
    assert.equal(lateTexts.reports.title, "Bericht");
    await loadLateTexts("xx");
    assert.equal(lateTexts, lateEnglish);
    await loadLateTexts("en");
    assert.equal(lateTexts, lateEnglish);
  });

  test("say every reason why the engine refuses a picture", () => {
    const source = readFileSync("../engine/Sources/Domain/Refusal.swift", "utf8");
    const [, cases] = /struct Refusal[\s\S]*?enum Code[^{]*\{([\s\S]*?)\n    \}/.exec(source) ?? [];
    const codes = [...(cases ?? "").matchAll(/case (\w+)(?: = "([^"]+)")?/g)].map(([, name, code]) => code ?? name ?? "");
    assert(codes.length >= 9, `${codes.length} codes are found`);
    assert.deepEqual(codes.filter((code) => !de.refusals?.[code as RefusalCode]), []);
  });

  test("say why an analysis fails, but for what an operator has written", () => {
    const source = readFileSync("../server/Sources/Workflows/AnalyseStudy.swift", "utf8");
    const [, failures] = /extension Analysis\.Failure \{([\s\S]*?)\n\}/.exec(source) ?? [];
    const codes = [...(failures ?? "").matchAll(/code: "([^"]+)"/g)].map(([, code]) => code ?? "");
    assert(codes.length >= 7, `${codes.length} codes are found`);
    assert.deepEqual(codes.filter((code) => !de.failures?.[code as FailureCode]), ["model-withdrawn"]);
  });

  test("address people as “Sie”, and end a problem with a full stop", () => {
    for (const [place, said] of told(de)) assert.doesNotMatch(said, /\b([Dd]u|[Dd]ein\w*|[Dd]ir|[Dd]ich)\b/, place);
    for (const sentence of Object.values(de.problems)) assert.match(sentence, /^[A-ZÄÖÜ].*\.$/);
  });
});

test("Every part of the page takes its texts in the language of the page", () => {
  const outside = [...files("src", ".ts"), ...files("src", ".tsx")].filter((file) => !file.startsWith("src/shared/texts/"));
  assert(outside.length > 50, "files are found");
  assert.deepEqual(outside.filter((file) => /texts\/(late\.)?(en|de)"/.test(readFileSync(file, "utf8"))), []);
  assert.deepEqual(outside.filter((file) => /toLocale\w*String\("|DateTimeFormat\("/.test(readFileSync(file, "utf8"))), []);
});

describe("The questionnaire in German", () => {
  const german = de.questionnaire;
  assert(german);
  const source = readFileSync("../engine/Sources/Domain/ClinicIntake.swift", "utf8");
  const items = asked(source);

  test("is translated from the version that the server asks", () => {
    const [, version] = /id: "intake", version: "([^"]+)"/.exec(source) ?? [];
    assert.equal(german.version, version, "Compare the words with ClinicIntake.swift, then take its version over into questionnaire.de.ts");
  });

  test("has every topic, question and column, and none besides", () => {
    assert(items.length > 90, `${items.length} items are found`);
    assert.deepEqual(Object.keys(german.items).sort(), items.map(({ id }) => id).sort());
  });

  test("helps where the English one helps", () => {
    const helping = items.filter(({ help }) => help).map(({ id }) => id);
    assert(helping.length > 20, "helps are found");
    assert.deepEqual(Object.keys(german.items).filter((id) => german.items[id]?.help).sort(), helping.sort());
  });

  test("has a word for every option, and none besides", () => {
    const options = items.flatMap(({ id, options }) => options.map((code) => `${id} ${code}`));
    assert(options.length > 150, `${options.length} options are found`);
    const lacking = items.flatMap(({ id, options }) => options.filter((code) => !german.items[id]?.options?.[code] && !german.options[code]).map((code) => `${id} ${code}`));
    assert.deepEqual(lacking, []);
    const own = Object.entries(german.items).flatMap(([id, item]) => Object.keys(item.options ?? {}).map((code) => `${id} ${code}`));
    assert.deepEqual(own.filter((option) => !options.includes(option)), []);
    assert.deepEqual(Object.keys(german.options), ["unknown", "declined"], "other codes mean something else in every question");
  });

  test("has a word for every unit that is one", () => {
    const units = [...source.matchAll(/Unit\("([^"]+)", "([^"]+)"\)/g)].filter(([, code, display]) => code !== display && /^[a-z]{2,} |^[a-z] [a-z]/.test(display ?? ""));
    assert(units.length > 1, "units are found");
    for (const [, code] of units) assert(german.units[code ?? ""], code);
  });
});

describe("Reading the questionnaire's source", () => {
  test("finds topics, questions, columns, helps and options", () => {
    const swift = `Topic(id: "t", title: "T (", lead: "L", questions: [
      Question(id: "q", label: "Q", text: "\\"help: \\"", kind: .choice([Option("a", "A"), .unknown])),
      Question(
        id: "list", label: "L", text: "L", kind: .rows([
          Question(id: "name", label: "N", text: "N", help: "H", kind: .choices([Option("b", "B"), .declined])), Question(id: "x", label: "", text: "", kind: .date())
        ], atMost: 3), askedWhen: [.equals(question: "q", code: "a")]) ])`;
    assert.deepEqual(asked(swift), [
      { id: "t", help: true, options: [] }, { id: "q", help: false, options: ["a", "unknown"] }, { id: "list", help: false, options: [] },
      { id: "list.name", help: true, options: ["b", "declined"] }, { id: "list.x", help: false, options: [] },
    ]);
  });
});
