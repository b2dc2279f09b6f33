import type { Patch } from "./intake";
import type { Answer, Answers } from "./questionnaire";

export interface Merged {
  answers: Answers;
  /** Answers that another tab has changed too: what it says there. `null` stands for an answer that was removed. */
  conflicts: Record<string, Answer | null>;
  /** Answers that came from elsewhere. */
  taken: string[];
}

/**
 * Joins what was changed here with what was changed elsewhere.
 *
 * @param base what both sides started from.
 * @param mine what was changed here and isn't saved.
 * @param theirs what is saved now.
 */
export function merge(base: Answers, mine: Patch, theirs: Answers): Merged {
  const answers: Answers = { ...theirs };
  const conflicts: Record<string, Answer | null> = {};
  for (const [id, answer] of Object.entries(mine)) {
    if (!same(base[id], theirs[id]) && !same(answer ?? undefined, theirs[id])) conflicts[id] = theirs[id] ?? null;
    if (answer === null) delete answers[id];
    else answers[id] = answer;
  }
  const ids = new Set([...Object.keys(base), ...Object.keys(theirs)]);
  const taken = [...ids].filter((id) => !(id in mine) && !same(base[id], theirs[id]));
  return { answers, conflicts, taken };
}

/** Answers have no cycles, and the server writes their keys in one order. */
function same(a: Answer | undefined, b: Answer | undefined): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
