import { percent } from "../../shared/format";
import { texts } from "../../shared/texts";

/** The ends of the scale. */
const least = 0.001;
const ticks = [0.01, 0.1, 0.5, 0.9, 0.99];

/**
 * Where a probability lies on the scale, 0...100. The scale is in log odds: useful thresholds lie near 1 %, and on an
 * even scale they would all be at the left edge.
 */
export function place(probability: number): number {
  const kept = Math.min(1 - least, Math.max(least, probability));
  const logit = (p: number) => Math.log(p / (1 - p));
  return 50 + (50 * logit(kept)) / logit(1 - least);
}

interface ProbabilityBarProps {
  name: string;
  probability: number;
  threshold: number;
  flagged: boolean;
}

/** A probability as a bar on a ruler, with the threshold as a mark. */
export function ProbabilityBar({ name, probability, threshold, flagged }: ProbabilityBarProps) {
  const mark = `${place(threshold)}%`;
  return (
    <svg
      className={flagged ? "bar flagged" : "bar"}
      width="100%"
      height="44"
      role="img"
      aria-label={texts.results.barLabel(name, percent(probability), percent(threshold))}
    >
      <rect className="bar-track" x="0" y="12" width="100%" height="12" rx="3" />
      <rect className="bar-value" x="0" y="12" width={`${place(probability)}%`} height="12" rx="3" />
      {ticks.map((tick) => (
        <g key={tick}>
          <line className="bar-tick" x1={`${place(tick)}%`} x2={`${place(tick)}%`} y1="24" y2="29" />
          <text className="bar-label" x={`${place(tick)}%`} y="41" textAnchor="middle">
            {tick * 100} %
          </text>
        </g>
      ))}
      <line className="bar-threshold" x1={mark} x2={mark} y1="4" y2="28" />
    </svg>
  );
}
