import type { After } from "../../shared/clock";
import { address, answered } from "../../shared/http";
import { Problem, problemOf } from "../../shared/problem";

/** Milliseconds without a byte after which a connection counts as lost. */
const silence = 30_000;

export interface TransferOptions {
  signal: AbortSignal;
  onProgress: () => void;
  after: After;
}

/**
 * A file on its way from the server. What has arrived is kept when the connection is lost, and the rest is asked for from
 * there, as long as it is still the same file.
 *
 * Source: RFC 9110, 13.1.5 (If-Range) and 14 (Range)
 */
export class Transfer {
  private parts: Uint8Array[] = [];
  /** The strong entity tag of what has arrived. */
  private tag: string | null = null;
  /** Bytes. */
  received = 0;

  /** @param total bytes, as far as they are known. */
  constructor(
    private readonly path: string,
    public total: number | null,
  ) {}

  /**
   * Fetches what is missing.
   *
   * @throws {Problem} `network` when the connection is lost: another call goes on. Any other means that there is no such
   *   file now. An abort is thrown as it comes.
   */
  async goOn(options: TransferOptions): Promise<void> {
    const lost = new AbortController();
    const end = () => lost.abort();
    options.signal.addEventListener("abort", end);
    try {
      if (options.signal.aborted) end();
      const callOff = options.after(silence, end);
      const response = await this.ask(lost.signal).finally(callOff);
      if (response) await this.take(response, lost, options);
    } catch (error) {
      if (options.signal.aborted) throw new DOMException("The download was stopped.", "AbortError");
      if (error instanceof Problem) throw error;
      throw new Problem("network");
    } finally {
      options.signal.removeEventListener("abort", end);
    }
  }

  /** All of it. */
  bytes(): Uint8Array {
    const whole = new Uint8Array(this.received);
    let offset = 0;
    for (const part of this.parts) {
      whole.set(part, offset);
      offset += part.length;
    }
    return whole;
  }

  /** Returns an answer that brings what is missing, or null where nothing is. */
  private async ask(signal: AbortSignal): Promise<Response | null> {
    const headers: Record<string, string> = { Accept: "*/*" };
    const resumes = this.received > 0 && this.tag !== null;
    if (this.received > 0 && !resumes) this.startOver();
    if (this.received > 0 && this.received === this.total) return null;
    if (resumes && this.tag) {
      headers["Range"] = `bytes=${this.received}-`;
      headers["If-Range"] = this.tag;
    }
    const response = await fetch(address(this.path), { credentials: "same-origin", cache: "no-store", headers, signal });
    const requestId = response.headers.get("X-Request-Id");
    answered({ method: "GET", path: this.path, status: response.status, requestId });
    if (response.status === 416 && resumes) {
      // There is no more of it, or less than this page has.
      if (response.headers.get("Content-Range") === `bytes */${this.received}`) return null;
      this.startOver();
      throw new Problem("network");
    }
    if (!response.ok) {
      const problem = problemOf(response.status, await response.text(), requestId);
      // A proxy before a server that is away answers in its place.
      throw problem.code === "unexpected" && [502, 504].includes(response.status) ? new Problem("network") : problem;
    }
    return response;
  }

  private async take(response: Response, lost: AbortController, { onProgress, after }: TransferOptions): Promise<void> {
    if (response.status === 206) {
      const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get("Content-Range") ?? "") ?? [];
      if (Number(first) !== this.received) {
        this.startOver();
        throw new Problem("network");
      }
      if (total && total !== "*") this.total = Number(total);
    } else {
      this.startOver();
      const tag = response.headers.get("ETag");
      this.tag = tag?.startsWith('"') ? tag : null;
      const length = response.headers.get("Content-Length");
      // Of what was packed for the way, the length says nothing about the file.
      if (response.headers.get("Content-Encoding")) this.total = null;
      else if (length !== null) this.total = Number(length);
    }
    onProgress();
    const reader = response.body?.getReader();
    if (!reader) throw new Problem("network");
    // Not everywhere does a read that is waited for end with the request.
    const leave = () => void reader.cancel().catch(() => undefined);
    lost.signal.addEventListener("abort", leave);
    try {
      while (!lost.signal.aborted) {
        const callOff = after(silence, () => lost.abort());
        const { done, value } = await reader.read().finally(callOff);
        if (done) break;
        this.parts.push(value);
        this.received += value.length;
        onProgress();
      }
    } finally {
      lost.signal.removeEventListener("abort", leave);
    }
    if (lost.signal.aborted || (this.total !== null && this.received !== this.total)) throw new Problem("network");
    this.total = this.received;
  }

  private startOver(): void {
    this.parts = [];
    this.received = 0;
    this.tag = null;
  }
}

/** Whether bytes have a SHA-256, or null where this browser can't tell: it only does so on a secure connection. */
export async function hasSHA256(bytes: Uint8Array, expected: string): Promise<boolean | null> {
  if (typeof crypto === "undefined" || !crypto.subtle) return null;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("") === expected;
}
