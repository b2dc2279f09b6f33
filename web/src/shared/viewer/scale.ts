import type { DicomSpacing } from "../api/uploads";

/** How large the picture's pixels are. */
export interface Spacing {
  /** Along a row and along a column, in millimetres. */
  x: number;
  y: number;
  /** Where the rays meet the detector; the body is nearer to the tube, and smaller than that. */
  atDetector: boolean;
}

/**
 * Reads the spacing of a header. A pixel spacing that is the detector's was not corrected for how the rays spread
 * (DICOM PS3.3, 10.7.1.3).
 */
export function spacingOf(dicom: DicomSpacing | null | undefined): Spacing | null {
  const [body, detector] = [valid(dicom?.pixelSpacing), valid(dicom?.imagerPixelSpacing)];
  const used = body ?? detector;
  if (!used) return null;
  const same = body !== null && detector !== null && body.every((value, index) => value === detector[index]);
  return { x: used[1], y: used[0], atDetector: body === null || same };
}

function valid(spacing: readonly number[] | null | undefined): [row: number, column: number] | null {
  const [row, column] = spacing ?? [];
  return row !== undefined && column !== undefined && row > 0 && column > 0 && Number.isFinite(row + column) ? [row, column] : null;
}

/**
 * The longest round length that fits.
 *
 * @param mmForEach millimetres for each CSS pixel
 * @param most CSS pixels
 */
export function scaleBar(mmForEach: number, most: number): { mm: number; pixels: number } | null {
  const longest = mmForEach * most;
  if (!(longest > 0) || !Number.isFinite(longest)) return null;
  const power = 10 ** Math.floor(Math.log10(longest));
  const mm = ([5, 2, 1].find((digit) => digit * power <= longest) ?? 1) * power;
  return { mm, pixels: mm / mmForEach };
}
