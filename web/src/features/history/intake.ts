import { toldAcuity, type Acuity } from "../../shared/api/acuity";
import { request } from "../../shared/http";
import { useResource, type LoadedResource } from "../../shared/useResource";
import type { Answer, Answers } from "./questionnaire";

/** `GET /intake`: the answers as they are saved. */
export interface Intake {
  answers: Answers;
  complete: boolean;
  /** Required questions that are asked and have no answer: `age`, or `medication/0/name` in a row. */
  missing: string[];
  /** Answers that can't be true together. */
  contradictions: { pointer: string; code?: string; detail: string }[];
  /** Computed from the answers on smoking. */
  packYears?: number | null;
  /** How urgent it is, with what was told just now. */
  acuity: Acuity;
  revision: number;
  updatedAt: string;
}

/** A merge patch (RFC 7396): `null` removes an answer. */
export type Patch = Record<string, Answer | null>;

export function useIntake(): LoadedResource<Intake> {
  return useResource("intake", getIntake);
}

export async function getIntake(signal?: AbortSignal): Promise<Intake> {
  return passedOn(await request<Intake>("GET", "/intake", { signal }));
}

/** Every answer says how urgent it is; the whole page has to know at once. */
function passedOn(intake: Intake): Intake {
  toldAcuity(intake.acuity);
  return intake;
}

/**
 * `PATCH /intake`. All or nothing: one bad answer and none is saved.
 *
 * @param revision that the change was made for; another in between is told as `intake-changed`.
 * @param drafts questions whose text is still being typed: half a sentence is not yet taken at its word.
 */
export async function patchIntake(
  answers: Patch,
  revision: number | null,
  { keepalive = false, drafts = [] }: { keepalive?: boolean; drafts?: string[] } = {},
): Promise<Intake> {
  const saved = await request<Intake>("PATCH", "/intake", {
    json: drafts.length > 0 ? { answers, drafts } : { answers },
    keepalive,
    headers: revision === null ? {} : { "If-Match": `"${revision}"` },
  });
  return passedOn(saved);
}
