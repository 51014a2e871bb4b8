/** The sums of a period's points. Pure. */

import type { CountPoint } from "@/api/types";

export interface Totals {
  accepted: number;
  rejected: number;
  duplicates: number;
  all: number;
}

export function totalsOf(points: CountPoint[]): Totals {
  const totals = { accepted: 0, rejected: 0, duplicates: 0, all: 0 };
  for (const { accepted, rejected, duplicates } of points) {
    totals.accepted += accepted;
    totals.rejected += rejected;
    totals.duplicates += duplicates;
    totals.all += accepted + rejected + duplicates;
  }
  return totals;
}
