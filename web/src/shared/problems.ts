import { en } from "./texts/en";

/**
 * What to say to a person for each code of an `application/problem+json` answer (RFC 9457): what is wrong, and what to
 * do. The codes are those of `ProblemCode` in the server and of `docs/errors.md`.
 */
const sentences = {
  "bad-request": "The server didn't understand this request. Load the page again, then try once more.",
  "malformed-json": "The server couldn't read what the page sent. Load the page again, then try once more.",
  "malformed-multipart": "The server couldn't read the form. Load the page again, then send the file once more.",
  "upload-incomplete": "The connection broke before the whole file had arrived. Send it again.",
  "session-required": "Your session has ended, or it never started. Go to the start.",
  "cross-site-request": "The request seemed to come from another site. Open Lightbox in its own tab and try again.",
  "not-found": "This isn't here, or it doesn't belong to your session.",
  "method-not-allowed": "The page asked for something that the server doesn't do. Load the page again.",
  "analysis-finished": "The analysis has ended already, so it can't be cancelled.",
  "analysis-not-retryable": "This analysis can't be tried again. Start a new one.",
  "analysis-not-completed": "A report can be made once the analysis is complete.",
  "too-many-uploads": "Your session holds as many pictures as it may. Remove one, then try again.",
  "payload-too-large": "The file is larger than this server takes. Choose a smaller one.",
  "unsupported-media-type": "This kind of file isn't taken here. Choose a PNG, JPEG, WebP, TIFF or DICOM file.",
  "range-not-satisfiable": "That part of the document doesn't exist. Download it again from the beginning.",
  "intake-changed": "The history was changed in another tab or window.",
  "validation-failed": "Some answers need your attention. They are marked below.",
  "consent-required": "Read the text and agree to it first.",
  "empty-file": "The file is empty. Choose another one.",
  "unsupported-format": "This file isn't a picture that can be read here. Choose a PNG, JPEG, WebP, TIFF or DICOM file.",
  "damaged-picture": "The picture is damaged or cut off. Export or copy it again.",
  "picture-too-large": "The picture has too many pixels. Export it in a smaller size.",
  "picture-too-small": "The picture has too few pixels to be read. Choose the original file.",
  "no-pixels": "The file has no picture in it. Choose another file of the study.",
  "unsupported-transfer-syntax": "The picture is compressed in a way that can't be read here. Export it uncompressed, or as JPEG.",
  "colour-not-supported": "This DICOM file is in colour. X-ray pictures are grey: choose the original one.",
  "picture-quarantined": "Reading this file stopped the reader twice, so it wasn't kept. Export it again.",
  internal: "Something went wrong on the server. Try again. If it stays, give the reference to the operator.",
  "report-failed": "The report could not be made. The result is still there: try again.",
  "queue-full": "Too many analyses are waiting now. Your picture is kept: try again in a moment.",
  "engine-unavailable": "The part that reads pictures isn't ready. Try again in a moment.",
  "storage-busy": "The storage is busy, and nothing was changed. Try again in a moment.",
  "shutting-down": "The server is being restarted. Try again in a moment.",
  "storage-full": "The server's storage is full, and nothing was changed. Tell the operator.",
} as const;

export type ProblemCode = keyof typeof sentences;

/** `network`: there was no answer. `unexpected`: an answer that isn't one of this API. */
export type LocalCode = "network" | "unexpected";

/** One bad field: where (a JSON pointer, RFC 6901), what kind of mistake, and how to mend it. */
export interface FieldFault {
  pointer: string;
  code: string;
  detail: string;
}

/** An error that a person is told about. */
export class Problem extends Error {
  constructor(
    readonly code: ProblemCode | LocalCode,
    /** The server's own sentence, which may name numbers. */
    readonly detail = "",
    readonly status = 0,
    readonly requestId: string | null = null,
    readonly faults: readonly FieldFault[] = [],
  ) {
    super(`${code}${status ? ` (${status})` : ""}`);
    this.name = "Problem";
  }

  /** What is wrong and what to do, for people. */
  get sentence(): string {
    return isKnown(this.code) ? sentences[this.code] : en.connection[this.code];
  }

  /** Whether it is likely to pass by itself: no answer, or a server that is busy or being restarted. */
  get passes(): boolean {
    return this.code === "network" || this.status === 503;
  }

  /** What is wrong with each field, by the last part of its pointer: `/answers/age` gives `age`. */
  get byField(): Record<string, string> {
    return Object.fromEntries(this.faults.map((fault) => [fieldOf(fault.pointer), fault.detail]));
  }
}

/** Where an answer stands: `/answers/medication/0/name` gives `medication/0/name`. */
export function answerPath(pointer: string): string {
  return pointer.replace(/^\/answers\//, "").replace(/~1/g, "/").replace(/~0/g, "~");
}

function isKnown(code: string): code is ProblemCode {
  return Object.prototype.hasOwnProperty.call(sentences, code);
}

/** Every code that has a sentence. */
export const problemCodes = Object.keys(sentences) as ProblemCode[];

function fieldOf(pointer: string): string {
  const last = pointer.split("/").pop() ?? "";
  return last.replace(/~1/g, "/").replace(/~0/g, "~");
}

/** The problem that an answer describes. Whatever isn't one of this API becomes `unexpected`. */
export function problemOf(status: number, body: string, requestId: string | null): Problem {
  const read = parsed(body);
  const code = read.code;
  if (typeof code !== "string" || !isKnown(code)) return new Problem("unexpected", "", status, requestId);
  const faults = Array.isArray(read.errors) ? read.errors.filter(isFault) : [];
  const id = typeof read.instance === "string" ? read.instance : requestId;
  return new Problem(code, typeof read.detail === "string" ? read.detail : "", status, id, faults);
}

function parsed(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function isFault(value: unknown): value is FieldFault {
  const fault = value as Partial<FieldFault> | null;
  return typeof fault?.pointer === "string" && typeof fault.code === "string" && typeof fault.detail === "string";
}

/** Any thrown value as a problem. */
export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem("unexpected", error instanceof Error ? error.message : "");
}
