import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { files } from "./files";

/** A film is never mirrored: left and right on it are the person's. */
const film = /^\.film(-|\b)/;

const sided = /^(left|right|(margin|padding|border|scroll-margin|scroll-padding)-(left|right)(-\w+)?|border-(top|bottom)-(left|right)-radius)$/;
const fourSided = /^(margin|padding|inset|scroll-margin|scroll-padding|border-(width|color|style))$/;

/** The parts of a value, functions in one piece. */
function parts(value: string): string[] {
  return value.match(/(?:[^\s(]+\([^)]*(?:\([^)]*\)[^)]*)*\)|\S)+/g) ?? [];
}

/** Why a declaration is wrong where the page runs from right to left, or null. */
function fault(property: string, value: string): string | null {
  if (sided.test(property)) return "say -inline-start or -inline-end";
  if (/^(text-align|float|clear)$/.test(property) && /\b(left|right)\b/.test(value)) return "say start or end";
  const [first, second, third, fourth] = parts(value);
  if (fourSided.test(property) && fourth !== undefined && second !== fourth) return "say it with -block and -inline";
  if (property === "border-radius" && second !== undefined && !(first === second && third === fourth) && !(third === undefined && first === second)) return "say it with border-start-start-radius";
  return null;
}

/** The declarations of a style sheet that know left from right. */
function faults(css: string): string[] {
  const found: string[] = [];
  const plain = css.replace(/\/\*[\s\S]*?\*\//g, "");
  for (const [, selectors, body] of plain.matchAll(/([^{};]+)\{([^{}]*)\}/g)) {
    if ((selectors ?? "").split(",").every((selector) => film.test(selector.trim()))) continue;
    for (const declaration of (body ?? "").split(";")) {
      const [property, value] = declaration.split(/:([\s\S]*)/).map((part) => part.trim());
      const why = property && value ? fault(property, value) : null;
      if (why) found.push(`${(selectors ?? "").trim()} { ${property}: ${value} }: ${why}`);
    }
  }
  return found;
}

describe("The style sheets", () => {
  const sheets = files("src/styles", ".css");

  test("run from left to right and from right to left alike", () => {
    assert(sheets.length >= 6);
    assert.deepEqual(sheets.flatMap((sheet) => faults(readFileSync(sheet, "utf8")).map((found) => `${sheet}: ${found}`)), []);
  });

  for (const wrong of [
    "a { margin-left: 1rem; }", "a { color: red; left: 0 }", "@media (min-width: 1px) { a { border-right: 1px solid } }", "a { padding: 1px 2px 3px 4px; }", "a { text-align: right; }",
    "a { padding: 0 calc(1px + (2px * 3)) 0 1px; }", "a { float: left }", "a { border-radius: 8px 0 0 8px }", ".filming { right: 0 }", ".film, a { right: 0 }", "a { border-left-width: 0 }",
  ]) {
    test(`${wrong} is found`, () => assert.equal(faults(wrong).length, 1));
  }

  for (const right of [
    "a { margin-inline-start: 1rem; }", "a { padding: 1px 2px 3px 2px; }", "a { padding: clamp(1rem, 5vw, 3.5rem) 1rem }", "a { border-radius: 0 0 8px 8px; }", ".film-frame img { left: 0; }",
    "/* left: 0 */ a { inset: 0 0 auto; }", "a { background: linear-gradient(to left, red, blue) }",
  ]) {
    test(`${right} is let through`, () => assert.deepEqual(faults(right), []));
  }
});
