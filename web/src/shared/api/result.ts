import type { Identity } from "./identity";

/** Results on held-out data. Rates are 0...1; `aucLow`...`aucHigh` is the 95 % interval. */
export interface Measured {
  dataset: string;
  images: number;
  positives?: number | null;
  auc?: number | null;
  aucLow?: number | null;
  aucHigh?: number | null;
  sensitivity?: number | null;
  specificity?: number | null;
  /** Expected calibration error. */
  ece?: number | null;
  accuracy?: number | null;
}

export interface Finding {
  id: string;
  name: string;
  /** The name in plain words. */
  plain: string;
  means: string;
  /** Calibrated, 0...1. */
  probability: number;
  threshold: number;
  thresholdRule?: string;
  flagged: boolean;
  /** Of so many pictures of the validation set with about this probability, so many had the finding. */
  frequency?: { images: number; positives: number } | null;
  measured: Measured;
  code?: { system: string; code: string; display: string } | null;
  /** Address of a PNG to lay over the preview. */
  heatmap?: string | null;
}

/** What a completed analysis says. */
export interface Result {
  model: { id: string; version: string; title: string; intendedUse?: string; sha256: string; preprocessingSha256: string };
  engineVersion: string;
  quality: { usable: boolean; width: number; height: number; notes: { code: string; text: string }[] };
  scope: { statement: string; ageYears?: number | null; notes: string[] };
  projection?: { value: string; probability: number; source?: "header" | "model" } | null;
  findings: Finding[];
  withheld: { id: string; name: string; why: string }[];
  notChecked: string[];
  milliseconds: Record<string, number>;
  /** The history beside the file's header, and which differences were confirmed. */
  identity?: Identity | null;
}
