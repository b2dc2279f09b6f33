import { useState } from "react";
import { monthNames } from "../../shared/format";
import { texts } from "../../shared/texts";
import type { ControlAttributes, InnerProps } from "./field";
import { mayLieAhead } from "./questionnaire";

const words = texts.history;

const months = monthNames();

interface Parts {
  year: string;
  /** "01" to "12". */
  month: string;
  day: string;
}

function partsOf(value: unknown): Parts {
  const [year = "", month = "", day = ""] = typeof value === "string" ? value.split("-") : [];
  return { year, month, day: day.replace(/^0/, "") };
}

/** The date that the parts make: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; or why they make none. */
export function dateOf({ year, month, day }: Parts, today: Date, ahead: boolean): { date: string } | { fault: string } | null {
  const [y, d] = [year.trim(), day.trim()];
  if (!y && !month && !d) return null;
  if (!/^\d{4}$/.test(y)) return { fault: words.yearNeeded };
  if (Number(y) < 1850) return { fault: words.yearRange };
  if (d && !month) return { fault: words.monthNeeded };
  let date = y;
  if (month) date += `-${month}`;
  if (d) {
    if (!/^\d{1,2}$/.test(d) || Number(d) < 1 || Number(d) > new Date(Date.UTC(Number(y), Number(month), 0)).getUTCDate()) {
      return { fault: words.noSuchDay };
    }
    date += `-${d.padStart(2, "0")}`;
  }
  const now = `${today.getFullYear()}-${String(today.getMonth() + 1).padStart(2, "0")}-${String(today.getDate()).padStart(2, "0")}`;
  return !ahead && date > now.slice(0, date.length) ? { fault: words.inTheFuture } : { date };
}

/** A date of which the year, or year and month, may be all that is known. */
export function PartialDateField({ item, value, onChange, control }: InnerProps & { control: ControlAttributes }) {
  const [parts, setParts] = useState(() => partsOf(value));
  const change = (part: Partial<Parts>) => {
    const next = { ...parts, ...part };
    setParts(next);
    const read = dateOf(next, new Date(), mayLieAhead(item));
    if (read === null) onChange(null);
    else if ("date" in read) onChange(read.date);
    else onChange(null, read.fault);
  };
  return (
    <span className="partial-date">
      <label>
        <span>{words.year}</span>
        <input {...control} type="text" inputMode="numeric" autoComplete="off" maxLength={4} size={4} value={parts.year} onChange={(event) => change({ year: event.target.value })} />
      </label>
      <label>
        <span>{words.month}</span>
        <select aria-describedby={control["aria-describedby"]} value={parts.month} onChange={(event) => change({ month: event.target.value })}>
          <option value="">{words.monthUnknown}</option>
          {months.map((name, index) => (
            <option key={name} value={String(index + 1).padStart(2, "0")}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{words.day}</span>
        <input aria-describedby={control["aria-describedby"]} aria-invalid={control["aria-invalid"]} type="text" inputMode="numeric" autoComplete="off" maxLength={2} size={2} value={parts.day} onChange={(event) => change({ day: event.target.value })} />
      </label>
    </span>
  );
}
