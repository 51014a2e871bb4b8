/** A trait between its value and the text in which it is edited. Pure. */

import type { Json } from "@/api/types";

/** The text in which a value is edited: text as it is, all else as JSON. */
export function edited(value: Json): string {
  if (typeof value !== "string") return JSON.stringify(value);
  return typed(value) === value ? value : JSON.stringify(value);
}

/** The value that was typed: a number, true, false, or what is written as JSON; else the text. Empty is none. */
export function typed(text: string): Json {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  const isJson = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|["[{].*)$/s.test(trimmed);
  if (!isJson) return trimmed;
  try {
    const value = JSON.parse(trimmed) as Json;
    if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) return trimmed;
    return value;
  } catch {
    return trimmed;
  }
}
