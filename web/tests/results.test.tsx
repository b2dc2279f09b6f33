import { all, one, press, result, scripted, show, text, until } from "./harness";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readFileSync } from "node:fs";
import { FindingCard } from "../src/features/results/FindingCard";
import { ModelFacts } from "../src/features/results/ModelFacts";
import { ProbabilityBar } from "../src/features/results/ProbabilityBar";
import { Quality } from "../src/features/results/Quality";
import { ResultView } from "../src/features/results/ResultView";
import type { Finding, Result } from "../src/shared/api/result";
import { en } from "../src/shared/texts/en";

const findings = result.findings;
const [effusion, atelectasis] = findings as [Finding, Finding];
const view = (given: Result = result) => show(<ResultView result={given} upload={{ id: "u1", preview: "/p.jpg" }} />);
const heat = () => all<HTMLImageElement>("img.heat");

describe("The result", () => {
  test("says first how many findings are above their threshold, and that this is no diagnosis", async () => {
    scripted();
    await view();
    assert.match(text(one(".results-summary")), /^2 of 5 findings are above their threshold\.This is not a diagnosis.*It did not look for 14 other things/);
  });

  test("never makes “nothing above” sound like “nothing there”", async () => {
    scripted();
    await view({ ...result, findings: result.findings.map((finding) => ({ ...finding, flagged: false })) });
    assert.match(text(one(".results-summary")), /^None of the 5 findings is above its threshold\. That doesn't mean that nothing is there\./);
    assert.equal(heat().length, 0);
    assert.match(text(), /not the same as absent: the model may have missed/);
    assert.doesNotMatch(text(), /normal|healthy|all clear/i);
  });

  test("without numbers says why", async () => {
    scripted();
    await view({ ...result, findings: [], scope: { ...result.scope, statement: "Only checked, because the age isn't known." } });
    assert.match(text(one(".results-summary")), /gave no numbers.*because the age isn't known/);
  });

  test("has what was not checked and what isn't shown, with reasons", async () => {
    scripted();
    await view();
    assert.deepEqual(all(".not-checked li").map((item) => text(item)), result.notChecked);
    assert.match(text(one(".withheld")), /It was made for children of 1 to 5 years/);
  });

  test("shows the first flagged heat map, and then the chosen one", async () => {
    scripted();
    await view();
    await until(() => heat().length > 0);
    assert.deepEqual(heat().map((image) => image.alt), ["Heat map laid over the picture: where the number for Pleural effusion came from"]);
    await press("Heat map of Consolidation");
    assert.deepEqual(heat().map((image) => image.getAttribute("src")), ["/api/v1/analyses/{id}/heatmaps/consolidation"]);
    await press("Heat map of Consolidation");
    assert.equal(heat().length, 0);
  });

  test("The flagged come first, then by probability", async () => {
    scripted();
    await view({ ...result, findings: [...result.findings].reverse() });
    assert.deepEqual(all("article h3").map((heading) => text(heading)), ["Pleural effusion", "Atelectasis", "Any of the 14 listed findings", "Consolidation", "Pneumothorax"]);
  });
});

describe("A finding", () => {
  test("above its threshold says at once what it means and how good the model is at it", async () => {
    scripted();
    await show(<FindingCard finding={effusion} shown={false} onToggle={() => undefined} />);
    for (const part of ["Above the threshold", "31 %", "Threshold 4.5 %", "A fold of skin", "AUC 0.833 (95 % interval 0.793 to 0.873)", "about 83 times in 100", "about 90 of 100 pictures with the finding, and about 62 of 100 without it", "2,430 pictures, 248", "2.2 percentage points", "RID28493"]) {
      assert(text().includes(part), part);
    }
  });

  test("below it has more on demand", async () => {
    scripted();
    await show(<FindingCard finding={{ ...atelectasis, flagged: false }} shown={false} onToggle={() => undefined} />);
    assert.match(text(one("details")), /AUC 0.722/);
    assert.match(text(one("summary")), /What this means.*: Atelectasis/);
  });

  test("is told as a frequency where that was measured", async () => {
    scripted();
    const told = async (frequency: Finding["frequency"]) => {
      await show(<FindingCard finding={{ ...effusion, frequency }} shown={false} onToggle={() => undefined} />);
      return text();
    };
    assert.match(await told({ images: 243, positives: 75 }), /Of 243 validation pictures with such a number, 75 had it and 168 did not\./);
    assert.doesNotMatch(await told(null), /validation pictures with such/);
  });

  test("below its threshold tells what the model missed, not how few had it", async () => {
    scripted();
    const below = { ...effusion, flagged: false, frequency: { images: 243, positives: 0 }, measured: { ...effusion.measured, positives: 248, sensitivity: 0.903 } };
    await show(<FindingCard finding={below} shown={false} onToggle={() => undefined} />);
    assert.match(text(), /Of 248 validation pictures of people who had it, the model missed 24\./);
    assert.doesNotMatch(text(), /0 had it|none had it/);
  });

  test("is told in the words that answers and reports have", async () => {
    const swift = readFileSync("../engine/Sources/Domain/NumberWords.swift", "utf8");
    for (const said of [...(en.results.meaning.match(/[A-Z][^.]+\./g) ?? []), en.results.validation]) assert.equal(swift.includes(`"${said}"`), true, said);
    const filled = (sentence: string) => sentence.replace(/\d+/g, "#");
    for (const told of [en.results.frequency(3, 9), en.results.missed(8, 2)]) {
      assert.equal(swift.replace(/\\\([^"]*?\)(?=[ .])/g, "#").includes(filled(told)), true, told);
    }
  });

  test("without a heat map or measured values makes none up", async () => {
    scripted();
    const bare = { ...effusion, heatmap: null, code: null, measured: { dataset: "d", images: 10 } };
    await show(<FindingCard finding={bare} shown={false} onToggle={() => undefined} />);
    assert.match(text(), /There is no heat map for this one/);
    assert.doesNotMatch(text(), /AUC|undefined|null|NaN/);
    assert.match(text(), /Measured on 10 pictures: d\./);
  });

  test("Its bar is told in words", async () => {
    scripted();
    await show(<ProbabilityBar name="Effusion" probability={0.31} threshold={0.045} flagged />);
    assert.equal(one("svg").getAttribute("aria-label"), "Effusion: probability 31 %, threshold 4.5 %");
    assert.doesNotMatch(one("svg").outerHTML, /style=/);
  });
});

describe("Quality and scope", () => {
  test("name size, age, direction and every note", async () => {
    scripted();
    await show(<Quality result={result} />);
    for (const part of ["1,955 × 1,841 pixels", "Age used: 54", "Taken from the back (PA): estimated by the model, 97 %", "The picture has little contrast."]) {
      assert(text().includes(part), part);
    }
  });

  test("say that nothing unusual was measured only when that is so", async () => {
    scripted();
    await show(<Quality result={{ ...result, quality: { ...result.quality, notes: [] }, projection: { value: "AP", probability: 1, source: "header" } }} />);
    assert.match(text(), /Nothing unusual was measured.*$/);
    assert.match(text(), /stated by the file/);
  });
});

test("The model, its hashes, and the time of each step are told", async () => {
  scripted();
  await show(<ModelFacts result={result} />);
  for (const part of ["Lightbox chest X-ray, 0.1.0", "Not a medical device", "Time taken: 267 ms", result.model.sha256, "Time taken, model65 ms"]) assert(text().includes(part), part);
});
