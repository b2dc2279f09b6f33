/** Degrees clockwise. */
export type Turn = 0 | 90 | 180 | 270;

/** How a picture lies: turned clockwise, then left and right swapped. */
export interface Orientation {
  turn: Turn;
  mirror: boolean;
}

/** Where a step of the picture goes on the screen: `x' = a·x + b·y`, `y' = c·x + d·y`; y points down in both. */
export type Matrix = readonly [a: number, b: number, c: number, d: number];

export const upright: Orientation = { turn: 0, mirror: false };

export function matrixOf({ turn, mirror }: Orientation): Matrix {
  const cos = turn === 0 ? 1 : turn === 180 ? -1 : 0;
  const sin = turn === 90 ? 1 : turn === 270 ? -1 : 0;
  const flip = mirror ? -1 : 1;
  return [flip * cos, -flip * sin, sin, cos];
}

/** What `first` and then `second` do together. */
export function together(first: Orientation, second: Orientation): Orientation {
  // A mirror turns the turns behind it round.
  return { turn: turns((first.mirror ? -1 : 1) * second.turn + first.turn), mirror: first.mirror !== second.mirror };
}

/** Turned by so many degrees as it is seen, clockwise. */
export function turnedBy({ turn, mirror }: Orientation, degrees: number): Orientation {
  return { turn: turns(turn + (mirror ? -degrees : degrees)), mirror };
}

/** Whether the picture's rows run up or down the screen. */
export function liesAcross({ turn }: Orientation): boolean {
  return turn % 180 !== 0;
}

/** A step on the screen as a step in the picture. */
export function toPicture([a, b, c, d]: Matrix, x: number, y: number): [x: number, y: number] {
  return [a * x + c * y, b * x + d * y];
}

function turns(degrees: number): Turn {
  return ((((degrees % 360) + 360) % 360) as Turn) || 0;
}
