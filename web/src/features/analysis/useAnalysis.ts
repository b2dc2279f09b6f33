import { useCallback, useEffect, useState } from "react";
import { eventsPath, getAnalysis, isFinal, type Analysis, type Progress } from "../../shared/api/analyses";
import { address } from "../../shared/http";
import { asProblem, type Problem } from "../../shared/problem";
import { useResource, type LoadedResource } from "../../shared/useResource";

/** Milliseconds between questions where there is no live stream. */
const pollingInterval = 3000;

export type WatchedAnalysis = LoadedResource<Analysis> & {
  /** The live stream is gone, and the state is asked for instead. */
  polling: boolean;
  /** Why the last question had no answer. */
  lost: Problem | null;
};

/**
 * An analysis and how it goes on: by server-sent events, and by asking where they don't come through. A reload in
 * between loses nothing, because every event is the whole state. While the server is away, the page goes on asking.
 */
export function useAnalysis(id: string): WatchedAnalysis {
  const resource = useResource(id, (signal) => getAnalysis(id, signal));
  const [polling, setPolling] = useState(false);
  const [lost, setLost] = useState<Problem | null>(null);
  const { data, replace, reload } = resource;
  const running = data !== undefined && !isFinal(data.state);
  const attempt = data?.attempt;
  const away = resource.state === "failed" && resource.problem.passes;
  const [latest, setLatest] = useState<Progress | null>(null);

  const take = useCallback(
    (progress: Progress) => {
      setLatest(progress);
      if (isFinal(progress.state)) reload();
    },
    [reload],
  );

  useEffect(() => {
    setPolling(false);
    setLost(null);
    setLatest(null);
    if (!running) return;
    if (typeof EventSource === "undefined") {
      setPolling(true);
      return;
    }
    const source = new EventSource(address(eventsPath(id)));
    source.addEventListener("state", (event) => {
      try {
        take(JSON.parse((event as MessageEvent<string>).data) as Progress);
      } catch {
        setPolling(true);
      }
    });
    source.onopen = () => setPolling(false);
    source.onerror = () => {
      // While CONNECTING the browser comes back by itself, with Last-Event-ID. Meanwhile, and when it has given up, the
      // page asks.
      setPolling(true);
    };
    return () => source.close();
  }, [id, running, attempt, take]);

  useEffect(() => {
    if (!(running && polling) && !away) return;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const ask = async () => {
      try {
        const answer = await getAnalysis(id, abort.signal);
        setLost(null);
        replace(answer);
        setLatest(null);
      } catch (error) {
        if (abort.signal.aborted) return;
        const problem = asProblem(error);
        setLost(problem);
        if (away && !problem.passes) return reload();
      }
      if (!abort.signal.aborted) timer = setTimeout(() => void ask(), pollingInterval);
    };
    timer = setTimeout(() => void ask(), pollingInterval / 3);
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [id, running, polling, away, replace, reload]);

  if (resource.state !== "ready") return { ...resource, polling, lost };
  return { ...resource, data: merged(resource.data, latest), polling, lost };
}

/** The newer of what was read and what was told. A final state without its outcome waits for the outcome. */
function merged(analysis: Analysis, progress: Progress | null): Analysis {
  if (!progress || progress.id !== analysis.id || progress.revision <= analysis.revision) return analysis;
  if (isFinal(progress.state)) return { ...analysis, progress: progress.progress, detail: progress.detail };
  return { ...analysis, ...progress, position: progress.position ?? null, etaSeconds: progress.etaSeconds ?? null, paused: progress.paused ?? false, pausedBy: progress.pausedBy };
}
