/** Which traits the table of contacts shows, remembered in the browser; and what a trait looks like. Pure but for that. */

import { useLocalStorage } from "@mantine/hooks";
import type { Json } from "@/api/types";

/** The traits that are shown beside name, address and state, by their paths. */
export const useColumns = () =>
  useLocalStorage<string[]>({ key: "skywrite.contacts.columns", defaultValue: [], getInitialValueInEffect: false });

/** The value at a path; a name that holds a dot itself goes before. */
export function traitAt(traits: Record<string, Json>, path: string): Json | undefined {
  if (path in traits) return traits[path];
  let value: Json | undefined = traits;
  for (const step of path.split(".")) {
    value = typeof value === "object" && value !== null && !Array.isArray(value) ? value[step] : undefined;
  }
  return value;
}

/** A trait in a cell. */
export function shownTrait(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return String(value);
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return value.join(", ");
  const inner = Object.entries(value);
  const isFlat = !Array.isArray(value) && inner.every(([, item]) => typeof item !== "object" || item === null);
  return isFlat ? inner.map(([name, item]) => `${name}: ${shownTrait(item)}`).join(" · ") : JSON.stringify(value);
}

interface Named {
  email?: string | null;
  user_id?: string | null;
  traits: Record<string, Json>;
  id: string;
}

/** What a contact is called: their name, else their address, else an id. */
export function nameOf({ email, user_id, traits, id }: Named): string {
  const whole = shownTrait(traits.name);
  if (whole) return whole;
  const first = shownTrait(traits.firstName ?? traits.first_name);
  const last = shownTrait(traits.lastName ?? traits.last_name);
  return [first, last].filter(Boolean).join(" ") || email || user_id || id;
}

/** One or two letters that stand for a contact. */
export function initials(name: string): string {
  const words = name
    .replace(/@.*/, "")
    .split(/[\s._-]+/)
    .filter((word) => /\p{L}|\p{N}/u.test(word));
  const letters = words.slice(0, 2).map((word) => [...word][0] ?? "");
  return letters.join("").toUpperCase() || "?";
}

/** One of eight hues, the same for the same contact. */
export function hueOf(id: string): number {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + char.charCodeAt(0)) % 997;
  return (sum % 8) * 45;
}
