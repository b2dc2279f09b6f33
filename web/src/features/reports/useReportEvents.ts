import { useEffect, useRef, useState } from "react";
import { reportEventsPath, type Report } from "../../shared/api/reports";
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
export function useReportEvents({ id, state }: Report, listener: ReportListener, clock: After): boolean {
  const [lost, setLost] = useState(false);
  const told = useRef(listener);
  told.current = listener;
  const making = state === "making";

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
            lastEventId = eventId;
            if (name !== "state" || abort.signal.aborted) return;
            setLost(false);
            told.current.onChanged(JSON.parse(data) as Report);
          },
        });
      } catch (error) {
        if (abort.signal.aborted) return;
        if (asProblem(error).code === "not-found") return told.current.onGone();
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
