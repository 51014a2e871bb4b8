/** A result as text for elsewhere: CSV by RFC 4180, and a cell as it is shown. Pure. */

import type { Json, QueryResult } from "@/api/types";

export function csvOf({ columns, rows }: Pick<QueryResult, "columns" | "rows">): string {
  const lines = [
    columns.map((column) => field(column.name)),
    ...rows.map((row) => row.map((cell) => field(cellText(cell)))),
  ];
  return lines.map((line) => `${line.join(",")}\r\n`).join("");
}

const field = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Nothing for null; structures as JSON. */
export function cellText(value: Json): string {
  if (value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

const NUMBERS = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DOUBLE|FLOAT|REAL|DECIMAL|NUMERIC)/i;

/** Whether a column's values stand to the right. */
export const isNumber = (type: string): boolean => NUMBERS.test(type);

/** A name as SQL must write it. */
export const quoted = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
