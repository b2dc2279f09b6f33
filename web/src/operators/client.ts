import { createContext, useContext, useEffect, useRef, useState } from "react";
import { isAbort, parse } from "../shared/http";
import { asProblem, Problem, problemOf } from "../shared/problem";

/** What an operator's credentials are asked with. Kept in this tab alone, and gone with it. */
export class OperatorClient {
  constructor(private readonly token: string) {}

  /**
   * Asks the operators' listener.
   *
   * @throws {Problem} for every answer that isn't a success, and when there is none. An abort is thrown as it comes.
   */
  async request<T>(method: string, path: string, options: { json?: unknown; signal?: AbortSignal } = {}): Promise<T> {
    const headers: Record<string, string> = { Accept: "application/json, application/problem+json", Authorization: `Bearer ${this.token}` };
    const init: RequestInit = { method, headers, credentials: "omit", cache: "no-store" };
    if (options.json !== undefined) {
      headers["Content-Type"] = "application/json";
      init.body = JSON.stringify(options.json);
    }
    if (options.signal) init.signal = options.signal;
    let response: Response;
    let body: string;
    try {
      response = await fetch(`/admin${path}`, init);
      body = await response.text();
    } catch (error) {
      if (isAbort(error)) throw error;
      throw new Problem("network");
    }
    const requestId = response.headers.get("X-Request-Id");
    if (!response.ok) throw problemOf(response.status, body, requestId);
    return parse<T>(body, response.status, requestId);
  }
}

export const ClientContext = createContext<OperatorClient | null>(null);

/** The client of whoever is signed in. */
export function useClient(): OperatorClient {
  const client = useContext(ClientContext);
  if (!client) throw new Error("nobody is signed in");
  return client;
}

export interface Polled<T> {
  data: T | null;
  /** The newest try failed; what is shown is from before. */
  problem: Problem | null;
  /** Milliseconds since 1970 of the newest answer. */
  at: number | null;
  reload: () => void;
}

/** Something that is read again and again while the page is seen. What was read last stays when a try fails. */
export function usePolled<T>(path: string, seconds: number): Polled<T> {
  const client = useClient();
  const [shown, setShown] = useState<{ path: string; data: T | null; problem: Problem | null; at: number | null }>({ path, data: null, problem: null, at: null });
  const [round, setRound] = useState(0);
  const timer = useRef<number>();

  useEffect(() => {
    const abort = new AbortController();
    const ask = async () => {
      window.clearTimeout(timer.current);
      if (document.visibilityState !== "hidden") {
        try {
          const data = await client.request<T>("GET", path, { signal: abort.signal });
          if (!abort.signal.aborted) setShown({ path, data, problem: null, at: Date.now() });
        } catch (error) {
          if (abort.signal.aborted || isAbort(error)) return;
          setShown((old) => ({ path, data: old.path === path ? old.data : null, problem: asProblem(error), at: old.at }));
        }
      }
      if (!abort.signal.aborted) timer.current = window.setTimeout(() => void ask(), seconds * 1000);
    };
    const seen = () => {
      if (document.visibilityState !== "hidden") void ask();
    };
    document.addEventListener("visibilitychange", seen);
    void ask();
    return () => {
      abort.abort();
      window.clearTimeout(timer.current);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [client, path, seconds, round]);

  const { data, problem, at } = shown.path === path ? shown : { data: null, problem: null, at: null };
  return { data, problem, at, reload: () => setRound((value) => value + 1) };
}
