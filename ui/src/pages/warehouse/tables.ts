/** Tables in their order: by schema, the well-known ones of the Segment rules first, then by name; their sizes. Pure. */

import type { TableInfo } from "@/api/types";

const FIRST = ["tracks", "identifies", "users", "pages", "screens", "groups", "accounts", "aliases"];

const rank = (name: string): number => {
  const place = FIRST.indexOf(name);
  return place < 0 ? FIRST.length : place;
};

/** Names that begin with an underscore are the loader's own, and stand last. */
const isOwn = (name: string): number => Number(name.startsWith("_"));

/** Whether the warehouse told how large a table is. */
export const hasSize = (table: TableInfo): table is TableInfo & { bytes: number } => typeof table.bytes === "number";

export function bySchema(tables: TableInfo[]): [schema: string, tables: TableInfo[]][] {
  const schemas = new Map<string, TableInfo[]>();
  for (const table of tables) {
    const list = schemas.get(table.schema) ?? [];
    list.push(table);
    schemas.set(table.schema, list);
  }
  for (const list of schemas.values()) {
    list.sort(
      (one, other) =>
        isOwn(one.name) - isOwn(other.name) || rank(one.name) - rank(other.name) || one.name.localeCompare(other.name),
    );
  }
  return [...schemas].sort(([one], [other]) => isOwn(one) - isOwn(other) || one.localeCompare(other));
}
