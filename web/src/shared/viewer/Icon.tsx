import type { CommandName } from "./commands";

/** Lines in a square of 20. */
const lines: Partial<Record<CommandName, string>> = {
  pan: "M10 2v16M2 10h16M7.5 4.5 10 2l2.5 2.5M7.5 15.5 10 18l2.5-2.5M4.5 7.5 2 10l2.5 2.5M15.5 7.5 18 10l-2.5 2.5",
  window: "M10 3a7 7 0 1 0 0 14zM10 3a7 7 0 0 1 0 14M10 6.5h4.5M10 10h6M10 13.5h4.5",
  zoomIn: "M8.5 3a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M12.5 12.5 17.5 17.5M6 8.5h5M8.5 6v5",
  zoomOut: "M8.5 3a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M12.5 12.5 17.5 17.5M6 8.5h5",
  fit: "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4",
  oneToOne: "M4 6l2-1.5V15M14 6l2-1.5V15M10.5 8v.1M10.5 12v.1",
  turnRight: "M15.5 7A6.5 6.5 0 1 0 16.5 11M16 3v4.5h-4.5",
  turnLeft: "M4.5 7A6.5 6.5 0 1 1 3.5 11M4 3v4.5h4.5",
  invert: "M3 3h14v14H3zM3 17 17 3M6.5 6.5h3M11.5 13h3M13 11.5v3",
  mirror: "M10 2v2M10 6v2M10 10v2M10 14v2M10 18v.5M7 5 2.5 15H7zM13 5l4.5 10H13z",
  heat: "M10 2.5c3 3.5 5 6 5 9a5 5 0 0 1-10 0c0-1.5.7-3 1.8-4.2C7.5 9 8.5 9.5 9 9.5c.5-2 .3-4.5 1-7z",
  whole: "M12 3h5v5M17 3l-6 6M8 17H3v-5M3 17l6-6",
  reset: "M4.5 4v12M15.5 5v10l-7.5-5z",
  help: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15M8 8a2 2 0 1 1 2.7 1.9c-.5.2-.7.6-.7 1.1v.5M10 14v.1",
};

/** The picture on a button. */
export function Icon({ name }: { name: CommandName }) {
  return (
    <svg className="film-icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={lines[name]} />
    </svg>
  );
}
