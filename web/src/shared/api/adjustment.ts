/** What is done to a picture before it is analysed, because somebody asked for it. In this order. */
export interface PictureAdjustment {
  /** Degrees, clockwise. */
  turn: 0 | 90 | 180 | 270;
  /** Left and right swapped. */
  mirror: boolean;
  /** Black and white swapped. */
  invert: boolean;
}

export const noAdjustment: PictureAdjustment = { turn: 0, mirror: false, invert: false };

/** Everything that an answer leaves out is not done. */
export function completed(adjustment: Partial<PictureAdjustment> | null | undefined): PictureAdjustment {
  return { ...noAdjustment, ...adjustment };
}

export function isNone({ turn, mirror, invert }: PictureAdjustment): boolean {
  return turn === 0 && !mirror && !invert;
}
