import { useEffect, useRef, useState } from "react";
import { useReports, type Report } from "../../shared/api/reports";
import { after, type After } from "../../shared/clock";
import { lateTexts } from "../../shared/texts/late";
import { Loaded, Pane } from "../../shared/ui/Pane";
import { ReportForm } from "./ReportForm";
import { ReportItem } from "./ReportItem";

const words = lateTexts.reports;

interface ReportsPaneProps {
  analysisId: string;
  clock?: After;
}

/** Makes reports of one analysis and hands them over. */
export function ReportsPane(props: ReportsPaneProps) {
  return (
    <Pane title={words.title} className="reports">
      <Reports {...props} />
    </Pane>
  );
}

function Reports({ analysisId, clock = after }: ReportsPaneProps) {
  const reports = useReports(analysisId);
  /** The newest state of the list, also before it is drawn. */
  const list = useRef<Report[]>([]);
  list.current = reports.data ?? [];
  const [newest, setNewest] = useState<string | null>(null);
  const [deleted, setDeleted] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const take = (change: (list: Report[]) => Report[]) => {
    list.current = change(list.current);
    reports.replace(list.current);
  };
  const made = (report: Report) => {
    setNewest(report.id);
    setDeleted(false);
    // Where the list couldn't be read, there is another try now.
    if (reports.data) take((old) => [report, ...old.filter(({ id }) => id !== report.id)]);
    else reports.reload();
  };
  const remove = (id: string) => {
    take((old) => old.filter((report) => report.id !== id));
    setDeleted(true);
  };
  const length = list.current.length;
  // Not before the dialog is gone: while it is open nothing outside of it takes the focus.
  useEffect(() => {
    if (deleted) heading.current?.focus();
  }, [deleted, length]);
  return (
    <>
      <p>{words.lead}</p>
      <ReportForm analysisId={analysisId} onMade={made} />
      <h3 ref={heading} tabIndex={-1} className="reports-title">
        {words.listTitle}
      </h3>
      <p className="unseen" role="status">
        {deleted && words.deleted}
      </p>
      <Loaded resource={reports}>
        {(all) =>
          all.length === 0 ? (
            <p className="empty">{words.none}</p>
          ) : (
            <ul className="report-list">
              {all.map((report, index) => (
                <ReportItem
                  key={report.id}
                  report={report}
                  first={index === 0}
                  focused={report.id === newest}
                  onChanged={(now) => take((old) => old.map((other) => (other.id === now.id ? now : other)))}
                  onGone={() => remove(report.id)}
                  clock={clock}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
      <details className="technical">
        <summary>{words.realTitle}</summary>
        {words.real.map((line) => (
          <p key={line}>{line}</p>
        ))}
        <p>
          <code>{words.verify}</code>
        </p>
      </details>
    </>
  );
}
