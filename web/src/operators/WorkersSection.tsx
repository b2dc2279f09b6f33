import { count } from "../shared/format";
import { usePolled } from "./client";
import { Listing, Live } from "./Live";

export interface Worker {
  state: string;
  processId?: number | null;
  jobs: number;
  restarts: number;
  residentBytes?: number | null;
  trouble?: string | null;
}

/** The sandboxed processes that read pictures. */
export function WorkersSection() {
  return (
    <Live polled={usePolled<{ waiting: number; workers: Worker[] }>("/workers", 2)}>
      {({ waiting, workers }) => (
        <>
          <p>Jobs that wait for a worker: {count(waiting)}</p>
          <Listing
            name="Workers"
            heads={["State", "Process", "Jobs", "Replaced", "Memory", "Trouble"]}
            rows={workers.map((worker, index) => ({
              key: String(index),
              cells: [
                worker.state,
                worker.processId ?? "",
                count(worker.jobs),
                count(worker.restarts),
                typeof worker.residentBytes === "number" ? `${count(Math.round(worker.residentBytes / 1_048_576))} MiB` : "",
                worker.trouble ?? "",
              ],
            }))}
            none="There is no worker."
          />
        </>
      )}
    </Live>
  );
}
