/** The arithmetic of a time chart: round axis steps, time ticks, and which point is under the pointer. Pure. */

const ROUND_STEPS = [1, 2, 2.5, 5, 10];

/** A top for the axis and its ticks from 0: the smallest round step with which `parts` steps reach `most`. */
export function axis(most: number, parts: number): { top: number; ticks: number[] } {
  const rough = Math.max(most, 1) / parts;
  const power = 10 ** Math.floor(Math.log10(rough));
  const isWhole = (step: number) => Number.isInteger(step * power);
  const factor = ROUND_STEPS.find((step) => step * power >= rough - 1e-9 && isWhole(step)) ?? 10;
  const step = Math.max(1, factor * power);
  const steps = Math.max(1, Math.ceil(Math.max(most, 1) / step - 1e-9));
  return { top: steps * step, ticks: Array.from({ length: steps + 1 }, (_, index) => index * step) };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TIME_STEPS = [
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
];

export interface TimeTick {
  at: number;
  label: "time" | "day";
}

/** Round times between two moments, at most `most` of them; `zone` is the viewer's offset from UTC in milliseconds. */
export function timeTicks(from: number, to: number, most: number, zone: number): TimeTick[] {
  const step = TIME_STEPS.find((size) => (to - from) / size <= most) ?? 7 * DAY;
  const first = Math.ceil((from + zone) / step) * step - zone;
  const ticks: TimeTick[] = [];
  for (let at = first; at <= to; at += step) ticks.push({ at, label: (at + zone) % DAY === 0 ? "day" : "time" });
  return ticks;
}

/** The index of the bucket under `x` of a plot that is `width` wide; null outside. */
export function bucketAt(x: number, width: number, buckets: number): number | null {
  if (x < 0 || x >= width || buckets === 0) return null;
  return Math.min(buckets - 1, Math.floor((x / width) * buckets));
}

/** Where each value of a stack begins and ends, from the bottom. */
export function stack(values: number[]): { from: number; to: number }[] {
  let sum = 0;
  return values.map((value) => {
    const from = sum;
    sum += value;
    return { from, to: sum };
  });
}

/** The path of a line through values, broken where one is null. */
export function linePath(points: ({ x: number; y: number } | null)[]): string {
  let pen = "M";
  return points
    .map((point) => {
      if (point === null) {
        pen = "M";
        return "";
      }
      const part = `${pen}${point.x.toFixed(1)} ${point.y.toFixed(1)}`;
      pen = "L";
      return part;
    })
    .join("");
}
