import { useEffect, useState, type FormEvent } from "react";
import { dateAndClock } from "../shared/format";
import { Notice, ProblemNotice } from "../shared/ui/Notice";
import { useAction } from "../shared/useAction";
import { useClient, usePolled } from "./client";
import { Live } from "./Live";

export interface Maintenance {
  on: boolean;
  message?: string | null;
  since?: string | null;
}

/** While it is on, nothing new is begun; what is there can be read. */
export function MaintenanceSection({ mayChange }: { mayChange: boolean }) {
  const polled = usePolled<Maintenance>("/maintenance", 5);
  return (
    <Live polled={polled}>
      {(maintenance) => (
        <>
          <Notice tone={maintenance.on ? "attention" : "plain"} role="status" title={maintenance.on ? "Maintenance is on" : "Maintenance is off"}>
            <p>
              {maintenance.on
                ? `Since ${maintenance.since ? dateAndClock(maintenance.since) : "now"} nobody can begin a session, send a picture or start an analysis. People read: “${maintenance.message ?? ""}”`
                : "Turned on, new sessions, pictures and analyses are answered with 503 and your message. What is there can be read, and what runs is finished."}
            </p>
          </Notice>
          {mayChange && <Switch maintenance={maintenance} onChanged={polled.reload} />}
        </>
      )}
    </Live>
  );
}

function Switch({ maintenance, onChanged }: { maintenance: Maintenance; onChanged: () => void }) {
  const client = useClient();
  const [message, setMessage] = useState("");
  const { run, busy, problem, forget } = useAction(async (on: boolean) => {
    await client.request("PUT", "/maintenance", { json: on ? { on, message } : { on } });
    onChanged();
  });
  useEffect(forget, [forget, maintenance.on]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(!maintenance.on);
  };
  return (
    <form onSubmit={submit} className="row-form">
      {!maintenance.on && (
        <label>
          What people read, for example: We are back at 18:00.
          <input value={message} onChange={(event) => setMessage(event.target.value)} required />
        </label>
      )}
      <button type="submit" className={`button ${maintenance.on ? "primary" : "danger"}`} disabled={busy}>
        {maintenance.on ? "End maintenance" : "Begin maintenance"}
      </button>
      {problem && <ProblemNotice problem={problem} />}
    </form>
  );
}
