import { readEvents, type ServerEvent } from "../eventStream";
import { request } from "../http";
import type { AcuityLevel } from "./acuity";

/** Who speaks: the library of prepared answers, or a language model whose sentences were checked. */
export type Speaker = { kind: "library" } | { kind: "model"; name: string };

/** What a sentence rests on. */
export interface Evidence {
  /** A line of the record, published guidance, or how this program is made. */
  kind: "record" | "source" | "program";
  /** A line of the context file (`intake.age`, `finding.effusion`), or the key of a source. */
  id: string;
  /** A few words for people. */
  label: string;
  /** Of a source, or of a page about the program. */
  address?: string | null;
}

export interface Sentence {
  /** Plain text, at most with `**bold**` words. */
  text: string;
  layout: "same" | "paragraph" | "item";
  evidence: Evidence[];
  /** It stands in the place of a sentence of the model that the record contradicts. */
  replacesStruck: boolean;
}

/** Why the library answered though a language model was asked. */
export type Fallback = "unreachable" | "refused" | "silent" | "garbled" | "cut-off" | "looping" | "wrong-language" | "empty" | "busy" | "nothing-held";

export interface Answer {
  state: "writing" | "complete" | "stopped" | "interrupted";
  speaker: Speaker;
  sentences: Sentence[];
  /** What the question was taken for. */
  intent: string;
  /** Perhaps one that this page doesn't know. */
  fallback?: Fallback | (string & {}) | null;
  /** How many sentences of the model were left out. */
  struck: number;
  /** The urgency of the session when this was said. */
  acuity: AcuityLevel;
  /** What may be asked next. */
  suggestions: string[];
}

/** A question of a person, or an answer. */
export interface Message {
  id: string;
  /** Counted from 1 in the conversation. */
  number: number;
  role: "person" | "assistant";
  createdAt: string;
  /** All of it as plain text. */
  text: string;
  answer?: Answer | null;
}

export interface ConversationSummary {
  id: string;
  title: string;
  createdAt: string;
  updatedAt: string;
  /** How many. */
  messages: number;
}

export interface Conversation extends ConversationSummary {
  items: Message[];
  /** What may be asked. */
  suggestions: string[];
  /** The id of the answer that is being written. */
  answering: string | null;
}

/** `GET /assistant`: who speaks now, and what it says of itself. */
export interface Assistant {
  speaker: Speaker;
  note: string;
  canStop: boolean;
}

/** Characters of a question, at most. */
export const longestQuestion = 4000;
/** Characters of a conversation's title, at most. */
export const longestTitle = 80;

export function getAssistant(signal?: AbortSignal): Promise<Assistant> {
  return request("GET", "/assistant", { signal });
}

export async function listConversations(signal?: AbortSignal): Promise<ConversationSummary[]> {
  const { conversations } = await request<{ conversations: ConversationSummary[] }>("GET", "/conversations", { signal });
  return [...conversations].sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
}

const path = (id: string) => `/conversations/${encodeURIComponent(id)}`;

/** @param key the same for another try of the same wish, which makes no second conversation. */
export function startConversation(key: string): Promise<Conversation> {
  return request("POST", "/conversations", { json: {}, headers: { "Idempotency-Key": key } });
}

export function getConversation(id: string, signal?: AbortSignal): Promise<Conversation> {
  return request("GET", path(id), { signal });
}

export function renameConversation(id: string, title: string): Promise<ConversationSummary> {
  return request("PATCH", path(id), { json: { title } });
}

export function deleteConversation(id: string): Promise<void> {
  return request("DELETE", path(id));
}

/** Ends the answer that is being written. What was said until then stays. */
export async function stopAnswer(id: string): Promise<Message | null> {
  return (await request<{ answer: Message | null }>("POST", `${path(id)}/stop`)).answer;
}

/** What is told while an answer is written. */
export type AnswerEvent =
  | { name: "begin"; question: Message; answer: Message }
  | { name: "writing"; tokens: number }
  | { name: "sentence"; answerId: string; index: number; sentence: Sentence }
  | { name: "done"; answer: Message }
  | { name: "problem"; problem: { status?: number } & Record<string, unknown> };

/** An event of the stream, or null for one that this page doesn't know. */
export function answerEvent({ name, data }: ServerEvent): AnswerEvent | null {
  try {
    const told = JSON.parse(data) as object;
    if (name === "problem") return { name, problem: told as { status?: number } & Record<string, unknown> };
    return name === "begin" || name === "writing" || name === "sentence" || name === "done" ? ({ ...told, name } as AnswerEvent) : null;
  } catch {
    return null;
  }
}

/** What is asked of a conversation, and answered as a stream. */
export type Wish = { text: string; replaces: string | null } | "regenerate" | "follow";

/**
 * Asks, asks for the newest answer again, or follows the answer that is being written.
 *
 * @returns whether there was anything to follow.
 * @throws {Problem} as `readEvents` does.
 */
export function streamAnswer(id: string, wish: Wish, options: { lastEventId?: string | null; signal: AbortSignal; onEvent: (event: ServerEvent) => void }): Promise<boolean> {
  if (wish === "follow") return readEvents("GET", `${path(id)}/events`, options);
  if (wish === "regenerate") return readEvents("POST", `${path(id)}/regenerate`, options);
  const { text, replaces } = wish;
  return readEvents("POST", `${path(id)}/messages`, { ...options, json: replaces === null ? { text } : { text, replaces } });
}
