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

/** The schema name that a new source's name gives: as the server makes it, but for what is taken already. */
export function schemaNameOf(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\s-]+/g, "_")
    .replace(/[^a-z0-9_]/g, "")
    .replace(/_+/g, "_")
    .replace(/^_|_$/g, "");
}
