import { request } from "../http";
import { useResource, type LoadedResource } from "../useResource";
import type { IdentityField } from "./identity";
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
  refusal?: { code: string; reason: string; advice: string } | null;
  failure?: { code: string; message: string; retryable: boolean } | null;
  result?: Result | null;
}

const path = (id: string) => `/analyses/${encodeURIComponent(id)}`;

/** @param confirmedDifferences between the history and the file, which somebody has looked at. */
export function startAnalysis(uploadId: string, confirmedDifferences: IdentityField[] = []): Promise<Analysis> {
  return request("POST", "/analyses", { json: confirmedDifferences.length > 0 ? { uploadId, confirmedDifferences } : { uploadId } });
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

export function eventsPath(id: string): string {
  return `${path(id)}/events`;
}
