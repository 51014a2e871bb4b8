import { expect, test } from "vitest";
import type { TableInfo } from "@/api/types";
import { bySchema, hasSize } from "./tables";

const table = (schema: string, name: string): TableInfo => ({ schema, name, rows: 0, columns: [], bytes: null });

test("well-known tables first, events by name, the loader's own last", () => {
  const tables = [
    table("web", "order_completed"),
    table("web", "_discards"),
    table("_skywrite", "syncs"),
    table("web", "users"),
    table("app", "tracks"),
    table("web", "button_clicked"),
    table("web", "tracks"),
  ];
  expect(bySchema(tables).map(([schema, list]) => [schema, list.map((one) => one.name)])).toEqual([
    ["app", ["tracks"]],
    ["web", ["tracks", "users", "button_clicked", "order_completed", "_discards"]],
    ["_skywrite", ["syncs"]],
  ]);
});

test("an empty table has a size, one that the warehouse can't measure has none", () => {
  const { bytes: _, ...untold } = table("web", "tracks");
  expect([{ ...untold, bytes: 0 }, { ...untold, bytes: null }, untold].map(hasSize)).toEqual([true, false, false]);
});
