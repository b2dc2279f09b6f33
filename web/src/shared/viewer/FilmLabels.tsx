import { useLayoutEffect, useRef, useSyncExternalStore } from "react";
import { texts } from "../texts";
import type { Projector } from "./Projector";
import { scaleBar, type Spacing } from "./scale";
import type { Sides } from "./sides";
import { lengthTold, stateOf, windowTold, zoomTold } from "./telling";
import { liesAcross } from "./orientation";
import { orientationOf, zoomOf } from "./view";

const words = texts.viewer;

export interface FilmFacts {
  patient: string;
  date: string;
  /** Told only where two films lie side by side. */
  fileName: string;
  /** PA, AP, … in words. */
  view: string;
  /** Which picture of the file; empty where there is one. */
  frame: string;
  depth: string;
}

interface FilmLabelsProps {
  projector: Projector;
  facts: FilmFacts;
  sides: Sides;
  spacing: Spacing | null;
}

/** What stands on a film, beside the picture and never in it. */
export function FilmLabels({ projector, facts, sides, spacing }: FilmLabelsProps) {
  const shown = useSyncExternalStore(projector.subscribe, projector.now);
  const letter = (side: string) => side && (sides.assumed ? `${side} ${words.assumed}` : side);
  return (
    <div className="film-labels">
      <p className="film-corner film-top-left">
        <strong>{facts.patient}</strong>
        {facts.date && <span>{facts.date}</span>}
        {facts.fileName && <span>{facts.fileName}</span>}
      </p>
      <p className="film-corner film-top-right">
        <span>{facts.view}</span>
        {facts.frame && <span>{facts.frame}</span>}
        <span>{stateOf(shown)}</span>
      </p>
      <p className="film-corner film-bottom-left">
        <span>{windowTold(shown)}</span>
        <span>
          {zoomTold(shown)} · {facts.depth}
        </span>
      </p>
      {spacing && <ScaleBar projector={projector} spacing={spacing} />}
      {(["left", "right", "top", "bottom"] as const).map((edge) => (
        <span key={edge} className={`film-side film-side-${edge}`} aria-hidden="true">
          {sides[edge] && <b>{sides[edge]}</b>}
          {letter(sides[edge]) !== sides[edge] && <small>{words.assumed}</small>}
        </span>
      ))}
    </div>
  );
}

/** A line of a known length. */
export function ScaleBar({ projector, spacing }: { projector: Projector; spacing: Spacing }) {
  const { view, stage } = useSyncExternalStore(projector.subscribe, projector.now);
  const line = useRef<HTMLSpanElement>(null);
  const across = liesAcross(orientationOf(view, stage));
  const bar = scaleBar((across ? spacing.y : spacing.x) / zoomOf(view, stage), stage.paneWidth * 0.25);
  const pixels = bar?.pixels ?? 0;

  // Through the object model: the page's policy allows no style attributes.
  useLayoutEffect(() => {
    line.current?.style.setProperty("width", `${pixels.toFixed(1)}px`);
  }, [pixels]);

  if (!bar || !stage.film) return null;
  return (
    <p className="film-corner film-bottom-right">
      <span ref={line} className="film-bar" />
      <span>
        {lengthTold(bar.mm)} {spacing.atDetector && words.atDetector}
      </span>
    </p>
  );
}
