import { useEffect, useRef, useState } from "react";
import { cancelReport, deleteReport, documentFormats, type Report, type ReportDocument } from "../../shared/api/reports";
import type { After } from "../../shared/clock";
import { dateAndClock } from "../../shared/format";
import { serverLang } from "../../shared/texts";
import { lateTexts } from "../../shared/texts/late";
import { useAction } from "../../shared/useAction";
import { ConfirmDialog } from "../../shared/ui/ConfirmDialog";
import { Notice, ProblemNotice } from "../../shared/ui/Notice";
import { WithdrawnNotice } from "../../shared/ui/WithdrawnNotice";
import { Downloads } from "./Downloads";
import { useReportEvents } from "./useReportEvents";

const words = lateTexts.reports;

interface ReportItemProps {
  report: Report;
  /** It is the newest. */
  first: boolean;
  /** It was just asked for: its name takes the focus. */
  focused: boolean;
  onChanged: (report: Report) => void;
  onGone: () => void;
  clock: After;
}

/** A report: how it stands, and what can be done with it. */
export function ReportItem({ report, first, focused, onChanged, onGone, clock }: ReportItemProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focused) heading.current?.focus();
  }, [focused]);
  const audience = words.audiences[report.audience]?.name ?? report.audience;
  const name = `${audience}, ${dateAndClock(report.createdAt)}`;
  return (
    <li className="report">
      <div className="report-head">
        <h4 ref={heading} tabIndex={-1}>
          {audience}
        </h4>
        <span className={`verdict ${report.state}`} role="status">
          {words.states[report.state]}
        </span>
        <span className="help">
          {(report.state === "ready" ? words.made : words.askedFor)(dateAndClock(report.createdAt))}
          {" · "}
          {words.papers[report.paper] ?? report.paper}
        </span>
      </div>
      {report.withdrawn && <WithdrawnNotice withdrawn={report.withdrawn} />}
      {report.state === "making" && <Making report={report} name={name} onChanged={onChanged} onGone={onGone} clock={clock} />}
      {report.state === "cancelled" && <p>{words.cancelled}</p>}
      {report.state === "failed" && <Failed report={report} />}
      {(report.state === "ready" || report.state === "failed") && (
        <Downloads name={name} documents={offered(report)} whole={report.state === "ready"} first={first} clock={clock} />
      )}
      {report.state !== "making" && <Delete report={report} name={name} onGone={onGone} />}
    </li>
  );
}

/** The documents that can be had, in the order of the page. */
function offered({ state, documents, failure }: Report): ReportDocument[] {
  return documentFormats.flatMap((format) => {
    const document = documents.find((other) => other.format === format);
    return document && (state === "ready" || failure?.available?.includes(format)) ? [document] : [];
  });
}

type MakingProps = Pick<ReportItemProps, "report" | "onChanged" | "onGone" | "clock"> & { name: string };

function Making({ report, name, onChanged, onGone, clock }: MakingProps) {
  const lost = useReportEvents(report, { onChanged, onGone }, clock);
  const cancel = useAction(async () => onChanged(await cancelReport(report.id)));
  return (
    <>
      <Step step={report.step} />
      <progress aria-label={words.progress} max={100} value={Math.round(report.progress * 100)} />
      <p className="help">{words.mayLeave}</p>
      {lost && (
        <Notice role="status">
          <p>{words.lost}</p>
        </Notice>
      )}
      {cancel.problem && <ProblemNotice problem={cancel.problem} />}
      <p className="actions">
        <button type="button" className="button quiet" aria-label={cancel.busy ? undefined : words.cancelOf(name)} aria-disabled={cancel.busy} onClick={() => void cancel.run()}>
          {cancel.busy ? words.cancelling : words.cancel}
        </button>
      </p>
    </>
  );
}

/** What is being done, in the words of the page where it knows the step, else in the server's. */
function Step({ step }: { step: string | null | undefined }) {
  const known = words.steps[step ?? ""];
  return (
    <p role="status" lang={!step || known ? undefined : serverLang()}>
      {known ?? (step || words.working)}
    </p>
  );
}

function Failed({ report: { failure } }: { report: Report }) {
  const known = words.failed[failure?.failed ?? ""];
  return (
    <Notice tone="problem" role="alert" title={words.failedTitle}>
      <p lang={known ? undefined : serverLang()}>{known ?? failure?.message}</p>
    </Notice>
  );
}

/** Deletes it, after asking. */
function Delete({ report, name, onGone }: { report: Report; name: string; onGone: () => void }) {
  const [asking, setAsking] = useState(false);
  const remove = useAction(async () => {
    await deleteReport(report.id);
    setAsking(false);
    onGone();
  });
  return (
    <div className="report-delete">
      <button type="button" className="button text" aria-label={words.deleteOf(name)} onClick={() => setAsking(true)}>
        {words.delete}
      </button>
      {asking && (
        <ConfirmDialog title={words.deleteTitle} keep={words.keep} confirm={words.deleteConfirm} action={remove} onClose={() => setAsking(false)}>
          <p>{name}</p>
          <p>{words.deleteBody}</p>
        </ConfirmDialog>
      )}
    </div>
  );
}
