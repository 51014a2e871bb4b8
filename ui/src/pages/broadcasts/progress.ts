/** How far a broadcast has come, in numbers and words. Pure. */

import type { Broadcast } from "@/api/types";

const WAITING = ["queued", "sending", "deferred"];

/** Messages whose fate is decided. */
export const doneOf = ({ progress }: Broadcast): number =>
  Object.entries(progress).reduce((sum, [state, count]) => (WAITING.includes(state) ? sum : sum + count), 0);

/** From 0 to 1 of its audience; nothing is done of an empty one until it has ended. */
export function shareOf(broadcast: Broadcast): number {
  if (broadcast.state === "done") return 1;
  return broadcast.total > 0 ? Math.min(1, doneOf(broadcast) / broadcast.total) : 0;
}

export function audienceWords({ audience }: Pick<Broadcast, "audience">): string {
  return audience.kind === "all" ? "Everybody" : `${audience.kind === "list" ? "List" : "Segment"} ${audience.id}`;
}
