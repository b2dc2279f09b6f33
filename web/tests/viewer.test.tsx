import { alerts, all, click, control, field, hasControl, now, one, press, problem, result, scripted, settled, show, text, type, until } from "./harness";
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import type { Finding } from "../src/shared/api/result";
import type { Upload } from "../src/shared/api/uploads";
import { FilmDesk } from "../src/shared/viewer/FilmDesk";
import { FilmLabels, ScaleBar } from "../src/shared/viewer/FilmLabels";
import { FilmPane } from "../src/shared/viewer/FilmPane";
import { HeatControls } from "../src/shared/viewer/HeatControls";
import { Icon } from "../src/shared/viewer/Icon";
import { KeyHelp } from "../src/shared/viewer/KeyHelp";
import { commands, type Desk } from "../src/shared/viewer/commands";
import { upright } from "../src/shared/viewer/orientation";
import { Projector } from "../src/shared/viewer/Projector";
import { sidesOf } from "../src/shared/viewer/sides";
import { Toolbar } from "../src/shared/viewer/Toolbar";
import { zoomed } from "../src/shared/viewer/view";
import { Viewer, type ViewerProps } from "../src/shared/viewer/Viewer";

// A film on the screen is 400 x 300 CSS pixels large, as far as jsdom is asked.
for (const [name, size] of [["clientWidth", 400], ["clientHeight", 300]] as const) {
  Object.defineProperty(HTMLElement.prototype, name, {
    configurable: true,
    get(this: HTMLElement) {
      return this.classList.contains("film-stage") ? size : 0;
    },
  });
}

const findings = result.findings as Finding[];

const upload = (more: Partial<Upload> = {}): Upload => ({
  id: "u1", fileName: "film.dcm", sha256: "x", bytes: 1, format: "dicom", width: 80, height: 60, bitsPerSample: 12, frames: 1, createdAt: now,
  preview: "/api/v1/uploads/u1/preview", samples: "/api/v1/uploads/u1/samples", ...more,
});

/** Samples of 80 x 60 that grow from one to the next, with a window of the file. */
function samples(more: object = {}): { binary: ArrayBuffer } {
  const json = JSON.stringify({ width: 80, height: 60, bitsPerSample: 12, bytesPerSample: 2, maximum: 4095, windows: [{ name: "SOFT", center: 2000, width: 1000 }], ...more });
  const header = json.padEnd(Math.ceil((json.length + 4) / 4) * 4 - 4);
  const bytes = new Uint8Array(4 + header.length + 9600);
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  bytes.set(new TextEncoder().encode(header), 4);
  bytes.set(new Uint8Array(Uint16Array.from({ length: 4800 }, (_, index) => 1500 + (index % 50) * 20).buffer), 4 + header.length);
  return { binary: bytes.buffer };
}

/** A page with the viewer, whose samples have come. */
async function viewer(props: Partial<ViewerProps> = {}) {
  const server = scripted().on("GET /uploads/u1/samples", () => samples());
  await show(<Viewer upload={upload()} {...props} />);
  await until(() => all("[data-state=full]").length > 0);
  await settled();
  return server;
}

const film = () => all<HTMLCanvasElement & { painted?: ImageData }>("canvas")[0] as HTMLCanvasElement & { painted?: ImageData };
const stage = () => all<HTMLElement>(".film-stage")[0] as HTMLElement;
const labels = (pane = 0) => all(".film-labels")[pane]?.textContent ?? "";
const letters = (pane = 0) => ["left", "right", "top", "bottom"].map((edge) => all(`.film-side-${edge} b`)[pane]?.textContent ?? all(`.film-side-${edge}`)[pane]?.textContent ?? "").join(" ");
const image = () => one<HTMLImageElement>(".film-preview");

function key(name: string, target: Element = film()): Promise<void> {
  return settled(() => target.dispatchEvent(Object.assign(new Event("keydown", { bubbles: true, cancelable: true }), { key: name, ctrlKey: false, altKey: false, metaKey: false })));
}

interface Hand {
  id?: number;
  kind?: "mouse" | "touch";
  button?: number;
}

function hand(name: string, x: number, y: number, { id = 1, kind = "mouse", button = 0 }: Hand = {}): Promise<Event> {
  const event = Object.assign(new MouseEvent(`pointer${name}`, { bubbles: true, cancelable: true, clientX: x, clientY: y, button }), { pointerId: id, pointerType: kind });
  return settled(() => film().dispatchEvent(event)).then(() => event);
}

async function drag(from: [number, number], to: [number, number], how: Hand = {}): Promise<void> {
  await hand("down", ...from, how);
  await hand("move", ...to, how);
  await hand("up", ...to, how);
}

function loaded(target: HTMLImageElement, pixels: Uint8ClampedArray, width: number, height: number): Promise<void> {
  Object.defineProperties(target, { naturalWidth: { value: width }, naturalHeight: { value: height }, pixels: { value: pixels } });
  return settled(() => target.dispatchEvent(new Event("load")));
}

const grey = (count: number, value: number) => new Uint8ClampedArray(count * 4).fill(value);

afterEach(() => {
  Object.assign(document, { fullscreenEnabled: undefined });
});

describe("The viewer", () => {
  test("shows the preview at once, then the samples in their full depth", async () => {
    const server = scripted().on("GET /uploads/u1/samples", () => ({ never: true }));
    await show(<Viewer upload={upload()} />);
    await until(() => all("canvas").length > 0);
    assert.equal(image().getAttribute("src"), "/api/v1/uploads/u1/preview?width=1600");
    await loaded(image(), grey(48, 100), 8, 6);
    assert.equal(stage().dataset.state, "preview");
    assert.match(labels(), /Window 128 \/ 256.*preview/);
    assert.match(text(stage()), /Loading the full data/);
    assert.equal(film().painted?.width, 400);
    assert.equal(film().painted?.data[(150 * 400 + 200) * 4], 100);
    server.on("GET /uploads/u1/samples", () => samples());
    await show(<Viewer key="again" upload={upload()} />);
    await until(() => all("[data-state=full]").length > 0);
    await until(() => /Window 2,000 \/ 1,000/.test(labels()));
    assert.match(labels(), /Zoom 500 % · 12 bits/);
    // The first sample, 1500, is the lower end of the file's window.
    assert.deepEqual([...(film().painted?.data.slice(0, 4) ?? [])], [0, 0, 0, 255]);
  });

  for (const [name, answer] of [
    ["aren't given", problem(500, "internal")],
    ["can't be reached", { broken: true }],
    ["have the wrong length", samples({ width: 79 })],
    ["aren't samples", { anything: true }],
  ] as const) {
    test(`goes on with the preview where the samples ${name}, and says so`, async () => {
      scripted().on("GET /uploads/u1/samples", () => answer);
      await show(<Viewer upload={upload()} />);
      await until(() => all("canvas").length > 0);
      await loaded(image(), grey(48, 100), 8, 6);
      await until(() => stage().dataset.state === "reduced");
      assert.match(text(one(".film-pane")), /256 greys, from the preview: the full data could not be read/);
      await key("i");
      assert.equal(film().painted?.data[(150 * 400 + 200) * 4], 155);
      assert.equal(alerts(), "");
    });
  }

  test("needs only one of the two", async () => {
    scripted().on("GET /uploads/u1/samples", () => samples());
    await show(<Viewer upload={upload()} />);
    await until(() => all("canvas").length > 0);
    await settled(() => image().dispatchEvent(new Event("error")));
    await until(() => stage().dataset.state === "full");
    assert.equal(alerts(), "");
  });

  test("says when there is neither", async () => {
    scripted();
    await show(<Viewer upload={upload({ samples: null })} />);
    await until(() => all("canvas").length > 0);
    await settled(() => image().dispatchEvent(new Event("error")));
    assert.match(alerts(), /The picture can't be shown/);
  });

  test("has no style attribute in its markup, and names its film", async () => {
    await viewer({ alt: "A film" });
    assert.equal(film().getAttribute("aria-label"), "A film");
    assert.equal(film().getAttribute("role"), "img");
    assert.equal(film().tabIndex, 0);
    assert.equal(one("[role=region]").getAttribute("aria-label"), "X-ray viewer");
    assert.match(text(document.getElementById(film().getAttribute("aria-describedby") ?? "") as Element), /left R, right L \(assumed\)/);
  });

  test("draws nothing without a change", async () => {
    await viewer();
    const before = film().painted;
    (film() as { painted?: unknown }).painted = undefined;
    await settled();
    assert.equal(film().painted, undefined);
    await key("+");
    assert.equal(film().painted, before, "the same pixels are used again");
  });
});

describe("On the film stands", () => {
  test("whose it is, when and how it was taken", async () => {
    await viewer({ upload: upload({ capturedView: "PA", dicom: { patientName: "Doe^Jay", studyDate: "20250304", patientOrientation: "L\\F", pixelSpacing: [0.2, 0.2] } }) });
    assert.match(labels(), /Doe Jay2025-03-04View PAAs in the file/);
    assert.equal(letters(), "R L H F");
    assert.doesNotMatch(labels(), /assumed/);
    assert.match(labels(), /2 mm$|2 mm/);
    assert.doesNotMatch(labels(), /detector/);
  });

  test("the name that the page knows before that of the file, and that there is none", async () => {
    await viewer({ patient: "Blue Fox", upload: upload({ dicom: { patientName: "Doe^Jay" } }) });
    assert.match(labels(), /^Blue Fox/);
    await viewer();
    assert.match(labels(), /^No name in the fileView not known/);
    await viewer({ estimatedView: "AP" });
    assert.match(labels(), /View AP \(estimated\)/);
    assert.equal(all(".film-bar").length, 0);
  });

  test("that the sides are assumed, and that the scale is the detector's", async () => {
    await viewer({ upload: upload({ dicom: { imagerPixelSpacing: [0.1, 0.1] } }) });
    assert.match(text(one(".film-side-left")), /^R ?assumed$/);
    assert.match(text(one(".film-bottom-right")), /mm at the detector$/);
    await viewer({ upload: upload({ capturedView: "LL" }) });
    assert.equal(letters().trim(), "");
  });

  test("how it was turned, mirrored and inverted, with the letters where they belong", async () => {
    await viewer({ upload: upload({ dicom: { patientOrientation: "L\\F" } }) });
    await key("r");
    assert.match(labels(), /Turned 90°/);
    assert.equal(letters(), "F H R L");
    await press("Swap left and right");
    assert.match(labels(), /MIRRORED/);
    assert.equal(letters(), "H F R L");
    await key("i");
    assert.match(labels(), /Inverted/);
    assert.equal(control("Swap black and white").getAttribute("aria-pressed"), "true");
    await key("Escape");
    assert.match(labels(), /As in the file/);
    assert.equal(letters(), "R L H F");
  });

  test("what was done before the analysis", async () => {
    await viewer({ adjustment: { turn: 180, mirror: false, invert: true }, upload: upload({ dicom: { patientOrientation: "R\\H" } }) });
    assert.match(labels(), /Turned 180° · Inverted/);
    assert.equal(letters(), "R L H F");
  });
});

describe("Hands", () => {
  test("drag the film, and a right button its brightness", async () => {
    await viewer();
    await key("+");
    const first = [...(film().painted?.data ?? [])];
    await drag([200, 150], [150, 150]);
    assert(first.some((value, index) => value !== film().painted?.data[index]));
    await drag([200, 150], [200, 75], { button: 2 });
    assert.match(labels(), /Window 1,750 \/ 1,000/);
    await until(() => all("[role=status]").some((status) => /Window 1,750 \/ 1,000/.test(text(status))));
  });

  test("use the tool that is chosen; the space bar and the middle button always move", async () => {
    await viewer();
    await press("Brightness and contrast");
    assert.equal(stage().dataset.tool, "window");
    await drag([200, 150], [200, 225]);
    assert.match(labels(), /Window 2,250 \/ 1,000/);
    await key(" ");
    await drag([200, 150], [200, 225]);
    await settled(() => film().dispatchEvent(Object.assign(new Event("keyup", { bubbles: true }), { key: " " })));
    await drag([200, 150], [200, 225], { button: 1 });
    assert.match(labels(), /Window 2,250 \/ 1,000/);
    await drag([200, 150], [200, 75]);
    assert.match(labels(), /Window 2,000 \/ 1,000/);
  });

  test("of two fingers apart enlarge, and side by side brighten", async () => {
    await viewer();
    const finger = (id: number): Hand => ({ id, kind: "touch" });
    await hand("down", 180, 150, finger(1));
    await hand("down", 220, 150, finger(2));
    await hand("move", 140, 150, finger(1));
    await hand("move", 260, 150, finger(2));
    await hand("up", 260, 150, finger(2));
    await hand("move", 300, 280, finger(1));
    await hand("up", 300, 280, finger(1));
    assert.match(labels(), /Window 2,000 \/ 1,000Zoom 1,500 %/);
    await key("z");
    await hand("down", 180, 150, finger(1));
    await hand("down", 220, 150, finger(2));
    for (const y of [140, 120, 100]) {
      await hand("move", 180, y, finger(1));
      await hand("move", 220, y, finger(2));
    }
    await hand("cancel", 180, 100, finger(1));
    await hand("up", 220, 100, finger(2));
    assert.match(labels(), /Zoom 500 %/);
    assert.match(labels(), /Window 1,8\d\d \/ 1,000/);
  });

  test("turn the wheel; where it changes nothing, the page scrolls", async () => {
    scripted();
    await show(<Viewer upload={upload({ width: 4000, height: 3000, samples: null })} />);
    await until(() => all("canvas").length > 0);
    await loaded(image(), grey(48, 100), 8, 6);
    const wheel = async (deltaY: number) => {
      const event = Object.assign(new Event("wheel", { bubbles: true, cancelable: true }), { deltaY, deltaMode: 0, clientX: 10, clientY: 10, ctrlKey: false });
      await settled(() => film().dispatchEvent(event));
      return event.defaultPrevented;
    };
    assert.equal(await wheel(100), false);
    assert.match(labels(), /Zoom 10 %/);
    assert.equal(await wheel(-100), true);
    assert.match(labels(), /Zoom 12 %/);
    assert.equal(await wheel(100), true);
    assert.match(labels(), /Zoom 10 %/);
  });

  test("leave the page its scrolling while there is nothing to move", async () => {
    await viewer();
    assert.equal(stage().classList.contains("film-still"), true);
    await key("+");
    assert.equal(stage().classList.contains("film-still"), false);
    await key("0");
    await key("w");
    assert.equal(stage().classList.contains("film-still"), false);
  });

  test("with two fingers never scroll the page, with one they may", async () => {
    await viewer();
    const touch = (fingers: number) => {
      const event = Object.assign(new Event("touchstart", { bubbles: true, cancelable: true }), { touches: { length: fingers } });
      film().dispatchEvent(event);
      return event.defaultPrevented;
    };
    assert.deepEqual([touch(1), touch(2)], [false, true]);
  });

  test("bring no menu with the right button", async () => {
    await viewer();
    const event = new Event("contextmenu", { bubbles: true, cancelable: true });
    film().dispatchEvent(event);
    assert.equal(event.defaultPrevented, true);
  });
});

describe("Keys and buttons", () => {
  test("say what they have changed", async () => {
    await viewer();
    const said = () => all("[role=status]").map((status) => text(status)).join(" ");
    await press("Larger");
    await until(() => said().includes("Zoom 625 %"));
    await press("Pixel for pixel");
    await until(() => said().includes("Zoom 100 %"));
    await key("w");
    assert.match(said(), /Brightness and contrast/);
  });

  test("choose the windows of the file and of the greys", async () => {
    await viewer();
    const chooser = one<HTMLSelectElement>(".film-presets");
    assert.deepEqual([...chooser.options].map((option) => text(option)), ["The file's: SOFT", "Full range", "Lungs (darker greys)", "Bones, soft tissue (brighter greys)"]);
    await type(chooser, "full");
    assert.match(labels(), /Window 2,048 \/ 4,096/);
    await drag([200, 150], [200, 100], { button: 2 });
    assert.equal(text(chooser.options[0] as Element), "set by hand");
    assert.equal(chooser.value, "");
  });

  test("leave alone what has keys of its own", async () => {
    await viewer({ findings, shownId: "effusion" });
    await key("ArrowRight", one("input[type=range]"));
    await key("i", one(".film-presets"));
    assert.match(labels(), /As in the file/);
    const event = Object.assign(new Event("keydown", { bubbles: true, cancelable: true }), { key: "PageDown", ctrlKey: false, altKey: false, metaKey: false });
    await settled(() => film().dispatchEvent(event));
    assert.equal(event.defaultPrevented, false, "one picture has no next one");
  });

  test("are listed, each with what it does", async () => {
    await viewer();
    await key("?");
    const help = text(one("dialog"));
    for (const { label } of commands) assert(help.includes(label), label);
    for (const told of ["Swap left and rightbutton only", "Show all of it0F", "Turn to the leftShift R", "Wheellarger and smaller"]) assert(help.includes(told), told);
    await key("i", one("dialog button"));
    assert.match(labels(), /As in the file/);
    await press("Close");
    assert.equal(all("dialog").length, 0);
  });

  test("show it on the whole screen where the browser can", async () => {
    await viewer();
    assert.equal(hasControl("Whole screen"), false);
    const calls: string[] = [];
    Object.assign(document, { fullscreenEnabled: true, fullscreenElement: null, exitFullscreen: () => void calls.push("exit") });
    Object.assign(HTMLElement.prototype, { requestFullscreen: () => void calls.push("request") });
    await key("w");
    await press("Whole screen");
    Object.assign(document, { fullscreenElement: one(".film-desk") });
    await key("x");
    assert.deepEqual(calls, ["request", "exit"]);
    Object.assign(document, { fullscreenElement: null });
  });
});

describe("The heat map", () => {
  const heat = () => all<HTMLImageElement>("img.heat");

  test("lies over the film, as strong as is wanted, and says what it is and what not", async () => {
    await viewer({ findings, shownId: "effusion" });
    assert.deepEqual(heat().map(({ alt }) => alt), ["Heat map laid over the picture: where the number for Pleural effusion came from"]);
    assert.match(text(), /Influence on the model, not the location of disease\./);
    assert.equal(heat()[0]?.style.opacity, "0.65");
    await type(one<HTMLInputElement>("input[type=range]"), "20");
    assert.equal(heat()[0]?.style.opacity, "0.2");
    const before = heat()[0]?.style.transform;
    assert.match(before ?? "", /^matrix\(/);
    await key("r");
    assert(heat()[0]?.style.transform !== before);
  });

  test("is told in words, from its own pixels", async () => {
    await viewer({ findings, shownId: "effusion", upload: upload({ dicom: { patientOrientation: "L\\F" } }) });
    const pixels = new Uint8ClampedArray(96 * 96 * 4);
    for (let y = 70; y < 96; y += 1) for (let x = 0; x < 30; x += 1) pixels.set([250, 140, 10, 150], (y * 96 + x) * 4);
    await loaded(heat()[0] as HTMLImageElement, pixels, 384, 288);
    assert.match(text(), /not the location of disease\. The influence is strongest: lower third, at the edge marked R\./);
  });

  test("is chosen, hidden and found again", async () => {
    const shown: (string | null)[] = [];
    const onShow = (id: string | null) => void shown.push(id);
    await viewer({ findings, shownId: "effusion", onShow });
    const chooser = field<HTMLSelectElement>("Show the heat map of");
    assert.deepEqual([...chooser.options].map((option) => text(option)), ["nothing: the picture alone", "Pleural effusion, 31 %", "Atelectasis, 9.2 %", "Consolidation, 1.2 %", "Pneumothorax, 0.6 %"]);
    await type(chooser, "atelectasis");
    await press("Hide the heat map");
    await key("h");
    assert.deepEqual(shown, ["atelectasis", null, null]);
    await viewer({ findings, shownId: null, onShow });
    assert.match(text(), /No heat map is shown/);
    await key("h");
    assert.equal(shown[3], "effusion");
    assert.equal((control("Hide the heat map") as HTMLButtonElement).disabled, true);
  });

  test("that can't be shown says so", async () => {
    await viewer({ findings, shownId: "effusion" });
    await settled(() => heat()[0]?.dispatchEvent(new Event("error")));
    assert.match(text(), /The heat map can't be shown/);
    assert.equal(heat().length, 0);
    assert.doesNotMatch(text(), /Influence on the model/);
  });

  test("of one picture of a file isn't laid over another", async () => {
    const server = scripted().on("GET /uploads/u1/samples", () => samples()).on("GET /uploads/u1/samples?frame=1", () => samples());
    await show(<Viewer upload={upload({ frames: 3 })} findings={findings} shownId="effusion" />);
    await until(() => all("[data-state=full]").length > 0);
    assert.equal(heat().length, 1);
    await key("PageDown");
    assert.equal(heat().length, 0);
    assert.match(text(), /The heat map belongs to picture 1 of the file/);
    await until(() => server.asked.some(({ path }) => path === "/uploads/u1/samples?frame=1"));
  });
});

describe("A file with several pictures", () => {
  test("is leafed through by keys and by a slider, each with its own preview", async () => {
    const server = scripted();
    for (const frame of ["", "?frame=1", "?frame=2"]) server.on(`GET /uploads/u1/samples${frame}`, () => samples());
    await show(<Viewer upload={upload({ frames: 3 })} />);
    await until(() => all("[data-state=full]").length > 0);
    assert.match(labels(), /Picture 1 of 3/);
    await key("PageUp");
    assert.match(labels(), /Picture 1 of 3/);
    await key("PageDown");
    assert.match(labels(), /Picture 2 of 3/);
    assert.equal(stage().dataset.state, "loading");
    assert.equal(image().getAttribute("src"), "/api/v1/uploads/u1/preview?width=1600&frame=1");
    await type(one<HTMLInputElement>("input[type=range]"), "3");
    assert.match(labels(), /Picture 3 of 3/);
    await until(() => stage().dataset.state === "full");
    assert.deepEqual(server.asked.filter(({ path }) => path.includes("samples")).map(({ path }) => path), ["/uploads/u1/samples", "/uploads/u1/samples?frame=2"]);
  });
});

describe("Two films side by side", () => {
  const other = upload({ id: "u2", fileName: "earlier.dcm", preview: "/api/v1/uploads/u2/preview", samples: "/api/v1/uploads/u2/samples", dicom: { studyDate: "20231105" } });
  const both = async () => {
    const server = scripted().on("GET /uploads/u1/samples", () => samples()).on("GET /uploads/u2/samples", () => samples({ windows: [{ center: 1000, width: 500 }] }));
    await show(<Viewer upload={upload()} others={[upload(), other]} />);
    await until(() => all("[data-state=full]").length > 0);
    await type(field<HTMLSelectElement>("Beside it"), "u2");
    await until(() => all("[data-state=full]").length === 2);
    await settled();
    return server;
  };

  test("are named, and nothing is claimed about them", async () => {
    await both();
    assert.match(labels(0), /film\.dcm/);
    assert.match(labels(1), /No name in the file2023-11-05earlier\.dcm/);
    assert.match(text(), /Lightbox doesn't compare them/);
    assert.deepEqual(all("canvas").map((canvas) => canvas.getAttribute("aria-label")), ["The X-ray picture film.dcm, as the server reads it", "The X-ray picture earlier.dcm, as the server reads it"]);
  });

  test("move together, each in its own greys", async () => {
    await both();
    await key("+");
    await key("i");
    assert.match(labels(0), /Inverted.*Zoom 625 %/);
    assert.match(labels(1), /Inverted.*Zoom 625 %/);
    await drag([200, 150], [200, 75], { button: 2 });
    assert.match(labels(0), /Window 1,750 \/ 1,000/);
    assert.match(labels(1), /Window 875 \/ 500/);
  });

  test("or each alone: the one that was touched last", async () => {
    await both();
    await click(field("Move both together"));
    await key("+");
    assert.match(labels(0), /Zoom 625 %/);
    assert.match(labels(1), /Zoom 500 %/);
    const second = all("canvas")[1] as HTMLCanvasElement;
    const at = (name: string) => Object.assign(new MouseEvent(`pointer${name}`, { bubbles: true, clientX: 5, clientY: 5 }), { pointerId: 1, pointerType: "mouse" });
    await settled(() => second.dispatchEvent(at("down")));
    await settled(() => second.dispatchEvent(at("up")));
    assert.equal(document.activeElement, second);
    await key("r", second);
    assert.doesNotMatch(labels(0), /Turned/);
    assert.match(labels(1), /Turned 90°/);
    await type(field<HTMLSelectElement>("Beside it"), "");
    assert.equal(all("canvas").length, 1);
  });

  test("are only offered where there is another one", async () => {
    await viewer({ others: [upload()] });
    assert.doesNotMatch(text(), /Beside it/);
  });
});

describe("The parts of the viewer", () => {
  const desk: Desk = { tool: "pan", setTool: () => undefined, change: () => undefined, reset: () => undefined, stepFrame: () => undefined, toggleHeat: () => undefined, toggleWhole: () => undefined, toggleHelp: () => undefined };
  const facts = { patient: "Jay", date: "", fileName: "", view: "View PA", frame: "", depth: "8 bits" };
  const projector = () => new Projector({ ...upright, invert: false });

  test("The tools have names, and tell their keys", async () => {
    scripted();
    await show(<Toolbar desk={desk} projector={projector()} heat="off" canBeWhole={false} />);
    assert.equal(one("[role=group]").getAttribute("aria-label"), "Tools");
    assert.deepEqual(all("button").map((button) => button.title), ["Move the film (P)", "Brightness and contrast (W)", "Smaller (−)", "Show all of it (0)", "Pixel for pixel (1)", "Larger (+)", "Turn to the left (Shift R)", "Turn to the right (R)", "Swap black and white (I)", "Swap left and right", "Heat map on or off (H)", "Back to the beginning (Esc)", "Help (?)"]);
    assert.equal(control("Heat map on or off").getAttribute("aria-pressed"), "false");
    assert.equal(all("path[d='']").length + all("path:not([d])").length, 0);
  });

  test("An icon says nothing to those who don't see it", async () => {
    scripted();
    await show(<Icon name="pan" />);
    assert.equal(one("svg").getAttribute("aria-hidden"), "true");
  });

  test("The labels follow the film from frame to frame", async () => {
    scripted();
    const one1 = projector();
    one1.place({ paneWidth: 100, paneHeight: 100, film: { width: 10, height: 10, bits: 8, maximum: 255, levels: [], presets: [] } });
    await show(<FilmLabels projector={one1} facts={facts} sides={sidesOf({ base: upright, turned: upright })} spacing={{ x: 1, y: 1, atDetector: false }} />);
    assert.match(text(), /Zoom 1,000 %/);
    await settled(() => one1.change(zoomed(1.6)));
    assert.match(text(), /Zoom 1,600 %/);
    assert.match(text(), /1 mm$|1 mm/);
  });

  test("A scale bar is as long as it says", async () => {
    scripted();
    const shown = projector();
    await show(<ScaleBar projector={shown} spacing={{ x: 0.5, y: 0.5, atDetector: true }} />);
    assert.equal(text(), "");
    await settled(() => shown.place({ paneWidth: 400, paneHeight: 400, film: { width: 400, height: 400, bits: 8, maximum: 255, levels: [], presets: [] } }));
    assert.equal(text(), "50 mm at the detector");
    assert.equal(one(".film-bar").style.width, "100.0px");
  });

  test("The help closes", async () => {
    scripted();
    let closed = 0;
    await show(<KeyHelp onClose={() => (closed += 1)} />);
    await press("Close");
    assert.equal(closed, 1);
  });

  test("The heat map's controls wait until there is one", async () => {
    scripted();
    await show(<HeatControls findings={findings} shown={null} broken={false} elsewhere="" opacity={65} where="" onShow={() => undefined} onOpacity={() => undefined} />);
    assert.equal(one<HTMLInputElement>("input").disabled, true);
  });

  test("A pane stops drawing when it goes", async () => {
    scripted();
    const shown = projector();
    const hands = { change: () => undefined, begin: () => undefined, end: () => undefined };
    await show(<FilmPane projector={shown} source={{ id: "u1", preview: "/p" }} frame={0} alt="A" tool="pan" hands={hands} />);
    await loaded(image(), grey(16, 5), 4, 4);
    const canvas = film();
    assert(canvas.painted);
    await show(<p>Gone</p>);
    canvas.painted = undefined as unknown as ImageData;
    shown.change(zoomed(2));
    await settled();
    assert.equal(canvas.painted, undefined);
  });

  test("The desk alone begins at the picture that was analysed", async () => {
    scripted().on("GET /uploads/u1/samples?frame=2", () => samples());
    await show(<FilmDesk upload={upload({ frames: 3 })} frame={2} />);
    assert.match(labels(), /Picture 3 of 3/);
    await until(() => stage().dataset.state === "full");
  });
});
