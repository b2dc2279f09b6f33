import { request } from "../http";

/** `GET /session`. Times are ISO 8601, UTC. */
export interface Session {
  id: string;
  createdAt: string;
  idleExpiresAt: string;
  absoluteExpiresAt: string;
  consent: { version: string; acceptedAt: string };
  intakeComplete: boolean;
  uploads: number;
  analyses: number;
  reports: number;
}

/** What `DELETE /session` leaves behind. */
export interface Receipt {
  receiptId: string;
  erasedAt: string;
  uploads: number;
  analyses: number;
  reports: number;
  conversations: number;
  /** Questions and answers. */
  messages: number;
  /** Clinicians' own readings. */
  readings: number;
  /** Uploads in parts, also those that ended. */
  receptions: number;
  /** False while last sealed copies are in the database's log, until a backup that runs has ended. */
  logEmptied: boolean;
}

export function getSession(signal?: AbortSignal): Promise<Session> {
  return request("GET", "/session", { signal });
}

export function startSession(consentVersion: string): Promise<Session> {
  return request("POST", "/session", { json: { consent: { version: consentVersion, accepted: true } } });
}

export function extendSession(): Promise<Session> {
  return request("POST", "/session/extend");
}

/** Ends the session for every tab, at once; it is erased right after. */
export function logOff(): Promise<void> {
  return request("POST", "/session/log-off");
}

export function eraseSession(): Promise<Receipt> {
  return request("DELETE", "/session");
}
