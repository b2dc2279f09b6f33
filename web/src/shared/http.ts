import { Problem, problemOf } from "./problem";

const base = "/api/v1";

/** What other parts of the page want to know about every answer. */
export interface Answered {
  method: string;
  path: string;
  status: number;
  requestId: string | null;
}

type Listener = (answered: Answered) => void;
const listeners = new Set<Listener>();
let lastId: string | null = null;

let clockOffset = 0;

/** The server's clock in milliseconds since 1970, as far as its answers tell. */
export function serverNow(): number {
  return Date.now() + clockOffset;
}

/** Calls `listener` after each answer. Returns how to stop. */
export function onAnswer(listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** The id of the newest answer: what an error report refers to. */
export function lastRequestId(): string | null {
  return lastId;
}

export function answered(what: Answered): void {
  if (what.requestId) lastId = what.requestId;
  for (const listener of [...listeners]) listener(what);
}

export interface RequestOptions {
  json?: unknown;
  signal?: AbortSignal | undefined;
  headers?: Record<string, string>;
  /** Lets the request outlive the page. */
  keepalive?: boolean;
}

/** The address of an API path, for links, pictures and event streams. */
export function address(path: string): string {
  return path.startsWith(base) ? path : base + path;
}

/**
 * Asks the API.
 *
 * @throws {Problem} for every answer that isn't a success, and when there is none. An abort is thrown as it comes.
 */
export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json, application/problem+json", ...options.headers };
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (options.json !== undefined) {
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(options.json);
  }
  if (options.signal) init.signal = options.signal;
  if (options.keepalive) init.keepalive = true;

  let response: Response;
  let body: string;
  try {
    response = await ask(path, init);
    body = await response.text();
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new Problem("network");
  }
  const requestId = response.headers.get("X-Request-Id");
  const date = Date.parse(response.headers.get("Date") ?? "");
  if (!Number.isNaN(date)) clockOffset = date - Date.now();
  answered({ method, path, status: response.status, requestId });
  if (!response.ok) throw problemOf(response.status, body, requestId);
  return parse<T>(body, response.status, requestId);
}

/**
 * Reads bytes from the API.
 *
 * @throws {Problem} as `request` does.
 */
export async function requestBytes(path: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  let response: Response;
  let bytes: ArrayBuffer;
  try {
    response = await ask(path, { credentials: "same-origin", ...(signal ? { signal } : {}) });
    bytes = await response.arrayBuffer();
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new Problem("network");
  }
  const requestId = response.headers.get("X-Request-Id");
  answered({ method: "GET", path, status: response.status, requestId });
  if (!response.ok) throw problemOf(response.status, new TextDecoder().decode(bytes), requestId);
  return bytes;
}

/** Longer than this nobody waits without being told why. */
const longestPatience = 20;

/** Fetches. What only reads is asked again by itself when the server says that there were too many requests. */
async function ask(path: string, init: RequestInit): Promise<Response> {
  for (let tries = 0; ; tries++) {
    const response = await fetch(address(path), init);
    const seconds = Number(response.headers.get("Retry-After") ?? "");
    const reads = (init.method ?? "GET") === "GET";
    if (response.status !== 429 || !reads || tries === 2 || !(seconds > 0 && seconds <= longestPatience)) return response;
    await pause(seconds * 1000, init.signal ?? undefined);
  }
}

function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const over = () => {
      clearTimeout(timer);
      reject(new DOMException("The request was given up.", "AbortError"));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", over);
      resolve();
    }, milliseconds);
    if (signal?.aborted) over();
    else signal?.addEventListener("abort", over, { once: true });
  });
}

export function parse<T>(body: string, status: number, requestId: string | null): T {
  if (body === "") return undefined as T;
  try {
    return JSON.parse(body) as T;
  } catch {
    throw new Problem("unexpected", "", status, requestId);
  }
}

export function isAbort(error: unknown): boolean {
  return (error as { name?: unknown } | null)?.name === "AbortError";
}
