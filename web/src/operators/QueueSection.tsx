import { clock, countdown } from "../shared/format";
import { Notice } from "../shared/ui/Notice";
import { Act } from "./Act";
import { useClient, usePolled } from "./client";
import { Listing, Live } from "./Live";

export interface Waiting {
  id: string;
  session: string;
  acuity: string;
  position: number;
  queuedAt: string;
  estimatedSeconds?: number | null;
  /** It was put off until then. */
  notBefore?: string | null;
  attempt: number;
}

export interface Running {
  id: string;
  session: string;
  acuity: string;
  /** The step that it is in. */
  state: string;
  attempt: number;
}

export interface Dead {
  id: string;
  session: string;
  attempts: number;
  code: string;
  diedAt: string;
}

export interface Queue {
  state: "running" | "paused" | "draining";
  waiting: Waiting[];
  running: Running[];
  dead: Dead[];
}

function wait({ estimatedSeconds, notBefore }: Waiting): string {
  if (notBefore) return `put off until ${clock(notBefore)}`;
  return estimatedSeconds === null || estimatedSeconds === undefined ? "not known yet" : countdown(estimatedSeconds);
}

const states: Record<Queue["state"], string> = {
  running: "Analyses are started as they come.",
  paused: "Paused: nothing new is started. What waits keeps its place.",
  draining: "Draining: no new analysis is taken; what waits is finished.",
};

/** What waits, what runs, what could not be done. */
export function QueueSection({ mayChange }: { mayChange: boolean }) {
  const client = useClient();
  const polled = usePolled<Queue>("/queue", 2);
  const act = (path: string) => async () => {
    await client.request("POST", path);
    polled.reload();
  };
  return (
    <Live polled={polled}>
      {(queue) => (
        <>
          <Notice tone={queue.state === "running" ? "plain" : "attention"} role="status" title={`The queue is ${queue.state}`}>
            <p>{states[queue.state]}</p>
            {mayChange && (
              <p className="actions">
                {queue.state === "running" ? <Act label="Pause" does={act("/queue/pause")} /> : <Act label="Resume" does={act("/queue/resume")} />}
                {queue.state !== "draining" && <Act label="Drain" does={act("/queue/drain")} />}
              </p>
            )}
          </Notice>
          <Listing
            name={`Running (${queue.running.length})`}
            heads={["Analysis", "Session", "Urgency", "Step", "Try"]}
            rows={queue.running.map((one) => ({ key: one.id, cells: [<code>{one.id}</code>, <code>{one.session}</code>, one.acuity, one.state, one.attempt] }))}
            none="Nothing runs."
          />
          <Listing
            name={`Waiting (${queue.waiting.length})`}
            heads={["Place", "Analysis", "Session", "Urgency", "Since", "Try", "Estimated wait"]}
            rows={queue.waiting.map((one) => ({
              key: one.id,
              cells: [one.position, <code>{one.id}</code>, <code>{one.session}</code>, one.acuity, clock(one.queuedAt), one.attempt, wait(one)],
            }))}
            none="Nothing waits."
          />
          <Listing
            name={`Could not be done (${queue.dead.length})`}
            heads={["Analysis", "Session", "Tries", "Reason", "At", "Again"]}
            rows={queue.dead.map((one) => ({
              key: one.id,
              cells: [<code>{one.id}</code>, <code>{one.session}</code>, one.attempts, one.code, clock(one.diedAt), mayChange ? <Act label="Try again" does={act(`/analyses/${encodeURIComponent(one.id)}/requeue`)} /> : ""],
            }))}
            none="None."
          />
        </>
      )}
    </Live>
  );
}
