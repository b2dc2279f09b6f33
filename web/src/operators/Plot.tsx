import { useId } from "react";
import { niceCeiling, path } from "./scale";

export interface Line {
  name: string;
  values: readonly (number | null)[];
}

const width = 600;
const height = 120;

/** Lines over the last hour. What they show is also said in words, for those who don't see them. */
export function Plot({ title, lines, unit, from, to }: { title: string; lines: readonly Line[]; unit: (value: number) => string; from: string; to: string }) {
  const id = useId();
  const known = lines.flatMap(({ values }) => values.filter((value): value is number => value !== null));
  const ceiling = niceCeiling(Math.max(0, ...known));
  const newest = (values: readonly (number | null)[]) => [...values].reverse().find((value): value is number => value !== null);
  return (
    <figure className="plot" aria-labelledby={id}>
      <figcaption id={id}>{title}</figcaption>
      {known.length === 0 ? (
        <p className="empty">No numbers yet.</p>
      ) : (
        <>
          <div className="plot-frame">
            <span className="plot-ceiling">{unit(ceiling)}</span>
            <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
              <line x1="0" x2={width} y1="0.5" y2="0.5" className="plot-rule" />
              <line x1="0" x2={width} y1={height / 2} y2={height / 2} className="plot-rule" />
              <line x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} className="plot-rule" />
              {lines.map(({ name, values }, index) => (
                <path key={name} d={path(values, ceiling, width, height)} className={`plot-line line-${index}`} vectorEffect="non-scaling-stroke" />
              ))}
            </svg>
          </div>
          <p className="plot-times" aria-hidden="true">
            <span>{from}</span>
            <span>{to}</span>
          </p>
          <ul className="plot-legend">
            {lines.map(({ name, values }, index) => {
              const last = newest(values);
              const most = Math.max(...values.filter((value): value is number => value !== null));
              return (
                <li key={name}>
                  <span className={`plot-key line-${index}`} aria-hidden="true" />
                  {name}: {last === undefined ? "none yet" : `now ${unit(last)}, most ${unit(most)}`}
                </li>
              );
            })}
          </ul>
        </>
      )}
    </figure>
  );
}
