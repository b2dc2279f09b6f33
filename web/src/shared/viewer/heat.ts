/** A ninth of a picture: rows from the top, columns from the left, 0 to 2. */
export interface Ninth {
  row: number;
  column: number;
}

/** What counts as strongest: at least so much of the strongest ninth's influence. */
const nearStrongest = 0.6;

/**
 * In which ninths of the picture the influence is strongest, the strongest first; none in an empty map. The server draws
 * a map the brighter and the denser the more influence a place has: brightness times density grows with it.
 *
 * @param rgba of the heat map's pixels, row by row
 */
export function strongestNinths(rgba: Uint8ClampedArray, width: number, height: number): Ninth[] {
  const sums = Array.from({ length: 9 }, () => 0);
  for (let y = 0, at = 0; y < height; y += 1) {
    const row = Math.floor((3 * y) / height);
    for (let x = 0; x < width; x += 1, at += 4) {
      const bright = (rgba[at] as number) * 0.299 + (rgba[at + 1] as number) * 0.587 + (rgba[at + 2] as number) * 0.114;
      const ninth = 3 * row + Math.floor((3 * x) / width);
      sums[ninth] = (sums[ninth] as number) + bright * (rgba[at + 3] as number);
    }
  }
  const most = Math.max(...sums);
  if (most === 0) return [];
  return sums
    .map((sum, index) => ({ sum, row: Math.floor(index / 3), column: index % 3 }))
    .filter(({ sum }) => sum >= nearStrongest * most)
    .sort((a, b) => b.sum - a.sum)
    .map(({ row, column }) => ({ row, column }));
}

/** Reads the pixels of an image, made small: nine parts don't need many. Null where the browser won't. */
export function pixelsOf(image: CanvasImageSource, width: number, height: number): Uint8ClampedArray | null {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return null;
  context.drawImage(image, 0, 0, width, height);
  return context.getImageData(0, 0, width, height).data;
}
