import { useCallback, useEffect, useRef, useState } from "react";
import { answerPath, asProblem, faultSentence, type Problem } from "../../shared/problem";
import { fieldId } from "./field";
import { getIntake, patchIntake, type Intake, type Patch } from "./intake";
import { merge } from "./merge";
import type { Answer, Answers } from "./questionnaire";
import { unsaved } from "./unsaved";

/** How long to wait for more changes, in milliseconds. */
const patience = 600;
/** How long to wait before trying again by itself, in milliseconds. */
const retryAfter = 5000;

export type SaveStatus = "untouched" | "waiting" | "saving" | "saved" | "failed";

export interface Autosave {
  answers: Answers;
  status: SaveStatus;
  savedAt: number | null;
  /** What the server said of single answers, by place: `age`, `medication/0/name`. */
  faults: Record<string, string>;
  /** Answers that can't be true together, by place. */
  contradictions: Record<string, string>;
  /** What another tab has answered where this one has answered too. */
  conflicts: Record<string, Answer | null>;
  /** Counts how often an answer came from elsewhere, by `linkId`: its field has to show it anew. */
  versions: Record<string, number>;
  /** Why nothing could be saved. */
  problem: Problem | null;
  packYears: number | null;
  /** `null` removes the answer. */
  change: (id: string, answer: Answer | null) => void;
  /** Ends a conflict: with the other tab's answer, or with the one here. */
  settle: (id: string, theirs: boolean) => void;
  /** Saves now what isn't saved yet. Tells whether everything is saved. */
  flush: () => Promise<boolean>;
}

function byPlace(faults: readonly { pointer: string; code?: string; detail: string }[]): Record<string, string> {
  return Object.fromEntries(faults.map((fault) => [answerPath(fault.pointer), faultSentence(fault)]));
}

/** Which answer a place belongs to: `medication/0/name` to `medication`. */
export function ownerOf(place: string): string {
  return place.split("/", 1)[0] ?? place;
}

/** Those of the questions in whose field somebody is typing text. */
function beingTyped(ids: string[]): string[] {
  const active = document.activeElement;
  if (!(active instanceof HTMLTextAreaElement || (active instanceof HTMLInputElement && active.type === "text"))) return [];
  return ids.filter((id) => active.id === fieldId(id));
}

function applied(patch: Patch, answers: Answers): Answers {
  const all = { ...answers, ...patch };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, Answer] => entry[1] !== null));
}

/**
 * Keeps the answers, and sends what changed soon after it changed. What can't be sent waits, also over a reload, and
 * goes when the server is back. What another tab has changed meanwhile is joined with it.
 */
export function useAutosave(saved: Intake, session: string): Autosave {
  const [answers, setAnswers] = useState(() => applied(unsaved.read(session), saved.answers));
  const [status, setStatus] = useState<SaveStatus>("untouched");
  const [savedAt, setSavedAt] = useState<number | null>(null);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [contradictions, setContradictions] = useState(() => byPlace(saved.contradictions));
  const [conflicts, setConflicts] = useState<Record<string, Answer | null>>({});
  const [versions, setVersions] = useState<Record<string, number>>({});
  const [packYears, setPackYears] = useState(saved.packYears ?? null);
  const [problem, setProblem] = useState<Problem | null>(null);
  /** What the server holds, as far as this page knows. */
  const base = useRef({ answers: saved.answers, revision: saved.revision });
  const pending = useRef<Patch>(unsaved.read(session));
  const refused = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const running = useRef<Promise<void> | null>(null);
  /** Questions that were saved while somebody was typing. */
  const typing = useRef<string[]>([]);
  /** Once nobody looks at the form any more, nothing is tried again: what waits is kept for the next one. */
  const isGone = useRef(false);

  const wait = useCallback(
    (patch: Patch) => {
      pending.current = patch;
      unsaved.write(session, patch);
    },
    [session],
  );

  const showAnew = useCallback((ids: string[]) => {
    setVersions((old) => ({ ...old, ...Object.fromEntries(ids.map((id) => [id, (old[id] ?? 0) + 1])) }));
  }, []);

  const took = useCallback((intake: Intake) => {
    base.current = { answers: intake.answers, revision: intake.revision };
    setContradictions(byPlace(intake.contradictions));
    setPackYears(intake.packYears ?? null);
    setSavedAt(Date.now());
    setProblem(null);
  }, []);

  const join = useCallback(
    (mine: Patch, theirs: Intake) => {
      const merged = merge(base.current.answers, mine, theirs.answers);
      base.current = { answers: theirs.answers, revision: theirs.revision };
      setAnswers(merged.answers);
      setConflicts((old) => ({ ...old, ...merged.conflicts }));
      showAnew(merged.taken);
    },
    [showAnew],
  );

  /** Takes the answer to what was sent without a revision: another tab may have changed other answers before it. */
  const tookAny = useCallback(
    (patch: Patch, intake: Intake) => {
      const merged = merge(base.current.answers, { ...patch, ...pending.current }, intake.answers);
      // What was just sent is there now; only what was typed since then can collide.
      const collided = Object.entries(merged.conflicts).filter(([id]) => !(id in patch));
      setAnswers(merged.answers);
      setConflicts((old) => ({ ...old, ...Object.fromEntries(collided) }));
      showAnew(merged.taken);
      took(intake);
    },
    [showAnew, took],
  );

  const send = useCallback(async () => {
    while (Object.keys(pending.current).length > 0) {
      const patch = pending.current;
      pending.current = {};
      setStatus("saving");
      try {
        const drafts = beingTyped([...Object.keys(patch), ...typing.current]);
        took(await patchIntake(patch, base.current.revision, { drafts }));
        typing.current = drafts;
        unsaved.write(session, pending.current);
      } catch (error) {
        let found = asProblem(error);
        if (found.code === "intake-changed") {
          try {
            const mine = { ...patch, ...pending.current };
            join(mine, await getIntake());
            wait(mine);
            continue;
          } catch (second) {
            found = asProblem(second);
          }
        }
        const bad = byPlace(found.faults.filter((fault) => ownerOf(answerPath(fault.pointer)) in patch));
        const owners = new Set(Object.keys(bad).map(ownerOf));
        if (found.code !== "validation-failed" || owners.size === 0) {
          wait({ ...patch, ...pending.current });
          setProblem(found);
          setStatus("failed");
          if (found.passes && !isGone.current) timer.current = setTimeout(() => void flushNow.current(), retryAfter);
          return;
        }
        // Nothing was saved: the good ones go again without the bad ones.
        for (const id of owners) refused.current.add(id);
        setFaults((old) => ({ ...old, ...bad }));
        const good = Object.fromEntries(Object.entries(patch).filter(([id]) => !owners.has(id)));
        pending.current = { ...good, ...pending.current };
      }
    }
    setStatus(refused.current.size > 0 ? "failed" : "saved");
  }, [join, session, took, wait]);

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
  const flushNow = useRef(flush);
  flushNow.current = flush;

  const change = useCallback(
    (id: string, answer: Answer | null) => {
      wait({ ...pending.current, [id]: answer });
      refused.current.delete(id);
      setAnswers(({ [id]: _, ...others }) => (answer === null ? others : { ...others, [id]: answer }));
      setFaults((old) => Object.fromEntries(Object.entries(old).filter(([place]) => ownerOf(place) !== id)));
      setStatus("waiting");
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void flushNow.current(), patience);
    },
    [wait],
  );

  const settle = useCallback(
    (id: string, theirs: boolean) => {
      if (theirs) {
        change(id, conflicts[id] ?? null);
        showAnew([id]);
      }
      setConflicts(({ [id]: _, ...others }) => others);
    },
    [change, conflicts, showAnew],
  );

  useEffect(() => {
    // What was typed last must not be lost with the page.
    const leave = () => {
      if (document.visibilityState === "visible") return;
      const patch = pending.current;
      if (Object.keys(patch).length === 0) return;
      clearTimeout(timer.current);
      pending.current = {};
      patchIntake(patch, null, { keepalive: true }).then(
        (intake) => {
          tookAny(patch, intake);
          unsaved.write(session, pending.current);
          setStatus("saved");
        },
        () => {
          wait({ ...patch, ...pending.current });
          setStatus("failed");
        },
      );
    };
    isGone.current = false;
    const left = () => {
      if (typing.current.length === 0) return;
      typing.current = [];
      // What waits goes as finished; where nothing waits the server is told that what it has is finished.
      if (Object.keys(pending.current).length > 0) void flushNow.current();
      else patchIntake({}, null).then((intake) => tookAny({}, intake), () => undefined);
    };
    const back = () => void flushNow.current();
    document.addEventListener("visibilitychange", leave);
    window.addEventListener("online", back);
    document.addEventListener("focusout", left);
    // What a page before this one couldn't send.
    if (Object.keys(pending.current).length > 0) void flushNow.current();
    return () => {
      document.removeEventListener("visibilitychange", leave);
      window.removeEventListener("online", back);
      document.removeEventListener("focusout", left);
      isGone.current = true;
      void flushNow.current();
    };
  }, [session, tookAny, wait]);

  return {
    answers, status, savedAt, faults, contradictions, conflicts, versions, problem, packYears, change, settle, flush,
  };
}
