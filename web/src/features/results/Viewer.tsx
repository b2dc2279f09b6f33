import { useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import type { Finding } from "../../shared/api/result";
import { percent } from "../../shared/format";
import { texts } from "../../shared/texts";

const words = texts.results;

interface ViewerProps {
  /** Address of the preview. */
  picture: string;
  /** In the order of the page; those without a heat map are left out. */
  findings: readonly Finding[];
  /** The finding whose heat map is shown. */
  shownId: string | null;
  onShow: (id: string | null) => void;
}

/** The picture on black, with the heat map of one finding laid over it. */
export function Viewer({ picture, findings, shownId, onShow }: ViewerProps) {
  const [opacity, setOpacity] = useState(65);
  const [large, setLarge] = useState(false);
  const [pictureBroken, setPictureBroken] = useState(false);
  const [brokenMap, setBrokenMap] = useState<string | null>(null);
  const overlay = useRef<HTMLImageElement>(null);
  const chooserId = useId();
  const sliderId = useId();
  const mapped = findings.filter((finding) => finding.heatmap);
  const finding = mapped.find(({ id }) => id === shownId) ?? null;
  const map = finding?.heatmap ?? null;
  const broken = map !== null && brokenMap === map;

  // Through the object model: the page's policy allows no style attributes.
  useLayoutEffect(() => {
    overlay.current?.style.setProperty("opacity", String(opacity / 100));
  }, [opacity, map]);

  useEffect(() => setBrokenMap(null), [map]);

  return (
    <figure className="film viewer">
      <div className={large ? "film-frame large" : "film-frame"} tabIndex={large ? 0 : undefined} role={large ? "group" : undefined} aria-label={large ? words.viewer : undefined}>
        {pictureBroken ? (
          <p className="film-note" role="alert">
            {texts.received.previewFailed}
          </p>
        ) : (
          <div className="film-stack">
            <img src={picture} alt={words.pictureAlt} onError={() => setPictureBroken(true)} />
            {map && finding && !broken && (
              <img ref={overlay} key={map} className="heat" src={map} alt={words.heatmapAlt(finding.name)} onError={() => setBrokenMap(map)} />
            )}
          </div>
        )}
      </div>
      <figcaption className="viewer-controls">
        {/* The chooser says the same to whoever sees it. */}
        <p className={broken ? "viewer-status" : "unseen"} role="status">
          {broken ? words.heatmapFailed : finding ? words.heatmapShown(finding.name) : words.heatmapNone}
        </p>
        {mapped.length > 0 && (
          <div className="viewer-row">
            <label htmlFor={chooserId}>{words.chooseHeatmap}</label>
            <select id={chooserId} value={finding?.id ?? ""} onChange={(event) => onShow(event.target.value || null)}>
              <option value="">{words.noneShown}</option>
              {mapped.map(({ id, name, probability }) => (
                <option key={id} value={id}>
                  {words.heatmapChoice(name, percent(probability))}
                </option>
              ))}
            </select>
          </div>
        )}
        <div className="viewer-row">
          <label htmlFor={sliderId}>{words.opacity}</label>
          <input
            id={sliderId}
            type="range"
            min={10}
            max={100}
            step={5}
            value={opacity}
            aria-valuetext={`${opacity} %`}
            disabled={!map}
            onChange={(event) => setOpacity(Number(event.target.value))}
          />
        </div>
        <div className="viewer-row">
          <button type="button" className="button on-film" onClick={() => onShow(null)} disabled={!map}>
            {words.hide}
          </button>
          <button type="button" className="button on-film" aria-pressed={large} onClick={() => setLarge(!large)}>
            {large ? words.smaller : words.larger}
          </button>
        </div>
        <div className="legend">
          <p className="legend-scale">
            <span>{words.weak}</span>
            <span className="legend-ramp" aria-hidden="true" />
            <span>{words.strong}</span>
          </p>
          <p>{words.heatmapLegend}</p>
        </div>
      </figcaption>
    </figure>
  );
}
