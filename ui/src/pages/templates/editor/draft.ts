/** What was written and is not saved yet. Pure. */

import type { Template, TemplateChange, TemplateProblem } from "@/api/types";

export const FIELDS = [
  "name",
  "kind",
  "subject",
  "preheader",
  "body",
  "text",
  "from_name",
  "from_address",
  "reply_to",
  "topic_id",
  "is_transactional",
] as const;

export type Draft = Pick<Template, (typeof FIELDS)[number]>;

export function draftOf(template: Template): Draft {
  return Object.fromEntries(FIELDS.map((field) => [field, template[field]])) as unknown as Draft;
}

/** Only what differs from what is saved. */
export function changesOf(template: Template, draft: Draft): TemplateChange {
  const changed = FIELDS.filter((field) => draft[field] !== template[field]);
  return Object.fromEntries(changed.map((field) => [field, draft[field]])) as TemplateChange;
}

export const isChanged = (changes: TemplateChange): boolean => Object.keys(changes).length > 0;

export const errorsOf = (problems: TemplateProblem[]): TemplateProblem[] =>
  problems.filter(({ level }) => level === "error");

/** Where a problem is, in words: "Line 12", "Subject"; "" where it is nowhere in particular. */
export function placeOf({ field, line }: TemplateProblem): string {
  if (field === "body") return line === null ? "" : `Line ${line}`;
  return field[0]?.toUpperCase() + field.slice(1).replaceAll("_", " ");
}

/** "21 KB of the 102 that Gmail shows". */
export function sizeWords(bytes: number): string {
  return bytes < 1024 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(bytes < 10_240 ? 1 : 0)} KB`;
}

/** What a call brings along, from what was typed: nothing from nothing, null where it is no JSON object. */
export function dataOf(typed: string): Record<string, unknown> | null {
  if (typed.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(typed);
    return typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}
