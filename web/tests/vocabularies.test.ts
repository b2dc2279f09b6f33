import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { suggestions } from "../src/features/history/SuggestedText";

const folder = "public/vocabularies";

const vocabularies: Record<string, { least: number; terms: string[]; typed: [string, string][] }> = {
  medication: {
    least: 700,
    terms: ["warfarin (Coumadin)", "apixaban (Eliquis)", "amoxicillin", "isoniazid", "methotrexate", "tacrolimus", "pembrolizumab (Keytruda)", "desogestrel"],
    typed: [["acetaminophen", "paracetamol"], ["albuterol", "salbutamol"], ["insulin gl", "insulin glargine"], ["eliquis", "apixaban"]],
  },
  condition: {
    least: 500,
    terms: ["asthma", "tuberculosis", "pneumonia", "lung cancer", "sarcoidosis", "asbestosis", "pacemaker implantation"],
    typed: [["copd", "chronic obstructive"], ["lobectomy", "removal of a lung lobe"], ["anemia", "anaemia"], ["heart att", "heart attack"]],
  },
  allergen: {
    least: 150,
    terms: ["penicillin", "latex", "iodinated contrast media (X-ray dye, CT dye)", "peanuts", "nickel", "wasp stings", "birch pollen", "plasters (adhesive tape)"],
    typed: [["contrast", "contrast media"], ["corn", "maize"], ["sulfa", "sulfonamides"]],
  },
};

describe("The vocabularies", () => {
  test("are those that the questionnaire names", () => {
    const named = [...readFileSync("../engine/Sources/Domain/ClinicIntake.swift", "utf8").matchAll(/suggestions: \.(\w+)/g)].map(([, name]) => `${name}.txt`);
    assert(named.length > 2);
    assert.deepEqual(readdirSync(folder, { withFileTypes: true }).map(({ name }) => name).sort(), [...new Set(named)].sort());
  });

  for (const [name, { least, terms, typed }] of Object.entries(vocabularies)) {
    const file = readFileSync(`${folder}/${name}.txt`, "utf8");
    const lines = file.split("\n").slice(0, -1);

    test(`${name}: one short term a line, in order, each once`, () => {
      assert(file.endsWith("\n") && !file.endsWith("\n\n") && !file.includes("\r"));
      assert(lines.length >= least, `${lines.length} terms`);
      const keys = lines.map((line) => line.toLowerCase());
      assert.deepEqual(keys, [...new Set(keys)].sort(), "sorted without regard to case, each once");
      assert.deepEqual(lines.filter((line) => line !== line.trim() || line.length > 120 || !/^[a-z0-9][\w ,.'()/+-]*$/i.test(line)), []);
    });

    test(`${name}: has what is asked for most, also under its other name`, () => {
      assert.deepEqual(terms.filter((term) => !lines.includes(term)), []);
      for (const [part, found] of typed) assert(suggestions(lines, part).some((term) => term.startsWith(found)), `${part} suggests ${suggestions(lines, part).join(", ")}`);
    });
  }
});
