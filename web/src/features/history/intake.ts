import { request } from "../../shared/http";
import { useResource, type LoadedResource } from "../../shared/useResource";
import type { Answer, Answers } from "./questionnaire";

/** `GET /intake`: the answers as they are saved. */
export interface Intake {
  answers: Answers;
  complete: boolean;
  /** Required questions that are asked and have no answer, by `linkId`. */
  missing: string[];
  revision: number;
  updatedAt: string;
}

/** A merge patch (RFC 7396): `null` removes an answer. */
export type Patch = Record<string, Answer | null>;

export function useIntake(): LoadedResource<Intake> {
  return useResource("intake", (signal) => request<Intake>("GET", "/intake", { signal }));
}

/** `PATCH /intake`. All or nothing: one bad answer and none is saved. */
export function patchIntake(answers: Patch, keepalive = false): Promise<Intake> {
  return request("PATCH", "/intake", { json: { answers }, keepalive });
}
