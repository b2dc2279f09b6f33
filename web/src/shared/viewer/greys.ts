/** A range of grey values that is spread from black to white, in the units of the samples (DICOM PS3.3, C.11.2). */
export interface GreyWindow {
  center: number;
  width: number;
}

/** A window that can be chosen. */
export interface Preset {
  /** `file-1`, `full`, `lungs` or `bones`; `automatic` is only the standard of a file without one. */
  id: string;
  /** What the file calls it. */
  name?: string;
  window: GreyWindow;
}

const black = 0xff000000;

/**
 * What each sample looks like: colours as they lie in a little-endian `ImageData`.
 *
 * The function is DICOM's `LINEAR` (PS3.3, C.11.2.1.2.1).
 */
export function lookupTable({ center, width }: GreyWindow, maximum: number, invert: boolean): Uint32Array {
  const table = new Uint32Array(maximum + 1);
  const slope = 255 / Math.max(width - 1, 1e-6);
  for (let value = 0; value <= maximum; value += 1) {
    const bright = Math.min(255, Math.max(0, Math.round((value - (center - 0.5)) * slope + 127.5)));
    const grey = invert ? 255 - bright : bright;
    table[value] = (black | (grey << 16) | (grey << 8) | grey) >>> 0;
  }
  return table;
}

/** How often each value occurs, from at most about a million samples. */
export function histogramOf(values: ArrayLike<number>, maximum: number): Uint32Array {
  const counts = new Uint32Array(maximum + 1);
  // Odd, so that it doesn't keep to the same columns of a picture.
  const step = Math.max(1, Math.floor(values.length / 1_000_000)) | 1;
  for (let index = 0; index < values.length; index += step) {
    const value = values[index] as number;
    counts[value] = (counts[value] as number) + 1;
  }
  return counts;
}

/**
 * The value below which such a share of the samples lies. The lowest and the highest that there can be don't count:
 * they are mostly the frame around the picture, and what was burnt into it.
 */
export function percentile(counts: Uint32Array, share: number): number {
  const last = counts.length - 1;
  let total = 0;
  for (let value = 1; value < last; value += 1) total += counts[value] as number;
  let sum = 0;
  for (let value = 1; value < last; value += 1) {
    sum += counts[value] as number;
    if (total > 0 && sum >= share * total) return value;
  }
  return share < 0.5 ? 0 : last;
}

/** From black at `low` to white at `high`. */
export function between(low: number, high: number): GreyWindow {
  const width = Math.max(2, high - low + 1);
  return { center: low + width / 2, width };
}

/**
 * The windows of a picture, the standard one first: those of its file, then "full range", then two that come from its
 * own greys. In a chest film air is dark and bone is bright, so the darker greys (1st to 60th percentile) open the lungs,
 * and the brighter ones (40th to 99.5th) open bones and soft tissue. It is arithmetic, no knowledge of the picture.
 */
export function presetsOf(counts: Uint32Array, fileWindows: readonly (GreyWindow & { name?: string })[], isDeep: boolean): Preset[] {
  const maximum = counts.length - 1;
  const at = (share: number) => percentile(counts, share);
  const presets = fileWindows
    .filter(({ center, width }) => Number.isFinite(center) && width >= 1)
    .map(({ name, center, width }, index): Preset => ({ id: `file-${index + 1}`, ...(name ? { name } : {}), window: { center, width } }));
  // As the preview of such a file is made: without stray pixels at either end.
  if (presets.length === 0 && isDeep) presets.push({ id: "automatic", window: between(at(0.005), at(0.995)) });
  return [
    ...presets,
    { id: "full", window: between(0, maximum) },
    { id: "lungs", window: between(at(0.01), at(0.6)) },
    { id: "bones", window: between(at(0.4), at(0.995)) },
  ];
}
