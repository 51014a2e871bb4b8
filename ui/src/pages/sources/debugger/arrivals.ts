/** What the debugger holds: the newest arrivals, and those that came while it was paused. Pure. */

import type { Arrivals, DebugEvent } from "@/api/types";

export const CAP = 500;

export interface Held {
  /** Newest first. */
  events: DebugEvent[];
  /** Arrived while paused, newest first; shown when it goes live again. */
  waiting: DebugEvent[];
  /** How many arrived while paused, those beyond the cap and those that the server left out too. */
  missed: number;
  /** How many the server left out of the live view, as too many to show. */
  skipped: number;
  isPaused: boolean;
}

export const nothing: Held = { events: [], waiting: [], missed: 0, skipped: 0, isPaused: false };

export type Move =
  | { do: "history"; events: DebugEvent[] }
  | { do: "arrive"; arrivals: Arrivals }
  | { do: "pause" }
  | { do: "go live" }
  | { do: "clear" };

export function moved(held: Held, move: Move): Held {
  switch (move.do) {
    case "history":
      return { ...held, events: newestFirst(move.events, held.events) };
    case "arrive":
      return arrived(held, move.arrivals);
    case "pause":
      return { ...held, isPaused: true };
    case "go live":
      return { ...held, isPaused: false, events: newestFirst(held.waiting, held.events), waiting: [], missed: 0 };
    case "clear":
      return { ...held, events: [], skipped: 0 };
  }
}

function arrived(held: Held, { events, skipped }: Arrivals): Held {
  if (!held.isPaused) {
    return { ...held, events: newestFirst(events, held.events), skipped: held.skipped + skipped };
  }
  return {
    ...held,
    waiting: newestFirst(events, held.waiting),
    missed: held.missed + events.length + skipped,
    skipped: held.skipped + skipped,
  };
}

/** Both lists in one, each event once, the newest first, never more than the cap. */
function newestFirst(some: DebugEvent[], others: DebugEvent[]): DebugEvent[] {
  const byId = new Map([...others, ...some].map((event) => [event.id, event]));
  return [...byId.values()].sort(later).slice(0, CAP);
}

function later(one: DebugEvent, other: DebugEvent): number {
  return (
    Date.parse(other.received_at) - Date.parse(one.received_at) ||
    other.id.localeCompare(one.id, "en", { numeric: true })
  );
}
