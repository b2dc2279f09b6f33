/** A unit that a measurement can be entered in: its name, and how it turns into the canonical unit and back. */
export interface Unit {
  name: string;
  toCanonical: (value: number) => number;
  fromCanonical: (value: number) => number;
}

const itself = (name: string): Unit => ({ name, toCanonical: (value) => value, fromCanonical: (value) => value });
const scaled = (name: string, factor: number): Unit => ({
  name,
  toCanonical: (value) => value * factor,
  fromCanonical: (value) => value / factor,
});

/** By UCUM code; the canonical unit comes first. The international pound and inch are exact by definition (1959). */
const alternatives: Record<string, Unit[]> = {
  kg: [itself("kg"), scaled("lb", 0.45359237)],
  cm: [itself("cm"), scaled("in", 2.54)],
  Cel: [
    itself("°C"),
    { name: "°F", toCanonical: (value) => ((value - 32) * 5) / 9, fromCanonical: (value) => (value * 9) / 5 + 32 },
  ],
};

export function unitsOf(code: string | undefined, display: string | undefined): Unit[] {
  return (code && alternatives[code]) || [itself(display ?? code ?? "")];
}

/** A number as people write it, "37.5" or "37,5"; null for anything else. */
export function parseDecimal(text: string): number | null {
  const trimmed = text.trim().replace(",", ".");
  return /^-?\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : null;
}

/** With one digit after the point, as it is stored. */
export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
