/** The order and the filter of a catalog page. Pure. */

export interface CatalogEntry {
  slug: string;
  name: string;
  summary: string;
  categories: string[];
  icon: string;
}

export interface CatalogGroup {
  category: string;
  entries: CatalogEntry[];
}

/** These stand first, in this order; all others follow by name. */
const FIRST = ["website", "mobile", "server"];

const rank = (category: string): number => {
  const place = FIRST.indexOf(category.toLowerCase());
  return place < 0 ? FIRST.length : place;
};

/** One group a category, those that match the text; two spellings of a category are one. */
export function groupsOf(entries: CatalogEntry[], text: string): CatalogGroup[] {
  const groups = new Map<string, CatalogGroup>();
  for (const entry of entries.filter((one) => matches(one, text))) {
    for (const category of entry.categories.length > 0 ? entry.categories : ["Other"]) {
      const key = category.toLowerCase();
      const group = groups.get(key) ?? { category, entries: [] };
      if (!group.entries.includes(entry)) group.entries.push(entry);
      groups.set(key, group);
    }
  }
  return [...groups.values()].sort(
    (one, other) => rank(one.category) - rank(other.category) || one.category.localeCompare(other.category),
  );
}

function matches(entry: CatalogEntry, text: string): boolean {
  const all = [entry.name, entry.slug, entry.summary, ...entry.categories].join(" ").toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
