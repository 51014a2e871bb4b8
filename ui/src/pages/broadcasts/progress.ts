/** How far a broadcast has come, in numbers and words. Pure. */

import { type ContactSearch, EVERYBODY } from "@/api/contacts";
import type { Broadcast } from "@/api/types";

const WAITING = ["queued", "sending", "deferred"];

/** Messages whose fate is decided; of one that was cancelled, without those that it will never send. */
export function doneOf({ progress, state }: Broadcast): number {
  const open = state === "cancelled" ? [...WAITING, "rejected"] : WAITING;
  return Object.entries(progress).reduce((sum, [name, count]) => (open.includes(name) ? sum : sum + count), 0);
}

/** From 0 to 1 of its audience; nothing is done of an empty one until it has ended. */
export function shareOf(broadcast: Broadcast): number {
  if (broadcast.state === "done") return 1;
  return broadcast.total > 0 ? Math.min(1, doneOf(broadcast) / broadcast.total) : 0;
}

/** "Everybody", "List “Friends”"; by its number where it is there no more. */
export function audienceWords({ audience, audience_name }: Pick<Broadcast, "audience" | "audience_name">): string {
  if (audience.kind === "all") return "Everybody";
  const kind = audience.kind === "list" ? "List" : "Segment";
  return audience_name ? `${kind} “${audience_name}”` : `${kind} ${audience.id}, removed since`;
}

/** Whether it has started: what is before that can still be removed. */
export const isBegun = ({ state }: Broadcast): boolean => state !== "draft" && state !== "scheduled";

/** The page of whom it goes to; null where they are there no more. */
export function audiencePath({
  audience,
  audience_name,
}: Pick<Broadcast, "audience" | "audience_name">): string | null {
  if (audience.kind === "all") return "/contacts";
  if (audience_name === "") return null;
  return audience.kind === "list" ? `/contacts?list=list_${audience.id}` : `/segments/segment_${audience.id}`;
}

/** The search that finds whom it goes to. */
export function searchOf({ audience: { kind, id } }: Pick<Broadcast, "audience">): ContactSearch {
  return kind === "all" ? EVERYBODY : { ...EVERYBODY, [kind]: `${kind}_${id}` };
}

/** "Monthly letter to list “Friends”". */
export function goesWords(broadcast: Pick<Broadcast, "template_name" | "audience" | "audience_name">): string {
  const audience = audienceWords(broadcast);
  return `${broadcast.template_name} to ${audience.charAt(0).toLowerCase()}${audience.slice(1)}`;
}
