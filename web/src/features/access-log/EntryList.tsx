import type { AccessEntry } from "../../shared/api/accessLog";
import { dateAndClock } from "../../shared/format";
import { lateTexts } from "../../shared/texts/late";
import { actionOf, subjectOf, whoOf } from "./entryWords";

const words = lateTexts.accessLog;

/** Entries, the newest first: when, who, what, and on which thing. */
export function EntryList({ entries }: { entries: AccessEntry[] }) {
  return (
    <ol className="access-entries" reversed start={entries[0]?.number}>
      {entries.map((entry) => (
        <Entry key={entry.number} entry={entry} />
      ))}
    </ol>
  );
}

function Entry({ entry }: { entry: AccessEntry }) {
  const subject = subjectOf(entry);
  const byOther = entry.event === "record-opened" || entry.event === "record-read";
  return (
    <li className={byOther ? "access-entry opened" : "access-entry"} value={entry.number}>
      <time dateTime={entry.at}>{dateAndClock(entry.at)}</time>
      <div className="access-what">
        <p>
          <strong dir="auto">{whoOf(entry)}</strong>: {actionOf(entry)}
          {subject && <span className="access-subject"> {subject}</span>}
        </p>
        {entry.outcome !== "done" && entry.event !== "access-denied" && <p className="access-outcome">{words.outcomes[entry.outcome]}</p>}
        {entry.reason && (
          <p className="access-reason">
            {words.reason} <q dir="auto">{entry.reason}</q>
          </p>
        )}
      </div>
    </li>
  );
}
