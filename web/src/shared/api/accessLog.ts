import { request } from "../http";

/** Every action that the server records, in the order of its `AuditEvent`. A test holds the two together. */
export const auditActions = [
  "picture-quarantined", "sandbox-violated", "processor-limit-reached", "job-timed-out", "worker-crashed", "worker-recycled",
  "picture-adjusted", "question-answered", "emergency-heard", "conversation-deleted", "report-made", "report-downloaded",
  "report-failed", "reading-recorded", "findings-revealed", "findings-shown-by-time", "model-withdrawn", "data-saved",
  "held-findings-deleted", "report-cancelled", "report-deleted", "access-denied", "session-opened", "session-extended", "session-logged-off",
  "session-erased", "session-expired", "history-changed", "answers-withheld", "picture-received", "picture-deleted",
  "analysis-asked", "analysis-cancelled", "urgency-lowered", "record-opened", "record-read", "operator-admitted",
  "operator-refused", "trail-searched", "maintenance-begun", "maintenance-ended", "queue-paused", "queue-resumed",
  "queue-drained", "analysis-requeued", "operator-acted",
] as const;

export type AuditAction = (typeof auditActions)[number];

export interface AccessEntry {
  number: number;
  /** ISO 8601, UTC. */
  at: string;
  actor: "person" | "operator" | "system";
  /** Of an operator. */
  name?: string;
  role?: string;
  event: string;
  /** What it was done to: `upload:01a2…`. */
  subject?: string;
  outcome: "done" | "refused" | "failed";
  /** Why a clinician opened the record. */
  reason?: string;
  request?: string;
}

/** `GET /access-log`, the newest first. */
export interface AccessLog {
  entries: AccessEntry[];
  /** The number to ask for older ones with; none where these are all. */
  before?: number;
}

export function getAccessLog(before?: number, signal?: AbortSignal): Promise<AccessLog> {
  return request("GET", before === undefined ? "/access-log" : `/access-log?before=${before}`, { signal });
}
