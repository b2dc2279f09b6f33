import { useCallback, useEffect, useRef, useState } from "react";
import { isAbort } from "./http";
import { asProblem, type Problem } from "./problem";

export interface Action<Arguments extends unknown[]> {
  run: (...values: Arguments) => Promise<void>;
  busy: boolean;
  problem: Problem | null;
  forget: () => void;
}

/** Something that a person sets off: busy while it runs, with the problem it ended in. A second press while it runs does nothing. */
export function useAction<Arguments extends unknown[]>(act: (...values: Arguments) => Promise<void>): Action<Arguments> {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const running = useRef(false);
  const mounted = useRef(true);
  const current = useRef(act);
  current.current = act;

  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);

  const run = useCallback(async (...values: Arguments) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setProblem(null);
    try {
      await current.current(...values);
    } catch (error) {
      if (mounted.current && !isAbort(error)) setProblem(asProblem(error));
    } finally {
      running.current = false;
      if (mounted.current) setBusy(false);
    }
  }, []);
  const forget = useCallback(() => setProblem(null), []);
  return { run, busy, problem, forget };
}
