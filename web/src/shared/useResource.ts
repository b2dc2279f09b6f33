import { useCallback, useEffect, useRef, useState } from "react";
import { isAbort } from "./http";
import { asProblem, type Problem } from "./problem";

export type Resource<T> =
  | { state: "loading"; data: undefined; problem: undefined }
  | { state: "ready"; data: T; problem: undefined }
  | { state: "failed"; data: undefined; problem: Problem };

export type LoadedResource<T> = Resource<T> & {
  /** Asks again. What is shown stays until the answer comes, unless the last one failed. */
  reload: () => void;
  /** Replaces what is shown, after an answer that came another way. */
  replace: (data: T) => void;
};

/**
 * Something that is read from the server: loading, ready or failed.
 *
 * @param key names what is read; another key reads anew. `null` reads nothing and stays loading.
 */
export function useResource<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>): LoadedResource<T> {
  const [shown, setShown] = useState<{ key: string | null; resource: Resource<T> }>({ key, resource: loading });
  const [round, setRound] = useState(0);
  const loader = useRef(load);
  loader.current = load;

  useEffect(() => {
    if (key === null) return;
    const abort = new AbortController();
    setShown((old) => (old.key === key && old.resource.state === "ready" ? old : { key, resource: loading }));
    loader
      .current(abort.signal)
      .then((data) => {
        if (!abort.signal.aborted) setShown({ key, resource: ready(data) });
      })
      .catch((error: unknown) => {
        if (abort.signal.aborted || isAbort(error)) return;
        setShown({ key, resource: { state: "failed", data: undefined, problem: asProblem(error) } });
      });
    return () => abort.abort();
  }, [key, round]);

  const reload = useCallback(() => setRound((n) => n + 1), []);
  const replace = useCallback((data: T) => setShown({ key, resource: ready(data) }), [key]);
  const resource: Resource<T> = shown.key === key ? shown.resource : loading;
  return { ...resource, reload, replace };
}

const loading = { state: "loading", data: undefined, problem: undefined } as const;

function ready<T>(data: T): Resource<T> {
  return { state: "ready", data, problem: undefined };
}
