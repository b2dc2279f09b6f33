import { useEffect, useState, type FormEvent } from "react";
import { clock, dateAndClock, percent } from "../shared/format";
import { Notice, ProblemNotice } from "../shared/ui/Notice";
import { useAction } from "../shared/useAction";
import { useClient } from "./client";
import { Listing } from "./Live";

export interface OpenedRecord {
  grant: { grant: string; session: string; openedAt: string; expiresAt: string };
  history: { answers: Record<string, unknown>; updatedAt?: string | null };
  acuity: { level: string };
  pictures: { id: string; format: string; width: number; height: number; createdAt: string }[];
  analyses: { id: string; state: string; createdAt: string; result?: { findings: { id: string; name: string; probability: number; flagged: boolean }[] } | null }[];
  readings: { analysisId: string; clinician: string; text: string; recordedAt: string }[];
  reports: { id: string; audience: string; state: string; createdAt: string }[];
}

/** A timer for longer than this ends at once. */
const longestTimer = 2 ** 31 - 1;

/** Breaks the glass: a clinician opens one record for a quarter of an hour, with a reason that its person reads. */
export function RecordSection({ mayOpen }: { mayOpen: boolean }) {
  const client = useClient();
  const [session, setSession] = useState("");
  const [reason, setReason] = useState("");
  const [record, setRecord] = useState<OpenedRecord | null>(null);
  const { run, busy, problem } = useAction(async () => {
    const path = `/records/${encodeURIComponent(session.trim())}`;
    const { grant } = await client.request<{ grant: string }>("POST", `${path}/break-glass`, { json: { reason } });
    setRecord(await client.request<OpenedRecord>("GET", `${path}?grant=${encodeURIComponent(grant)}`));
  });
  const end = record?.grant.expiresAt;
  useEffect(() => {
    if (!end) return undefined;
    const timer = window.setTimeout(() => setRecord(null), Math.min(longestTimer, Math.max(0, Date.parse(end) - Date.now())));
    return () => window.clearTimeout(timer);
  }, [end]);
  if (!mayOpen) return <p>Only who has the role “clinician” may open a record.</p>;
  if (record) return <Opened record={record} onClose={() => setRecord(null)} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run();
  };
  return (
    <>
      <Notice tone="attention" title="Only in need">
        <p>The person reads at once that you opened their record, with your name, your role and your reason. It is open for 15 minutes, to be read and not to be changed.</p>
      </Notice>
      <form onSubmit={submit} className="row-form">
        <label>
          Session (its 24 signs in the list of sessions)
          <input value={session} onChange={(event) => setSession(event.target.value)} required spellCheck={false} />
        </label>
        <label>
          Reason, at least 10 characters
          <textarea value={reason} onChange={(event) => setReason(event.target.value)} required minLength={10} rows={2} />
        </label>
        <button type="submit" className="button danger" disabled={busy}>
          Open the record
        </button>
        {problem && <ProblemNotice problem={problem} />}
      </form>
    </>
  );
}

function Opened({ record, onClose }: { record: OpenedRecord; onClose: () => void }) {
  const findings = record.analyses.flatMap(({ id, result }) => (result?.findings ?? []).map((finding) => ({ ...finding, analysis: id })));
  return (
    <>
      <Notice tone="attention" role="status" title={`Open until ${clock(record.grant.expiresAt)}`}>
        <p>Each reading is a line in the trail. Urgency of this record: {record.acuity.level}.</p>
        <p className="actions">
          <button type="button" className="button quiet" onClick={onClose}>
            Close
          </button>
        </p>
      </Notice>
      <Listing
        name="History"
        heads={["Question", "Answer"]}
        rows={Object.entries(record.history.answers).map(([id, value]) => ({ key: id, cells: [id, typeof value === "string" ? value : JSON.stringify(value)] }))}
        none="Nothing was answered."
      />
      <Listing
        name="What the model found"
        heads={["Finding", "Marked", "Probability"]}
        rows={findings.map((one) => ({ key: `${one.analysis} ${one.id}`, cells: [one.name, one.flagged ? "yes" : "no", percent(one.probability)] }))}
        none="Nothing was analysed."
      />
      <Listing
        name="Readings"
        heads={["By", "At", "Reading"]}
        rows={record.readings.map((one) => ({ key: one.analysisId, cells: [one.clinician, dateAndClock(one.recordedAt), one.text] }))}
        none="None."
      />
      <Listing
        name="Reports"
        heads={["Report", "For", "State", "At"]}
        rows={record.reports.map((one) => ({ key: one.id, cells: [<code>{one.id}</code>, one.audience, one.state, dateAndClock(one.createdAt)] }))}
        none="None."
      />
    </>
  );
}
