import { useEffect, useRef, useState } from "react";
import { isAbort } from "../shared/http";
import { asProblem, type Problem } from "../shared/problem";
import { useClient } from "./client";

export interface Pages<T> {
  items: T[] | null;
  /** Whether there are more. */
  more: boolean;
  busy: boolean;
  problem: Problem | null;
  /** Reads on; from the beginning where nothing is there. */
  read: () => void;
}

/**
 * A long list that is read a page at a time.
 *
 * @param path with its query, without `after`; another path begins anew.
 */
export function usePages<T, Page extends { next?: string | number | null }>(path: string, items: (page: Page) => T[]): Pages<T> {
  const client = useClient();
  const [shown, setShown] = useState<{ path: string; items: T[] | null; next: string | null; busy: boolean; problem: Problem | null }>({ path, items: null, next: null, busy: true, problem: null });
  const abort = useRef<AbortController>();
  const take = useRef(items);
  take.current = items;

  const load = async (before: T[], after: string | null) => {
    abort.current?.abort();
    const mine = new AbortController();
    abort.current = mine;
    setShown((old) => ({ ...(old.path === path ? old : { path, items: null, next: null }), path, busy: true, problem: null }));
    try {
      const page = await client.request<Page>("GET", after === null ? path : `${path}${path.includes("?") ? "&" : "?"}after=${encodeURIComponent(after)}`, { signal: mine.signal });
      const next = page.next === null || page.next === undefined ? null : String(page.next);
      setShown({ path, items: [...before, ...take.current(page)], next, busy: false, problem: null });
    } catch (error) {
      if (isAbort(error)) return;
      setShown((old) => ({ ...old, busy: false, problem: asProblem(error) }));
    }
  };

  useEffect(() => {
    void load([], null);
    return () => abort.current?.abort();
    // A new path begins anew; what loads does not change with a render.
  }, [path, client]);

  const mine = shown.path === path ? shown : { items: null, next: null, busy: true, problem: null };
  return { items: mine.items, more: mine.next !== null, busy: mine.busy, problem: mine.problem, read: () => void load(mine.items ?? [], mine.next) };
}
