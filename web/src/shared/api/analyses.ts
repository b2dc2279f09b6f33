import { request } from "../http";
import { Problem } from "../problem";
import { useResource, type LoadedResource } from "../useResource";
import { isNone, type PictureAdjustment } from "./adjustment";
import type { IdentityField } from "./identity";
import type { Withdrawal } from "./reports";
import type { Result } from "./result";

export type RunningState = "queued" | "decoding" | "checking" | "inferring" | "explaining";
export type FinalState = "completed" | "refused" | "failed" | "cancelled";
export type AnalysisState = RunningState | FinalState;

/** The steps in their order. */
export const runningStates: readonly RunningState[] = ["queued", "decoding", "checking", "inferring", "explaining"];

export function isFinal(state: AnalysisState): state is FinalState {
  return !(runningStates as readonly string[]).includes(state);
}

/** How an analysis stands: one server-sent event. */
export interface Progress {
  id: string;
  state: AnalysisState;
  /** 0...1. */
  progress: number;
  /** In the queue; 1 is next. */
  position?: number | null;
  etaSeconds?: number | null;
  /** Nothing is begun for now: it waits, and nobody knows how long. */
  paused?: boolean;
  /** Why. */
  pausedBy?: "operator" | "model-check" | undefined;
  attempt: number;
  /** Grows with every change. */
  revision: number;
  /** A sentence for people. */
  detail: string;
}

/** `GET /analyses/{id}`. */
export interface Analysis extends Progress {
  uploadId: string;
  createdAt: string;
  updatedAt: string;
  /** Of a picture with several frames; counted from 0. */
  frame?: number | null;
  /** What was done to the picture first, because somebody asked for it; heat maps lie over it as it is then. */
  adjustment?: PictureAdjustment | null;
  refusal?: Refusal | null;
  failure?: { code: string; message: string; retryable: boolean } | null;
  result?: Result | null;
  /** A clinician wanted to write a reading of their own before the findings are shown. */
  blindFirst?: boolean;
  /** There are findings, and they are held back until then. */
  awaitsReading?: boolean;
  /** When they are shown by themselves. */
  revealsAt?: string | null;
  /** They were shown without a reading. */
  revealedWithoutReading?: boolean;
  /** The version of the model is not to be relied on any more. */
  modelWithdrawn?: Withdrawal | null;
}

/** What a clinician read in the picture with their own eyes. */
export interface OwnReading {
  /** A name. */
  clinician: string;
  text: string;
  recordedAt: string;
  /** It was recorded before the model's findings were shown. */
  isBlind: boolean;
}

/** Characters, at most. */
export const longestReading = 4000;
export const longestClinician = 120;

/** Codes of failures that aren't the picture's own. */
export type FailureCode =
  | "worker-died"
  | "timed-out"
  | "engine-unavailable"
  | "interrupted"
  | "model-failed"
  | "analysis-quarantined";

/** Every code of a refusal. */
export type RefusalCode =
  | "not-a-chest"
  | "not-frontal"
  | "wrong-modality"
  | "upside-down"
  | "rotated"
  | "mirrored"
  | "inverted"
  | "cropped"
  | "glare"
  | "too-small"
  | "no-contrast"
  | "too-dark"
  | "too-bright";

/** One plain reason, and one thing to do. */
export interface RefusalWords {
  reason: string;
  advice: string;
}

/** Why a picture was not analysed. */
export interface Refusal extends RefusalWords {
  /** Perhaps one that this page doesn't know. */
  code: RefusalCode | (string & {});
  /** What would mend it, with what was done already. */
  remedy?: Partial<PictureAdjustment> | null;
}

const path = (id: string) => `/analyses/${encodeURIComponent(id)}`;

export interface AnalysisWish {
  uploadId: string;
  /** Counted from 0. */
  frame?: number | null;
  adjustment?: PictureAdjustment | null;
  /** Between the history and the file; somebody has looked at them. */
  confirmedDifferences?: IdentityField[];
  /** The findings are held back until a reading is written. */
  blindFirst?: boolean | undefined;
}

export function startAnalysis({ uploadId, frame, adjustment, confirmedDifferences = [], blindFirst }: AnalysisWish): Promise<Analysis> {
  const json: AnalysisWish = { uploadId };
  if (typeof frame === "number") json.frame = frame;
  if (adjustment && !isNone(adjustment)) json.adjustment = adjustment;
  if (confirmedDifferences.length > 0) json.confirmedDifferences = confirmedDifferences;
  if (blindFirst) json.blindFirst = true;
  return request("POST", "/analyses", { json });
}

export function getAnalysis(id: string, signal?: AbortSignal): Promise<Analysis> {
  return request("GET", path(id), { signal });
}

/** The session's analyses, the newest first. */
export async function listAnalyses(signal?: AbortSignal): Promise<Analysis[]> {
  const { analyses } = await request<{ analyses: Analysis[] }>("GET", "/analyses", { signal });
  return [...analyses].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
}

export function useAnalyses(): LoadedResource<Analysis[]> {
  return useResource("analyses", listAnalyses);
}

export function retryAnalysis(id: string): Promise<Analysis> {
  return request("POST", `${path(id)}/retry`);
}

export function cancelAnalysis(id: string): Promise<Analysis> {
  return request("POST", `${path(id)}/cancel`);
}

/** The own reading of a picture, or null where there is none. */
export async function getReading(id: string, signal?: AbortSignal): Promise<OwnReading | null> {
  try {
    return await request<OwnReading>("GET", `${path(id)}/reading`, { signal });
  } catch (error) {
    if (error instanceof Problem && error.code === "not-found") return null;
    throw error;
  }
}

export function recordReading(id: string, reading: Pick<OwnReading, "clinician" | "text">): Promise<OwnReading> {
  return request("PUT", `${path(id)}/reading`, { json: reading });
}

/** Shows the findings without a reading. */
export function revealFindings(id: string): Promise<Analysis> {
  return request("POST", `${path(id)}/reveal`);
}

export function eventsPath(id: string): string {
  return `${path(id)}/events`;
}
