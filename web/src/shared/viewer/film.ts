import { histogramOf, presetsOf, type GreyWindow, type Preset } from "./greys";

/** One size of a picture. */
export interface Level {
  width: number;
  height: number;
  values: Uint8Array | Uint16Array;
  /** Samples of this level along one pixel of the picture. */
  scale: number;
}

/** A picture with its grey values, in sizes that halve from one to the next. */
export interface Film {
  /** In pixels of the file. */
  width: number;
  height: number;
  bits: number;
  maximum: number;
  levels: readonly Level[];
  /** The first is the standard. */
  presets: readonly Preset[];
}

/** What `GET /uploads/{id}/samples` gives. */
export interface Samples {
  width: number;
  height: number;
  bitsPerSample: number;
  maximum: number;
  windows: (GreyWindow & { name?: string })[];
  values: Uint8Array | Uint16Array;
}

/**
 * Reads the samples of a picture: the length of a JSON text, the text, then the values row by row. The values stay where
 * they are. They come little-endian, as every browser's machine has them.
 *
 * @throws {RangeError} for whatever isn't exactly that.
 */
export function samplesOf(bytes: ArrayBuffer): Samples {
  if (bytes.byteLength < 4) throw new RangeError("no header");
  const length = new DataView(bytes).getUint32(0, true);
  const start = 4 + length;
  if (start % 4 !== 0 || start > bytes.byteLength) throw new RangeError("a header of the wrong length");
  let header: Partial<Samples & { bytesPerSample: number }>;
  try {
    header = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length)));
  } catch {
    throw new RangeError("a header that is no JSON");
  }
  const { width = 0, height = 0, bytesPerSample, maximum = 0, bitsPerSample = 0, windows } = header ?? {};
  if (![width, height, maximum].every((number) => Number.isInteger(number) && number > 0)) throw new RangeError("a header without a size");
  if ((bytesPerSample !== 1 && bytesPerSample !== 2) || maximum >= 256 ** bytesPerSample) throw new RangeError("a depth that can't be");
  if (bytes.byteLength - start !== width * height * bytesPerSample) throw new RangeError("samples of the wrong length");
  const values = bytesPerSample === 1 ? new Uint8Array(bytes, start) : new Uint16Array(bytes, start);
  return { width, height, maximum, bitsPerSample, values, windows: Array.isArray(windows) ? windows : [] };
}

/** The brightness of a picture's pixels, of red, green, blue and opacity (Rec. ITU-R BT.601). */
export function luminance(rgba: Uint8ClampedArray): Uint8Array {
  const values = new Uint8Array(rgba.length / 4);
  for (let index = 0, at = 0; index < values.length; index += 1, at += 4) {
    values[index] = ((rgba[at] as number) * 77 + (rgba[at + 1] as number) * 150 + (rgba[at + 2] as number) * 29 + 128) >> 8;
  }
  return values;
}

/** Half as wide and half as high; `rows` of it at a time, so that a page isn't held up. */
export function* halving(level: Level, rows: number): Generator<void, Level> {
  const { width: wide, height: high, values: from } = level;
  const width = Math.ceil(wide / 2);
  const height = Math.ceil(high / 2);
  const values = from instanceof Uint8Array ? new Uint8Array(width * height) : new Uint16Array(width * height);
  for (let y = 0; y < height; y += 1) {
    if (y > 0 && y % rows === 0) yield;
    const upper = 2 * y * wide;
    const lower = Math.min(2 * y + 1, high - 1) * wide;
    for (let x = 0; x < width; x += 1) {
      const left = 2 * x;
      const right = left + 1 < wide ? left + 1 : left;
      const sum = (from[upper + left] as number) + (from[upper + right] as number) + (from[lower + left] as number) + (from[lower + right] as number);
      values[y * width + x] = (sum + 2) >> 2;
    }
  }
  return { width, height, values, scale: level.scale / 2 };
}

/** Smaller than any pane: it needs no half. */
const smallest = 256;

/** A picture and all its halves, in steps of about a million samples. */
export function* halves(whole: Level): Generator<void, Level[]> {
  const levels = [whole];
  let last = whole;
  while (Math.max(last.width, last.height) > smallest) {
    last = yield* halving(last, Math.max(1, Math.floor(524_288 / last.width)));
    levels.push(last);
    yield;
  }
  return levels;
}

/**
 * Makes a film of samples. The halves are made in steps; `pause` lets the page do something else between them.
 *
 * @throws {unknown} what `pause` throws, to give up.
 */
export async function filmOf(samples: Samples, pause: () => Promise<void>): Promise<Film> {
  const { width, height, values, maximum, bitsPerSample: bits } = samples;
  const counts = histogramOf(values, maximum);
  const steps = halves({ width, height, values, scale: 1 });
  let step = steps.next();
  for (; !step.done; step = steps.next()) await pause();
  const levels = step.value;
  return { width, height, bits, maximum, levels, presets: presetsOf(counts, samples.windows, maximum > 255) };
}

/** Makes a film of a preview's pixels, in the size of the picture if that is known. */
export function filmOfPreview(rgba: Uint8ClampedArray, width: number, height: number, picture?: { width?: number; height?: number }): Film {
  const values = luminance(rgba);
  const known = picture?.width && picture.height && Math.abs(picture.width * height - picture.height * width) <= 2 * Math.max(picture.width, picture.height);
  const scale = known ? width / (picture.width as number) : 1;
  const steps = halves({ width, height, values, scale });
  let step = steps.next();
  while (!step.done) step = steps.next();
  return {
    width: known ? (picture.width as number) : width, height: known ? (picture.height as number) : height, bits: 8, maximum: 255,
    levels: step.value, presets: presetsOf(histogramOf(values, 255), [], false),
  };
}
