import { useState, type FormEvent } from "react";
import { dateAndClock } from "../shared/format";
import { ProblemNotice } from "../shared/ui/Notice";
import { useAction } from "../shared/useAction";
import { useClient, usePolled } from "./client";
import { Live } from "./Live";

export interface Alert {
  id: string;
  state: "inactive" | "pending" | "firing" | "resolved";
  severity: string;
  text: string;
  signal: string;
  comparison: string;
  threshold: number;
  since?: string | null;
  value?: number | null;
  runbook: string;
  silencedUntil?: string | null;
  silenceReason?: string | null;
}

const order: Record<Alert["state"], number> = { firing: 0, pending: 1, resolved: 2, inactive: 3 };

/** Every rule, those that fire first. */
export function AlertsSection({ mayChange }: { mayChange: boolean }) {
  const polled = usePolled<{ alerts: Alert[] }>("/alerts", 5);
  return (
    <Live polled={polled}>
      {({ alerts }) => (
        <ul className="cards">
          {[...alerts].sort((one, other) => order[one.state] - order[other.state]).map((alert) => (
            <li key={alert.id} className={`card alert-${alert.state}`}>
              <AlertCard alert={alert} mayChange={mayChange} onChanged={polled.reload} />
            </li>
          ))}
        </ul>
      )}
    </Live>
  );
}

function AlertCard({ alert, mayChange, onChanged }: { alert: Alert; mayChange: boolean; onChanged: () => void }) {
  const fires = alert.state === "firing" || alert.state === "pending";
  return (
    <>
      <h2>
        {alert.id}: {alert.state}
      </h2>
      <p>{alert.text}</p>
      <p className="help">
        {alert.severity}; {alert.signal} {alert.comparison} {alert.threshold}
        {typeof alert.value === "number" && `, now ${alert.value}`}
        {alert.since && `, since ${dateAndClock(alert.since)}`}. What to do: <code>{alert.runbook}</code>
      </p>
      {alert.silencedUntil && (
        <p>
          Silent until {dateAndClock(alert.silencedUntil)}: {alert.silenceReason}
        </p>
      )}
      {mayChange && (fires || alert.silencedUntil) && <Silence alert={alert} onChanged={onChanged} />}
    </>
  );
}

/** Keeps an alert from being sent for a while, with a reason. */
function Silence({ alert, onChanged }: { alert: Alert; onChanged: () => void }) {
  const client = useClient();
  const [reason, setReason] = useState("");
  const [minutes, setMinutes] = useState("60");
  const { run, busy, problem } = useAction(async () => {
    await client.request("POST", `/alerts/${encodeURIComponent(alert.id)}/silence`, { json: { minutes: Number(minutes), reason } });
    onChanged();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run();
  };
  return (
    <form onSubmit={submit} className="row-form">
      <label>
        Silent for
        <select value={minutes} onChange={(event) => setMinutes(event.target.value)}>
          <option value="60">an hour</option>
          <option value="480">8 hours</option>
          <option value="1440">a day</option>
          <option value="0">not any more</option>
        </select>
      </label>
      <label>
        because
        <input value={reason} onChange={(event) => setReason(event.target.value)} required maxLength={200} />
      </label>
      <button type="submit" className="button quiet" disabled={busy}>
        Save
      </button>
      {problem && <ProblemNotice problem={problem} />}
    </form>
  );
}
