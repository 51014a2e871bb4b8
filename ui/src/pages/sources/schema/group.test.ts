import { expect, test } from "vitest";
import type { SchemaEvent } from "@/api/types";
import { tabsOf } from "./group";

const seen = (type: string, event: string, count: number): SchemaEvent => ({
  type,
  event,
  count,
  first_seen: "",
  last_seen: "",
  properties: 0,
});

const EVENTS = [seen("track", "Opened", 5), seen("track", "Clicked", 9), seen("identify", "", 3)];

test("each type has its tab, the busiest events first", () => {
  const tabs = tabsOf(EVENTS, "");
  expect(tabs.map((tab) => tab.type)).toEqual(["track", "identify", "group", "page", "screen"]);
  expect(tabs[0]?.events.map((event) => event.event)).toEqual(["Clicked", "Opened"]);
});
test("a search narrows every tab by name", () => {
  expect(tabsOf(EVENTS, "OPEN").map((tab) => tab.events.length)).toEqual([1, 0, 0, 0, 0]);
});
test("alias has a tab once one was seen", () => {
  expect(tabsOf([seen("alias", "", 1)], "").at(-1)?.type).toBe("alias");
});
