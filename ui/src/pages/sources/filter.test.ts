import { expect, test } from "vitest";
import type { Source } from "@/api/types";
import { filterSources, labelsInUse, schemaNameOf, stateOf } from "./filter";

const NOW = Date.parse("2026-03-01T12:00:00Z");

const aSource = (own: Partial<Source>): Source => ({
  id: "1",
  kind: "python",
  name: "Backend",
  schema: "backend",
  write_keys: ["wk_abc"],
  enabled: true,
  labels: {},
  created_at: "2026-01-01T00:00:00Z",
  keys: [],
  destinations: [],
  last_event_at: null,
  accepted_24h: 0,
  rejected_24h: 0,
  duplicates_24h: 0,
  ...own,
});

const ALL = [
  aSource({ name: "Backend", labels: { env: "prod" } }),
  aSource({
    name: "Website",
    schema: "website",
    kind: "javascript",
    labels: { env: "prod", team: "web" },
    write_keys: ["wk_xyz"],
  }),
];
const names = (text: string, labels: string[] = []) => filterSources(ALL, text, labels).map((source) => source.name);

test("a source is found by name, kind, label or write key", () => {
  expect([names("BACK"), names("javascript"), names("team:web"), names("wk_xyz"), names("prod site")]).toEqual([
    ["Backend"],
    ["Website"],
    ["Website"],
    ["Website"],
    ["Website"],
  ]);
});
test("chosen labels must all be there", () => {
  expect([names("", ["env:prod"]), names("", ["env:prod", "team:web"])]).toEqual([["Backend", "Website"], ["Website"]]);
  expect(labelsInUse(ALL)).toEqual(["env:prod", "team:web"]);
});
test("a source that is off is disabled, whatever arrived before", () => {
  const last_event_at = new Date(NOW - 1000).toISOString();
  expect(stateOf(aSource({ enabled: false, last_event_at }), NOW)).toBe("disabled");
  expect(stateOf(aSource({ last_event_at }), NOW)).toBe("receiving");
  expect(stateOf(aSource({ last_event_at: new Date(NOW - 3_600_000).toISOString() }), NOW)).toBe("quiet");
  expect(stateOf(aSource({}), NOW)).toBe("silent");
});
test.each([
  ["AutopilotHQ", "autopilothq"],
  ["Customer.io", "customerio"],
  ["My  Web-Site!", "my_web_site"],
  ["Café", "caf"],
  ["42 things", "_42_things"],
  ["!!", ""],
])("%s gives the schema %s", (name, schema) => expect(schemaNameOf(name)).toBe(schema));
test("a schema that is taken gets the next number", () => {
  expect(schemaNameOf("Web", ["web", "web_2"])).toBe("web_3");
});
