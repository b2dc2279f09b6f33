import { useSyncExternalStore } from "react";
import { texts } from "../texts";
import { command, keyTold, type CommandName, type Desk } from "./commands";
import { Icon } from "./Icon";
import type { Projector } from "./Projector";
import { presetName } from "./telling";
import { preset, presetOf } from "./view";

const words = texts.viewer;

interface ToolbarProps {
  desk: Desk;
  /** Of the film that the buttons tell about. */
  projector: Projector;
  /** Whether there is a heat map to show, and whether it is shown. */
  heat: "none" | "off" | "on";
  canBeWhole: boolean;
}

/** The commands as buttons, and the windows of the film. */
export function Toolbar({ desk, projector, heat, canBeWhole }: ToolbarProps) {
  const { subscribe, now } = projector;
  const isInverted = useSyncExternalStore(subscribe, () => now().view.invert);
  const isMirrored = useSyncExternalStore(subscribe, () => now().view.turned.mirror);
  const chosen = useSyncExternalStore(subscribe, () => presetOf(now().view, now().stage)?.id ?? "");
  const film = useSyncExternalStore(subscribe, () => now().stage.film);
  const pressed: Partial<Record<CommandName, boolean>> = {
    pan: desk.tool === "pan", window: desk.tool === "window", invert: isInverted, mirror: isMirrored, heat: heat === "on",
  };
  const groups: CommandName[][] = [
    ["pan", "window"],
    ["zoomOut", "fit", "oneToOne", "zoomIn"],
    ["turnLeft", "turnRight", "invert", "mirror"],
    [...(heat === "none" ? [] : (["heat"] as const)), ...(canBeWhole ? (["whole"] as const) : []), "reset", "help"],
  ];
  return (
    <div className="film-tools" role="group" aria-label={words.tools}>
      {groups.map((names) => (
        <span key={names[0]} className="film-group">
          {names.map((name) => {
            const { label, keys, perform } = command(name);
            return (
              <button
                key={name}
                type="button"
                className="film-tool"
                aria-label={label}
                title={keys[0] ? words.withKey(label, keyTold(keys[0])) : label}
                aria-pressed={pressed[name]}
                onClick={() => perform(desk, "")}
              >
                <Icon name={name} />
              </button>
            );
          })}
        </span>
      ))}
      <select className="film-presets" aria-label={words.windowPresets} value={chosen} onChange={(event) => desk.change(preset(event.target.value))}>
        {chosen === "" && <option value="">{words.ownWindow}</option>}
        {film?.presets.map((one) => (
          <option key={one.id} value={one.id}>
            {presetName(one)}
          </option>
        ))}
      </select>
    </div>
  );
}
