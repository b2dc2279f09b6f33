import { alerts, all, click, control, field, now, one, press, problem, result, scripted, show, text, until } from "./harness";
import assert from "node:assert/strict";
import { createRef } from "react";
import { describe, test } from "node:test";
import { IdentityCheck } from "../src/features/picture/IdentityCheck";
import { ReceivedPage } from "../src/features/picture/ReceivedPage";
import { ResultView } from "../src/features/results/ResultView";
import type { Identity, IdentityRow } from "../src/shared/api/identity";
import type { Upload } from "../src/shared/api/uploads";
import { IdentityTable } from "../src/shared/ui/IdentityTable";
import { OldPicture } from "../src/shared/ui/OldPicture";

const rows: IdentityRow[] = [
  { field: "name", told: "Jay Doe", file: "Jay Doe", agreement: "agrees" },
  { field: "sex", told: "female", file: "male", agreement: "differs" },
  { field: "age", told: "54", file: "30, 2 years ago", agreement: "differs" },
  { field: "birth-date", file: "1994-01-02", agreement: "unknown" },
  { field: "study-date", told: "2026-11-23", file: "2024-11-20", agreement: "agrees" },
];
const identity: Identity = { rows, confirmed: [] };
const upload: Upload = {
  id: "u1", fileName: "film.dcm", sha256: "abc", bytes: 677_000, format: "dicom", width: 1841, height: 1955, bitsPerSample: 15, frames: 1,
  capturedView: "PA", dicom: null, createdAt: now, preview: "/api/v1/uploads/u1/preview", identity,
};

async function received(given: Upload = upload) {
  const server = scripted().on("GET /uploads/u1", () => given).on("GET /analyses", () => ({ analyses: [] }));
  server.on("POST /analyses", () => ({ status: 202, json: { id: "a1" } }));
  await show(<ReceivedPage uploadId="u1" onChanged={() => undefined} />, "/picture/u1");
  await until(() => text().includes("Analyse this picture"));
  return server;
}

describe("Whose picture it is", () => {
  test("what was told stands beside what the file says, compared in words", async () => {
    scripted();
    await show(<IdentityTable rows={rows} caption="Caption" />);
    assert.deepEqual(all("tbody tr").map((row) => [...row.children].map((cell) => text(cell))), [
      ["Name", "Jay Doe", "Jay Doe", "agrees"], ["Sex", "female", "male", "differs"], ["Age", "54 years", "30, 2 years ago", "differs"],
      ["Born", "not known", "1994-01-02", "can't be compared"], ["Taken on", "today is 2026-11-23", "2024-11-20", "agrees"],
    ]);
    assert.deepEqual(all("thead th").map((cell) => text(cell)), ["You told", "The file says", "Compared"]);
    assert.equal(all("tbody th[scope=row]").length, 5);
  });

  test("a picture that isn't new is questioned, and doesn't have to be confirmed", async () => {
    const old: IdentityRow = { field: "study-date", told: "2026-11-23", file: "2019-03-02", agreement: "questioned" };
    const server = await received({ ...upload, identity: { rows: [old], confirmed: [] } });
    assert.match(text(), /The picture is not new: by the file it was taken on 2019-03-02/);
    assert.doesNotMatch(text(), /Nothing differs/);
    await press("Analyse this picture");
    assert.equal(server.bodies("POST /analyses").length, 1);
  });

  test("a new picture, and a file that doesn't say, are not questioned", async () => {
    scripted();
    await show(<OldPicture identity={identity} />);
    assert.equal(text(), "");
  });

  test("a difference has to be confirmed before the picture is analysed", async () => {
    const server = await received();
    await press("Analyse this picture");
    assert.match(alerts(), /Tick the box first/);
    assert.equal(document.activeElement, field("I have checked it"));
    assert.deepEqual(server.bodies("POST /analyses"), []);
    await click(field("I have checked it"));
    assert.equal(alerts(), "");
    await press("Analyse this picture");
    assert.deepEqual(server.bodies("POST /analyses"), [{ uploadId: "u1", confirmedDifferences: ["sex", "age"] }]);
    assert.equal(window.location.pathname, "/analyses/a1");
  });

  test("a file that agrees, or says nothing, asks for no confirmation", async () => {
    const agreeing = { ...upload, identity: { rows: rows.filter(({ agreement }) => agreement !== "differs"), confirmed: [] } };
    const server = await received(agreeing);
    assert.match(text(), /Nothing differs\. Look at the picture all the same\./);
    assert.equal(all("input[type=checkbox]:not(.blind-first input)").length, 0);
    await press("Analyse this picture");
    assert.deepEqual(server.bodies("POST /analyses"), [{ uploadId: "u1" }]);
    for (const none of [undefined, null, { rows: [], confirmed: [] }]) {
      await received({ ...upload, identity: none as Identity | null });
      assert.equal(all("table").length, 0);
    }
  });

  test("a history that was changed meanwhile is shown anew, and confirmed anew", async () => {
    const server = await received();
    await click(field("I have checked it"));
    server.on("POST /analyses", () => problem(409, "picture-mismatch"));
    const changed = rows.map((row) => (row.field === "name" ? { ...row, told: "Kim", agreement: "differs" as const } : row));
    server.on("GET /uploads/u1", () => ({ ...upload, identity: { rows: changed, confirmed: [] } }));
    await press("Analyse this picture");
    await until(() => text().includes("this differs: Name, Sex, Age"));
    assert.match(alerts(), /The history and the file of the picture differ/);
    assert.equal(field("I have checked it").checked, false);
    server.on("POST /analyses", () => ({ status: 202, json: { id: "a1" } }));
    await click(field("I have checked it"));
    await press("Analyse this picture");
    assert.deepEqual(server.bodies("POST /analyses").pop(), { uploadId: "u1", confirmedDifferences: ["name", "sex", "age"] });
  });

  test("the box can be ticked and unticked, and takes the focus", async () => {
    scripted();
    const given: boolean[] = [];
    const box = createRef<HTMLInputElement>();
    await show(<IdentityCheck ref={box} identity={identity} confirmed={false} missing onConfirm={(on) => given.push(on)} />);
    await click(one("input"));
    assert.deepEqual(given, [true]);
    assert.equal(document.getElementById(box.current?.getAttribute("aria-describedby") ?? "")?.getAttribute("role"), "alert");
  });

  test("the result says what differed, and that it was confirmed", async () => {
    scripted();
    await show(<ResultView result={{ ...result, identity: { rows, confirmed: ["sex", "age"] } }} upload={{ id: "u1", preview: "/p.jpg" }} />);
    assert.match(text(one(".results-summary")), /The history and the file differBefore the analysis somebody confirmed/);
    assert.deepEqual(all(".results-summary tbody th").map((cell) => text(cell)), ["Sex", "Age"]);
    await show(<ResultView result={{ ...result, identity: { rows: rows.slice(0, 1), confirmed: [] } }} upload={{ id: "u1", preview: "/p.jpg" }} />);
    assert.equal(all("table").length, 0);
    assert(control("See what was not checked"));
  });
});
