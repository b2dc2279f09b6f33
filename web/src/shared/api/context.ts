import { request } from "../http";
import { useResource, type LoadedResource } from "../useResource";

/** One line of the record as the assistant is given it. */
export interface ContextLine {
  id: string;
  section: string;
  /** In the server's language. */
  text: string;
  isWithholdable: boolean;
}

/** `GET /context`: exactly what the assistant is given. */
export interface ContextFile {
  preamble: string;
  sections: { id: string; title: string }[];
  lines: ContextLine[];
  /** Questions whose answers are kept from the assistant. */
  withheld: string[];
  /** Lines that had no room. */
  leftOut: number;
  tokens: number;
  tokenBudget: number;
  /** The exact text. */
  markdown: string;
}

export function getContext(signal?: AbortSignal): Promise<ContextFile> {
  return request("GET", "/context", { signal });
}

export function useContextFile(): LoadedResource<ContextFile> {
  return useResource("context", getContext);
}

/** Withholds the answers to a question from the assistant, or shares them again. */
export function withhold(question: string, isWithheld: boolean): Promise<ContextFile> {
  return request("PATCH", "/context", { json: { withheld: { [question]: isWithheld } } });
}

/** The question whose answer a line tells: `intake.medication.2` tells of `medication`. */
export function questionOf(line: ContextLine): string | null {
  const [, question] = /^intake\.([^.]+)(?:\.\d+)?$/.exec(line.id) ?? [];
  return line.isWithholdable && question ? question : null;
}
