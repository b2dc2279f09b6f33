import type { Limits } from "../../shared/api/limits";
import { binaryBytes, bytes } from "../../shared/format";
import { texts } from "../../shared/texts";

const words = texts.picture;

/** What a browser can show by itself. */
const shown = ["image/png", "image/jpeg", "image/webp"];

/** Kinds of file that are surely no picture for this product. DICOM files often come without a name that says so. */
const refusable = /^(image|video|audio|text)\/|^application\/(pdf|zip|json|msword|vnd\.)/;

export function canShow(file: File, limits: Limits): boolean {
  return shown.includes(mediaType(file, limits));
}

/** What the file says it is: by the browser, else by the end of its name, else unknown. */
export function mediaType(file: File, limits: Limits): string {
  const known = limits.formats.flatMap((format) => format.mediaTypes);
  if (known.includes(file.type)) return file.type;
  const name = file.name.toLowerCase();
  const byName = limits.formats.find((format) => format.extensions.some((extension) => name.endsWith(extension)));
  return byName?.mediaTypes[0] ?? "application/octet-stream";
}

export function formatNames(limits: Limits): string {
  return limits.formats.map((format) => texts.formats[format.format] ?? format.format).join(", ");
}

/** Why a file can't be taken, or null. Only what can be known without reading it. */
export function faultOf(file: File, limits: Limits): string | null {
  if (file.size === 0) return words.empty;
  if (file.size > limits.maxUploadBytes) return words.tooLarge(bytes(file.size), binaryBytes(limits.maxUploadBytes));
  const unknown = mediaType(file, limits) === "application/octet-stream";
  if (unknown && refusable.test(file.type)) return words.wrongType(formatNames(limits));
  return null;
}

/** Why a picture of this size can't be taken, or null. */
export function sizeFaultOf(width: number, height: number, limits: Limits): string | null {
  if (Math.max(width, height) > limits.maxEdge || width * height > limits.maxPixels) {
    return words.tooManyPixels(width, height, limits.maxEdge);
  }
  if (Math.min(width, height) < limits.minEdge) return words.tooFewPixels(width, height, limits.minEdge);
  return null;
}
