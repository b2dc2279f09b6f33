import type { Speaker } from "../src/shared/api/assistant";

export interface Gate {
  pace: () => Promise<void>;
  /** Lets one event through. */
  next: () => void;
  /** Lets all through, also those to come. */
  open: () => void;
  close: () => void;
  waits: () => number;
}

export interface Asked {
  key: string;
  body: unknown;
  headers: Record<string, string | undefined>;
}

export interface ServedAssistant {
  origin: string;
  asked: Asked[];
  bodies: (key: string) => unknown[];
  close: () => void;
}

export type MockAssistant = (asked: object) => boolean;

export function makeAssistant(options?: { pace?: () => Promise<void>; emergency?: (question: string) => void; speaker?: Speaker }): MockAssistant;
export function makeGate(): Gate;
export function serveAssistant(assistant: MockAssistant, others: Record<string, () => unknown>): Promise<ServedAssistant>;
