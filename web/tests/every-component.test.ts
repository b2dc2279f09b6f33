import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { files } from "./files";

test("Every component that a file exports is used by a test", () => {
  const tests = files("tests", ".test.tsx").map((file) => readFileSync(file, "utf8")).join("\n");
  const components = files("src", ".tsx").flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/^export (?:function|class) ([A-Z]\w*)/gm)].map(([, name]) => `${name} of ${file}`),
  );
  assert(components.length > 30, "components are found");
  assert.deepEqual(components.filter((component) => !tests.includes(`<${component.split(" ")[0]}`)), []);
});
