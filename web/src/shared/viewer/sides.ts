import { matrixOf, together, toPicture, type Orientation } from "./orientation";

/** The letters at the edges of the film as it is shown; empty where none is known. */
export interface Sides {
  left: string;
  right: string;
  top: string;
  bottom: string;
  /** The file doesn't say it: they follow the custom that the person faces the viewer. */
  assumed: boolean;
}

const opposite: Record<string, string> = { L: "R", R: "L", A: "P", P: "A", H: "F", F: "H" };
const none: Sides = { left: "", right: "", top: "", bottom: "", assumed: false };

/** Which side of the person lies at which edge. */
export interface Lie {
  /** DICOM (0020,0020) (PS3.3, C.7.6.1.1.1): where the rows and the columns of the picture lead, as `L\F`. */
  patientOrientation?: string | null | undefined;
  /** A side view has no custom to follow. */
  isLateral?: boolean;
  /** What was done to the picture before it was shown. */
  base: Orientation;
  /** How it was turned and mirrored since. */
  turned: Orientation;
}

/** Whether a view (DICOM view position) is one from the side. */
export function isLateralView(view: string | null | undefined): boolean {
  return /^(LL|RL|LATERAL)$/i.test(view ?? "");
}

export function sidesOf({ patientOrientation, isLateral, base, turned }: Lie): Sides {
  const told = (patientOrientation ?? "").toUpperCase().split("\\").map((part) => part.trim());
  const isTold = told.length === 2 && told.every((part) => /^[LRAPHF]{1,3}$/.test(part));
  if (!isTold && isLateral) return none;
  // The custom speaks of a picture that lies right, which is what the adjustment was made for.
  const [row, column] = isTold ? told : ["L", ""];
  const matrix = matrixOf(isTold ? together(base, turned) : turned);
  const at = (dx: number, dy: number) => {
    const [x, y] = toPicture(matrix, dx, dy);
    const letters = (x !== 0 ? row : column) ?? "";
    return x + y > 0 ? letters : [...letters].map((letter) => opposite[letter]).join("");
  };
  return { left: at(-1, 0), right: at(1, 0), top: at(0, -1), bottom: at(0, 1), assumed: !isTold };
}
