import { useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import type { Finding } from "../../shared/api/result";
import { en } from "../../shared/texts/en";

const words = en.results;

interface ViewerProps {
  /** Address of the preview. */
  picture: string;
  /** The finding whose heat map is shown. */
  finding: Finding | null;
  onHide: () => void;
}

/** The picture on black, with the heat map of one finding laid over it. */
export function Viewer({ picture, finding, onHide }: ViewerProps) {
  const [opacity, setOpacity] = useState(55);
  const [large, setLarge] = useState(false);
  const [pictureBroken, setPictureBroken] = useState(false);
  const [brokenMap, setBrokenMap] = useState<string | null>(null);
  const overlay = useRef<HTMLImageElement>(null);
  const sliderId = useId();
  const map = finding?.heatmap ?? null;

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
            {en.received.previewFailed}
          </p>
        ) : (
          <div className="film-stack">
            <img src={picture} alt={words.pictureAlt} onError={() => setPictureBroken(true)} />
            {map && finding && brokenMap !== map && (
              <img
                ref={overlay}
                key={map}
                className="heat"
                src={map}
                alt={words.heatmapAlt(finding.name)}
                onError={() => setBrokenMap(map)}
              />
            )}
          </div>
        )}
      </div>
      <figcaption className="viewer-controls">
        <p className="viewer-status" role="status">
          {brokenMap ? words.heatmapFailed : finding && map ? words.heatmapShown(finding.name) : words.heatmapNone}
        </p>
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
          <button type="button" className="button on-film" onClick={onHide} disabled={!map}>
            {words.hide}
          </button>
          <button type="button" className="button on-film" aria-pressed={large} onClick={() => setLarge(!large)}>
            {large ? words.smaller : words.larger}
          </button>
        </div>
        <p className="legend">
          <span className="legend-ramp" aria-hidden="true" />
          {words.heatmapLegend}
        </p>
      </figcaption>
    </figure>
  );
}
