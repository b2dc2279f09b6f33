import { count, plain } from "../format";
import { texts } from "../texts";
import type { Ninth } from "./heat";
import type { Shown } from "./Projector";
import type { Sides } from "./sides";
import type { Preset } from "./greys";
import { isInverted, orientationOf, presetOf, windowOf, zoomPercent } from "./view";

const words = texts.viewer;

/** How the film differs from what lies in the file, in words. */
export function stateOf({ view, stage }: Shown): string {
  const { turn, mirror } = orientationOf(view, stage);
  const parts = [turn !== 0 && words.turnedBy(turn), mirror && words.mirrored, isInverted(view, stage) && words.inverted].filter(Boolean);
  return parts.length > 0 ? parts.join(" · ") : words.asStored;
}

export function zoomTold({ view, stage }: Shown): string {
  return words.zoom(count(zoomPercent(view, stage)));
}

export function windowTold({ view, stage }: Shown): string {
  const { center, width } = windowOf(view, stage);
  return words.window(count(Math.round(center)), count(Math.round(width)));
}

export function presetName({ id, name }: Preset): string {
  return words.presets[id] ?? words.fileWindow(name ?? id.replace(/\D/g, ""));
}

/** What a change has changed, for those who don't see it; empty where nothing did. */
export function changeTold(before: Shown, after: Shown): string {
  const chosen = presetOf(after.view, after.stage);
  const window = windowTold(after);
  const told = [
    [zoomTold, zoomTold(after)],
    [windowTold, chosen ? `${presetName(chosen)}. ${window}` : window],
    [stateOf, stateOf(after)],
  ] as const;
  return told.flatMap(([read, say]) => (read(before) === read(after) ? [] : [say])).join(". ");
}

/** Where the influence is strongest, in the words of the picture's own sides. */
export function influenceTold(ninths: readonly Ninth[], sides: Sides): string {
  if (ninths.length === 0) return words.influenceNowhere;
  const side = (letter: string, otherwise: string) => (/^[LR]$/.test(letter) ? words.atSide(letter, sides.assumed) : otherwise);
  const columns = [side(sides.left, words.atLeft), words.inMiddle, side(sides.right, words.atRight)];
  return words.influence(ninths.map(({ row, column }) => `${words.rows[row]} ${columns[column]}`).join("; "));
}

/** `20240131` as `2024-01-31`; other dates as they are. */
export function dateTold(date: string): string {
  return date.replace(/^(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3");
}

/** A DICOM name (PS3.5, 6.2.1.2) as people write it; empty where there is none. */
export function nameTold(name: string | null | undefined): string {
  return (name ?? "").split("=")[0]?.split("^").filter(Boolean).join(" ").trim() ?? "";
}

export function lengthTold(mm: number): string {
  return `${plain(mm)} mm`;
}

/** What stands beside the letters, for those who don't see them. */
export function sidesTold({ left, right, top, bottom, assumed }: Sides): string {
  if (!left && !top) return words.sidesUnknown;
  const edges = [left && words.edge.left(left), right && words.edge.right(right), top && words.edge.top(top), bottom && words.edge.bottom(bottom)];
  return `${edges.filter(Boolean).join(", ")}${assumed ? ` (${words.assumed})` : ""}`;
}
