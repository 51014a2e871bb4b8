/** The queries that were run lately, kept in this browser. Pure but for the two functions at the end. */

const MOST = 30;
const STORED_AS = "skywrite.recent-queries";

export interface Recent {
  sql: string;
  at: string;
}

/** With this query first, and only once. */
export function withRecent(recents: Recent[], sql: string, at: string): Recent[] {
  const text = sql.trim();
  return text === "" ? recents : [{ sql: text, at }, ...recents.filter((one) => one.sql !== text)].slice(0, MOST);
}

/** What was stored, as far as it can be read. */
export function parseRecents(stored: string | null): Recent[] {
  try {
    const found: unknown = JSON.parse(stored ?? "[]");
    return Array.isArray(found) ? found.filter(isRecent) : [];
  } catch {
    return [];
  }
}

const isRecent = (value: unknown): value is Recent =>
  typeof value === "object" &&
  value !== null &&
  "sql" in value &&
  typeof value.sql === "string" &&
  "at" in value &&
  typeof value.at === "string";

/** A browser may keep nothing, such as in a private window: then nothing is remembered. */
export function loadRecents(): Recent[] {
  try {
    return parseRecents(window.localStorage.getItem(STORED_AS));
  } catch {
    return [];
  }
}

export function storeRecents(recents: Recent[]): void {
  try {
    window.localStorage.setItem(STORED_AS, JSON.stringify(recents));
  } catch {
    // see loadRecents
  }
}
