import { expect, test } from "vitest";
import { type CatalogEntry, groupsOf } from "./catalog";

const entry = (name: string, ...categories: string[]): CatalogEntry => ({
  slug: name.toLowerCase(),
  name,
  summary: `Events from ${name}`,
  categories,
  icon: "http",
});

const ALL = [
  entry("Mailer", "Email Marketing", "email marketing"),
  entry("Go", "Server"),
  entry("Browser", "Website"),
  entry("Nobody"),
  entry("Counter", "Analytics"),
];

const shown = (text: string) => groupsOf(ALL, text).map((group) => [group.category, group.entries.map((e) => e.name)]);

test("website and server come first, the rest by name", () => {
  expect(shown("").map(([category]) => category)).toEqual([
    "Website",
    "Server",
    "Analytics",
    "Email Marketing",
    "Other",
  ]);
});
test("every word must be found somewhere", () => {
  expect(shown("events GO")).toEqual([["Server", ["Go"]]]);
  expect(shown("go website")).toEqual([]);
});
test("two spellings of a category are one, and hold an entry once", () => {
  expect(shown("mailer")).toEqual([["Email Marketing", ["Mailer"]]]);
});
