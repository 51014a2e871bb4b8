/** Keys pressed one after another, such as `g s`. Pure: the time of a press is an argument. */

export const PATIENCE_MS = 1200;

const PLACES: Record<string, string> = {
  p: "/",
  s: "/sources",
  d: "/destinations",
  c: "/contacts",
  w: "/warehouse/query",
  t: "/settings/users",
};

export interface Shortcut {
  keys: string[];
  does: string;
}

export const SHORTCUTS: Shortcut[] = [
  { keys: ["Ctrl", "K"], does: "Go to anything" },
  { keys: ["/"], does: "Search on this page" },
  { keys: ["g", "p"], does: "Pipeline" },
  { keys: ["g", "s"], does: "Sources" },
  { keys: ["g", "d"], does: "Destinations" },
  { keys: ["g", "c"], does: "Contacts" },
  { keys: ["g", "w"], does: "Warehouse" },
  { keys: ["g", "t"], does: "Settings" },
  { keys: ["Ctrl", "Enter"], does: "Run the query" },
];

export interface Press {
  key: string;
  at: number;
}

export type Wish = { go: string } | { search: true } | null;

/** What a press asks for, given the press before it. */
export function wishOf(before: Press | null, now: Press): Wish {
  if (now.key === "/") return { search: true };
  const led = before?.key === "g" && now.at - before.at <= PATIENCE_MS;
  const place = led ? PLACES[now.key] : undefined;
  return place === undefined ? null : { go: place };
}
