import { useCallback, useEffect, useRef, useState } from "react";
import { asProblem, type Problem } from "../../shared/problems";
import { patchIntake, type Patch } from "./intake";
import type { Answer, Answers } from "./questionnaire";

/** How long to wait for more changes, in milliseconds. */
const patience = 600;

export type SaveStatus = "untouched" | "waiting" | "saving" | "saved" | "failed";

export interface Autosave {
  answers: Answers;
  status: SaveStatus;
  savedAt: number | null;
  /** What the server said about single answers, by `linkId`. */
  faults: Record<string, string>;
  /** Why nothing could be saved. */
  problem: Problem | null;
  /** `null` removes the answer. */
  change: (id: string, answer: Answer | null) => void;
  /** Saves now what isn't saved yet. Tells whether everything is saved. */
  flush: () => Promise<boolean>;
}

/** Keeps the answers, and sends what changed soon after it changed. */
export function useAutosave(initial: Answers): Autosave {
  const [answers, setAnswers] = useState(initial);
  const [status, setStatus] = useState<SaveStatus>("untouched");
  const [savedAt, setSavedAt] = useState<number | null>(null);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const pending = useRef<Patch>({});
  const refused = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const running = useRef<Promise<void> | null>(null);

  const send = useCallback(async () => {
    while (Object.keys(pending.current).length > 0) {
      const patch = pending.current;
      pending.current = {};
      setStatus("saving");
      try {
        await patchIntake(patch);
        setSavedAt(Date.now());
        setProblem(null);
      } catch (error) {
        const found = asProblem(error);
        const bad = Object.fromEntries(Object.entries(found.byField).filter(([id]) => id in patch));
        if (found.code !== "validation-failed" || Object.keys(bad).length === 0) {
          pending.current = { ...patch, ...pending.current };
          setProblem(found);
          setStatus("failed");
          return;
        }
        // Nothing was saved: the good ones go again without the bad ones.
        for (const id of Object.keys(bad)) refused.current.add(id);
        setFaults((old) => ({ ...old, ...bad }));
        const good = Object.fromEntries(Object.entries(patch).filter(([id]) => !(id in bad)));
        pending.current = { ...good, ...pending.current };
      }
    }
    setStatus(refused.current.size > 0 ? "failed" : "saved");
  }, []);

  const flush = useCallback(async () => {
    clearTimeout(timer.current);
    while (running.current) await running.current;
    if (Object.keys(pending.current).length > 0) {
      running.current = send().finally(() => {
        running.current = null;
      });
      await running.current;
    }
    return Object.keys(pending.current).length === 0 && refused.current.size === 0;
  }, [send]);

  const change = useCallback(
    (id: string, answer: Answer | null) => {
      pending.current[id] = answer;
      refused.current.delete(id);
      setAnswers(({ [id]: _, ...others }) => (answer === null ? others : { ...others, [id]: answer }));
      setFaults(({ [id]: _, ...others }) => others);
      setStatus("waiting");
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void flush(), patience);
    },
    [flush],
  );

  useEffect(() => {
    // What was typed last must not be lost with the page.
    const leave = () => {
      if (document.visibilityState === "visible") return;
      const patch = pending.current;
      if (Object.keys(patch).length === 0) return;
      clearTimeout(timer.current);
      pending.current = {};
      patchIntake(patch, true).then(
        () => setStatus("saved"),
        () => {
          pending.current = { ...patch, ...pending.current };
          setStatus("failed");
        },
      );
    };
    document.addEventListener("visibilitychange", leave);
    return () => {
      document.removeEventListener("visibilitychange", leave);
      void flush();
    };
  }, [flush]);

  return { answers, status, savedAt, faults, problem, change, flush };
}
