import { useCallback, useEffect, useRef, useState } from "react";
import type { ReportDocument } from "../../shared/api/reports";
import { after as wait, type After } from "../../shared/clock";
import { isAbort } from "../../shared/http";
import { asProblem, Problem } from "../../shared/problem";
import { hasSHA256, Transfer } from "./Transfer";

/** Milliseconds before each further try after a lost connection; then a person decides. */
const pauses = [1000, 3000, 8000];

export type Download =
  | { phase: "idle" }
  | { phase: "running" | "waiting" | "paused"; document: ReportDocument; received: number; total: number | null }
  | { phase: "stopped" | "damaged"; document: ReportDocument }
  | { phase: "failed"; document: ReportDocument; problem: Problem }
  /** `checked`: it has the SHA-256 that the server told. */
  | { phase: "done"; document: ReportDocument; checked: boolean };

export interface DownloadControl {
  download: Download;
  start: (document: ReportDocument) => void;
  /** After a lost connection, from where it stopped. */
  goOn: () => void;
  stop: () => void;
}

/** One document at a time on its way to this device: with progress, and past lost connections. */
export function useDownload(clock: After = wait): DownloadControl {
  const [download, setDownload] = useState<Download>({ phase: "idle" });
  const current = useRef<{ transfer: Transfer; document: ReportDocument; abort: AbortController } | null>(null);

  useEffect(() => () => current.current?.abort.abort(), []);

  const run = useCallback(
    async (transfer: Transfer, document: ReportDocument) => {
      const abort = new AbortController();
      current.current = { transfer, document, abort };
      const tell = (phase: "running" | "waiting" | "paused") => {
        if (!abort.signal.aborted) setDownload({ phase, document, received: transfer.received, total: transfer.total });
      };
      tell("running");
      try {
        await insist(transfer, { signal: abort.signal, after: clock, tell });
        const bytes = transfer.bytes();
        const same = document.sha256 ? await hasSHA256(bytes, document.sha256) : null;
        if (abort.signal.aborted) return;
        if (same === false) return setDownload({ phase: "damaged", document });
        save(new Blob([bytes], { type: document.mediaType }), document.fileName, clock);
        setDownload({ phase: "done", document, checked: same === true });
      } catch (error) {
        if (abort.signal.aborted || isAbort(error)) return;
        const problem = asProblem(error);
        if (problem.passes) tell("paused");
        else setDownload({ phase: "failed", document, problem });
      }
    },
    [clock],
  );

  const start = useCallback(
    (document: ReportDocument) => {
      current.current?.abort.abort();
      void run(new Transfer(document.address, document.bytes ?? null), document);
    },
    [run],
  );
  const goOn = useCallback(() => {
    const lost = current.current;
    // It may be waiting for its next try.
    lost?.abort.abort();
    if (lost) void run(lost.transfer, lost.document);
  }, [run]);
  const stop = useCallback(() => {
    const running = current.current;
    if (!running) return;
    running.abort.abort();
    current.current = null;
    setDownload({ phase: "stopped", document: running.document });
  }, []);
  return { download, start, goOn, stop };
}

interface InsistOptions {
  signal: AbortSignal;
  after: After;
  tell: (phase: "running" | "waiting") => void;
}

/** Fetches all of it. After a lost connection it tries again, and counts anew whenever something has arrived. */
async function insist(transfer: Transfer, { signal, after, tell }: InsistOptions): Promise<void> {
  let tries = 0;
  for (;;) {
    const before = transfer.received;
    try {
      return await transfer.goOn({ signal, after, onProgress: () => tell("running") });
    } catch (error) {
      if (!(error instanceof Problem) || !error.passes) throw error;
      if (transfer.received > before) tries = 0;
      const pause = pauses[tries];
      if (pause === undefined) throw error;
      tries += 1;
      tell("waiting");
      await new Promise<void>((resolve, reject) => {
        const callOff = after(pause, resolve);
        signal.addEventListener("abort", () => {
          callOff();
          reject(new DOMException("The download was stopped.", "AbortError"));
        });
      });
    }
  }
}

/** Lets the browser save it. */
function save(file: Blob, fileName: string, after: After): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = fileName;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser may still be asking where to.
  after(60_000, () => URL.revokeObjectURL(link.href));
}
