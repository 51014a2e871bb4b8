/** The schema page's tabs, and which events each shows. Pure. */

import type { SchemaEvent } from "@/api/types";

export const TABS = ["track", "identify", "group", "page", "screen", "alias"] as const;

const NAMES: Record<string, string> = {
  track: "Track",
  identify: "Identify",
  group: "Group",
  page: "Page",
  screen: "Screen",
  alias: "Alias",
};

export interface SchemaTab {
  type: string;
  name: string;
  events: SchemaEvent[];
}

/** All tabs in their order, alias only where one was seen; each event whose name has the text, the busiest first. */
export function tabsOf(events: SchemaEvent[], text: string): SchemaTab[] {
  const wanted = text.trim().toLowerCase();
  return TABS.map((type) => ({
    type,
    name: NAMES[type] ?? type,
    events: events
      .filter((event) => event.type === type && event.event.toLowerCase().includes(wanted))
      .sort((one, other) => other.count - one.count || one.event.localeCompare(other.event)),
  })).filter(({ type }) => type !== "alias" || events.some((event) => event.type === "alias"));
}
