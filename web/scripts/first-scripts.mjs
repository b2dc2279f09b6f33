// Prints the names of the scripts that every page loads, a line each: what its entry imports, and what it shows. The
// rest comes when it is wanted.
//
//   node web/scripts/first-scripts.mjs METAFILE
import { readFileSync } from "node:fs";
import { basename } from "node:path";

const { outputs } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const named = (entry) => Object.keys(outputs).filter((output) => outputs[output].entryPoint === entry);
const found = new Set([...named("src/app/main.tsx"), ...named("src/app/render.tsx")]);
for (const output of found) {
  for (const { path, kind } of outputs[output].imports) if (kind === "import-statement") found.add(path);
}
console.log([...found].map((output) => basename(output)).join("\n"));
