/** The hours of a segment, for its charts. Pure. */

import type { SegmentHour } from "@/api/types";

/** Who came and went in all of them. */
export const changesOf = (hours: SegmentHour[]): { entered: number; left: number } => ({
  entered: hours.reduce((sum, hour) => sum + hour.entered, 0),
  left: hours.reduce((sum, hour) => sum + hour.left, 0),
});

/** So many hours each as one: the members at its end, all who came and went. The last one is the most recent. */
export function gathered(hours: SegmentHour[], size: number): SegmentHour[] {
  const points: SegmentHour[] = [];
  for (let end = hours.length; end > 0; end -= size) {
    const part = hours.slice(Math.max(0, end - size), end);
    const first = part[0];
    const last = part.at(-1);
    if (first && last) points.unshift({ at: first.at, members: last.members, ...changesOf(part) });
  }
  return points;
}
