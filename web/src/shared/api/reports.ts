import { request } from "../http";
import type { Problem } from "../problem";
import { useResource, type LoadedResource } from "../useResource";

export type ReportAudience = "clinician" | "patient";
export type ReportPaper = "a4" | "letter";
export type ReportState = "making" | "ready" | "failed" | "cancelled";
/** What a report can be had as: the `format` in the address. `sr` is a DICOM structured report. */
export type DocumentFormat = "pdf" | "txt" | "fhir" | "dicom" | "sr";

/** In the order of the page. */
export const documentFormats: readonly DocumentFormat[] = ["pdf", "txt", "fhir", "dicom", "sr"];

/** A report as one file. */
export interface ReportDocument {
  /** Perhaps one that this page doesn't know. */
  format: DocumentFormat | (string & {});
  mediaType: string;
  address: string;
  fileName: string;
  /** Known once it was made. */
  bytes?: number | null;
  /** Lower-case hexadecimal. */
  sha256?: string | null;
}

export interface ReportFailure {
  code: string;
  /** A sentence for people. */
  message: string;
  /** Which part of the work: `picture`, `font`, `storage`, or something that this page doesn't know. */
  failed?: string | null;
  /** Formats that can be had all the same. */
  available?: string[] | null;
}

/** That a version of a model must not be relied on any more. */
export interface Withdrawal {
  /** A sentence of the operator. */
  reason: string;
  at: string;
}

/** `GET /reports/{id}`: what was made, or is being made, of one analysis for one audience. */
export interface Report {
  id: string;
  analysisId: string;
  audience: ReportAudience;
  paper: ReportPaper;
  state: ReportState;
  /** 0...1. */
  progress: number;
  step?: string | null;
  createdAt: string;
  documents: ReportDocument[];
  failure?: ReportFailure | null;
  withdrawn?: Withdrawal | null;
}

/** What a person chooses. */
export interface ReportWish {
  analysisId: string;
  audience: ReportAudience;
  paper: ReportPaper;
  /** Ids, in the order in which they are printed. */
  conversations: string[];
  nameInFileName: boolean;
}

const path = (id: string) => `/reports/${encodeURIComponent(id)}`;

/** The reports of one analysis, the newest first. */
export function useReports(analysisId: string): LoadedResource<Report[]> {
  return useResource(`reports of ${analysisId}`, async (signal) => {
    const { reports } = await request<{ reports: Report[] }>("GET", "/reports", { signal });
    return reports.filter((report) => report.analysisId === analysisId).sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  });
}

/** @param key the same for another try of the same wish, which makes no second report. */
export function makeReport(wish: ReportWish, key: string): Promise<Report> {
  return request("POST", "/reports", { json: wish, headers: { "Idempotency-Key": key } });
}

export function getReport(id: string, signal?: AbortSignal): Promise<Report> {
  return request("GET", path(id), { signal });
}

export function cancelReport(id: string): Promise<Report> {
  return request("POST", `${path(id)}/cancel`);
}

export function deleteReport(id: string): Promise<void> {
  return request("DELETE", path(id));
}

export function reportEventsPath(id: string): string {
  return `${path(id)}/events`;
}

/** What a problem says of what failed and of what can still be had. */
export function failureOf({ members, detail, code }: Problem): ReportFailure {
  const { failed, available } = members;
  return {
    code,
    message: detail,
    failed: typeof failed === "string" ? failed : null,
    available: Array.isArray(available) ? available.filter((format): format is string => typeof format === "string") : [],
  };
}
