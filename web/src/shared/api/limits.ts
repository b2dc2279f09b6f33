import { createContext, useContext } from "react";
import { request } from "../http";
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

export function useLoadLimits(): LoadedResource<Limits> {
  return useResource("limits", getLimits);
}

/** The limits that the app has loaded once for every page. */
export const LimitsContext = createContext<LoadedResource<Limits> | null>(null);

export function useLimits(): LoadedResource<Limits> {
  const limits = useContext(LimitsContext);
  if (!limits) throw new Error("useLimits stands outside of LimitsContext");
  return limits;
}
