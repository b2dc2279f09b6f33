import { address, request } from "../http";
import { useResource, type LoadedResource } from "../useResource";
import type { PictureAdjustment } from "./adjustment";
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
    | "burnedInAnnotation"
    /** Where the rows and the columns lead: `L\F`. */
    | "patientOrientation",
    string | null
  >
>;

/** Something that was read in the pixels. The place is in fractions of the picture's width and height. */
export interface ReadLine {
  text?: string | null;
  /** 0...1. */
  confidence: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Letters in the picture. `unknown`: it could not be looked for. */
export interface BurnedInText {
  state: "pending" | "none" | "found" | "unknown";
  lines: ReadLine[];
  /** A lone L or R. */
  sideMarkers: ReadLine[];
}

/** Between rows and between columns, in millimetres: in the body, and at the detector. */
export interface DicomSpacing {
  pixelSpacing?: number[] | null;
  imagerPixelSpacing?: number[] | null;
}

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
  dicom?: (DicomSummary & DicomSpacing) | null;
  createdAt: string;
  /** Address of a JPEG. */
  preview: string;
  /** Address of the grey values in their full depth. */
  samples?: string | null;
  /** The history beside the file's header. */
  identity?: Identity | null;
  burnedInText?: BurnedInText | null;
  /** Address of the file as it was received. */
  file?: string | null;
  /** Address of the file without what identifies a person. DICOM only. */
  deidentified?: string | null;
}

/** What `GET /uploads/{id}/preview` is asked for. */
export interface PreviewWish extends Partial<PictureAdjustment> {
  /** Pixels. */
  width?: number;
  /** Counted from 0. */
  frame?: number;
}

/** The address of a picture as a JPEG, adjusted. */
export function previewOf(uploadId: string, { width, frame, turn, mirror, invert }: PreviewWish): string {
  const wishes = Object.entries({ width, frame, turn, mirror, invert }).filter(([, value]) => value);
  const query = wishes.map(([name, value]) => `${name}=${value}`).join("&");
  return address(`/uploads/${encodeURIComponent(uploadId)}/preview${query && `?${query}`}`);
}

/** One element that is taken out of a DICOM file. */
export interface RemovedElement {
  /** `(0010,0010)`. */
  tag: string;
  name: string;
  action: "removed" | "emptied" | "replaced";
}

export async function getRemoved(upload: Upload, signal?: AbortSignal): Promise<RemovedElement[]> {
  return (await request<{ removed: RemovedElement[] }>("GET", `${upload.deidentified}/removed`, { signal })).removed;
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
