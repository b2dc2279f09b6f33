import type { AccessEntry } from "../../shared/api/accessLog";
import { dateAndClock } from "../../shared/format";
import { lateTexts } from "../../shared/texts/late";
import { Notice } from "../../shared/ui/Notice";
import { whoOf } from "./entryWords";

const words = lateTexts.accessLog;

/** That somebody else opened this record, above everything else. */
export function OpenedNotice({ entries }: { entries: AccessEntry[] }) {
  const openings = entries.filter(({ event, outcome }) => event === "record-opened" && outcome === "done");
  if (openings.length === 0) return null;
  return (
    <Notice tone="attention" title={words.openedTitle(openings.length)} role="status">
      <ul className="access-openings">
        {openings.map((entry) => (
          <li key={entry.number}>
            <time dateTime={entry.at}>{dateAndClock(entry.at)}</time>: <strong dir="auto">{whoOf(entry)}</strong>
            {entry.reason && (
              <>
                . {words.reason} <q dir="auto">{entry.reason}</q>
              </>
            )}
          </li>
        ))}
      </ul>
      <p>{words.openedHelp}</p>
    </Notice>
  );
}
