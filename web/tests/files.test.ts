import { limits } from "./harness";
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { examine, kindOf } from "../src/features/picture/checkFile";
import { bounded, entriesOf, gather } from "../src/features/picture/gather";
import { printOf, stopped } from "../src/shared/stopped";

/** The beginning of a file; `at` places more of it further on. */
const head = (start: string, at: [number, string] = [0, ""]) => {
  const bytes = new Uint8Array(140);
  for (const [from, part] of [[0, start], at] as [number, string][]) [...part].forEach((character, index) => (bytes[from + index] = character.charCodeAt(0)));
  return bytes;
};
const heic = head("\0\0\0\x18ftypheic");

describe("What a file is, by its first bytes", () => {
  const cases: [string, Uint8Array, string | null][] = [
    ["PNG", head("\x89PNG\r\n\x1a\n"), ".png"], ["JPEG", head("\xff\xd8\xff\xe0"), ".jpg"], ["TIFF", head("II*\0"), ".tif"], ["TIFF the other way round", head("MM\0*"), ".tif"],
    ["WebP", head("RIFF1234WEBP"), ".webp"], ["another RIFF", head("RIFF1234WAVE"), null], ["DICOM", head("", [128, "DICM"]), ".dcm"], ["ZIP", head("PK\x03\x04"), ".zip"],
    ["PDF", head("%PDF-1.7"), ".pdf"], ["GIF", head("GIF89a"), ".gif"], ["BMP", head("BM1234\0\0\0\0"), ".bmp"], ["a text that begins with BM", head("BMI and age"), null],
    ["SVG", head("<svg xmlns="), ".svg"], ["SVG after a mark and a blank", head("\xef\xbb\xbf\n<?xml versi"), ".svg"], ["HEIC", heic, ".heic"], ["HEIF of several", head("\0\0\0\x18ftypmif1"), ".heic"],
    ["AVIF", head("\0\0\0\x18ftypavif"), ".avif"], ["a film", head("\0\0\0\x18ftypisom"), null], ["nothing", new Uint8Array(), null], ["a text", head("Some words."), null],
  ];
  for (const [name, bytes, expected] of cases) test(name, () => assert.equal(kindOf(bytes), expected));
});

describe("A file before it is sent", () => {
  const cases: [string, string, Uint8Array, RegExp | null, boolean?][] = [
    ["photo.heic", "", heic, /Save the photograph as JPEG/], ["photo.jpg", "image/jpeg", heic, /Save the photograph as JPEG/], ["photo", "image/heic", head("?"), /Save the photograph as JPEG/],
    ["PHOTO.HEIC", "", head("?"), /Save the photograph as JPEG/], ["photo.heic", "image/heic", head("\xff\xd8\xff\xe0"), null], ["letter.pdf", "application/pdf", head("%PDF"), /A PDF is a document/],
    ["film.dcm", "", head("%PDF"), /A PDF is a document/], ["x.gif", "image/gif", head("GIF8"), /GIF pictures/], ["x.svg", "image/svg+xml", head("<svg"), /can't be read here/],
    ["film.dcm", "", head("", [128, "DICM"]), null], ["IM0001", "", head("?"), null], ["disc.zip", "application/x-zip-compressed", head("PK\x03\x04"), null, true],
    ["disc", "", head("PK\x03\x04"), null, true], ["letter.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", head("PK\x03\x04"), /can't be read here/, true],
    ["a.png", "image/png", new Uint8Array(), /is empty/],
  ];
  for (const [name, type, bytes, expected, archive = false] of cases) {
    test(`${name}, ${type || "no type"}: ${expected ? "refused" : "taken"}`, async () => {
      const examined = await examine(new File([bytes], name, { type }), limits);
      if (expected) assert.match(examined.fault?.text ?? "", expected);
      else assert.equal(examined.fault, null);
      assert.equal(examined.archive, archive);
    });
  }

  test("An archive may be larger than a picture", async () => {
    const small = { ...limits, maxUploadBytes: 10, resumable: { ...limits.resumable, maxSize: 200 } };
    assert.match((await examine(new File([head("?")], "a.dcm"), small)).fault?.text ?? "", /At most/);
    assert.equal((await examine(new File([head("PK\x03\x04")], "a.zip"), small)).fault, null);
    assert.match((await examine(new File([new Uint8Array(201)], "a.zip"), small)).fault?.text ?? "", /At most/);
  });
});

interface Tree {
  [name: string]: Tree | null;
}

/** A folder as a browser gives it when it is dropped: two entries at a time. `null` is a file; "lost" can't be read. */
function entry(name: string, tree: Tree | null): FileSystemEntry {
  if (tree === null) {
    const file = (done: (file: File) => void, failed: () => void) => (name === "lost" ? failed() : done(new File(["x"], name)));
    return { isFile: true, isDirectory: false, name, file } as unknown as FileSystemEntry;
  }
  const createReader = () => {
    const left = Object.entries(tree);
    return { readEntries: (done: (some: FileSystemEntry[]) => void, failed: () => void) => (name === "locked" ? failed() : done(left.splice(0, 2).map(([name, inside]) => entry(name, inside)))) };
  };
  return { isFile: false, isDirectory: true, name, createReader } as unknown as FileSystemEntry;
}

describe("A folder", () => {
  const names = async (tree: Tree, most = 100) => {
    const { files, more } = await gather(Object.entries(tree).map(([name, inside]) => entry(name, inside)), most);
    return [files.map(({ name }) => name), more];
  };

  test("gives its files and those of the folders in it, without what systems leave behind", async () => {
    const tree = { disc: { DICOMDIR: null, IMAGES: { a: null, b: null, c: null, "Thumbs.db": null }, __MACOSX: { d: null }, ".DS_Store": null, "e.dcm": null } };
    assert.deepEqual(await names(tree), [["a", "b", "c", "e.dcm"], false]);
  });

  test("that can't be read in part gives the rest", async () => {
    assert.deepEqual(await names({ disc: { lost: null, locked: { a: null }, b: null } }), [["b"], false]);
  });

  test("gives no more than may be taken, and says so", async () => {
    assert.deepEqual(await names({ disc: { a: null, b: null, c: null, d: null } }, 2), [["a", "b"], true]);
    assert.deepEqual(await names({ disc: { a: null, b: null } }, 2), [["a", "b"], false]);
  });

  test("isn't followed without end", async () => {
    let tree: Tree = { deep: null };
    for (let depth = 0; depth < 30; depth += 1) tree = { folder: tree };
    assert.deepEqual(await names(tree), [[], false]);
  });

  test("that is chosen is bounded in the same way; a single file is taken whatever its name is", () => {
    const inside = (path: string) => Object.assign(new File(["x"], path.split("/").pop() ?? ""), { webkitRelativePath: path });
    const given = ["disc/a.dcm", "disc/.DS_Store", "disc/__MACOSX/b.dcm", "disc/c.dcm", "disc/DICOMDIR"].map(inside);
    assert.deepEqual(bounded(given, 10).files.map(({ name }) => name), ["a.dcm", "c.dcm"]);
    assert.deepEqual([bounded(given, 1).files.length, bounded(given, 1).more], [1, true]);
    assert.equal(bounded([new File(["x"], ".hidden")], 10).files.length, 1);
  });

  test("What was dropped without entries has none", () => {
    assert.deepEqual(entriesOf(undefined), []);
    const items = [{ webkitGetAsEntry: () => null }, { webkitGetAsEntry: () => entry("a", null) }, {}] as unknown as DataTransferItemList;
    assert.deepEqual(entriesOf(items).map(({ name }) => name), ["a"]);
  });
});

describe("What is remembered of an upload that stopped", () => {
  afterEach(() => localStorage.clear());
  const bytes = (change: number) => Uint8Array.from({ length: 200_000 }, (_, index) => (index === change ? 1 : 0));
  const file = (name = "Doe Jane.dcm", lastModified = 5, change = -1) => new File([bytes(change)], name, { lastModified });

  test("A file's print is the same for the same file, and another for another name, date, size, beginning or end", async () => {
    const print = await printOf(file());
    assert.equal(await printOf(file()), print);
    const others = [file("Doe John.dcm"), file(undefined, 6), file(undefined, 5, 0), file(undefined, 5, 199_999), new File([bytes(-1), "x"], "Doe Jane.dcm", { lastModified: 5 })];
    const prints = await Promise.all(others.map(printOf));
    assert.equal(new Set([print, ...prints]).size, 6);
    // Between the edges nothing is read.
    assert.equal(await printOf(file(undefined, 5, 100_000)), print);
  });

  test("The print is kept for its session alone, without the name of the file", async () => {
    stopped.remember("s1", "r1", await printOf(file()));
    stopped.remember("s1", "r2", "two");
    assert.equal(stopped.printOf("s1", "r1"), await printOf(file()));
    assert.equal(stopped.printOf("s2", "r1"), undefined);
    assert.doesNotMatch(JSON.stringify({ ...localStorage }), /Doe|Jane|dcm/);
    stopped.forget("s1", "r1");
    assert.deepEqual([stopped.printOf("s1", "r1"), stopped.printOf("s1", "r2")], [undefined, "two"]);
    stopped.forget("s1", "r2");
    assert.equal(localStorage.length, 0);
  });

  test("Another session's is replaced, what isn't ours is not believed, and no storage is no harm", () => {
    stopped.remember("s1", "r1", "one");
    stopped.remember("s2", "r2", "two");
    assert.deepEqual([stopped.printOf("s1", "r1"), stopped.printOf("s2", "r2")], [undefined, "two"]);
    localStorage.setItem("lightbox:stopped-uploads", "{half");
    assert.equal(stopped.printOf("s2", "r2"), undefined);
    const storage = globalThis.localStorage;
    Object.defineProperty(globalThis, "localStorage", { configurable: true, writable: true, value: undefined });
    try {
      stopped.remember("s1", "r1", "one");
      assert.equal(stopped.printOf("s1", "r1"), undefined);
    } finally {
      Object.defineProperty(globalThis, "localStorage", { configurable: true, writable: true, value: storage });
    }
  });
});
