/** Numbers, sizes and times as text. Pure: the present time is an argument. */

const whole = new Intl.NumberFormat("en");
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** 1,234,567 */
export const count = (value: number): string => whole.format(value);

/** 1.2M; whole below ten thousand, where every digit can be read at a glance. */
export const compact = (value: number): string => (Math.abs(value) < 10_000 ? count(value) : short.format(value));

/** "1 event", "2 events"; an own plural where an s does not make it. */
export function plural(value: number, one: string, many: string = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** "0/s", "0.4/s", "12/s", "1.2K/s" */
export function rate(perSecond: number): string {
  if (perSecond <= 0) return "0/s";
  if (perSecond < 0.1) return "<0.1/s";
  if (perSecond < 10) return `${perSecond.toFixed(1).replace(/\.0$/, "")}/s`;
  return `${short.format(Math.round(perSecond))}/s`;
}

const SIZES = ["B", "KB", "MB", "GB", "TB", "PB"];

/** 1.5 MB, in powers of 1024. */
export function bytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(SIZES.length - 1, Math.floor(Math.log2(value) / 10));
  const scaled = value / 1024 ** power;
  const text = power === 0 || scaled >= 100 ? Math.round(scaled).toString() : scaled.toFixed(1).replace(/\.0$/, "");
  return `${text} ${SIZES[power]}`;
}

/** "0.4 ms", "12 ms", "1.2 s", "3 min 5 s", "2 h 4 min" */
export function millis(value: number): string {
  if (value < 10 && !Number.isInteger(value)) return `${value.toFixed(1)} ms`;
  if (value < 1000) return `${Math.round(value)} ms`;
  const seconds = value / 1000;
  if (seconds < 60) return `${seconds.toFixed(1).replace(/\.0$/, "")} s`;
  if (seconds < 3600) return joined(Math.floor(seconds / 60), "min", Math.floor(seconds % 60), "s");
  return joined(Math.floor(seconds / 3600), "h", Math.floor((seconds % 3600) / 60), "min");
}

const joined = (large: number, unit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`;

/** Up to which age in seconds, in which unit. */
const AGES: [limit: number, unit: number, name: string][] = [
  [60, 1, "s"],
  [3600, 60, "min"],
  [86_400, 3600, "h"],
  [30 * 86_400, 86_400, "d"],
];

/** "just now", "12 s ago", "in 3 h"; beyond thirty days, the day. */
export function ago(at: string, now: number): string {
  const seconds = Math.round((now - Date.parse(at)) / 1000);
  const age = Math.abs(seconds);
  if (age < 3) return "just now";
  const found = AGES.find(([limit]) => age < limit);
  if (!found) return day(at);
  const text = `${Math.floor(age / found[1])} ${found[2]}`;
  return seconds < 0 ? `in ${text}` : `${text} ago`;
}

const dayFormat = new Intl.DateTimeFormat(undefined, { year: "numeric", month: "short", day: "numeric" });
const exactFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });

export const day = (at: string): string => dayFormat.format(new Date(at));

/** Date, time and zone of the viewer. */
export const exact = (at: string): string => exactFormat.format(new Date(at));

/** 14:03:27.512 in the viewer's zone: for lists where the order of arrivals matters. */
export function clock(at: string): string {
  const time = new Date(at);
  const two = (part: number) => part.toString().padStart(2, "0");
  const thousandths = time.getMilliseconds().toString().padStart(3, "0");
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${thousandths}`;
}

/** A share: "12.3%", "<0.1%", "0%". */
export function percent(part: number, all: number): string {
  if (all <= 0 || part <= 0) return "0%";
  const share = (100 * part) / all;
  return share < 0.1 ? "<0.1%" : `${share.toFixed(share < 10 ? 1 : 0).replace(/\.0$/, "")}%`;
}

/** A rate of the server's: "42%", "3.5%"; a dash where it is a rate of nothing. */
export const rateWords = (rate: number | null | undefined): string => (rate == null ? "–" : percent(rate, 1));
