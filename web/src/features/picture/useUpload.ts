import { useCallback, useEffect, useRef, useState } from "react";
import type { Upload } from "../../shared/api/uploads";
import { isAbort } from "../../shared/http";
import { asProblem, type Problem } from "../../shared/problem";
import { sendFile, type Sending } from "./sendFile";

export type UploadState =
  | { step: "idle" }
  | { step: "sending"; sent: number; total: number }
  | { step: "cancelled" }
  | { step: "failed"; problem: Problem };

/** Sends one file at a time, and tells how far it is. Leaving the page cancels it. */
export function useUpload(onReceived: (upload: Upload) => void) {
  const [state, setState] = useState<UploadState>({ step: "idle" });
  const sending = useRef<Sending | null>(null);
  const received = useRef(onReceived);
  received.current = onReceived;

  const start = useCallback(async (file: File, mediaType: string) => {
    if (sending.current) return;
    setState({ step: "sending", sent: 0, total: file.size });
    const mine = sendFile(file, mediaType, (sent) => {
      if (sending.current === mine) setState({ step: "sending", sent: Math.min(sent, file.size), total: file.size });
    });
    sending.current = mine;
    try {
      const upload = await mine.done;
      setState({ step: "idle" });
      received.current(upload);
    } catch (error) {
      setState(isAbort(error) ? { step: "cancelled" } : { step: "failed", problem: asProblem(error) });
    } finally {
      sending.current = null;
    }
  }, []);

  const cancel = useCallback(() => sending.current?.cancel(), []);
  const forget = useCallback(() => setState({ step: "idle" }), []);
  useEffect(() => () => sending.current?.cancel(), []);
  return { state, start, cancel, forget };
}
