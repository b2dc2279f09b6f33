import type { Finding, Measured } from "../../shared/api/result";
import { count, decimal, percent } from "../../shared/format";
import { serverLang, texts } from "../../shared/texts";
import { ProbabilityBar } from "./ProbabilityBar";

const words = texts.results;

interface FindingCardProps {
  finding: Finding;
  /** Whether its heat map lies over the picture now. */
  shown: boolean;
  onToggle: () => void;
}

/** One finding: its number, what it means, and how far to trust it. */
export function FindingCard({ finding, shown, onToggle }: FindingCardProps) {
  const id = `finding-${finding.id}`;
  return (
    <article className={finding.flagged ? "finding flagged" : "finding"} aria-labelledby={id}>
      <header className="finding-head">
        <h3 id={id} lang={serverLang()}>
          {finding.name}
        </h3>
        <p className={finding.flagged ? "verdict above" : "verdict below"}>{finding.flagged ? words.above : words.below}</p>
      </header>
      <p className="plain" lang={serverLang()}>
        {finding.plain}
      </p>
      <p className="numbers">
        <span className="probability">
          <span className="unseen">{words.probability} </span>
          {percent(finding.probability)}
        </span>
        <span className="threshold">{words.threshold(percent(finding.threshold))}</span>
        {finding.heatmap ? (
          <button type="button" className="button toggle" aria-pressed={shown} aria-label={words.heatmap(finding.name)} onClick={onToggle}>
            <span className="swatch" aria-hidden="true" />
            {words.showHeatmap}
          </button>
        ) : (
          <span className="help">{words.noHeatmap}</span>
        )}
      </p>
      <ProbabilityBar name={finding.name} probability={finding.probability} threshold={finding.threshold} flagged={finding.flagged} />
      <Count finding={finding} />
      {finding.flagged && <p lang={serverLang()}>{finding.means}</p>}
      {finding.id === "any-finding" && <p>{words.listed(listed.join(", "))}</p>}
      {finding.flagged && <Worth measured={finding.measured} />}
      <details className="technical">
        <summary>
          {words.more}
          <span className="unseen">: {finding.name}</span>
        </summary>
        <More finding={finding} />
      </details>
    </article>
  );
}

/** For a mark its natural frequency; below the threshold what the model missed. */
function Count({ finding: { flagged, frequency, measured } }: { finding: Finding }) {
  if (flagged) return frequency ? <p className="frequency">{words.frequency(frequency.positives, frequency.images)}</p> : null;
  const { positives, sensitivity } = measured;
  if (!positives || sensitivity == null) return null;
  return <p className="frequency">{words.missed(positives, positives - Math.round(sensitivity * positives))}</p>;
}

/** What the one number for any of them stands for; in English, as the names of all findings are. */
const listed = [
  "atelectasis", "enlarged heart shadow", "consolidation", "pulmonary oedema", "pleural effusion", "emphysema", "lung scarring", "hernia",
  "infiltration", "mass", "nodule", "pleural thickening", "pneumonia", "pneumothorax",
];

/** What the model's number is worth, in two lines. */
function Worth({ measured: { auc, aucLow, aucHigh, sensitivity, specificity } }: { measured: Measured }) {
  const three = (value: number | null | undefined) => (value == null ? null : decimal(value, 3));
  return (
    <>
      {sensitivity != null && specificity != null && (
        <p>{words.flags(Math.round(sensitivity * 100), Math.round((1 - specificity) * 100))}</p>
      )}
      {auc != null && <p className="help">{words.auc(decimal(auc, 3), three(aucLow), three(aucHigh))}</p>}
    </>
  );
}

/** Everything else that is known about the finding and about how well the model knows it. */
function More({ finding }: { finding: Finding }) {
  const { measured, code } = finding;
  const { auc, images, positives, dataset, ece } = measured;
  return (
    <>
      {!finding.flagged && <p lang={serverLang()}>{finding.means}</p>}
      {!finding.flagged && <Worth measured={measured} />}
      {auc != null && <p>{words.aucPlain(Math.min(99, Math.round(auc * 100)))}</p>}
      <p className="help">
        {words.measuredOn(count(images), positives == null ? null : count(positives), dataset)}{" "}
        {ece != null && words.calibration(decimal(ece * 100, 1))} {finding.thresholdRule && words.rule(finding.thresholdRule)}{" "}
        {code && words.code(code.system, code.code, code.display)}
      </p>
    </>
  );
}
