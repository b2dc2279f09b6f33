import { request } from "../http";

/** From the lightest to the heaviest. */
export type AcuityLevel = "routine" | "soon" | "urgent" | "emergency";

/** Published guidance that a reason follows. */
export interface GuidanceSource {
  title: string;
  url: string;
}

export interface AcuityReason {
  rule: string;
  level: AcuityLevel;
  /** A sentence for people, in the server's language. */
  text: string;
  origin: "intake" | "finding" | "message";
  /** The question or finding. */
  field?: string | null;
  source: GuidanceSource;
}

export interface AcuityAdvice {
  title: string;
  steps: string[];
}

/** `GET /acuity`: how soon someone should see a person, and why. */
export interface Acuity {
  level: AcuityLevel;
  /** Those that count, the heaviest first. */
  reasons: AcuityReason[];
  /** What to do, in the server's language. */
  advice: AcuityAdvice;
  emergencyNumber: string;
  raisedAt?: string | null;
  /** A clinician lowered the level. What was told since then counts in full. */
  lowering?: { level: AcuityLevel; clinician: string; reason: string; at: string } | null;
}

export function getAcuity(signal?: AbortSignal): Promise<Acuity> {
  return request("GET", "/acuity", { signal });
}

type Listener = (acuity: Acuity) => void;
const listeners = new Set<Listener>();

/** Passes on an urgency that came with another answer, for example with that to a save. */
export function toldAcuity(acuity: Acuity): void {
  for (const listener of [...listeners]) listener(acuity);
}

/** Calls `listener` with each urgency that comes. Returns how to stop. */
export function onAcuity(listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
