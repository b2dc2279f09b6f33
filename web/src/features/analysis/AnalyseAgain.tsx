import { useState, type ReactNode } from "react";
import type { PictureAdjustment } from "../../shared/api/adjustment";
import { startAnalysis, type Analysis } from "../../shared/api/analyses";
import { differencesOf, type IdentityRow } from "../../shared/api/identity";
import { getUpload } from "../../shared/api/uploads";
import { asProblem } from "../../shared/problem";
import { navigate, paths } from "../../shared/router";
import { texts } from "../../shared/texts";
import { useAction } from "../../shared/useAction";
import { IdentityTable } from "../../shared/ui/IdentityTable";
import { Notice, ProblemNotice } from "../../shared/ui/Notice";

const identity = texts.identity;

interface AnalyseAgainProps {
  analysis: Analysis;
  adjustment: PictureAdjustment | null;
  className: string;
  children: ReactNode;
}

/** A button that analyses the same picture anew in another way. Where history and file differ, that is confirmed first. */
export function AnalyseAgain({ analysis, adjustment, className, children }: AnalyseAgainProps) {
  const [differences, setDifferences] = useState<IdentityRow[]>([]);
  const [confirmed, setConfirmed] = useState(false);
  const again = useAction(async () => {
    try {
      const confirmedDifferences = confirmed ? differences.map(({ field }) => field) : [];
      // What was refused has shown nothing yet.
      const blindFirst = analysis.blindFirst && analysis.state === "refused";
      const started = await startAnalysis({ uploadId: analysis.uploadId, frame: analysis.frame ?? null, adjustment, confirmedDifferences, blindFirst });
      navigate(paths.analysis(started.id));
    } catch (error) {
      if (asProblem(error).code === "picture-mismatch") {
        setConfirmed(false);
        setDifferences(differencesOf((await getUpload(analysis.uploadId)).identity));
      }
      throw error;
    }
  });
  const open = differences.length > 0 && !confirmed;
  return (
    <>
      {again.problem && <ProblemNotice problem={again.problem} />}
      {differences.length > 0 && (
        <Notice tone="attention" title={identity.differTitle}>
          <IdentityTable rows={differences} caption={identity.differences} />
          <label className="check">
            <input type="checkbox" checked={confirmed} onChange={(event) => setConfirmed(event.target.checked)} />
            <span>{identity.confirm(differences.map(({ field }) => identity.fields[field]).join(", "))}</span>
          </label>
        </Notice>
      )}
      <button type="button" className={className} aria-disabled={again.busy || open} onClick={() => !open && void again.run()}>
        {again.busy ? texts.received.starting : children}
      </button>
    </>
  );
}
