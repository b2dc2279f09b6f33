import { request } from "../../shared/http";
import { useResource, type LoadedResource } from "../../shared/useResource";

/** `GET /reports/{id}`: one document. */
export interface Report {
  id: string;
  analysisId: string;
  audience: "clinician";
  createdAt: string;
  fileName: string;
  bytes: number;
  sha256: string;
  /** Address of the PDF. */
  document: string;
}

/** The reports of one analysis, the newest first. */
export function useReports(analysisId: string): LoadedResource<Report[]> {
  return useResource(`reports of ${analysisId}`, async (signal) => {
    const { reports } = await request<{ reports: Report[] }>("GET", "/reports", { signal });
    return reports.filter((report) => report.analysisId === analysisId).sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  });
}

export function makeReport(analysisId: string): Promise<Report> {
  return request("POST", "/reports", { json: { analysisId, audience: "clinician" } });
}

/** Lets the browser save the document under its name. */
export function save(report: Report): void {
  const link = document.createElement("a");
  link.href = report.document;
  link.download = report.fileName;
  document.body.append(link);
  link.click();
  link.remove();
}
