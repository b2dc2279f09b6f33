import "./dom";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { command, commandOf, commands, keyTold, type Desk } from "../src/shared/viewer/commands";
import { filmOf, filmOfPreview, halves, luminance, samplesOf, type Film, type Level } from "../src/shared/viewer/film";
import { between, histogramOf, lookupTable, percentile, presetsOf } from "../src/shared/viewer/greys";
import { strongestNinths } from "../src/shared/viewer/heat";
import { matrixOf, together, toPicture, turnedBy, upright, type Orientation, type Turn } from "../src/shared/viewer/orientation";
import { levelFor, paint } from "../src/shared/viewer/paint";
import { scaleBar, spacingOf } from "../src/shared/viewer/scale";
import { sidesOf } from "../src/shared/viewer/sides";
import { changeTold, dateTold, influenceTold, nameTold, sidesTold, stateOf } from "../src/shared/viewer/telling";
import { withParameters } from "../src/shared/viewer/useFilm";
import { fitOf, fitted, inverted, mirrored, oneToOne, panned, placementOf, preset, presetOf, reset, settled, startView, turned, windowed, windowOf, zoomed, zoomOf, zoomPercent, type Change, type Stage } from "../src/shared/viewer/view";

const turns: Turn[] = [0, 90, 180, 270];
const orientations: Orientation[] = turns.flatMap((turn) => [{ turn, mirror: false }, { turn, mirror: true }]);

/** A picture of so many samples, each another value. */
function film(width: number, height: number, more: Partial<Film> = {}): Film {
  const values = Uint16Array.from({ length: width * height }, (_, index) => index);
  return { width, height, bits: 12, maximum: 4095, levels: [{ width, height, values, scale: 1 }], presets: [{ id: "file-1", window: { center: 2000, width: 1000 } }, { id: "full", window: between(0, 4095) }], ...more };
}

function stage(more: Partial<Stage> = {}): Stage {
  return { paneWidth: 400, paneHeight: 200, density: 1, film: film(40, 20), base: { ...upright, invert: false }, ...more };
}

const near = (actual: number, expected: number, what = "") => assert(Math.abs(actual - expected) < 1e-6, `${what} ${actual} is not ${expected}`);

describe("How a picture lies", () => {
  test("A quarter to the right brings the left edge to the top", () => {
    assert.deepEqual(matrixOf({ turn: 90, mirror: false }).map((value) => value + 0), [0, -1, 1, 0]);
    assert.deepEqual(toPicture(matrixOf({ turn: 90, mirror: false }), 0, -1).map((value) => value + 0), [-1, 0]);
  });

  for (const first of orientations) {
    test(`${first.turn}°${first.mirror ? ", mirrored" : ""}: what two do one after the other, they do together`, () => {
      for (const second of orientations) {
        const [a, b, c, d] = matrixOf(second);
        const [e, f, g, h] = matrixOf(first);
        const product = [a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h];
        assert.deepEqual(matrixOf(together(first, second)).map((value) => value + 0), product.map((value) => value + 0));
      }
    });

    test(`${first.turn}°${first.mirror ? ", mirrored" : ""}: turned as it is seen, four times is none`, () => {
      assert.deepEqual(turnedBy(first, 90), together(first, { turn: 90, mirror: false }));
      assert.deepEqual(turnedBy(turnedBy(first, -90), 90), first);
      assert.deepEqual([90, 90, 90, 90].reduce(turnedBy, first), first);
    });
  }
});

describe("The letters at the edges", () => {
  const base = upright;
  const cases: [string, Parameters<typeof sidesOf>[0], string][] = [
    ["as the file says", { patientOrientation: "L\\F", base, turned: upright }, "R L H F"],
    ["mirrored", { patientOrientation: "L\\F", base, turned: { turn: 0, mirror: true } }, "L R H F"],
    ["a quarter to the right", { patientOrientation: "L\\F", base, turned: { turn: 90, mirror: false } }, "F H R L"],
    ["a quarter to the left", { patientOrientation: "L\\F", base, turned: { turn: 270, mirror: false } }, "H F L R"],
    ["upside down", { patientOrientation: "L\\F", base, turned: { turn: 180, mirror: false } }, "L R F H"],
    ["turned, then mirrored", { patientOrientation: "L\\F", base, turned: { turn: 90, mirror: true } }, "H F R L"],
    ["adjusted before: the file's letters go with it", { patientOrientation: "L\\F", base: { turn: 0, mirror: true }, turned: upright }, "L R H F"],
    ["adjusted and turned", { patientOrientation: "L\\F", base: { turn: 90, mirror: false }, turned: { turn: 270, mirror: false } }, "R L H F"],
    ["a file that lies the other way", { patientOrientation: "R\\F", base, turned: upright }, "L R H F"],
    ["a side view", { patientOrientation: "A\\F", isLateral: true, base, turned: upright }, "P A H F"],
    ["slanting", { patientOrientation: "LF\\FR", base, turned: upright }, "RH LF HL FR"],
    ["no word of the file", { base, turned: upright }, "R L - - assumed"],
    ["nonsense", { patientOrientation: "X\\F", base, turned: upright }, "R L - - assumed"],
    ["one letter alone", { patientOrientation: "L", base, turned: upright }, "R L - - assumed"],
    ["assumed, mirrored", { patientOrientation: null, base, turned: { turn: 0, mirror: true } }, "L R - - assumed"],
    ["assumed, turned to the right", { base, turned: { turn: 90, mirror: false } }, "- - R L assumed"],
    ["assumed, of a picture that was adjusted to lie right", { base: { turn: 90, mirror: true }, turned: upright }, "R L - - assumed"],
    ["a side view without a word of the file", { isLateral: true, base, turned: upright }, "- - - -"],
  ];
  for (const [name, lie, expected] of cases) {
    test(name, () => {
      const { left, right, top, bottom, assumed } = sidesOf(lie);
      assert.equal([left, right, top, bottom].map((side) => side || "-").join(" ") + (assumed ? " assumed" : ""), expected);
    });
  }

  test("are told to those who don't see them", () => {
    assert.equal(sidesTold(sidesOf({ patientOrientation: "L\\F", base, turned: upright })), "left R, right L, top H, bottom F");
    assert.equal(sidesTold(sidesOf({ base, turned: upright })), "left R, right L (assumed)");
    assert.equal(sidesTold(sidesOf({ isLateral: true, base, turned: upright })), "The sides are not known");
  });
});

/** The bytes of samples, with a header that may be wrong. */
function bytesOf(header: object | string, values: Uint8Array | Uint16Array, pad = true): ArrayBuffer {
  let json = typeof header === "string" ? header : JSON.stringify(header);
  while (pad && (json.length + 4) % 4 !== 0) json += " ";
  const bytes = new Uint8Array(4 + json.length + values.byteLength);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(new TextEncoder().encode(json), 4);
  bytes.set(new Uint8Array(values.buffer), 4 + json.length);
  return bytes.buffer;
}

describe("Samples", () => {
  const header = { width: 3, height: 2, bitsPerSample: 12, bytesPerSample: 2, maximum: 4095, windows: [{ name: "A", center: 5, width: 6 }] };
  const values = Uint16Array.of(1, 2, 3, 4, 5, 4095);

  test("of 16 bits are read where they lie", () => {
    const bytes = bytesOf(header, values);
    const read = samplesOf(bytes);
    assert.deepEqual([read.width, read.height, read.maximum, read.bitsPerSample, read.windows], [3, 2, 4095, 12, header.windows]);
    assert.deepEqual([...read.values], [...values]);
    assert.equal(read.values.buffer, bytes);
  });

  test("of 8 bits too, and without windows", () => {
    const read = samplesOf(bytesOf({ ...header, bytesPerSample: 1, bitsPerSample: 8, maximum: 255, windows: undefined }, Uint8Array.of(0, 1, 2, 3, 4, 255)));
    assert.deepEqual([[...read.values], read.windows], [[0, 1, 2, 3, 4, 255], []]);
  });

  const wrong: [string, ArrayBuffer][] = [
    ["nothing", new ArrayBuffer(0)],
    ["a header that is longer than all", new Uint32Array([1 << 20, 0]).buffer],
    ["a header that isn't padded", bytesOf("{}", new Uint8Array(6), false)],
    ["no JSON", bytesOf("no", values)],
    ["null", bytesOf("null", values)],
    ["no width", bytesOf({ ...header, width: undefined }, values)],
    ["a width of zero", bytesOf({ ...header, width: 0 }, values)],
    ["half a row", bytesOf({ ...header, height: 1.5 }, values)],
    ["too few samples", bytesOf({ ...header, height: 3 }, values)],
    ["too many samples", bytesOf({ ...header, height: 1 }, values)],
    ["three bytes a sample", bytesOf({ ...header, bytesPerSample: 3 }, values)],
    ["a maximum that doesn't fit", bytesOf({ ...header, maximum: 65_536 }, values)],
  ];
  for (const [name, bytes] of wrong) test(`are refused: ${name}`, () => assert.throws(() => samplesOf(bytes)));

  test("of a preview are its brightness, in the picture's own size", () => {
    const rgba = Uint8ClampedArray.of(255, 255, 255, 255, 0, 0, 0, 255, 10, 10, 10, 255, 255, 0, 0, 255);
    assert.deepEqual([...luminance(rgba)], [255, 0, 10, 77]);
    const made = filmOfPreview(rgba, 2, 2, { width: 20, height: 20 });
    assert.deepEqual([made.width, made.height, made.levels[0]?.scale, made.bits], [20, 20, 0.1, 8]);
    const turnedRound = filmOfPreview(rgba, 4, 1, { width: 10, height: 40 });
    assert.deepEqual([turnedRound.width, turnedRound.height, turnedRound.levels[0]?.scale], [4, 1, 1]);
  });
});

describe("Halved sizes", () => {
  const all = (level: Level) => {
    const steps = halves(level);
    let step = steps.next();
    while (!step.done) step = steps.next();
    return step.value;
  };

  test("are averages, also at an odd edge", () => {
    const level = { width: 301, height: 3, scale: 1, values: Uint16Array.from({ length: 903 }, (_, index) => index % 301) };
    const [, half] = all(level);
    assert.deepEqual([half?.width, half?.height, half?.scale], [151, 2, 0.5]);
    // (0 + 1) / 2 is rounded up; the last column stands alone.
    assert.deepEqual([half?.values[0], half?.values[1], half?.values[150], half?.values[151]], [1, 3, 300, 1]);
  });

  test("go down to what is smaller than a pane, and keep their depth", () => {
    const sizes = all({ width: 1000, height: 700, scale: 1, values: new Uint8Array(700_000) });
    assert.deepEqual(sizes.map(({ width, height }) => `${width}x${height}`), ["1000x700", "500x350", "250x175"]);
    assert(sizes.every(({ values }) => values instanceof Uint8Array));
  });

  test("are made in steps, and given up when one doesn't want them any more", async () => {
    let pauses = 0;
    const samples = { width: 2000, height: 2000, bitsPerSample: 12, maximum: 4095, windows: [], values: new Uint16Array(4_000_000) };
    const made = await filmOf(samples, async () => void (pauses += 1));
    assert.deepEqual([made.levels.length, made.bits, pauses > 4], [4, 12, true]);
    await assert.rejects(filmOf(samples, () => Promise.reject(new Error("no more"))), (error) => error.message === "no more");
  });

  test("The smallest that is sharp enough is drawn", () => {
    const sizes = all({ width: 1000, height: 1000, scale: 1, values: new Uint8Array(1_000_000) });
    assert.deepEqual([4, 1, 0.6, 0.5, 0.3, 0.25, 0.1].map((zoom) => levelFor(sizes, zoom)?.scale), [1, 1, 1, 0.5, 0.5, 0.25, 0.25]);
  });
});

describe("Grey windows", () => {
  const grey = (table: Uint32Array, value: number) => (table[value] as number) & 255;

  test("are spread from black to white as DICOM says", () => {
    const table = lookupTable({ center: 128, width: 256 }, 255, false);
    for (const value of [0, 1, 127, 128, 255]) assert.equal(grey(table, value), value);
    const narrow = lookupTable({ center: 100, width: 11 }, 255, false);
    assert.deepEqual([94, 95, 104, 105, 200].map((value) => grey(narrow, value)), [0, 13, 242, 255, 255]);
    assert.deepEqual([...new Set([...narrow].map((colour) => colour >>> 24))], [255]);
  });

  test("of one value are a threshold, and can be inverted", () => {
    const table = lookupTable({ center: 10, width: 1 }, 20, true);
    assert.deepEqual([9, 10, 20].map((value) => grey(table, value)), [255, 0, 0]);
    const full = lookupTable(between(0, 65_535), 65_535, true);
    assert.deepEqual([grey(full, 0), grey(full, 65_535), full.length], [255, 0, 65_536]);
  });

  test("Percentiles leave the two ends out", () => {
    const counts = histogramOf([0, 0, 0, 0, 10, 20, 30, 40, 100, 100], 100);
    assert.deepEqual([counts[0], counts[20], counts[100]], [4, 1, 2]);
    assert.deepEqual([0.01, 0.5, 0.75, 1].map((share) => percentile(counts, share)), [10, 20, 30, 40]);
    assert.deepEqual([percentile(new Uint32Array(11), 0.1), percentile(new Uint32Array(11), 0.9)], [0, 10]);
  });

  test("of the file go first; a deep file without one gets its own range", () => {
    const counts = Uint32Array.from({ length: 1001 }, () => 1);
    const of = (windows: { name?: string; center: number; width: number }[], isDeep: boolean) =>
      presetsOf(counts, windows, isDeep).map(({ id, name, window: { center, width } }) => `${id}${name ? `=${name}` : ""} ${center - width / 2}-${center + width / 2}`);
    const own = ["full 0-1001", "lungs 10-601", "bones 400-996"];
    assert.deepEqual(of([{ name: "A", center: 500, width: 100 }, { center: 300, width: 10 }], true), ["file-1=A 450-550", "file-2 295-305", ...own]);
    assert.deepEqual(of([], true), ["automatic 5-996", ...own]);
    assert.deepEqual(of([{ center: Number.NaN, width: 5 }, { center: 5, width: 0 }], false), own);
  });
});

describe("Looking at a film", () => {
  test("begins with all of it", () => {
    assert.equal(zoomOf(startView, stage()), 10);
    assert.equal(fitOf(turned(90)(startView, stage()), stage()), 5);
    assert.equal(zoomPercent(startView, stage({ density: 2 })), 2000);
  });

  test("Zooming keeps what is under the pointer, however it lies", () => {
    for (const turn of orientations) {
      const view = { ...startView, zoom: 8, turned: turn };
      const at = { x: 30, y: -20 };
      const under = (looked: typeof view) => {
        const [x, y] = toPicture(matrixOf(turn), at.x / (looked.zoom ?? 0), at.y / (looked.zoom ?? 0));
        return [looked.x * 40 + x, looked.y * 20 + y];
      };
      const closer = zoomed(1.5, at)(view, stage()) as typeof view;
      assert.equal(closer.zoom, 12);
      under(closer).forEach((place, index) => near(place, under(view)[index] ?? 0));
    }
  });

  test("The film follows the hand, however it lies", () => {
    for (const turn of orientations) {
      const before = { ...startView, zoom: 40, turned: turn };
      const after = panned(8, -4)(before, stage());
      const [a, b, c, d] = matrixOf(turn);
      const [dx, dy] = [(before.x - after.x) * 40 * 40, (before.y - after.y) * 20 * 40];
      near(a * dx + b * dy, 8);
      near(c * dx + d * dy, -4);
    }
  });

  test("The picture stays in sight", () => {
    const far = panned(-9999, 9999)({ ...startView, zoom: 40 }, stage());
    // 10 x 5 of 40 x 20 are seen, and a quarter of the pane may show nothing.
    near(far.x, (40 - 5 + 2.5) / 40);
    near(far.y, (5 / 2 - 1.25) / 20);
    assert.deepEqual(panned(50, 50)(startView, stage()), startView);
  });

  test("Zoom has two ends, and where all is seen it stays so in another pane", () => {
    assert.equal(zoomed(1000)(startView, stage()).zoom, 16);
    assert.equal(zoomed(0.001)(startView, stage()).zoom, 1);
    const large = stage({ film: film(4000, 2000, { levels: [] }) });
    assert.equal(zoomed(0.001)(zoomed(4)(startView, large), large).zoom, null);
    assert.equal(oneToOne(startView, stage({ density: 2 })).zoom, 0.5);
    assert.deepEqual(fitted({ ...startView, zoom: 3, x: 0.1 }), startView);
  });

  test("A film that is gone, or another one, is settled in the middle", () => {
    assert.deepEqual(settled({ ...startView, zoom: 30, x: 9 }, stage({ film: null })).x, 0.5);
    assert.deepEqual(panned(5, 5)(startView, stage({ film: null })), startView);
  });

  test("Upwards is brighter, to the right is softer", () => {
    const up = windowOf(windowed(0, -20)(startView, stage()), stage());
    assert.deepEqual(up, { center: 1900, width: 1000 });
    const right = windowOf(windowed(400, 0)(startView, stage()), stage());
    assert.deepEqual(right, { center: 2000, width: 8000 });
    assert.equal(windowOf(windowed(-1e6, 1e6)(startView, stage()), stage()).width, 1000 / 256);
  });

  test("Presets are found by their id, and known again", () => {
    const full = preset("full")(startView, stage());
    assert.deepEqual(windowOf(full, stage()), { center: 2048, width: 4096 });
    assert.equal(presetOf(full, stage())?.id, "full");
    assert.equal(presetOf(startView, stage())?.id, "file-1");
    assert.equal(presetOf(windowed(3, 0)(full, stage()), stage()), undefined);
    assert.equal(preset("nothing")(full, stage()), full);
  });

  test("Two films are brightened alike, each from its own window", () => {
    const other = stage({ film: film(40, 20, { presets: [{ id: "full", window: between(0, 255) }] }) });
    const change = windowed(0, -20);
    assert.deepEqual(windowOf(change(startView, other), other), { center: 128 - 25.6, width: 256 });
  });

  test("Everything can be taken back", () => {
    const changes: Change[] = [turned(90), inverted, mirrored, windowed(5, 5), zoomed(3), panned(4, 4)];
    const changed = changes.reduce((view, change) => change(view, stage()), startView);
    assert(JSON.stringify(changed) !== JSON.stringify(startView));
    assert.deepEqual(reset(changed, stage()), startView);
    assert.deepEqual(inverted(inverted(startView)), startView);
    assert.deepEqual(mirrored(mirrored(startView)), startView);
  });
});

describe("Painting", () => {
  const table = Uint32Array.from({ length: 4096 }, (_, value) => value);
  const painted = (view: typeof startView, on: Stage, width: number, height: number) => {
    const target = new Uint32Array(width * height);
    paint(target, width, height, view, on, table);
    return target;
  };

  for (const turn of orientations) {
    test(`shows each sample where it belongs: ${turn.turn}°${turn.mirror ? ", mirrored" : ""}`, () => {
      const wide = turn.turn % 180 === 0;
      const [width, height] = wide ? [12, 8] : [8, 12];
      const on = stage({ paneWidth: width, paneHeight: height, film: film(3, 2) });
      const seen = painted({ ...startView, turned: turn }, on, width, height);
      const [a, b, c, d] = matrixOf(turn);
      for (let y = 0; y < 2; y += 1) {
        for (let x = 0; x < 3; x += 1) {
          const [px, py] = [x + 0.5 - 1.5, y + 0.5 - 1];
          const [sx, sy] = [Math.floor((a * px + b * py) * 4 + width / 2), Math.floor((c * px + d * py) * 4 + height / 2)];
          assert.equal(seen[sy * width + sx], y * 3 + x, `${x}, ${y}`);
        }
      }
    });
  }

  test("goes evenly between samples where it enlarges a little", () => {
    const on = stage({ paneWidth: 4, paneHeight: 2, film: film(2, 1, { levels: [{ width: 2, height: 1, scale: 1, values: Uint16Array.of(100, 200) }] }) });
    assert.deepEqual([...painted(startView, on, 4, 2)], [100, 125, 175, 200, 100, 125, 175, 200]);
  });

  test("shows pixels as they are from three times on", () => {
    const on = stage({ paneWidth: 8, paneHeight: 1, film: film(2, 1, { levels: [{ width: 2, height: 1, scale: 1, values: Uint16Array.of(100, 200) }] }) });
    const seen = painted({ ...startView, zoom: 4 }, on, 8, 1);
    assert.deepEqual([...seen], [100, 100, 100, 100, 200, 200, 200, 200]);
  });

  test("leaves nothing of what was there before around the film", () => {
    const target = new Uint32Array(6 * 4).fill(7);
    paint(target, 6, 4, startView, stage({ paneWidth: 6, paneHeight: 4, film: film(1, 1) }), table);
    assert.deepEqual([...target].filter((colour) => colour === 7), []);
    assert.equal([...target].filter((colour) => colour === 0).length, 16);
    target.fill(7);
    paint(target, 6, 4, startView, stage({ film: null }), table);
    assert.equal(new Set(target).size, 1);
  });

  test("The brightest of sixteen bits doesn't run over", () => {
    const level = { width: 2, height: 2, scale: 1, values: new Uint16Array(4).fill(65_535) };
    const target = new Uint32Array(16);
    paint(target, 4, 4, startView, stage({ paneWidth: 4, paneHeight: 4, film: film(2, 2, { levels: [level] }) }), Uint32Array.from({ length: 65_536 }, (_, value) => value));
    assert.deepEqual([...new Set(target)], [65_535]);
  });

  test("A heat map lies over the picture that it was made for", () => {
    for (const base of orientations) {
      for (const view of [startView, { ...startView, zoom: 20, x: 0.4, y: 0.6, turned: { turn: 90 as Turn, mirror: true } }]) {
        const on = stage({ base: { ...base, invert: false } });
        const width = 384;
        const [wide, high] = base.turn % 180 === 0 ? [40, 20] : [20, 40];
        const [a, b, c, d, e, f] = placementOf(view, on, width);
        // The picture's first pixel: where the adjustment puts it in the heat map, and where the screen shows it.
        const [ba, bb, bc, bd] = matrixOf(base);
        const [hx, hy] = [(ba * -20 + bb * -10 + wide / 2) * (width / wide), (bc * -20 + bd * -10 + high / 2) * (width / wide)];
        const [ma, mb, mc, md] = matrixOf(together(base, view.turned));
        const zoom = zoomOf(view, on);
        const [px, py] = [(0 - view.x * 40) * zoom, (0 - view.y * 20) * zoom];
        near(a * hx + c * hy + e, 200 + ma * px + mb * py, "x");
        near(b * hx + d * hy + f, 100 + mc * px + md * py, "y");
      }
    }
  });
});

describe("Where the influence is strongest", () => {
  const map = (strong: (x: number, y: number) => number) => {
    const rgba = new Uint8ClampedArray(30 * 30 * 4);
    for (let at = 0; at < 900; at += 1) rgba.set([200, 100, 50, strong(at % 30, Math.floor(at / 30))], at * 4);
    return strongestNinths(rgba, 30, 30);
  };
  const sides = sidesOf({ patientOrientation: "L\\F", base: upright, turned: upright });
  const assumed = sidesOf({ base: upright, turned: upright });
  const cases: [string, (x: number, y: number) => number, string][] = [
    ["one corner", (x, y) => (x < 8 && y > 22 ? 150 : 0), "The influence is strongest: lower third, at the edge marked R."],
    ["two places, the stronger first", (x, y) => (x > 20 && y < 9 ? 150 : x > 9 && x < 19 && y > 9 && y < 19 ? 120 : 5), "The influence is strongest: upper third, at the edge marked L; middle third, in the middle."],
    ["a weak place isn't named", (x, y) => (x > 20 && y < 9 ? 150 : x < 9 && y < 9 ? 60 : 0), "The influence is strongest: upper third, at the edge marked L."],
    ["nowhere", () => 0, "No place stands out in the heat map."],
  ];
  for (const [name, strong, told] of cases) test(name, () => assert.equal(influenceTold(map(strong), sides), told));

  test("A side that is only assumed is called so, and one that isn't known isn't named", () => {
    const left = map((x) => (x < 9 ? 150 : 0));
    assert.match(influenceTold(left, assumed), /upper third, at the edge marked R \(assumed\)/);
    assert.match(influenceTold(left, sidesOf({ isLateral: true, base: upright, turned: upright })), /at the picture's left/);
    assert.match(influenceTold(left, sidesOf({ patientOrientation: "A\\F", base: upright, turned: upright })), /at the picture's left/);
  });

  test("Brighter counts more than darker of the same density", () => {
    const rgba = new Uint8ClampedArray(9 * 4);
    for (let at = 0; at < 9; at += 1) rgba.set(at === 4 ? [250, 250, 160, 150] : [60, 10, 80, 150], at * 4);
    assert.deepEqual(strongestNinths(rgba, 3, 3), [{ row: 1, column: 1 }]);
  });
});

describe("Lengths", () => {
  test("A bar has the longest round length that fits", () => {
    assert.deepEqual([[0.1, 100], [0.143, 225], [0.5, 100], [1, 9], [0.001, 100]].map(([mm = 0, most = 0]) => scaleBar(mm, most)?.mm), [10, 20, 50, 5, 0.1]);
    assert.equal(Math.round(scaleBar(0.143, 225)?.pixels ?? 0), 140);
    assert.deepEqual([scaleBar(0, 100), scaleBar(Number.NaN, 100), scaleBar(1, 0)], [null, null, null]);
  });

  test("Only the file's own spacing makes one; at the detector it is called so", () => {
    assert.deepEqual(spacingOf({ pixelSpacing: [0.2, 0.1] }), { x: 0.1, y: 0.2, atDetector: false });
    assert.deepEqual(spacingOf({ imagerPixelSpacing: [0.2, 0.2] }), { x: 0.2, y: 0.2, atDetector: true });
    assert.equal(spacingOf({ pixelSpacing: [0.2, 0.2], imagerPixelSpacing: [0.2, 0.2] })?.atDetector, true);
    assert.equal(spacingOf({ pixelSpacing: [0.15, 0.15], imagerPixelSpacing: [0.2, 0.2] })?.atDetector, false);
    for (const none of [null, undefined, {}, { pixelSpacing: [0.1] }, { pixelSpacing: [0, 0.1] }, { pixelSpacing: null }]) assert.equal(spacingOf(none), null);
  });
});

describe("Commands", () => {
  const done = (key: string, more: Partial<Desk> = {}) => {
    const log: string[] = [];
    const note = (what: string) => (given?: unknown) => void log.push(typeof given === "string" || typeof given === "number" ? `${what} ${given}` : what);
    let view = { ...startView, zoom: 4 };
    const desk: Desk = {
      tool: "pan", setTool: note("tool"), stepFrame: note("frame"), toggleHeat: note("heat"), toggleWhole: note("whole"), toggleHelp: note("help"), reset: note("reset"),
      change: (change) => {
        view = change(view, stage()) as typeof view;
      },
      ...more,
    };
    const found = commandOf({ key, ctrlKey: false, altKey: false, metaKey: false });
    found?.perform(desk, key);
    return { found, log, view };
  };

  test("have a name, a label of their own and keys that nobody else has", () => {
    const keys = commands.flatMap((one) => one.keys);
    assert.equal(new Set(keys).size, keys.length);
    assert.equal(new Set(commands.map(({ label }) => label)).size, commands.length);
    assert.deepEqual(command("mirror").keys, []);
  });

  const cases: [string, (result: ReturnType<typeof done>) => unknown, unknown][] = [
    ["+", ({ view }) => view.zoom, 5], ["=", ({ view }) => view.zoom, 5], ["-", ({ view }) => view.zoom, 3.2], ["0", ({ view }) => view.zoom, null], ["F", ({ view }) => view.zoom, null],
    ["1", ({ view }) => view.zoom, 1], ["i", ({ view }) => view.invert, true], ["I", ({ view }) => view.invert, true], ["r", ({ view }) => view.turned.turn, 90], ["R", ({ view }) => view.turned.turn, 270],
    ["ArrowLeft", ({ view }) => view.x < 0.5, true], ["ArrowDown", ({ view }) => view.y > 0.5, true],
    ["w", ({ log }) => log, ["tool window"]], ["p", ({ log }) => log, ["tool pan"]], ["h", ({ log }) => log, ["heat"]], ["x", ({ log }) => log, ["whole"]], ["Escape", ({ log }) => log, ["reset"]], ["z", ({ log }) => log, ["reset"]],
    ["?", ({ log }) => log, ["help"]], ["PageUp", ({ log }) => log, ["frame -1"]], ["PageDown", ({ log }) => log, ["frame 1"]], ["m", ({ found }) => found, undefined], ["Tab", ({ found }) => found, undefined],
  ];
  for (const [key, of, expected] of cases) test(`${key} does what it says`, () => assert.deepEqual(of(done(key)), expected));

  test("The arrows change brightness and contrast where that is the tool", () => {
    const { view } = done("ArrowUp", { tool: "window" });
    assert.equal(view.shift < 0, true);
    assert.equal(view.y, 0.5);
  });

  test("The browser's own keys stay the browser's", () => {
    for (const held of ["ctrlKey", "altKey", "metaKey"]) assert.equal(commandOf({ key: "r", ctrlKey: false, altKey: false, metaKey: false, [held]: true }), undefined);
  });

  test("Keys are written as on the keyboard", () => assert.deepEqual(["r", "R", "Escape", "-", "ArrowUp", "?"].map(keyTold), ["R", "Shift R", "Esc", "−", "↑", "?"]));
});

describe("What is told", () => {
  const shown = (view: typeof startView, on = stage()) => ({ view, stage: on });
  const cases: [Change, string][] = [
    [zoomed(1.5), "Zoom 1,500 %"], [windowed(0, -20), "Window 1,900 / 1,000"], [preset("full"), "Full range. Window 2,048 / 4,096"], [turned(90), "Zoom 500 %. Turned 90°"], [mirrored, "MIRRORED"],
    [inverted, "Inverted"], [(view) => view, ""],
  ];
  for (const [change, told] of cases) test(`“${told}”`, () => assert.equal(changeTold(shown(startView), shown(change(startView, stage()))), told));

  test("The state is that of the file, not of the adjustment", () => {
    const on = stage({ base: { turn: 90, mirror: false, invert: true } });
    assert.equal(stateOf(shown(startView, on)), "Turned 90° · Inverted");
    assert.equal(stateOf(shown(inverted(turned(-90)(startView, on)), on)), "As in the file");
  });

  test("Dates and names are written as people write them", () => {
    assert.deepEqual(["20250304", "2025-03-04", "?"].map(dateTold), ["2025-03-04", "2025-03-04", "?"]);
    assert.deepEqual(["Doe^Jay^^Dr", "Yamada^Tarou=山田^太郎", "", null, undefined, "^^"].map(nameTold), ["Doe Jay Dr", "Yamada Tarou", "", "", "", ""]);
  });

  test("Parameters are added to an address", () => {
    assert.equal(withParameters("/p", { width: 800, frame: null }), "/p?width=800");
    assert.equal(withParameters("/p?a=1", { frame: 2 }), "/p?a=1&frame=2");
    assert.equal(withParameters("/p", { frame: null }), "/p");
  });
});
