import { useId } from "react";
import type { Finding } from "../api/result";
import { percent } from "../format";
import { texts } from "../texts";

const words = texts.results;

interface HeatControlsProps {
  /** Those that have a heat map. */
  findings: readonly Finding[];
  shown: Finding | null;
  /** Its heat map can't be shown. */
  broken: boolean;
  /** In hundredths. */
  opacity: number;
  /** Where the influence is strongest; empty until it is known. */
  where: string;
  /** The map belongs to another picture of the file: why it isn't shown. */
  elsewhere: string;
  onShow: (id: string | null) => void;
  onOpacity: (opacity: number) => void;
}

/** Which heat map is shown and how strongly, and what it means. */
export function HeatControls({ findings, shown, broken, opacity, where, elsewhere, onShow, onOpacity }: HeatControlsProps) {
  const chooser = useId();
  const slider = useId();
  const isShown = shown !== null && !broken && !elsewhere;
  return (
    <>
      {/* The chooser says the same to whoever sees it. */}
      <p className={broken || elsewhere ? "viewer-status" : "unseen"} role="status">
        {elsewhere || (broken ? words.heatmapFailed : shown ? words.heatmapShown(shown.name) : words.heatmapNone)}
      </p>
      <div className="viewer-row">
        <label htmlFor={chooser}>{words.chooseHeatmap}</label>
        <select id={chooser} value={shown?.id ?? ""} onChange={(event) => onShow(event.target.value || null)}>
          <option value="">{words.noneShown}</option>
          {findings.map(({ id, name, probability }) => (
            <option key={id} value={id}>
              {words.heatmapChoice(name, percent(probability))}
            </option>
          ))}
        </select>
      </div>
      <div className="viewer-row">
        <label htmlFor={slider}>{words.opacity}</label>
        <input
          id={slider}
          type="range"
          min={10}
          max={100}
          step={5}
          value={opacity}
          aria-valuetext={`${opacity} %`}
          disabled={!isShown}
          onChange={(event) => onOpacity(Number(event.target.value))}
        />
        <button type="button" className="button on-film" onClick={() => onShow(null)} disabled={!shown}>
          {words.hide}
        </button>
      </div>
      {isShown && (
        <div className="legend">
          <p className="legend-scale">
            <span>{words.weak}</span>
            <span className="legend-ramp" aria-hidden="true" />
            <span>{words.strong}</span>
          </p>
          <p>
            <strong>{texts.viewer.influenceNote}</strong> {where} {words.heatmapLegend}
          </p>
        </div>
      )}
    </>
  );
}
