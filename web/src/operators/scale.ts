/** A round number at or above `value`: 1, 2, 2.5 or 5 times a power of ten. */
export function niceCeiling(value: number): number {
  if (!(value > 0) || !Number.isFinite(value)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 2.5, 5, 10].find((step) => step * power >= value * (1 - 1e-9)) ?? 10;
  return step * power;
}

/** The corners of a line through values; a value that isn't there breaks the line in two. */
export function path(values: readonly (number | null)[], ceiling: number, width: number, height: number): string {
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  let drawing = false;
  return values
    .map((value, index) => {
      if (value === null || !Number.isFinite(value)) {
        drawing = false;
        return "";
      }
      const y = height - (Math.min(Math.max(value, 0), ceiling) / ceiling) * height;
      const corner = `${drawing ? "L" : "M"}${(index * step).toFixed(1)} ${y.toFixed(1)}`;
      drawing = true;
      return corner;
    })
    .join("");
}
