import { createContext, useContext, useEffect, useRef } from "react";
import { after, type After } from "../clock";
import { onAnswer, request } from "../http";
import { useResource, type LoadedResource } from "../useResource";

/** `GET /limits`: what this server takes, and for how long. */
export interface Limits {
  maxUploadBytes: number;
  /** Width times height. */
  maxPixels: number;
  /** Pixels, of the longer side. */
  maxEdge: number;
  /** Pixels, of the shorter side. */
  minEdge: number;
  formats: PictureFormatLimits[];
  /** Files that hold several pictures. */
  archives: PictureFormatLimits[];
  maxFilesPerArchive: number;
  /** Pixels, in ascending order. */
  previewWidths: number[];
  resumable: { version: string; maxSize: number; expirationSeconds: number; extensions: string[] };
  /** Kinds of file that are recognised and refused, and what to do instead. */
  advice: FileAdvice[];
  maxUploadsPerSession: number;
  idleTimeoutSeconds: number;
  absoluteTimeoutSeconds: number;
  consentVersion: string;
  emergencyNumber: string;
  version: string;
  /** While nothing new is taken: what the operator tells people. */
  maintenance?: { message: string; since: string } | undefined;
  /** While no analysis is taken, because the model has not passed its own check. */
  analysesPausedBy?: "model-check" | undefined;
}

export interface PictureFormatLimits {
  format: string;
  mediaTypes: string[];
  /** With the dot: `.png`. */
  extensions: string[];
}

export interface FileAdvice {
  /** `HEIC`. */
  name: string;
  extensions: string[];
  /** A sentence for people. */
  text: string;
}

export function getLimits(signal?: AbortSignal): Promise<Limits> {
  return request("GET", "/limits", { signal });
}

/** Milliseconds between questions: while something has to wait, and else. */
const pollingInterval = { paused: 10_000, usual: 60_000 };

/**
 * The limits, and whether something has to wait: asked again now and then, and at once when the server has refused
 * something for now. Asking doesn't prolong a session.
 */
export function useLoadLimits(clock: After = after): LoadedResource<Limits> {
  const limits = useResource("limits", getLimits);
  const { data, replace } = limits;
  const latest = useRef(data);
  latest.current = data;
  const isKnown = data !== undefined;
  const isPaused = Boolean(data?.maintenance ?? data?.analysesPausedBy);

  useEffect(() => {
    if (!isKnown) return;
    const abort = new AbortController();
    let callOff = () => {};
    const ask = async () => {
      callOff();
      try {
        const answer = await getLimits(abort.signal);
        if (!abort.signal.aborted && JSON.stringify(answer) !== JSON.stringify(latest.current)) replace(answer);
      } catch {
        // What was known goes on to hold.
      }
      plan();
    };
    const plan = () => {
      callOff();
      if (!abort.signal.aborted) callOff = clock(isPaused ? pollingInterval.paused : pollingInterval.usual, () => void ask());
    };
    plan();
    const stop = onAnswer(({ method, status }) => {
      if (method !== "GET" && status === 503) void ask();
    });
    return () => {
      abort.abort();
      stop();
      callOff();
    };
  }, [isKnown, isPaused, replace, clock]);

  return limits;
}

/** The limits that the app has loaded once for every page. */
export const LimitsContext = createContext<LoadedResource<Limits> | null>(null);

export function useLimits(): LoadedResource<Limits> {
  const limits = useContext(LimitsContext);
  if (!limits) throw new Error("useLimits stands outside of LimitsContext");
  return limits;
}
