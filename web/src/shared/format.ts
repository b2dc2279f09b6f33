/** `12.3 MB`: in steps of 1,000, as file managers show it; whole below ten thousand bytes. */
export function bytes(count: number): string {
  const units = ["bytes", "kB", "MB", "GB"];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** A limit in the units in which operators set it: `100 MiB`. */
export function binaryBytes(count: number): string {
  const mebibytes = count / 1_048_576;
  return mebibytes >= 1 ? `${Number(mebibytes.toFixed(1))} MiB` : `${Number((count / 1024).toFixed(1))} KiB`;
}

/** A probability, 0...1. Never 0 % or 100 %: a model is never sure. */
export function percent(value: number): string {
  const hundredths = value * 100;
  if (hundredths < 0.1) return "under 0.1 %";
  if (hundredths > 99.9) return "over 99.9 %";
  return `${hundredths < 10 || hundredths > 99 ? hundredths.toFixed(1) : Math.round(hundredths)} %`;
}

export function count(value: number): string {
  return value.toLocaleString("en");
}

export function clock(time: string | number | Date): string {
  return new Date(time).toLocaleTimeString("en", { hour: "2-digit", minute: "2-digit", hour12: false });
}

export function dateAndClock(time: string): string {
  const day = new Date(time).toLocaleDateString("en", { day: "numeric", month: "long", year: "numeric" });
  return `${day}, ${clock(time)}`;
}

/** `1:05`, from seconds; never below zero. */
export function countdown(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** `0.42 s` or `380 ms`. */
export function duration(milliseconds: number): string {
  return milliseconds >= 1000 ? `${(milliseconds / 1000).toFixed(1)} s` : `${Math.round(milliseconds)} ms`;
}
