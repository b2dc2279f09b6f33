import type { Film } from "./film";
import type { GreyWindow, Preset } from "./greys";
import { liesAcross, matrixOf, together, toPicture, turnedBy, upright, type Matrix, type Orientation } from "./orientation";

/** How somebody looks at a film. Place and greys are relative, so that two films can be looked at in the same way. */
export interface View {
  /** CSS pixels for each pixel of the picture; null shows all of it. */
  zoom: number | null;
  /** What is in the middle of the pane, as a share of the picture's width and height. */
  x: number;
  y: number;
  /** Turned and mirrored by the viewer, on top of the adjustment. */
  turned: Orientation;
  invert: boolean;
  /** How far the window's centre is from the standard one, in widths of that; and how much wider it is. */
  shift: number;
  stretch: number;
}

/** Where the film is shown. */
export interface Stage {
  /** Of the pane, in CSS pixels. */
  paneWidth: number;
  paneHeight: number;
  /** Pixels of the screen for each CSS pixel. */
  density: number;
  film: Film | null;
  /** What was done to the picture before it was analysed. */
  base: Orientation & { invert: boolean };
}

export type Change = (view: View, stage: Stage) => View;

export const startView: View = { zoom: null, x: 0.5, y: 0.5, turned: upright, invert: false, shift: 0, stretch: 1 };

/** How the film lies on the screen, of how it lies in the file. */
export function orientationOf(view: View, stage: Stage): Orientation {
  return together(stage.base, view.turned);
}

export function isInverted(view: View, stage: Stage): boolean {
  return view.invert !== stage.base.invert;
}

/** The zoom at which all of the picture is seen. */
export function fitOf(view: View, stage: Stage): number {
  const { width, height } = stage.film ?? { width: 1, height: 1 };
  const across = liesAcross(orientationOf(view, stage));
  return Math.min(stage.paneWidth / (across ? height : width), stage.paneHeight / (across ? width : height)) || 1;
}

export function zoomOf(view: View, stage: Stage): number {
  return view.zoom ?? fitOf(view, stage);
}

/** Pixels of the screen for each pixel of the picture, in hundredths. */
export function zoomPercent(view: View, stage: Stage): number {
  return Math.round(zoomOf(view, stage) * stage.density * 100);
}

export function standardOf(stage: Stage): GreyWindow {
  return stage.film?.presets[0]?.window ?? { center: 128, width: 256 };
}

/** The window in the units of the film's samples. */
export function windowOf(view: View, stage: Stage): GreyWindow {
  const { center, width } = standardOf(stage);
  return { center: center + view.shift * width, width: Math.max(1, width * view.stretch) };
}

/** The preset that is in force, if one is. */
export function presetOf(view: View, stage: Stage): Preset | undefined {
  const { center, width } = windowOf(view, stage);
  return stage.film?.presets.find(({ window }) => Math.abs(window.center - center) < 0.01 && Math.abs(window.width - width) < 0.01);
}

/** Sixteen pixels of the screen for one of the picture is enough to count them. */
function bounds(view: View, stage: Stage): [least: number, most: number] {
  const fit = fitOf(view, stage);
  return [Math.min(fit, 1 / stage.density), Math.max(fit, 16 / stage.density)];
}

/** Keeps the picture in sight: all of it in the middle, or at most a quarter of the pane beside it. */
function confined(view: View, stage: Stage): View {
  const { film } = stage;
  if (!film || view.zoom === null) return { ...view, x: 0.5, y: 0.5 };
  const across = liesAcross(orientationOf(view, stage));
  const within = (share: number, size: number, pane: number) => {
    const seen = pane / (view.zoom as number) / size;
    const reach = Math.max(0, (1 - seen) / 2) + seen / 4;
    return Math.min(0.5 + reach, Math.max(0.5 - reach, share));
  };
  return {
    ...view,
    x: within(view.x, film.width, across ? stage.paneHeight : stage.paneWidth),
    y: within(view.y, film.height, across ? stage.paneWidth : stage.paneHeight),
  };
}

/** Moves the middle by CSS pixels of the screen. */
function moved(view: View, stage: Stage, dx: number, dy: number): View {
  const { film } = stage;
  if (!film) return view;
  const [x, y] = toPicture(matrix(view, stage), dx, dy);
  return { ...view, x: view.x + x / film.width, y: view.y + y / film.height };
}

function matrix(view: View, stage: Stage): Matrix {
  return matrixOf(orientationOf(view, stage));
}

/** @param at the place that stays where it is, in CSS pixels from the middle of the pane. */
export function zoomed(factor: number, at = { x: 0, y: 0 }): Change {
  return (view, stage) => {
    const before = zoomOf(view, stage);
    const [least, most] = bounds(view, stage);
    const after = Math.min(most, Math.max(least, before * factor));
    const fit = fitOf(view, stage);
    // Whoever comes back to where all is seen stays there when the pane changes.
    if (Math.abs(after - fit) < fit * 1e-6) return fitted(view);
    const held = moved(view, stage, at.x / before - at.x / after, at.y / before - at.y / after);
    return confined({ ...held, zoom: after }, stage);
  };
}

/** The film follows a hand that moves by so many CSS pixels. */
export function panned(dx: number, dy: number): Change {
  return (view, stage) => {
    const zoom = zoomOf(view, stage);
    return confined(moved(view, stage, -dx / zoom, -dy / zoom), stage);
  };
}

/** Upwards brighter, to the right softer; across the whole pane it is one window, or eight times the width. */
export function windowed(dx: number, dy: number): Change {
  return (view, stage) => {
    const stretch = Math.min(64, Math.max(1 / 256, view.stretch * 8 ** (dx / (stage.paneWidth || 1))));
    const shift = view.shift + (dy / (stage.paneHeight || 1)) * view.stretch;
    return { ...view, stretch, shift: Math.min(16, Math.max(-16, shift)) };
  };
}

export function fitted(view: View): View {
  return { ...view, zoom: null, x: 0.5, y: 0.5 };
}

/** One pixel of the screen for one of the picture. */
export const oneToOne: Change = (view, stage) => confined({ ...view, zoom: 1 / stage.density }, stage);

/** Clockwise, as it is seen. */
export function turned(degrees: number): Change {
  return (view, stage) => confined({ ...view, turned: turnedBy(view.turned, degrees) }, stage);
}

export function mirrored(view: View): View {
  return { ...view, turned: { turn: view.turned.turn, mirror: !view.turned.mirror } };
}

export function inverted(view: View): View {
  return { ...view, invert: !view.invert };
}

/** The preset of this id in each film that has it. */
export function preset(id: string): Change {
  return (view, stage) => {
    const found = stage.film?.presets.find((one) => one.id === id);
    if (!found) return view;
    const { center, width } = standardOf(stage);
    return { ...view, shift: (found.window.center - center) / width, stretch: found.window.width / width };
  };
}

export const reset: Change = () => startView;

/** After the pane or the film has changed. */
export const settled: Change = (view, stage) => confined(view, stage);

/**
 * Where a picture lies that already has the adjustment in it: the six numbers of a CSS `matrix()`.
 *
 * @param width of the element that shows it, in CSS pixels; its upper left corner is the pane's
 */
export function placementOf(view: View, stage: Stage, width: number): [a: number, b: number, c: number, d: number, e: number, f: number] {
  const { film, base } = stage;
  const [wide, high] = film ? (liesAcross(base) ? [film.height, film.width] : [film.width, film.height]) : [1, 1];
  const zoom = zoomOf(view, stage);
  const [a, b, c, d] = matrixOf(orientationOf(view, stage));
  const [x, y] = film ? [(0.5 - view.x) * film.width * zoom, (0.5 - view.y) * film.height * zoom] : [0, 0];
  const middle = [stage.paneWidth / 2 + a * x + b * y, stage.paneHeight / 2 + c * x + d * y] as const;
  const [ua, ub, uc, ud] = matrixOf(view.turned);
  const scale = (zoom * wide) / width;
  const [halfWide, halfHigh] = [(zoom * wide) / 2, (zoom * high) / 2];
  return [ua * scale, uc * scale, ub * scale, ud * scale, middle[0] - ua * halfWide - ub * halfHigh, middle[1] - uc * halfWide - ud * halfHigh];
}
