import { useCallback, useEffect, useRef, useState } from "react";
import type { RefusedFile } from "../../shared/api/receptions";
import type { Upload } from "../../shared/api/uploads";
import type { After } from "../../shared/clock";
import type { Problem } from "../../shared/problem";
import { printOf, stopped } from "../../shared/stopped";
import type { TusState, Why } from "../../shared/tus";
import { sendResumably, type TusSending } from "../../shared/tusTransport";
import type { FileFaultWords } from "./checkFile";

export type Stage =
  /** Chosen; nothing of it is sent yet. */
  | { is: "ready" }
  /** Not sent, because it is nothing that the server takes. */
  | { is: "unfit"; fault: FileFaultWords }
  | { is: "queued" }
  /** `why` it stands still, if it does. */
  | { is: "sending"; sent: number; why: Why | null; restarted: boolean }
  | { is: "kept"; uploads: Upload[]; refused: RefusedFile[] }
  | { is: "failed"; problem: Problem; refused: RefusedFile[] }
  | { is: "cancelled" };

/** One file on its way. */
export interface Row {
  key: number;
  file: File;
  mediaType: string;
  archive: boolean;
  /** The id of the reception that it goes on with. */
  reception: string | null;
  /** It goes on where an earlier upload of the same file stopped. */
  resumed: boolean;
  stage: Stage;
}

export type NewRow = Omit<Row, "key">;

/** The server has judged the file itself: sending the same bytes again would change nothing. */
export function isJudged(stage: Stage): boolean {
  return stage.is === "unfit" || (stage.is === "failed" && [413, 415, 422].includes(stage.problem.status));
}

/** Sends files one after another, and tells how far each is. Leaving the page stops it; the same file then goes on. */
export function useSending(session: string, clock?: After) {
  const [rows, setRows] = useState<Row[]>([]);
  const running = useRef<{ key: number; sending: TusSending } | null>(null);
  const serial = useRef(0);

  const change = useCallback((key: number, changed: Partial<Row>) => setRows((old) => old.map((row) => (row.key === key ? { ...row, ...changed } : row))), []);

  useEffect(() => {
    const next = running.current ? undefined : rows.find(({ stage }) => stage.is === "queued");
    if (!next) return;
    const { key, file, mediaType, archive } = next;
    let { reception } = next;
    // The print is taken beside the sending: it must be there only once something can stop.
    const print = printOf(file).catch(() => null);
    const onChange = (state: TusState, sent: number) => {
      if (state.id !== reception) {
        if (reception) stopped.forget(session, reception);
        const made = (reception = state.id);
        if (made) void print.then((known) => known && reception === made && stopped.remember(session, made, known));
      }
      if (state.now.step !== "ended") {
        change(key, { reception, stage: { is: "sending", sent, why: state.now.step === "waiting" ? state.now.why : null, restarted: state.restarted } });
        return;
      }
      running.current = null;
      const { outcome } = state.now;
      const stage = stageOf(outcome);
      const over = stage.is !== "failed" || isJudged(stage);
      if (over && reception) stopped.forget(session, reception);
      if (over) reception = null;
      change(key, { reception, stage });
    };
    const sending = sendResumably(file, { mediaType, archive, reception, onChange, ...(clock ? { clock } : {}) });
    running.current = { key, sending };
    change(key, { stage: { is: "sending", sent: 0, why: null, restarted: false } });
  }, [rows, session, clock, change]);

  useEffect(() => () => running.current?.sending.stop(), []);

  /** Puts these files in the place of all others. */
  const choose = useCallback((chosen: NewRow[]) => {
    running.current?.sending.stop();
    running.current = null;
    setRows(chosen.map((row) => ({ ...row, key: (serial.current += 1) })));
  }, []);

  /** Sends one file, or all that are ready. */
  const start = useCallback((key?: number) => {
    setRows((old) => old.map((row) => (key === undefined ? row.stage.is === "ready" : row.key === key) ? { ...row, stage: { is: "queued" } } : row));
  }, []);

  /** Cancels one file, or all that have not ended. */
  const cancel = useCallback((key?: number) => {
    setRows((old) => old.map((row) => ((key === undefined || row.key === key) && row.stage.is === "queued" ? { ...row, stage: { is: "cancelled" } } : row)));
    if (running.current && (key === undefined || running.current.key === key)) running.current.sending.cancel();
  }, []);

  const tryNow = useCallback(() => running.current?.sending.tryNow(), []);
  return { rows, choose, start, cancel, tryNow };
}

function stageOf(outcome: Extract<TusState["now"], { step: "ended" }>["outcome"]): Stage {
  switch (outcome.kind) {
    case "kept":
      return { is: "kept", uploads: outcome.uploads, refused: outcome.refused };
    case "failed":
      return { is: "failed", problem: outcome.problem, refused: outcome.refused };
    case "cancelled":
      return { is: "cancelled" };
  }
}
