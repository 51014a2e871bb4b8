/** Where an import stands on its way. Pure. */

import type { ContactImport, ImportColumn } from "@/api/types";

export const STEPS = ["Upload", "Map columns", "Try it", "Import", "Report"] as const;

/** Which of the steps is now, by the import's state. */
export function stepOf(state: ContactImport["state"]): number {
  const steps: Record<ContactImport["state"], number> = {
    uploaded: 1,
    checking: 2,
    checked: 2,
    importing: 3,
    done: 4,
    failed: 4,
    cancelled: 4,
  };
  return steps[state];
}

/** Why a mapping can't be tried yet, "" where it can; the server checks it again. */
export function lacking(columns: ImportColumn[]): string {
  const used = columns.map(({ to }) => to);
  if (!used.some((to) => to === "email" || to === "userId" || to === "anonymousId")) {
    return "Say which column is the email address, the user ID or the anonymous ID.";
  }
  const unnamed = columns.find(({ to, trait }) => to === "trait" && trait.trim() === "");
  return unnamed ? `Name the trait that “${unnamed.name}” becomes.` : "";
}

/** How far it is, from 0 to 100. */
export const shareOf = ({ done, rows }: ContactImport): number => (rows === 0 ? 100 : (100 * done) / rows);

/** How long it will take at this pace, in ms; null while nobody can tell. */
export function restOf(done: number, rows: number, tookMillis: number): number | null {
  return done === 0 || tookMillis < 500 ? null : ((rows - done) * tookMillis) / done;
}
