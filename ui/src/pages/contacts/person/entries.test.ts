import { expect, it } from "vitest";
import type { TimelineEntry } from "@/api/types";
import { byDay, sightOf } from "./entries";

const entry = (fields: Partial<TimelineEntry>): TimelineEntry => ({
  id: "1",
  at: "2026-11-29T10:00:00Z",
  kind: "email",
  name: "Email Opened",
  note: "",
  is_machine: false,
  data: {},
  source: null,
  message_id: null,
  subject: null,
  template: null,
  ...fields,
});

it("entries are gathered by day, the nearest by name", () => {
  const now = Date.parse("2026-11-29T12:00:00Z");
  const days = byDay(
    [entry({}), entry({ id: "2" }), entry({ at: "2026-11-28T11:00:00Z" }), entry({ at: "2026-01-05T11:00:00Z" })],
    now,
  );
  expect(days.map(({ name, entries }) => [name, entries.length])).toEqual([
    ["Today", 2],
    ["Yesterday", 1],
    ["Monday, January 5, 2026", 1],
  ]);
});

it("says a machine's open as one", () => {
  expect(sightOf(entry({})).words).toBe("Opened an email");
  expect(sightOf(entry({ is_machine: true })).words).toBe("Opened an email, by a machine");
});

it("a customer's event keeps its name, whatever it is", () => {
  expect(sightOf(entry({ kind: "track", name: "Created" })).words).toBe("Created");
  expect(sightOf(entry({ kind: "page", name: "Pricing" })).words).toBe("Viewed Pricing");
});
