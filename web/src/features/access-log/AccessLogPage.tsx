import { useState } from "react";
import { getAccessLog, type AccessLog } from "../../shared/api/accessLog";
import { address } from "../../shared/http";
import { lateTexts } from "../../shared/texts/late";
import { useAction } from "../../shared/useAction";
import { useResource } from "../../shared/useResource";
import { Loading, ProblemNotice } from "../../shared/ui/Notice";
import { Loaded, PageTitle, Pane } from "../../shared/ui/Pane";
import { EntryList } from "./EntryList";
import { OpenedNotice } from "./OpenedNotice";

const words = lateTexts.accessLog;

/** What was done with the record, by whom and when, in plain words. */
export function AccessLogPage() {
  const first = useResource("access-log", (signal) => getAccessLog(undefined, signal));
  return (
    <div className="access-log">
      <PageTitle lead={words.lead}>{words.title}</PageTitle>
      <Loaded resource={first}>{(log) => <Entries key={log.entries[0]?.number ?? 0} first={log} reload={first.reload} />}</Loaded>
    </div>
  );
}

/** The newest entries, and older ones as they are asked for. */
function Entries({ first, reload }: { first: AccessLog; reload: () => void }) {
  const [older, setOlder] = useState<AccessLog[]>([]);
  const logs = [first, ...older];
  const entries = logs.flatMap((log) => log.entries);
  const before = logs[logs.length - 1]?.before;
  const more = useAction(async () => {
    const next = await getAccessLog(before);
    setOlder((known) => [...known, next]);
  });
  return (
    <>
      <OpenedNotice entries={entries} />
      <Pane title={words.listTitle}>
        {entries.length === 0 ? <p className="empty">{words.empty}</p> : <EntryList entries={entries} />}
        {more.problem && <ProblemNotice problem={more.problem} title={words.notLoaded} />}
        {more.busy && <Loading what={words.loadingMore} />}
        <p className="actions">
          {before !== undefined && (
            <button type="button" className="button quiet" disabled={more.busy} onClick={() => void more.run()}>
              {words.more}
            </button>
          )}
          <button type="button" className="button quiet" onClick={reload}>
            {words.reload}
          </button>
        </p>
      </Pane>
      <Pane title={words.saveTitle}>
        <p>{words.saveHelp}</p>
        <ul className="access-files">
          {(["csv", "json"] as const).map((format) => (
            <li key={format}>
              <a href={address(`/access-log/download?format=${format}`)} download={`access-log.${format}`}>
                {words.save[format]}
              </a>
            </li>
          ))}
        </ul>
      </Pane>
    </>
  );
}
