import type { FileAdvice, Limits, PictureFormatLimits } from "../../shared/api/limits";
import { binaryBytes, bytes } from "../../shared/format";
import { serverLang, texts } from "../../shared/texts";

const words = texts.picture;

/** What a browser can show by itself. */
const shown = ["image/png", "image/jpeg", "image/webp"];

/** Kinds of file that are surely no picture for this product. DICOM files often come without a name that says so. */
const refusable = /^(image|video|audio|text)\/|^application\/(pdf|zip|json|msword|vnd\.)/;

/** Why a file isn't taken. */
export interface FileFaultWords {
  text: string;
  lang?: "en" | undefined;
}

export function canShow(file: File, limits: Limits): boolean {
  return shown.includes(mediaType(file, limits));
}

/** What the file says it is: by the browser, else by the end of its name, else unknown. */
export function mediaType(file: File, limits: Limits): string {
  return formatOf(file, [...limits.formats, ...limits.archives]) ?? "application/octet-stream";
}

/** Whether it says that it holds several pictures. */
export function isArchive(file: File, limits: Limits): boolean {
  return formatOf(file, limits.archives) !== null;
}

function formatOf(file: File, formats: PictureFormatLimits[]): string | null {
  // Some browsers call it so.
  const type = file.type === "application/x-zip-compressed" ? "application/zip" : file.type;
  if (formats.some((format) => format.mediaTypes.includes(type))) return type;
  return formats.find((format) => endsWith(file, format.extensions))?.mediaTypes[0] ?? null;
}

function endsWith(file: File, extensions: string[]): boolean {
  const name = file.name.toLowerCase();
  return extensions.some((extension) => name.endsWith(extension));
}

export function formatNames(formats: PictureFormatLimits[]): string {
  return formats.map((format) => texts.formats[format.format] ?? format.format.toUpperCase()).join(", ");
}

/**
 * Why a file can't be taken, or null.
 *
 * @param kind what its first bytes say, if they were read.
 */
export function faultOf(file: File, limits: Limits, kind: string | null = null): string | null {
  if (file.size === 0) return words.empty;
  const most = isArchive(file, limits) ? limits.resumable.maxSize : limits.maxUploadBytes;
  if (file.size > most) return words.tooLarge(bytes(file.size), binaryBytes(most));
  const known = mediaType(file, limits) !== "application/octet-stream" || limits.formats.some(({ extensions }) => extensions.includes(kind ?? ""));
  if (!known && refusable.test(file.type)) return words.wrongType(formatNames(limits.formats));
  return null;
}

/** Bytes at the beginning of a file that tell what it is. */
export const headLength = 132;

const latin = (head: Uint8Array, from: number, to: number) => String.fromCharCode(...head.subarray(from, to));

/** The ending that a file should have, by its first bytes; null where they don't say. */
export function kindOf(head: Uint8Array): string | null {
  const start = latin(head, 0, 4);
  if (start === "\x89PNG") return ".png";
  if (start.startsWith("\xff\xd8\xff")) return ".jpg";
  if (start === "II*\0" || start === "MM\0*") return ".tif";
  if (start === "RIFF" && latin(head, 8, 12) === "WEBP") return ".webp";
  if (latin(head, 128, 132) === "DICM") return ".dcm";
  if (start === "PK\x03\x04") return ".zip";
  if (start === "%PDF") return ".pdf";
  if (start === "GIF8") return ".gif";
  // Two letters are little: the reserved fields after the size have to be empty too.
  if (start.startsWith("BM") && latin(head, 6, 10) === "\0\0\0\0") return ".bmp";
  if (/^(\xef\xbb\xbf)?\s*<(svg|\?xml)/.test(latin(head, 0, 16))) return ".svg";
  if (latin(head, 4, 8) === "ftyp") {
    const brand = latin(head, 8, 12);
    if (/^(hei|hev|mif1|msf1)/.test(brand)) return ".heic";
    if (brand.startsWith("avi")) return ".avif";
  }
  return null;
}

/** What the server says about a kind of file that it doesn't take, if this is one: by its bytes, its type or its name. */
function adviceFor(file: File, kind: string | null, limits: Limits): FileFaultWords | null {
  const having = (ending: string) => limits.advice.find(({ extensions }) => extensions.includes(ending));
  let found: FileAdvice | undefined;
  // A picture of a kind that is read stays one under a wrong name.
  if (kind) found = having(kind);
  else found = having(`.${file.type.replace(/^.*\/(x-)?(ms-)?/, "").replace(/\+xml$/, "")}`) ?? limits.advice.find(({ extensions }) => endsWith(file, extensions));
  if (!found) return null;
  const own = texts.fileAdvice?.(found.name);
  return own ? { text: own } : { text: found.text, lang: serverLang() };
}

export interface Examined {
  /** Why the file isn't sent; null where only the server can say more. */
  fault: FileFaultWords | null;
  /** It holds several pictures. */
  archive: boolean;
}

/** Looks at a file's name, size and first bytes. */
export async function examine(file: File, limits: Limits): Promise<Examined> {
  let kind: string | null = null;
  try {
    kind = kindOf(new Uint8Array(await file.slice(0, headLength).arrayBuffer()));
  } catch {
    return { fault: { text: texts.connection["file-changed"] }, archive: false };
  }
  const archive = isArchive(file, limits) || (kind === ".zip" && limits.archives.length > 0);
  const advice = adviceFor(file, kind, limits);
  if (advice) return { fault: advice, archive };
  const fault = faultOf(file, limits, kind);
  return { fault: fault === null ? null : { text: fault }, archive };
}

/** Why a picture of this size can't be taken, or null. */
export function sizeFaultOf(width: number, height: number, limits: Limits): string | null {
  if (Math.max(width, height) > limits.maxEdge || width * height > limits.maxPixels) {
    return words.tooManyPixels(width, height, limits.maxEdge);
  }
  if (Math.min(width, height) < limits.minEdge) return words.tooFewPixels(width, height, limits.minEdge);
  return null;
}
