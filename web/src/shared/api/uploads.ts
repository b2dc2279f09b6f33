import { request } from "../http";
import { useResource, type LoadedResource } from "../useResource";
import type { Identity } from "./identity";

/** What a DICOM header says. Every field may be missing. */
export type DicomSummary = Partial<
  Record<
    | "transferSyntax"
    | "photometricInterpretation"
    | "modality"
    | "bodyPart"
    | "viewPosition"
    | "imageLaterality"
    | "patientName"
    | "patientID"
    | "patientSex"
    | "patientBirthDate"
    | "patientAge"
    | "studyDate"
    | "studyDescription"
    | "burnedInAnnotation",
    string | null
  >
>;

/** `GET /uploads/{id}`: one picture that the server received and could read. */
export interface Upload {
  id: string;
  fileName: string;
  sha256: string;
  bytes: number;
  format: string;
  width: number;
  height: number;
  bitsPerSample: number;
  frames: number;
  capturedView?: string | null;
  dicom?: DicomSummary | null;
  createdAt: string;
  /** Address of a JPEG. */
  preview: string;
  /** The history beside the file's header. */
  identity?: Identity | null;
}

export async function listUploads(signal?: AbortSignal): Promise<Upload[]> {
  const { uploads } = await request<{ uploads: Upload[] }>("GET", "/uploads", { signal });
  return [...uploads].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
}

/** The session's pictures, the newest first. */
export function useUploads(): LoadedResource<Upload[]> {
  return useResource("uploads", listUploads);
}

export function getUpload(id: string, signal?: AbortSignal): Promise<Upload> {
  return request("GET", `/uploads/${encodeURIComponent(id)}`, { signal });
}

export function useUpload(id: string | null): LoadedResource<Upload> {
  return useResource(id, (signal) => getUpload(id ?? "", signal));
}

export function deleteUpload(id: string): Promise<void> {
  return request("DELETE", `/uploads/${encodeURIComponent(id)}`);
}

export function uploadSample(sampleId: string): Promise<Upload> {
  return request("POST", "/uploads", { json: { sampleId } });
}
