import { useEffect, useRef, useState } from "react";
import { getReport, reportEventsPath, type Report } from "../../shared/api/reports";
import type { After } from "../../shared/clock";
import { readEvents } from "../../shared/eventStream";
import { asProblem } from "../../shared/problem";

/** Milliseconds before the stream is asked for again. */
const pause = 1500;

interface ReportListener {
  onChanged: (report: Report) => void;
  /** It isn't there any more. */
  onGone: () => void;
}

/**
 * Follows a report while it is being made, by server-sent events. Each event is the whole state, so that a stream that is
 * asked for again loses nothing.
 *
 * @returns whether the stream is gone for now.
 */
export function useReportEvents(report: Report, listener: ReportListener, clock: After): boolean {
  const [lost, setLost] = useState(false);
  const newest = useRef({ report, ...listener });
  newest.current = { report, ...listener };
  const { id } = report;
  const making = report.state === "making";

  useEffect(() => {
    setLost(false);
    if (!making) return;
    const abort = new AbortController();
    let callOff: () => void = () => undefined;
    let lastEventId: string | null = null;
    const watch = async () => {
      try {
        await readEvents("GET", reportEventsPath(id), {
          lastEventId,
          signal: abort.signal,
          after: clock,
          onEvent: ({ id: eventId, name, data }) => {
            if (name !== "state" || abort.signal.aborted) return;
            setLost(false);
            const told = JSON.parse(data) as Partial<Report>;
            if (told.state === "making") {
              lastEventId = eventId;
              newest.current.onChanged({ ...newest.current.report, ...told });
            }
            // What came of it is more than an event tells. Without an answer the stream is asked for again.
            else void getReport(id, abort.signal).then((whole) => newest.current.onChanged(whole), () => undefined);
          },
        });
      } catch (error) {
        if (abort.signal.aborted) return;
        if (asProblem(error).code === "not-found") return newest.current.onGone();
        setLost(true);
      }
      if (!abort.signal.aborted) callOff = clock(pause, () => void watch());
    };
    void watch();
    return () => {
      abort.abort();
      callOff();
    };
  }, [id, making, clock]);

  return lost;
}
