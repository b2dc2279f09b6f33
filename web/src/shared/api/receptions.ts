import { request } from "../http";
import { Problem, problemOf } from "../problem";
import { useResource, type LoadedResource } from "../useResource";
import type { Upload } from "./uploads";

/** A file of an archive, or the only one, that was not kept. */
export interface RefusedFile {
  fileName: string;
  /** A problem's code. */
  code: string;
  /** A sentence for people. */
  detail: string;
}

/** `GET /uploads/tus/{id}`: how far a resumable upload is, and what became of it. */
export interface Reception {
  id: string;
  fileName: string;
  offset: number;
  length: number;
  expiresAt: string;
  state: "receiving" | "checking" | "kept" | "refused";
  uploads: Upload[];
  refused: RefusedFile[];
  problem?: { code: string; title: string; detail: string; status: number } | null;
}

/** Why nothing of an upload was kept, and what is to be told of the files in it. */
export function refusalOf({ fileName, refused, problem }: Reception): { problem: Problem; refused: RefusedFile[] } {
  const [only, ...others] = refused;
  const inside = refused.filter((file) => file.fileName !== fileName);
  if (problem) return { problem: problemOf(problem.status, JSON.stringify(problem), null), refused: inside };
  if (only && others.length === 0 && inside.length === 0) return { problem: problemOf(422, JSON.stringify(only), null), refused: [] };
  return { problem: new Problem("nothing-readable", "", 422), refused: inside };
}

export const receptionsPath = "/uploads/tus";

export function receptionPath(id: string): string {
  return `${receptionsPath}/${encodeURIComponent(id)}`;
}

/** The session's uploads that were begun and have not ended. */
export async function listReceptions(signal?: AbortSignal): Promise<Reception[]> {
  return (await request<{ receptions: Reception[] }>("GET", receptionsPath, { signal })).receptions;
}

export function useReceptions(): LoadedResource<Reception[]> {
  return useResource("receptions", listReceptions);
}

export function getReception(id: string, signal?: AbortSignal): Promise<Reception> {
  return request("GET", receptionPath(id), { signal });
}

/** Ends an upload; what has arrived of it is thrown away. It outlives the page that asks for it. */
export function deleteReception(id: string): Promise<void> {
  return request("DELETE", receptionPath(id), { headers: { "Tus-Resumable": "1.0.0" }, keepalive: true });
}
