import { useState, type ReactNode } from "react";
import type { Result } from "../../shared/api/result";
import { en } from "../../shared/texts/en";
import { Notice } from "../../shared/ui/Notice";
import { Pane } from "../../shared/ui/Pane";
import { FindingCard } from "./FindingCard";
import { ModelFacts } from "./ModelFacts";
import { Quality } from "./Quality";
import { Viewer } from "./Viewer";

const words = en.results;

interface ResultViewProps {
  result: Result;
  /** Address of the picture. */
  picture: string;
  /** What can be done with the result, shown with its summary. */
  actions?: ReactNode;
}

/** What a completed analysis says, and beside it what it doesn't say. */
export function ResultView({ result, picture, actions }: ResultViewProps) {
  // The server sorts so too; the page does not rely on it.
  const findings = [...result.findings].sort(
    (a, b) => Number(b.flagged) - Number(a.flagged) || b.probability - a.probability,
  );
  const flagged = findings.filter((finding) => finding.flagged);
  const [shownId, setShownId] = useState<string | null>(() => flagged.find((finding) => finding.heatmap)?.id ?? null);
  const shown = findings.find((finding) => finding.id === shownId) ?? null;
  return (
    <div className="results">
      <div className="results-summary">
        <Notice tone={flagged.length > 0 ? "attention" : "plain"} title={words.summary(flagged.length, findings.length)}>
          <p>{words.notADiagnosis}</p>
          {findings.length === 0 && <p>{result.scope.statement}</p>}
          {result.notChecked.length > 0 && <p>{words.notCheckedCount(result.notChecked.length)}</p>}
          {actions && <p className="actions">{actions}</p>}
        </Notice>
      </div>
      <div className="results-film">
        <Pane title={words.viewer} className="viewer-pane">
          <Viewer picture={picture} finding={shown} onHide={() => setShownId(null)} />
        </Pane>
      </div>
      <div className="results-findings">
        {findings.length > 0 && (
          <Pane title={words.findings} className="findings">
            <p className="help">{words.scaleNote}</p>
            {findings.map((finding) => (
              <FindingCard
                key={finding.id}
                finding={finding}
                shown={finding.id === shownId}
                onToggle={() => setShownId((old) => (old === finding.id ? null : finding.id))}
              />
            ))}
          </Pane>
        )}
        {result.withheld.length > 0 && (
          <Pane title={words.withheld} className="withheld">
            <p>{words.withheldLead}</p>
            <dl>
              {result.withheld.map((head) => (
                <div key={head.id}>
                  <dt>{head.name}</dt>
                  <dd>{head.why}</dd>
                </div>
              ))}
            </dl>
          </Pane>
        )}
        <Pane title={words.quality} className="quality">
          <Quality result={result} />
        </Pane>
        <Pane title={words.model} className="model">
          <ModelFacts result={result} />
        </Pane>
      </div>
      <div className="results-aside">
        <Pane title={words.notChecked} className="not-checked" scrolls>
          <p>{words.notCheckedLead}</p>
          <ul>
            {result.notChecked.map((item) => (
              <li key={item}>{item}</li>
            ))}
          </ul>
        </Pane>
      </div>
    </div>
  );
}
