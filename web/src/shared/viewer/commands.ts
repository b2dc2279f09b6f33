import { texts } from "../texts";
import type { Tool } from "./pointing";
import { fitted, inverted, mirrored, oneToOne, panned, turned, windowed, zoomed, type Change } from "./view";

const words = texts.viewer;

/** What commands work on. */
export interface Desk {
  tool: Tool;
  setTool: (tool: Tool) => void;
  change: (change: Change) => void;
  /** Back to the beginning: views, tool, heat map's strength. */
  reset: () => void;
  stepFrame: (by: number) => void;
  toggleHeat: () => void;
  toggleWhole: () => void;
  toggleHelp: () => void;
}

export type CommandName =
  | "pan" | "window" | "zoomIn" | "zoomOut" | "fit" | "oneToOne" | "turnRight" | "turnLeft" | "invert" | "mirror"
  | "heat" | "nextFrame" | "previousFrame" | "whole" | "reset" | "help" | "arrows";

/** Something that can be done, by a button or by a key. */
export interface Command {
  name: CommandName;
  label: string;
  /** As in `KeyboardEvent.key`; the first is the one that is shown. */
  keys: readonly string[];
  perform: (desk: Desk, key: string) => void;
}

/** CSS pixels for each press of an arrow. */
const stride = 40;
const arrows: Record<string, [dx: number, dy: number]> = {
  ArrowLeft: [-stride, 0], ArrowRight: [stride, 0], ArrowUp: [0, -stride], ArrowDown: [0, stride],
};

const changing = (change: Change) => (desk: Desk) => desk.change(change);

const table: [CommandName, readonly string[], Command["perform"]][] = [
  ["pan", ["p"], (desk) => desk.setTool("pan")],
  ["window", ["w"], (desk) => desk.setTool("window")],
  ["zoomIn", ["+", "="], changing(zoomed(1.25))],
  ["zoomOut", ["-", "_"], changing(zoomed(0.8))],
  ["fit", ["0", "f"], changing(fitted)],
  ["oneToOne", ["1"], changing(oneToOne)],
  ["arrows", Object.keys(arrows), (desk, key) => {
    const [dx, dy] = arrows[key] ?? [0, 0];
    // An arrow shows what lies there: the film goes the other way.
    desk.change(desk.tool === "window" ? windowed(dx, dy) : panned(-dx, -dy));
  }],
  ["turnRight", ["r"], changing(turned(90))],
  ["turnLeft", ["R"], changing(turned(-90))],
  ["invert", ["i"], changing(inverted)],
  // No key: nobody mirrors a film by accident.
  ["mirror", [], changing(mirrored)],
  ["heat", ["h"], (desk) => desk.toggleHeat()],
  ["previousFrame", ["PageUp"], (desk) => desk.stepFrame(-1)],
  ["nextFrame", ["PageDown"], (desk) => desk.stepFrame(1)],
  ["whole", ["x"], (desk) => desk.toggleWhole()],
  ["reset", ["Escape", "z"], (desk) => desk.reset()],
  ["help", ["?"], (desk) => desk.toggleHelp()],
];

/** In the order of the help. */
export const commands: readonly Command[] = table.map(([name, keys, perform]) => ({ name, keys, perform, label: words.commands[name] }));

export function command(name: CommandName): Command {
  return commands.find((one) => one.name === name) as Command;
}

/** The command that a key stands for. Capital letters mean the same as small ones, where they have no command of their own. */
export function commandOf(event: { key: string; ctrlKey: boolean; altKey: boolean; metaKey: boolean }): Command | undefined {
  if (event.ctrlKey || event.altKey || event.metaKey) return undefined;
  const find = (key: string) => commands.find(({ keys }) => keys.includes(key));
  return find(event.key) ?? (event.key.length === 1 ? find(event.key.toLowerCase()) : undefined);
}

/** The same on every keyboard. */
const signs: Record<string, string> = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc", "-": "−" };

/** A key as it stands on the keyboard. */
export function keyTold(key: string): string {
  return signs[key] ?? words.keys[key] ?? (key.length === 1 && key !== key.toLowerCase() ? `${words.keys.Shift} ${key}` : key.toUpperCase());
}
