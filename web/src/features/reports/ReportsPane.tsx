import { useState } from "react";
import { bytes, dateAndClock } from "../../shared/format";
import { texts } from "../../shared/texts";
import { useAction } from "../../shared/useAction";
import { Loading, ProblemNotice } from "../../shared/ui/Notice";
import { Loaded, Pane } from "../../shared/ui/Pane";
import { makeReport, save, useReports } from "./reports";

const words = texts.reports;

/** Makes the report and hands it over; lists those that were made. */
export function ReportsPane({ analysisId }: { analysisId: string }) {
  return (
    <Pane title={words.title} className="reports">
      <Reports analysisId={analysisId} />
    </Pane>
  );
}

function Reports({ analysisId }: { analysisId: string }) {
  const reports = useReports(analysisId);
  const [made, setMade] = useState(false);
  const make = useAction(async () => {
    setMade(false);
    const report = await makeReport(analysisId);
    save(report);
    setMade(true);
    reports.reload();
  });
  return (
    <>
      <p>{words.lead}</p>
      <p className="actions">
        <button type="button" className="button primary large" aria-disabled={make.busy} onClick={() => void make.run()}>
          {words.download}
        </button>
      </p>
      {make.busy && <Loading what={words.making} />}
      <p role="status">{made ? words.made : ""}</p>
      {make.problem && <ProblemNotice problem={make.problem} />}
      <h3>{words.listTitle}</h3>
      <Loaded resource={reports}>
        {(list) =>
          list.length === 0 ? (
            <p className="empty">{words.none}</p>
          ) : (
            <ul className="links">
              {list.map((report) => (
                <li key={report.id}>
                  <a href={report.document} download={report.fileName} aria-label={words.again(report.fileName)}>
                    {report.fileName}
                  </a>
                  <span className="help">{words.madeAt(dateAndClock(report.createdAt), bytes(report.bytes))}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
}
