import { problems, type ProblemCode } from "./problems";
import { serverLang, texts } from "./texts";

/** `network`: there was no answer. `unexpected`: an answer that isn't one of this API. `file-changed`: the file on this device is gone. */
export type LocalCode = "network" | "unexpected" | "file-changed";

/** One bad field: where (a JSON pointer, RFC 6901), what kind of mistake, and how to mend it. */
export interface FieldFault {
  pointer: string;
  code: string;
  detail: string;
}

/** Where the server has worked out when it is worth to come back. */
const waits: ReadonlySet<string> = new Set<ProblemCode>(["queue-full", "too-many-waiting", "queue-draining"]);

/** An error that a person is told about. */
export class Problem extends Error {
  constructor(
    readonly code: ProblemCode | LocalCode,
    /** The server's own sentence, which may name numbers. */
    readonly detail = "",
    readonly status = 0,
    readonly requestId: string | null = null,
    readonly faults: readonly FieldFault[] = [],
    /** Everything that the answer says, for those who know more about it. */
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${code}${status ? ` (${status})` : ""}`);
    this.name = "Problem";
  }

  /** What is wrong and what to do, for people. */
  get sentence(): string {
    const sentence = isKnown(this.code) ? texts.problems[this.code] : texts.connection[this.code];
    const seconds = this.members.retryAfter;
    return waits.has(this.code) && typeof seconds === "number" ? `${sentence} ${texts.comeBack(seconds)}` : sentence;
  }

  /** Whether it is likely to pass by itself: no answer, or a server that is busy or being restarted. */
  get passes(): boolean {
    return this.code === "network" || this.status === 503 || this.status === 429;
  }

  /** What is wrong with each field, by the last part of its pointer: `/answers/age` gives `age`. */
  get byField(): Record<string, string> {
    return Object.fromEntries(this.faults.map((fault) => [fieldOf(fault.pointer), faultSentence(fault)]));
  }
}

/** What is wrong with one field, for people. */
export function faultSentence({ code, detail }: { code?: string; detail: string }): string {
  return texts.faults[code ?? ""] ?? detail;
}

/** Where an answer stands: `/answers/medication/0/name` gives `medication/0/name`. */
export function answerPath(pointer: string): string {
  return pointer.replace(/^\/answers\//, "").replace(/~1/g, "/").replace(/~0/g, "~");
}

/** What is wrong, by a code that came inside another answer. Without a sentence for it the server's own is said. */
export function sentenceOf({ code, detail }: { code: string; detail: string }): { text: string; lang?: "en" } {
  return isKnown(code) ? { text: texts.problems[code] } : { text: detail, lang: serverLang() };
}

function isKnown(code: string): code is ProblemCode {
  return Object.prototype.hasOwnProperty.call(problems, code);
}

/** Every code that has a sentence. */
export const problemCodes = Object.keys(problems) as ProblemCode[];

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
  return new Problem(code, typeof read.detail === "string" ? read.detail : "", status, id, faults, read);
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
