import { refusalOf, type Reception, type RefusedFile } from "./api/receptions";
import type { Upload } from "./api/uploads";
import { Problem } from "./problem";

/**
 * A resumable upload (tus 1.0.0, https://tus.io/protocols/resumable-upload) as values: what it is doing, and what it
 * does next after each answer and event. Nothing here sends, waits or reads; `tusTransport.ts` does.
 */

/** Bytes of one PATCH. It is halved when the connection breaks, because a broken-off piece has to be sent again whole. */
export const largestPiece = 8 * 1_048_576;
export const smallestPiece = 256 * 1024;
/** Files below this go with their creation, in one request. */
export const atOnce = 1_048_576;
/** How often a piece is sent that arrives changed, and how often in a row an offset may be contested. */
const mostTries = 3;

/** A step has one request that belongs to it: POST, HEAD, PATCH, and GET of the reception. */
export type Step = "creating" | "asking" | "sending" | "checking";

/** `lost`: no answer. `busy`: the server said so. `reading`: all bytes are there, and the server looks at them. */
export type Why = "lost" | "busy" | "reading";

export type Outcome =
  | { kind: "kept"; uploads: Upload[]; refused: RefusedFile[] }
  | { kind: "failed"; problem: Problem; refused: RefusedFile[] }
  | { kind: "cancelled" };

export type Now =
  | { step: Step }
  /** `seconds`: what the server asked for with `Retry-After`. */
  | { step: "waiting"; then: Step; why: Why; seconds: number | null }
  | { step: "ended"; outcome: Outcome };

export interface TusState {
  now: Now;
  /** The reception's id, once the server has made one. */
  id: string | null;
  /** Bytes that the server has. */
  offset: number;
  /** Bytes of the next PATCH. */
  piece: number;
  /** Requests in a row that led nowhere. */
  tries: number;
  /** How often in a row a piece arrived changed. */
  spoilt: number;
  /** The server lost the beginning, and it was sent once more. */
  restarted: boolean;
  /** What the last PATCH was refused with, while the reasons for each file are asked for. */
  judged: Problem | null;
}

export interface TusAnswer {
  status: number;
  id?: string | null;
  offset?: number | null;
  /** Seconds. */
  retryAfter?: number | null;
  /** For every status from 400 on. */
  problem?: Problem | null;
  reception?: Reception | null;
}

export type TusEvent =
  | { type: "answer"; answer: TusAnswer }
  /** No answer: the connection broke, or nothing moved for too long. */
  | { type: "lost" }
  /** The wait is over. */
  | { type: "elapsed" }
  | { type: "online" }
  | { type: "try-now" }
  | { type: "cancel" }
  /** The file on this device can't be read any more. */
  | { type: "unreadable" };

export interface TusFile {
  size: number;
  /** It holds several pictures: each may be refused for a reason of its own. */
  archive: boolean;
}

/** @param id of a reception that was begun earlier: then the server is asked how far it is. */
export function begun(id: string | null = null): TusState {
  return { now: { step: id === null ? "creating" : "asking" }, id, offset: 0, piece: largestPiece, tries: 0, spoilt: 0, restarted: false, judged: null };
}

/** Milliseconds to wait: what the server asked for, else from 1 to 30 s, longer with each try, and never in step with others. */
export function delay({ now, tries }: TusState, random: number): number {
  if (now.step !== "waiting") return 0;
  if (now.why === "reading") return 1000;
  if (now.seconds !== null) return 1000 * Math.min(300, Math.max(1, now.seconds));
  return 1000 + random * (Math.min(30, 2 ** tries) - 1) * 1000;
}

/** What an upload does after an event. The same value comes back where nothing changes. */
export function after(state: TusState, event: TusEvent, file: TusFile): TusState {
  const { now } = state;
  if (now.step === "ended") return state;
  switch (event.type) {
    case "cancel":
      return ended(state, { kind: "cancelled" });
    case "unreadable":
      return failed(state, new Problem("file-changed"));
    case "online":
      return now.step === "waiting" && now.why === "lost" ? to(state, now.then) : state;
    case "elapsed":
    case "try-now":
      return now.step === "waiting" ? to(state, now.then) : state;
    case "lost":
      if (now.step === "waiting") return state;
      if (now.step === "sending") state = { ...state, piece: Math.max(smallestPiece, state.piece / 2) };
      return waiting(state, "lost");
    case "answer":
      return now.step === "waiting" ? state : answered(state, now.step, event.answer, file);
  }
}

/** Statuses after which the same request may succeed: a proxy's too. */
const passing = [408, 423, 425, 429, 502, 503, 504];

function answered(state: TusState, step: Step, answer: TusAnswer, file: TusFile): TusState {
  const { status, offset, problem } = answer;
  if (passing.includes(status) || problem?.code === "request-in-progress") return waiting(state, "busy", answer.retryAfter);
  if (status === 460) {
    return state.spoilt < mostTries ? { ...state, spoilt: state.spoilt + 1 } : failed(state, problem);
  }
  const good = status >= 200 && status < 300;
  const gone = status === 404 || status === 410;
  const there = good && typeof offset === "number" && offset <= file.size ? offset : null;
  switch (step) {
    case "creating":
      return good && answer.id ? at({ ...state, id: answer.id }, there ?? 0, file) : failed(state, problem);
    case "asking":
      // What is gone may be done: only its end says which.
      if (gone) return to(state, "checking");
      return there === null ? failed(state, problem) : at(state, there, file);
    case "sending":
      if (there !== null && there > state.offset) return at({ ...state, piece: Math.min(largestPiece, state.piece * 2) }, there, file);
      if (good || problem?.code === "upload-incomplete" || (status === 409 && problem?.code !== "too-many-uploads")) return contested(state);
      if (gone) return to(state, "checking");
      return status === 422 && file.archive && problem ? to({ ...state, judged: problem }, "checking") : failed(state, problem);
    case "checking":
      if (gone) return state.judged ? failed(state, state.judged) : restarted(state, problem);
      return good && answer.reception ? told(state, answer.reception, file) : failed(state, problem);
  }
}

/** What the server says about a reception. */
function told(state: TusState, reception: Reception, file: TusFile): TusState {
  switch (reception.state) {
    case "kept":
      return ended(state, { kind: "kept", uploads: reception.uploads, refused: reception.refused });
    case "refused": {
      const { problem, refused } = refusalOf(reception);
      return failed(state, state.judged ?? problem, refused);
    }
    case "checking":
      return waiting({ ...state, offset: file.size }, "reading");
    case "receiving":
      return reception.offset < file.size ? at(state, reception.offset, file) : waiting({ ...state, offset: file.size }, "reading");
  }
}

/** The server has so many bytes. */
function at(state: TusState, offset: number, file: TusFile): TusState {
  const fresh = offset > state.offset ? { tries: 0, spoilt: 0 } : {};
  return to({ ...state, ...fresh, offset }, offset < file.size ? "sending" : "checking");
}

/** Both sides disagree on how much is there: the server is asked, and after a few times not at once. */
function contested(state: TusState): TusState {
  const tries = state.tries + 1;
  return tries < mostTries ? to({ ...state, tries }, "asking") : waiting(state, "busy");
}

function restarted(state: TusState, problem: Problem | null | undefined): TusState {
  return state.restarted ? failed(state, problem) : { ...begun(), restarted: true };
}

function waiting(state: TusState, why: Why, seconds: number | null = null): TusState {
  const step = state.now.step === "sending" ? "asking" : (state.now.step as Step);
  return { ...state, tries: why === "reading" ? 0 : state.tries + 1, now: { step: "waiting", then: step, why, seconds } };
}

function to(state: TusState, step: Step): TusState {
  return { ...state, now: { step } };
}

function failed(state: TusState, problem: Problem | null | undefined, refused: RefusedFile[] = []): TusState {
  return ended(state, { kind: "failed", problem: problem ?? new Problem("unexpected"), refused });
}

function ended(state: TusState, outcome: Outcome): TusState {
  return { ...state, now: { step: "ended", outcome } };
}
