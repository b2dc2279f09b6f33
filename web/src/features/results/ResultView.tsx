import { useRef, useState, type MouseEvent, type ReactNode } from "react";
import { differencesOf } from "../../shared/api/identity";
import type { Withdrawal } from "../../shared/api/reports";
import type { Finding, Result } from "../../shared/api/result";
import { serverLang, texts } from "../../shared/texts";
import { IdentityTable } from "../../shared/ui/IdentityTable";
import { Notice } from "../../shared/ui/Notice";
import { OldPicture } from "../../shared/ui/OldPicture";
import { Pane } from "../../shared/ui/Pane";
import { WithdrawnNotice } from "../../shared/ui/WithdrawnNotice";
import { Viewer, type ViewerProps } from "../../shared/viewer/Viewer";
import { FindingCard } from "./FindingCard";
import { ModelFacts } from "./ModelFacts";
import { Quality } from "./Quality";

const words = texts.results;

/** Goes to what was not checked, without changing the address. */
function toNotChecked(event: MouseEvent): void {
  event.preventDefault();
  const list = document.querySelector<HTMLElement>(".not-checked");
  list?.focus({ preventScroll: true });
  list?.scrollIntoView?.({ block: "start" });
}

interface ResultViewProps extends Pick<ViewerProps, "upload" | "adjustment" | "frame" | "others"> {
  result: Result;
  /** What can be done with the result, shown with its summary. */
  actions?: ReactNode;
  /** That the version of the model must not be relied on any more. */
  withdrawn?: Withdrawal | null;
  /** What somebody read in the picture themselves, beside the findings. */
  reading?: ReactNode;
}

/** What a completed analysis says, and beside it what it doesn't say. */
export function ResultView({ result, actions, withdrawn, reading, ...picture }: ResultViewProps) {
  // The server sorts so too; the page does not rely on it.
  const findings = [...result.findings].sort(
    (a, b) => Number(b.flagged) - Number(a.flagged) || b.probability - a.probability,
  );
  const differences = differencesOf(result.identity);
  const flagged = findings.filter((finding) => finding.flagged);
  const [shownId, setShownId] = useState<string | null>(() => flagged.find((finding) => finding.heatmap)?.id ?? null);
  const film = useRef<HTMLDivElement>(null);
  const toggle = (id: string) => {
    const shows = id !== shownId;
    setShownId(shows ? id : null);
    // Where the page is one column, the picture may lie far above.
    if (shows) film.current?.scrollIntoView?.({ block: "nearest" });
  };
  const card = (finding: Finding) => (
    <FindingCard key={finding.id} finding={finding} shown={finding.id === shownId} onToggle={() => toggle(finding.id)} />
  );
  return (
    <div className="results">
      <div className="results-summary">
        {withdrawn && <WithdrawnNotice withdrawn={withdrawn} />}
        {differences.length > 0 && (
          <Notice tone="attention" title={texts.identity.differTitle}>
            <p>{texts.identity.wasConfirmed}</p>
            <IdentityTable rows={differences} caption={texts.identity.differences} />
          </Notice>
        )}
        <OldPicture identity={result.identity} />
        <Notice tone={flagged.length > 0 ? "attention" : "plain"} title={words.summary(flagged.length, findings.length)}>
          <p>{words.notADiagnosis}</p>
          {findings.length === 0 && <p lang={serverLang()}>{result.scope.statement}</p>}
          {result.notChecked.length > 0 && <p>{words.notCheckedCount(result.notChecked.length)}</p>}
          <p className="actions">
            {actions}
            {result.notChecked.length > 0 && (
              <a href="#not-checked" className="button quiet" onClick={toNotChecked}>
                {words.toNotChecked}
              </a>
            )}
          </p>
        </Notice>
      </div>
      <div className="results-film" ref={film}>
        <Pane title={words.viewer} className="viewer-pane">
          <Viewer
            {...picture}
            alt={words.pictureAlt}
            estimatedView={result.projection?.value ?? null}
            findings={findings}
            shownId={shownId}
            onShow={setShownId}
          />
        </Pane>
      </div>
      <div className="results-findings">
        {reading}
        {findings.length > 0 && (
          <Pane title={words.findings} className="findings">
            <p className="help">{words.scaleNote}</p>
            <p>
              {words.meaning} {words.validation}
            </p>
            {findings.some((finding) => finding.frequency) && <p className="help">{words.frequencyNote}</p>}
            {flagged.map(card)}
            {flagged.length < findings.length && <p className="below-note">{words.belowNote}</p>}
            {findings.slice(flagged.length).map(card)}
          </Pane>
        )}
        {result.withheld.length > 0 && (
          <Pane title={words.withheld} className="withheld">
            <p>{words.withheldLead}</p>
            <dl lang={serverLang()}>
              {result.withheld.map((head) => (
                <div key={head.id}>
                  <dt>{head.name}</dt>
                  <dd>{head.why}</dd>
                </div>
              ))}
            </dl>
          </Pane>
        )}
      </div>
      <div className="results-more">
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
          <ul lang={serverLang()}>
            {result.notChecked.map((item) => (
              <li key={item}>{item}</li>
            ))}
          </ul>
        </Pane>
      </div>
    </div>
  );
}
