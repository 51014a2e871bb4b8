/** What switching a destination off and on means for its events. Pure. */

import type { Destination } from "@/api/types";
import { plural } from "@/components/format";

export function aboutTheSwitch({ enabled, waiting }: Pick<Destination, "enabled" | "waiting">): string {
  const rule = enabled
    ? "Switched off it gets nothing, and nothing is queued for it. Switched on again it begins with what arrives then."
    : "It gets nothing, and nothing is queued for it. Switched on it begins with what arrives then.";
  if (waiting === 0) return rule;
  const kept = `${plural(waiting, "event")} that already ${waiting === 1 ? "waits" : "wait"} for a retry`;
  return `${rule} ${kept} ${waiting === 1 ? "stays" : "stay"}${enabled ? "" : ", and will be tried again then"}.`;
}
