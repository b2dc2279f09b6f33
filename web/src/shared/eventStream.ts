import { after as wait, type After } from "./clock";
import { address, answered, isAbort } from "./http";
import { Problem, problemOf } from "./problem";

/** One event of a `text/event-stream`. */
export interface ServerEvent {
  /** The newest id of the stream, from which it can be gone on with. */
  id: string | null;
  name: string;
  data: string;
}

/**
 * Takes a stream of events in pieces, wherever they are cut, and hands on each event once it is whole.
 *
 * Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export function eventReader(onEvent: (event: ServerEvent) => void): (piece: string) => void {
  let rest = "";
  let id: string | null = null;
  let name = "";
  let data: string[] = [];
  const line = (text: string) => {
    if (text === "") {
      if (data.length > 0) onEvent({ id, name: name || "message", data: data.join("\n") });
      name = "";
      data = [];
      return;
    }
    const [, field, value = ""] = /^([^:]*)(?:: ?([\s\S]*))?$/.exec(text) ?? [];
    if (field === "event") name = value;
    else if (field === "data") data.push(value);
    else if (field === "id" && !value.includes("\0")) id = value;
  };
  return (piece) => {
    rest += piece;
    // A carriage return at the end may be half of a line's end.
    const lines = rest.slice(0, rest.endsWith("\r") ? -1 : undefined).split(/\r\n|\r|\n/);
    const open = lines.pop() ?? "";
    rest = open + (rest.endsWith("\r") ? "\r" : "");
    for (const text of lines) line(text);
  };
}

export interface StreamOptions {
  json?: unknown;
  headers?: Record<string, string>;
  /** The newest event that was seen: the stream goes on after it. */
  lastEventId?: string | null;
  signal: AbortSignal;
  onEvent: (event: ServerEvent) => void;
  after?: After;
}

/** Milliseconds without a byte after which a connection counts as lost. */
const silence = 45_000;

/**
 * Reads a stream of events, to its end. `EventSource` can't send a question.
 *
 * @returns whether there was a stream: an answer without content has none.
 * @throws {Problem} for every answer that isn't a success, and when the connection is lost. An abort is thrown as it comes.
 */
export async function readEvents(method: string, path: string, options: StreamOptions): Promise<boolean> {
  const headers: Record<string, string> = { Accept: "text/event-stream, application/problem+json", ...options.headers };
  if (options.lastEventId) headers["Last-Event-ID"] = options.lastEventId;
  const lost = new AbortController();
  const end = () => lost.abort();
  options.signal.addEventListener("abort", end);
  const init: RequestInit = { method, headers, credentials: "same-origin", cache: "no-store", signal: lost.signal };
  if (options.json !== undefined) {
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(options.json);
  }
  try {
    if (options.signal.aborted) end();
    const response = await fetch(address(path), init);
    const requestId = response.headers.get("X-Request-Id");
    answered({ method, path, status: response.status, requestId });
    if (!response.ok) throw problemOf(response.status, await response.text(), requestId);
    if (response.status === 204 || !response.body) return false;
    if (!(response.headers.get("Content-Type") ?? "").startsWith("text/event-stream")) throw new Problem("unexpected", "", response.status, requestId);
    await pour(response.body, eventReader(options.onEvent), lost, options.after ?? wait);
    return true;
  } catch (error) {
    if (error instanceof Problem || (options.signal.aborted && isAbort(error))) throw error;
    throw new Problem("network");
  } finally {
    options.signal.removeEventListener("abort", end);
  }
}

/** Reads text to its end, or until it is left. A connection on which nothing comes any more is given up. */
async function pour(body: ReadableStream<Uint8Array>, take: (piece: string) => void, lost: AbortController, after: After): Promise<void> {
  const { signal } = lost;
  const reader = body.getReader();
  const decoder = new TextDecoder();
  // Not everywhere does a read that is waited for end with the request.
  const leave = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener("abort", leave);
  try {
    while (!signal.aborted) {
      const callOff = after(silence, () => lost.abort());
      const { done, value } = await reader.read().finally(callOff);
      if (done) break;
      take(decoder.decode(value, { stream: true }));
    }
  } finally {
    signal.removeEventListener("abort", leave);
  }
  if (signal.aborted) throw new DOMException("The stream was left.", "AbortError");
}
