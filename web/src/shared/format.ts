import { language, texts } from "./texts";

/** Always with the digits 0 to 9, which are those that the fields take. */
const locale = () => `${language}-u-nu-latn`;

/** With exactly so many digits after the point. */
export function decimal(value: number, digits: number): string {
  return value.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** As short as it can be, as people type it: `37.5`, `1200`. */
export function plain(value: number): string {
  return value.toLocaleString(locale(), { maximumFractionDigits: 3, useGrouping: false });
}

/** `12.3 MB`: in steps of 1,000, as file managers show it; whole below a thousand bytes. */
export function bytes(count: number): string {
  const units = [texts.numbers.bytes, "kB", "MB", "GB"];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? plain(Math.round(value)) : decimal(value, 1)} ${units[unit]}`;
}

/** A limit in the units in which operators set it: `100 MiB`. */
export function binaryBytes(count: number): string {
  const mebibytes = count / 1_048_576;
  const tenths = (value: number) => plain(Math.round(value * 10) / 10);
  return mebibytes >= 1 ? `${tenths(mebibytes)} MiB` : `${tenths(count / 1024)} KiB`;
}

/** A probability, 0...1. Never 0 % or 100 %: a model is never sure. */
export function percent(value: number): string {
  const hundredths = value * 100;
  if (hundredths < 0.1) return texts.numbers.under(`${decimal(0.1, 1)} %`);
  if (hundredths > 99.9) return texts.numbers.over(`${decimal(99.9, 1)} %`);
  return `${decimal(hundredths, hundredths < 10 || hundredths > 99 ? 1 : 0)} %`;
}

export function count(value: number): string {
  return value.toLocaleString(locale());
}

export function clock(time: string | number | Date): string {
  return new Date(time).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

export function dateAndClock(time: string): string {
  const day = new Date(time).toLocaleDateString(locale(), { day: "numeric", month: "long", year: "numeric" });
  return `${day}, ${clock(time)}`;
}

/** The names of the months. */
export function monthNames(): string[] {
  const format = new Intl.DateTimeFormat(locale(), { month: "long", timeZone: "UTC" });
  return Array.from({ length: 12 }, (_, index) => format.format(Date.UTC(2000, index, 1)));
}

/** `1:05`, from seconds; never below zero. */
export function countdown(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** `0.42 s` or `380 ms`. */
export function duration(milliseconds: number): string {
  return milliseconds >= 1000 ? `${decimal(milliseconds / 1000, 1)} s` : `${Math.round(milliseconds)} ms`;
}
