import { alerts, all, control, hasControl, limits, now, one, onItsWay, press, problem, scripted, ScriptedClock, ScriptedXHR, settled, show, showInside, session, text, until } from "./harness";
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { PictureStep } from "../src/app/PictureStep";
import { DropZone } from "../src/features/picture/DropZone";
import { Chooser } from "../src/features/picture/PicturePage";
import { StoppedUploads } from "../src/features/picture/StoppedUploads";
import { UploadRows } from "../src/features/picture/UploadRows";
import type { Row, Stage } from "../src/features/picture/useSending";
import type { Reception } from "../src/shared/api/receptions";
import type { Upload } from "../src/shared/api/uploads";
import { request } from "../src/shared/http";
import { Problem } from "../src/shared/problem";
import { printOf, stopped } from "../src/shared/stopped";

const upload = (id: string, fileName = `${id}.dcm`): Upload => ({
  id, fileName, sha256: "ab", bytes: 100, format: "dicom", width: 100, height: 100, bitsPerSample: 8, frames: 1, createdAt: now, preview: `/api/v1/uploads/${id}/preview`,
});
const file = (name: string, size = 100) => new File([new Uint8Array(size)], name, { lastModified: 5 });
const reception = (more: Partial<Reception> = {}): Reception => ({
  id: "r1", fileName: "film.dcm", offset: 61, length: 100, expiresAt: now, state: "receiving", uploads: [], refused: [], ...more,
});

afterEach(() => localStorage.clear());

async function give(...files: File[]): Promise<void> {
  const input = all<HTMLInputElement>("input[type=file]")[0] as HTMLInputElement;
  await settled(() => {
    Object.defineProperty(input, "files", { value: files, configurable: true });
    Object.defineProperty(input, "value", { value: "", writable: true, configurable: true });
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

async function chooser(receptions: Reception[] = []) {
  const server = scripted().on("GET /uploads/tus", () => ({ receptions }));
  const received: string[] = [];
  await show(<Chooser limits={limits} session="s1" onReceived={({ id }) => received.push(id)} />);
  return { server, received };
}

/** The server takes what is sent next, whole, and says what became of it. */
async function becomes(after: number, outcome: Partial<Reception>): Promise<void> {
  const creating = await onItsWay("POST", after);
  const size = Number(creating.headers["Upload-Length"]);
  await creating.answer(201, undefined, { Location: `/api/v1/uploads/tus/r${after}`, "Upload-Offset": creating.body ? String(size) : "0" });
  if (!creating.body) await (await onItsWay("PATCH", after + 1)).answer(204, undefined, { "Upload-Offset": String(size) });
  await (await onItsWay("GET", after + 1)).answer(200, { ...reception({ offset: size, length: size }), ...outcome });
}

const states = () => all(".row-state").map((state) => text(state));

describe("Several files", () => {
  test("are listed before they are sent; what is no picture isn't sent, and says why", async () => {
    await chooser();
    await give(file("a.dcm"), new File(["%PDF-1.7"], "b.pdf"), file("c.dcm"));
    await until(() => hasControl("Upload 2 files"));
    assert.equal(text(document.activeElement as Element), "Your files, before they are sent");
    assert.deepEqual(states(), ["ready to send", "not sent", "ready to send"]);
    assert.match(text(one(".rows")), /b\.pdf.*A PDF is a document, not a picture/);
    assert.equal(ScriptedXHR.all.length, 0);
  });

  test("are sent one after another, each with its progress and its end, and then there is a list to choose from", async () => {
    const { received } = await chooser();
    await give(file("a.dcm"), file("b.dcm", 200), file("c.dcm"));
    await until(() => hasControl("Upload 3 files"));
    await press("Upload 3 files");
    assert.deepEqual(states(), ["waiting", "waiting"]);
    assert.equal(all("progress").length, 1);
    assert.match(text(one("#rows-title").parentElement as Element), /0 of 3 pictures received/);
    await becomes(0, { state: "kept", uploads: [upload("u1", "a.dcm")] });
    assert.match(text(), /Uploading b\.dcm/);
    await becomes(2, { state: "refused", problem: { code: "no-pixels", title: "", detail: "", status: 422 } });
    await becomes(4, { state: "kept", uploads: [upload("u3", "c.dcm")] });
    await until(() => text().includes("2 of 3 pictures received"));
    assert.deepEqual(states(), ["kept", "not kept", "kept"]);
    assert.match(text(one(".rows")), /b\.dcm.*The file has no picture in it\. Choose another file of the study\./);
    assert.equal(hasControl("Send it again: b.dcm"), false);
    assert.deepEqual(all(".earlier a").map((link) => link.getAttribute("href")), ["/picture/u1", "/picture/u3"]);
    assert.equal(all<HTMLImageElement>(".earlier img")[0]?.getAttribute("src"), "/api/v1/uploads/u1/preview?width=320");
    assert.deepEqual(received, []);
    await press("Choose other files");
    assert(one(".drop"));
  });

  test("The list of the session's pictures grows with each that is kept", async () => {
    const listed: Upload[] = [];
    scripted().on("GET /uploads", () => ({ uploads: listed })).on("GET /samples", () => []).on("GET /uploads/tus", () => ({ receptions: [] }));
    let told = 0;
    await showInside(<PictureStep uploadId={null} session={session.id} hasPictures onChanged={() => (told += 1)} />, "/picture");
    await until(() => all("input[type=file]").length > 0 && text().includes("No picture has been uploaded yet."));
    await give(file("a.dcm"), file("b.dcm"));
    await until(() => hasControl("Upload 2 files"));
    await press("Upload 2 files");
    const names = () => all(".earlier .file-name").filter((name) => !name.closest(".rows")).map((name) => text(name));
    for (const [after, one] of [[0, upload("u1", "a.dcm")], [2, upload("u2", "b.dcm")]] as const) {
      listed.unshift(one);
      await becomes(after, { state: "kept", uploads: [one] });
      await until(() => names().includes(one.fileName));
    }
    assert.deepEqual(names().sort(), ["a.dcm", "b.dcm"]);
    assert.equal(told, 2);
  });

  test("One can be cancelled, or all; what was cancelled or failed can be sent again", async () => {
    await chooser();
    await give(file("a.dcm"), file("b.dcm"), file("c.dcm"));
    await until(() => hasControl("Upload 3 files"));
    await press("Upload 3 files");
    await onItsWay("POST");
    await press("Cancel: b.dcm");
    assert.deepEqual(states(), ["cancelled", "waiting"]);
    await press("Cancel all");
    assert.deepEqual(states(), ["cancelled", "cancelled", "cancelled"]);
    assert.equal(ScriptedXHR.last.aborted, true);
    await press("Send it again: b.dcm");
    await (await onItsWay("POST", 1)).answer(507, problem(507, "storage-full").json);
    assert.match(text(one(".rows")), /The server's storage is full/);
    await press("Send it again: b.dcm");
    await becomes(2, { state: "kept", uploads: [upload("u2")] });
    assert.deepEqual(states(), ["cancelled", "kept", "cancelled"]);
  });

  test("No more are taken than the session holds, and that is said", async () => {
    await chooser();
    await give(...Array.from({ length: 23 }, (_, index) => file(`${index}.dcm`)));
    await until(() => hasControl("Upload 20 files"));
    assert.match(text(), /There were more files than can be taken\. Here are the first 20\./);
  });

  test("An archive is one row, goes to its picture where it is the only one, and else has rows of its own", async () => {
    const { received } = await chooser();
    await give(file("disc.zip"));
    await until(() => hasControl("Upload 1 file"));
    await press("Upload 1 file");
    await becomes(0, { state: "kept", uploads: [upload("u1")] });
    assert.deepEqual(received, ["u1"]);
    await press("Choose other files");
    await give(file("disc.zip"));
    await until(() => hasControl("Upload 1 file"));
    await press("Upload 1 file");
    const refused = [{ fileName: "disc/notes.txt", code: "unsupported-format", detail: "Not one." }, { fileName: "disc/x", code: "of-tomorrow", detail: "Something new." }];
    await becomes(3, { state: "kept", uploads: [upload("u2"), upload("u3")], refused });
    assert.deepEqual(received, ["u1"]);
    assert.match(text(), /2 of 4 pictures received/);
    assert.equal(all(".earlier a").length, 2);
    assert.match(text(), /2 files in it were not kept.*disc\/notes\.txt: This file isn't a picture that can be read here.*disc\/x: Something new\./);
  });

  test("An archive of which nothing was kept says why, file by file", async () => {
    await chooser();
    await give(file("disc.zip"));
    await until(() => hasControl("Upload 1 file"));
    await press("Upload 1 file");
    await (await onItsWay("POST")).answer(201, undefined, { Location: "/api/v1/uploads/tus/r0" });
    await (await onItsWay("PATCH")).answer(422, problem(422, "unsupported-format").json);
    await (await onItsWay("GET")).answer(200, reception({ state: "refused", refused: [{ fileName: "a.txt", code: "empty-file", detail: "" }] }));
    assert.match(text(one(".rows")), /not kept.*1 file in it was not kept.*a\.txt: The file is empty/);
    assert.equal(hasControl("Send it again: disc.zip"), false);
  });
});

describe("The rows of files", () => {
  const row = (stage: Stage, key = 1): Row => ({ key, file: file(`${key}.dcm`), mediaType: "application/dicom", archive: false, reception: null, resumed: false, stage });
  const nothing = () => undefined;

  test("tell what a file waits for, with a way to try now", async () => {
    scripted();
    let tries = 0;
    const rows = [row({ is: "sending", sent: 50, why: "lost", restarted: true })];
    await show(<UploadRows rows={rows} onStart={nothing} onCancel={nothing} onTryNow={() => (tries += 1)} onOthers={nothing} />);
    assert.match(text(), /Connection lost\. It goes on by itself\./);
    assert.match(text(), /no longer had the beginning/);
    await press("Try now");
    assert.equal(tries, 1);
  });

  test("count a file that wasn't kept as one", async () => {
    scripted();
    const rows = [row({ is: "failed", problem: new Problem("damaged-picture", "", 422), refused: [] }), row({ is: "kept", uploads: [upload("u1")], refused: [] }, 2)];
    await show(<UploadRows rows={rows} onStart={nothing} onCancel={nothing} onTryNow={nothing} onOthers={nothing} />);
    assert.equal(text(one("[role=status]")), "1 of 2 pictures received");
  });
});

describe("An upload that stopped", () => {
  test("is offered to be gone on with, and the same file goes on where it stopped", async () => {
    const film = file("film.dcm");
    stopped.remember("s1", "r1", await printOf(film));
    const { received } = await chooser([reception({ length: 100, offset: 61 })]);
    await until(() => text().includes("An upload of 100 bytes stopped at 61 %. Choose the same file again and it goes on."));
    await give(film);
    await (await onItsWay("HEAD")).answer(200, undefined, { "Upload-Offset": "61" });
    assert.match(text(), /It goes on where it stopped/);
    const piece = await onItsWay("PATCH");
    assert.deepEqual([piece.address, piece.headers["Upload-Offset"], (piece.body as ArrayBuffer).byteLength], ["/api/v1/uploads/tus/r1", "61", 39]);
    await piece.answer(204, undefined, { "Upload-Offset": "100" });
    await (await onItsWay("GET")).answer(200, reception({ state: "kept", uploads: [upload("u1")] }));
    assert.deepEqual([received, stopped.printOf("s1", "r1")], [["u1"], undefined]);
  });

  test("The same file goes on also where it is chosen before the list of stopped uploads is there", async () => {
    const film = file("film.dcm");
    stopped.remember("s1", "r1", await printOf(film));
    let asked = 0;
    scripted().on("GET /uploads/tus", () => ((asked += 1) === 1 ? { never: true } : { receptions: [reception()] }));
    await show(<Chooser limits={limits} session="s1" onReceived={() => undefined} />);
    await give(film);
    await until(() => text().includes("It goes on where it stopped"));
    await (await onItsWay("HEAD")).answer(200, undefined, { "Upload-Offset": "61" });
  });

  test("Another file begins anew, even one of the same size", async () => {
    stopped.remember("s1", "r1", await printOf(file("film.dcm")));
    await chooser([reception()]);
    await until(() => text().includes("stopped at 61 %"));
    await give(file("other.dcm"));
    await until(() => hasControl("Upload this picture"));
    await press("Upload this picture");
    await onItsWay("POST");
    assert.doesNotMatch(text(), /goes on where it stopped/);
  });

  test("The print of a file is remembered while it is sent, and stays when the page is left", async () => {
    await chooser();
    const film = file("film.dcm", 3_000_000);
    await give(film);
    await until(() => control("Upload this picture").getAttribute("aria-disabled") === "false");
    await press("Upload this picture");
    await (await onItsWay("POST")).answer(201, undefined, { Location: "/api/v1/uploads/tus/r7" });
    const piece = await onItsWay("PATCH");
    await show(<p>Another page</p>);
    assert.equal(piece.aborted, true);
    assert.equal(stopped.printOf("s1", "r7"), await printOf(film));
  });

  test("can be thrown away, also where it is gone already", async () => {
    let open = [reception(), reception({ id: "r2", fileName: "b.dcm" })];
    const server = scripted().on("GET /uploads/tus", () => ({ receptions: open }));
    server.on("DELETE /uploads/tus/r1", () => ((open = open.slice(1)), { status: 204 })).on("DELETE /uploads/tus/r2", () => ((open = []), problem(410, "not-found")));
    await show(<Chooser limits={limits} session="s1" onReceived={() => undefined} />);
    await until(() => hasControl("Discard: film.dcm"));
    await press("Discard: film.dcm");
    await until(() => !hasControl("Discard: film.dcm"));
    await press("Discard: b.dcm");
    await until(() => !hasControl("Discard: b.dcm"));
  });

  test("that can't be thrown away says why", async () => {
    scripted().on("DELETE /uploads/tus/r1", () => ({ broken: true }));
    await show(<StoppedUploads receptions={[reception()]} onReceived={() => undefined} onChanged={() => assert.fail("nothing changed")} />);
    await press("Discard: film.dcm");
    assert.match(alerts(), /can't be reached/);
  });

  test("What is remembered ends with the session", async () => {
    stopped.remember(session.id, "r1", "print");
    const server = scripted().on("GET /uploads", () => ({ uploads: [] })).on("GET /samples", () => []);
    await showInside(<PictureStep uploadId={null} session={session.id} hasPictures={false} onChanged={() => undefined} />, "/picture");
    await until(() => text().includes("This server has no sample pictures."));
    assert.equal(stopped.printOf(session.id, "r1"), "print");
    server.on("GET /intake", () => problem(401, "session-required"));
    await settled(() => request("GET", "/intake").catch(() => undefined));
    await until(() => stopped.printOf(session.id, "r1") === undefined);
  });
});

describe("An upload that has arrived", () => {
  const arrived = async (answer: () => unknown) => {
    scripted().on("GET /uploads/tus/r1", answer);
    const clock = new ScriptedClock();
    const received: string[] = [];
    let changed = 0;
    await show(
      <StoppedUploads receptions={[reception({ offset: 100, state: "checking" })]} onReceived={({ id }) => received.push(id)} onChanged={() => (changed += 1)} clock={clock.after} />,
    );
    assert.match(text(), /film\.dcm: Sent\. The server is reading the picture/);
    return { clock, received, changed: () => changed };
  };

  test("is asked for until it is kept, also over a lost connection", async () => {
    const answers = [() => ({ broken: true }), () => reception({ offset: 100, state: "checking" }), () => reception({ state: "kept", uploads: [upload("u1")] })];
    const { clock, received } = await arrived(() => answers.shift()?.());
    for (let time = 0; time < 3; time += 1) {
      assert.deepEqual(clock.waits, [2000]);
      await clock.pass(2000);
    }
    assert.deepEqual(clock.waits, []);
    assert.match(text(), /1 of 1 picture received/);
    await press("Open u1.dcm");
    assert.deepEqual(received, ["u1"]);
  });

  test("and was refused says why", async () => {
    const { clock } = await arrived(() => reception({ state: "refused", problem: { code: "damaged-picture", title: "", detail: "", status: 422 } }));
    await clock.pass(2000);
    assert.match(alerts(), /film\.dcm.*The picture is damaged/);
  });

  test("and is gone is looked for in the list again", async () => {
    const { clock, changed } = await arrived(() => problem(404, "not-found"));
    await clock.pass(2000);
    assert.equal(changed(), 1);
  });
});

describe("The place to drop files", () => {
  const zone = async () => {
    scripted();
    const got: string[][] = [];
    await show(<DropZone limits={limits} onFiles={({ files }) => got.push(files.map(({ name }) => name))} onNothingPasted={() => undefined} />);
    return got;
  };

  test("says what it takes before anything is chosen", async () => {
    await zone();
    assert.match(text(one("#picture-limits")), /PNG, JPEG, WebP, TIFF, DICOM, up to 100 MiB\. Each side from 64 to 20,000 pixels\. ZIP with up to 100 files, up to 500 MiB\. At most 20 pictures in all\./);
    const input = one<HTMLInputElement>("input[type=file]");
    assert.match(input.accept, /\.dcm,application\/zip,\.zip/);
    assert.equal(input.multiple, true);
  });

  test("takes a folder that is dropped, and the files beside it", async () => {
    const got = await zone();
    const entry = (name: string) => ({ isFile: true, isDirectory: false, name, file: (done: (file: File) => void) => done(file(name)) });
    let left = [[entry("a.dcm"), entry(".DS_Store")], []];
    const folder = { isFile: false, isDirectory: true, name: "disc", createReader: () => ({ readEntries: (done: (some: unknown[]) => void) => done(left.shift() ?? []) }) };
    const event = new Event("drop", { bubbles: true, cancelable: true });
    Object.assign(event, { dataTransfer: { files: [file("disc"), file("b.dcm")], items: [{ webkitGetAsEntry: () => folder }, { webkitGetAsEntry: () => entry("b.dcm") }] } });
    await settled(() => one(".drop").dispatchEvent(event));
    await until(() => got.length > 0);
    assert.deepEqual(got, [["a.dcm", "b.dcm"]]);
  });

  test("has a button for folders where the browser can choose them", async () => {
    Object.defineProperty(HTMLInputElement.prototype, "webkitdirectory", { configurable: true, value: false });
    try {
      const got = await zone();
      const input = all<HTMLInputElement>("input[type=file]")[1] as HTMLInputElement;
      assert.equal(input.hasAttribute("webkitdirectory"), true);
      assert.equal(text(document.querySelector(`label[for="${input.id}"]`) as Element), "Choose a folder");
      Object.defineProperty(input, "files", { value: [file("a.dcm"), file("Thumbs.db")] });
      await settled(() => input.dispatchEvent(new Event("change", { bubbles: true })));
      assert.deepEqual(got, [["a.dcm"]]);
    } finally {
      delete (HTMLInputElement.prototype as { webkitdirectory?: unknown }).webkitdirectory;
    }
  });
});
