import { useState, type FormEvent } from "react";
import { dateAndClock } from "../shared/format";
import { ProblemNotice } from "../shared/ui/Notice";
import { useAction } from "../shared/useAction";
import { useClient, usePolled } from "./client";
import { Listing, Live } from "./Live";

export interface Withdrawal {
  model: string;
  version: string;
  reason: string;
  by: string;
  at: string;
  reports: { id: string; createdAt: string; audience: string }[];
}

export interface ModelCheck {
  status: "unchecked" | "passed" | "drifted" | "not-possible";
  analyses: "running" | "paused";
  model: string;
  version: string;
  checkedAt?: string | null;
  pictures: number;
  largestDifference?: number | null;
  tolerance?: number | null;
  troubles: string[];
}

/** The model that analyses, how its check came out, and versions that were withdrawn. */
export function ModelsSection({ mayChange }: { mayChange: boolean }) {
  const check = usePolled<ModelCheck>("/model/check", 10);
  const withdrawals = usePolled<{ withdrawals: Withdrawal[] }>("/models/withdrawals", 10);
  return (
    <>
      <Live polled={check}>{(report) => <CheckReport report={report} mayChange={mayChange} onChecked={check.reload} />}</Live>
      <Live polled={withdrawals}>
        {(list) => (
          <>
            <Listing
              name="Withdrawn versions"
              heads={["Model", "Version", "Why", "By", "At", "Reports that used it"]}
              rows={list.withdrawals.map((one) => ({
                key: `${one.model} ${one.version}`,
                cells: [one.model, one.version, one.reason, one.by, dateAndClock(one.at), one.reports.length === 0 ? "none" : <code>{one.reports.map(({ id }) => id).join(" ")}</code>],
              }))}
              none="None."
            />
            {mayChange && check.data && <Withdraw model={check.data.model} version={check.data.version} onDone={withdrawals.reload} />}
          </>
        )}
      </Live>
    </>
  );
}

const words: Record<ModelCheck["status"], string> = {
  unchecked: "not checked yet",
  passed: "gives what it gave when it was made",
  drifted: "gives something else than when it was made",
  "not-possible": "could not be checked",
};

function CheckReport({ report, mayChange, onChecked }: { report: ModelCheck; mayChange: boolean; onChecked: () => void }) {
  const client = useClient();
  const { run, busy, problem } = useAction(async () => {
    await client.request("POST", "/model/check");
    onChecked();
  });
  return (
    <section className="listing">
      <h2>
        {report.model}, version {report.version}
      </h2>
      <p>
        It {words[report.status]}
        {report.checkedAt && ` (${report.pictures} golden pictures, ${dateAndClock(report.checkedAt)})`}. New analyses are {report.analyses}.
      </p>
      {report.troubles.length > 0 && (
        <ul>
          {report.troubles.map((trouble) => (
            <li key={trouble}>{trouble}</li>
          ))}
        </ul>
      )}
      {mayChange && (
        <p className="actions">
          <button type="button" className="button quiet" disabled={busy} onClick={() => void run()}>
            {busy ? "Checking…" : "Check now"}
          </button>
        </p>
      )}
      {problem && <ProblemNotice problem={problem} />}
    </section>
  );
}

/** Withdraws a version: every new download of a report that used it says so. It can't be taken back. */
function Withdraw({ model, version, onDone }: { model: string; version: string; onDone: () => void }) {
  const client = useClient();
  const [of, setOf] = useState({ model, version, reason: "" });
  const [sure, setSure] = useState(false);
  const { run, busy, problem } = useAction(async () => {
    await client.request("POST", `/models/${encodeURIComponent(of.model)}/${encodeURIComponent(of.version)}/withdraw`, { json: { reason: of.reason } });
    setSure(false);
    setOf({ ...of, reason: "" });
    onDone();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (sure) void run();
  };
  const field = (name: keyof typeof of, label: string) => (
    <label>
      {label}
      <input value={of[name]} onChange={(event) => setOf({ ...of, [name]: event.target.value })} required />
    </label>
  );
  return (
    <form onSubmit={submit} className="row-form">
      <h2>Withdraw a version</h2>
      {field("model", "Model")}
      {field("version", "Version")}
      {field("reason", "Why (people read this in their reports)")}
      <label className="check">
        <input type="checkbox" checked={sure} onChange={(event) => setSure(event.target.checked)} required /> This can’t be taken back
      </label>
      <button type="submit" className="button danger" disabled={busy}>
        Withdraw
      </button>
      {problem && <ProblemNotice problem={problem} />}
    </form>
  );
}
