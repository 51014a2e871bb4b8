/** Which arrivals the debugger's list shows. Pure. */

import type { ArrivalStatus, DebugEvent } from "@/api/types";

export interface Wanted {
  text: string;
  /** Empty: all. */
  types: string[];
  statuses: ArrivalStatus[];
}

export const everything: Wanted = { text: "", types: [], statuses: [] };

export const isEverything = (wanted: Wanted): boolean =>
  wanted.text.trim() === "" && wanted.types.length === 0 && wanted.statuses.length === 0;

/** The events whose raw text holds every word, of the wanted types and statuses. */
export function filterArrivals(events: DebugEvent[], { text, types, statuses }: Wanted): DebugEvent[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return events.filter(
    (event) =>
      (types.length === 0 || types.includes(event.type)) &&
      (statuses.length === 0 || statuses.includes(event.status)) &&
      words.every((word) => textOf(event).includes(word)),
  );
}

const texts = new WeakMap<DebugEvent, string>();

/** All that can be searched of an event, written out once for each. */
function textOf(event: DebugEvent): string {
  const known = texts.get(event);
  if (known !== undefined) return known;
  const raw = typeof event.raw === "string" ? event.raw : JSON.stringify(event.raw);
  const text = [event.name, event.type, event.user, event.status, event.code, event.reason, raw]
    .join("\n")
    .toLowerCase();
  texts.set(event, text);
  return text;
}
