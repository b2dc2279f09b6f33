import type { Level } from "./film";
import { isInverted, orientationOf, zoomOf, type Stage, type View } from "./view";
import { matrixOf, toPicture } from "./orientation";

/** Around the film; the colour of the pane, as it lies in a little-endian `ImageData`. */
const surround = 0xff0a0804;
/** From so many pixels of the screen for one of the picture on, its pixels are shown as they are. */
const plainFrom = 3;

/** The samples that the pixels along one side of the pane show. */
interface Axis {
  /** Offsets of the two samples between which a pixel lies, and how near it is to the second, of 128. */
  first: Int32Array;
  second: Int32Array;
  weight: Int32Array;
  /** The pixels that show the picture: from `start` to before `end`. */
  start: number;
  end: number;
}

/**
 * @param from the place of the pane's edge, in samples
 * @param step samples for each pixel; negative where the picture lies the other way round
 * @param stride from one sample to the next
 */
function axisOf(pixels: number, from: number, step: number, samples: number, stride: number, smooth: boolean): Axis {
  const first = new Int32Array(pixels);
  const second = new Int32Array(pixels);
  const weight = new Int32Array(pixels);
  let start = pixels;
  let end = 0;
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const place = from + (pixel + 0.5) * step;
    if (place < 0 || place >= samples) continue;
    if (pixel < start) start = pixel;
    end = pixel + 1;
    if (smooth) {
      const low = Math.floor(place - 0.5);
      first[pixel] = Math.max(0, low) * stride;
      second[pixel] = Math.min(samples - 1, low + 1) * stride;
      weight[pixel] = Math.round((place - 0.5 - low) * 128);
    } else {
      first[pixel] = Math.floor(place) * stride;
    }
  }
  return { first, second, weight, start: Math.min(start, end), end };
}

/** The smallest level that has a sample for each pixel of the screen. */
export function levelFor(levels: readonly Level[], pixelsForEach: number): Level | undefined {
  let best = levels[0];
  for (const level of levels) if (level.scale >= pixelsForEach) best = level;
  return best;
}

/**
 * Draws a film.
 *
 * @param target the pixels, one number each, row by row
 * @param table the colour of each sample
 */
export function paint(target: Uint32Array, width: number, height: number, view: View, stage: Stage, table: Uint32Array): void {
  const { film } = stage;
  const zoom = (zoomOf(view, stage) * width) / stage.paneWidth;
  const level = film ? levelFor(film.levels, zoom) : undefined;
  if (!film || !level || !(zoom > 0)) {
    target.fill(surround);
    return;
  }
  const smooth = zoom < plainFrom;
  const step = level.scale / zoom;
  const matrix = matrixOf(orientationOf(view, stage));
  // Each side of the screen shows one side of the picture, forwards or backwards.
  const axis = (pixels: number, [alongX, alongY]: readonly [number, number]) => {
    const [share, size, samples, stride] =
      alongX !== 0 ? [view.x, film.width, level.width, 1] : [view.y, film.height, level.height, level.width];
    const direction = (alongX + alongY) * step;
    return axisOf(pixels, share * size * level.scale - (pixels / 2) * direction, direction, samples, stride, smooth);
  };
  const columns = axis(width, toPicture(matrix, 1, 0));
  const rows = axis(height, toPicture(matrix, 0, 1));
  fillAround(target, width, height, columns, rows);
  if (smooth) paintSmooth(target, width, level.values, columns, rows, table);
  else paintPlain(target, width, level.values, columns, rows, table);
}

function fillAround(target: Uint32Array, width: number, height: number, columns: Axis, rows: Axis): void {
  target.fill(surround, 0, rows.start * width);
  target.fill(surround, rows.end * width, height * width);
  if (columns.start === 0 && columns.end === width) return;
  for (let y = rows.start; y < rows.end; y += 1) {
    target.fill(surround, y * width, y * width + columns.start);
    target.fill(surround, y * width + columns.end, (y + 1) * width);
  }
}

function paintPlain(target: Uint32Array, width: number, values: Uint8Array | Uint16Array, columns: Axis, rows: Axis, table: Uint32Array): void {
  const across = columns.first;
  for (let y = rows.start; y < rows.end; y += 1) {
    const row = rows.first[y] as number;
    let at = y * width + columns.start;
    for (let x = columns.start; x < columns.end; x += 1) {
      target[at] = table[values[row + (across[x] as number)] as number] as number;
      at += 1;
    }
  }
}

/** Between four samples. The largest sum, 65,535 · 128 · 128, fits a signed integer. */
function paintSmooth(target: Uint32Array, width: number, values: Uint8Array | Uint16Array, columns: Axis, rows: Axis, table: Uint32Array): void {
  const { first, second, weight, start, end } = columns;
  for (let y = rows.start; y < rows.end; y += 1) {
    const upper = rows.first[y] as number;
    const lower = rows.second[y] as number;
    const down = rows.weight[y] as number;
    let at = y * width + start;
    for (let x = start; x < end; x += 1) {
      const left = first[x] as number;
      const right = second[x] as number;
      const far = weight[x] as number;
      const near = 128 - far;
      const above = (values[upper + left] as number) * near + (values[upper + right] as number) * far;
      const below = (values[lower + left] as number) * near + (values[lower + right] as number) * far;
      target[at] = table[(above * (128 - down) + below * down) >> 14] as number;
      at += 1;
    }
  }
}

/** Names what a table of colours depends on. */
export function tableKey(view: View, stage: Stage): string {
  return `${view.shift} ${view.stretch} ${isInverted(view, stage)}`;
}
