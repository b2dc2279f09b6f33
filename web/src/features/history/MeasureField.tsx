import { useState } from "react";
import { plain } from "../../shared/format";
import { texts } from "../../shared/texts";
import type { ControlAttributes, InnerProps } from "./field";
import { limitsOf } from "./questionnaire";
import { parseDecimal, rounded, unitsOf, type Unit } from "./units";

const words = texts.history;

function remembered(key: string, units: Unit[]): Unit | undefined {
  try {
    return units.find((unit) => unit.name === localStorage.getItem(key)) ?? units[0];
  } catch {
    return units[0];
  }
}

/** A measurement, in the unit that the person thinks in. The answer is in the canonical one. */
export function MeasureField({ item, value, onChange, control }: InnerProps & { control: ControlAttributes }) {
  const { min, max, unit: display, code } = limitsOf(item);
  const units = unitsOf(code, display);
  const memory = `lightbox:unit:${code ?? ""}`;
  const [unit, setUnit] = useState(() => remembered(memory, units) ?? units[0]!);
  const [draft, setDraft] = useState(typeof value === "number" ? plain(rounded(unit.fromCanonical(value))) : "");

  const give = (text: string, chosen: Unit) => {
    if (text.trim() === "") return onChange(null);
    const number = parseDecimal(text);
    if (number === null) return onChange(null, words.number);
    const canonical = rounded(chosen.toCanonical(number));
    if ((min !== undefined && canonical < min) || (max !== undefined && canonical > max)) {
      const shown = (limit: number | undefined) => (limit === undefined ? undefined : rounded(chosen.fromCanonical(limit)));
      return onChange(null, words.range(shown(min), shown(max)));
    }
    onChange(canonical);
  };
  const change = (text: string) => {
    setDraft(text);
    give(text, unit);
  };
  /** Turns the number into the other unit, so that it means the same. */
  const choose = (name: string) => {
    const next = units.find((other) => other.name === name) ?? unit;
    const number = parseDecimal(draft);
    const text = number === null ? draft : plain(rounded(next.fromCanonical(unit.toCanonical(number))));
    setUnit(next);
    setDraft(text);
    give(text, next);
    try {
      localStorage.setItem(memory, next.name);
    } catch {
      // Then it is asked again next time.
    }
  };

  return (
    <span className="with-unit">
      <input
        {...control}
        type="text"
        inputMode="decimal"
        autoComplete="off"
        className="short"
        value={draft}
        onChange={(event) => change(event.target.value)}
      />
      {units.length > 1 ? (
        <select
          className="unit"
          aria-label={words.unitOf(item.text)}
          value={unit.name}
          onChange={(event) => choose(event.target.value)}
        >
          {units.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      ) : (
        <span className="unit">{unit.name}</span>
      )}
    </span>
  );
}
