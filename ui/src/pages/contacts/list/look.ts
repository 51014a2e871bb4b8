/** What the contacts page shows, as its address says it. Pure. */

import type { ContactSearch } from "@/api/contacts";
import type { TraitCondition } from "@/api/types";

/** The address's parameters: only what differs from the plain page is there. */
export interface Look {
  q?: string;
  list?: string;
  segment?: string;
  subscription?: string;
  sort?: "seen";
  traits?: TraitCondition[];
}

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

const OPS = ["is", "begins", "greater", "less", "exists"];

function isCondition(value: unknown): value is TraitCondition {
  const { name, op, value: wanted } = (value ?? {}) as Record<string, unknown>;
  return typeof name === "string" && typeof wanted === "string" && OPS.includes(op as string);
}

/** Whatever an address holds, as a look. */
export function asLook(search: Record<string, unknown>): Look {
  const traits = Array.isArray(search.traits) ? search.traits.filter(isCondition) : [];
  const look: Look = {};
  const q = typeof search.q === "number" ? String(search.q) : text(search.q);
  if (q) look.q = q;
  for (const name of ["list", "segment", "subscription"] as const) {
    const value = text(search[name]);
    if (value) look[name] = value;
  }
  if (search.sort === "seen") look.sort = "seen";
  if (traits.length > 0) look.traits = traits;
  return look;
}

/** The search that a look asks for. */
export const searchOf = (look: Look): ContactSearch => ({
  q: look.q ?? "",
  traits: look.traits ?? [],
  list: look.list ?? "",
  segment: look.segment ?? "",
  subscription: look.subscription ?? "",
  sort: look.sort ?? "newest",
});

/** Whether anything is asked for but an order. */
export const isNarrowed = ({ sort: _, ...rest }: Look): boolean => Object.keys(rest).length > 0;

const WORDS: Record<TraitCondition["op"], string> = {
  is: "is",
  begins: "begins with",
  greater: "is greater than",
  less: "is less than",
  exists: "is known",
};

/** A condition as a person says it: "plan is pro". */
export const said = ({ name, op, value }: TraitCondition): string =>
  [name, WORDS[op], op === "exists" ? "" : value].filter(Boolean).join(" ");

export const OP_CHOICES = Object.entries(WORDS).map(([value, label]) => ({ value, label }));
