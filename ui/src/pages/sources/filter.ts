/** Which sources the list shows. Pure. */

import type { Source } from "@/api/types";
import { labelTexts } from "@/components/labels";

/** Every word is found in the name, schema, kind, a label or a write key; and every chosen label is there. */
export function filterSources(sources: Source[], text: string, labels: string[]): Source[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return sources.filter((source) => {
    const own = labelTexts(source.labels);
    const all = [source.name, source.schema, source.kind, ...own, ...source.write_keys].join(" ").toLowerCase();
    return words.every((word) => all.includes(word)) && labels.every((label) => own.includes(label));
  });
}

/** All labels in use. */
export const labelsInUse = (sources: Source[]): string[] =>
  [...new Set(sources.flatMap((source) => labelTexts(source.labels)))].sort();

export type SourceState = "disabled" | "silent" | "receiving" | "quiet";

const QUIET_AFTER_MS = 10 * 60_000;

export function stateOf(source: Source, now: number): SourceState {
  if (!source.enabled) return "disabled";
  if (source.last_event_at === null) return "silent";
  return now - Date.parse(source.last_event_at) > QUIET_AFTER_MS ? "quiet" : "receiving";
}

const LONGEST_SCHEMA = 60;

/** The schema name that a new source's name gives, by the server's rules (sources/names.py); "" where it will choose. */
export function schemaNameOf(name: string, taken: string[] = []): string {
  const schema = name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, "_")
    .replace(/[^a-z0-9_]/g, "")
    .replace(/^_+/, "")
    .slice(0, LONGEST_SCHEMA)
    .replace(/_+$/, "");
  const led = /^\d/.test(schema) ? `_${schema}` : schema;
  if (led === "" || !taken.includes(led)) return led;
  let number = 2;
  while (taken.includes(`${led}_${number}`)) number += 1;
  return `${led}_${number}`;
}
