/** The conditions that there are: how each begins, how it compares, and what it still lacks. Pure. */

import type {
  SegmentCondition,
  SegmentEmail,
  SegmentEvent,
  SegmentOp,
  SegmentProperty,
  SegmentTimes,
  SegmentTrait,
  SegmentWhen,
  SuggestedField,
} from "@/api/types";

export type Kind = SegmentCondition["type"];
type ValueKind = SuggestedField["kind"];

export const EVER: SegmentWhen = { type: "ever" };
export const ONCE: SegmentTimes = { op: "at_least", n: 1 };

/** A condition as it is when it is added: a sentence with gaps. */
export const BLANK: Record<Kind, SegmentCondition> = {
  trait: { type: "trait", name: "", op: "is", value: "" },
  event: {
    type: "event",
    kind: "track",
    name: "",
    count: ONCE,
    when: { type: "last", n: 30, unit: "days" },
    where: [],
    which: "any",
  },
  email: { type: "email", activity: "opened", count: ONCE, when: { type: "last", n: 30, unit: "days" } },
  list: { type: "list", list_id: 0, op: "on" },
  segment: { type: "segment", segment_id: 0, op: "in" },
  subscription: { type: "subscription", state: "subscribed" },
  moment: { type: "moment", what: "created", when: { type: "last", n: 7, unit: "days" } },
  identity: { type: "identity", what: "user_id", op: "exists" },
  domain: { type: "domain", domains: [], op: "one_of" },
};

export type Need = "any" | "text" | "values" | "number" | "range" | "date" | "days" | "nothing";

interface Comparison {
  words: string;
  need: Need;
  /** The kinds of values that it is offered for. */
  of: ValueKind[];
}

const EVERY: ValueKind[] = ["text", "number", "boolean", "date"];

export const COMPARISONS: Record<SegmentOp, Comparison> = {
  is: { words: "is", need: "any", of: ["text", "number"] },
  is_not: { words: "is not", need: "any", of: ["text", "number"] },
  is_true: { words: "is true", need: "nothing", of: ["boolean"] },
  is_false: { words: "is false", need: "nothing", of: ["boolean"] },
  one_of: { words: "is one of", need: "values", of: ["text", "number"] },
  none_of: { words: "is none of", need: "values", of: ["text", "number"] },
  contains: { words: "contains", need: "text", of: ["text"] },
  contains_not: { words: "does not contain", need: "text", of: ["text"] },
  begins: { words: "begins with", need: "text", of: ["text"] },
  ends: { words: "ends with", need: "text", of: ["text"] },
  greater: { words: "is more than", need: "number", of: ["number"] },
  less: { words: "is less than", need: "number", of: ["number"] },
  between: { words: "is between", need: "range", of: ["number"] },
  in_last: { words: "was in the last", need: "days", of: ["date"] },
  in_next: { words: "is in the next", need: "days", of: ["date"] },
  before: { words: "is before", need: "date", of: ["date"] },
  after: { words: "is on or after", need: "date", of: ["date"] },
  anniversary: { words: "has its anniversary within", need: "days", of: ["date"] },
  exists: { words: "has any value", need: "nothing", of: EVERY },
  missing: { words: "has no value", need: "nothing", of: EVERY },
};

const OPS = Object.keys(COMPARISONS) as SegmentOp[];

/** The comparisons of a value: those that fit its kind first, then all others, so that a wrong guess costs nothing. */
export function opsFor(
  kind: ValueKind | undefined,
  isProperty: boolean,
): { fitting: SegmentOp[]; others: SegmentOp[] } {
  const known = OPS.filter((op) => !isProperty || !["days", "date"].includes(COMPARISONS[op].need));
  const fits = (op: SegmentOp) => kind === undefined || COMPARISONS[op].of.includes(kind);
  return { fitting: known.filter(fits), others: known.filter((op) => !fits(op)) };
}

/** The same comparison of another kind: what it can still use of what was given is kept. */
export function withOp<T extends SegmentTrait | SegmentProperty>(one: T, op: SegmentOp): T {
  const need = COMPARISONS[op].need;
  const had = COMPARISONS[one.op].need;
  const { value, values, high, ...rest } = one;
  const kept = { ...rest, op } as T;
  if ("days" in kept) delete kept.days;
  if (need === "values") return { ...kept, values: values?.length ? values : isGiven(value) ? [value] : [] };
  if (need === "days") return { ...kept, days: (one as SegmentTrait).days ?? 30 };
  if (need === "nothing") return kept;
  const first = had === "values" ? values?.[0] : value;
  const usable = need === "number" || need === "range" ? (typeof first === "number" ? first : undefined) : first;
  const base = { ...kept, value: usable ?? (need === "number" || need === "range" ? undefined : "") };
  return need === "range" ? { ...base, high: high ?? undefined } : base;
}

/** The first comparison to offer for a value of this kind. */
export const firstOp = (kind: ValueKind | undefined): SegmentOp =>
  ({ text: "is", number: "greater", boolean: "is_true", date: "in_last" })[kind ?? "text"] as SegmentOp;

const isGiven = (value: unknown): value is string | number | boolean =>
  value !== undefined && value !== null && value !== "";

/** What a condition still lacks before it can be counted, as a sentence; null where it is whole. */
export function lackOf(one: SegmentCondition): string | null {
  switch (one.type) {
    case "trait":
      return one.name === "" ? "Choose a trait." : lackOfComparison(one);
    case "event":
      return lackOfEvent(one);
    case "email":
      return lackOfEmail(one);
    case "list":
      return one.list_id > 0 ? null : "Choose a list.";
    case "segment":
      return one.segment_id > 0 ? null : "Choose a segment.";
    case "subscription":
      return one.state === "unsubscribed_topic" && !one.topic_id ? "Choose a topic." : null;
    case "moment":
      return lackOfWindow(one.when);
    case "domain":
      return one.domains.length > 0 ? null : "Type a domain.";
    case "identity":
      return null;
  }
}

function lackOfComparison(one: SegmentTrait | SegmentProperty): string | null {
  const need = COMPARISONS[one.op].need;
  if (need === "values") return one.values?.length ? null : "Give at least one value.";
  if (need === "days") return (one as SegmentTrait).days == null ? "Say how many days." : null;
  if (need === "range") return isGiven(one.value) && isGiven(one.high) ? null : "Give both ends.";
  if (need === "nothing") return null;
  return isGiven(one.value) ? null : "Give a value.";
}

function lackOfEvent(one: SegmentEvent): string | null {
  if (one.name === "") return "Choose an event.";
  for (const property of one.where ?? []) {
    const lack = property.name === "" ? "Choose a property." : lackOfComparison(property);
    if (lack) return lack;
  }
  return lackOfWindow(one.when);
}

function lackOfEmail(one: SegmentEmail): string | null {
  if (one.template_id === 0) return "Choose a template.";
  return one.broadcast_id === 0 ? "Choose a broadcast." : lackOfWindow(one.when);
}

const lackOfWindow = (when: SegmentWhen | undefined): string | null =>
  when?.type === "between" && !when.start && !when.end ? "Give the first or the last day." : null;

export const ACTIVITIES: Record<SegmentEmail["activity"], string> = {
  sent: "were sent",
  delivered: "received",
  opened: "opened",
  clicked: "clicked in",
  replied: "replied to",
  bounced: "had a bounce of",
  unsubscribed: "unsubscribed by",
  complained: "marked as spam",
};

/** Which mail a condition is about. */
export type About = "any" | "template" | "broadcast";

export const aboutOf = (one: SegmentEmail): About =>
  one.broadcast_id != null ? "broadcast" : one.template_id != null ? "template" : "any";

/** About another mail, 0 while none is chosen. Its links are others: the one that was chosen is given up. */
export function withMail(one: SegmentEmail, about: About, id: number): SegmentEmail {
  const { template_id, broadcast_id, link_id, ...rest } = one;
  return about === "any" ? rest : { ...rest, [`${about}_id`]: id };
}

/** Something else that became of it; only a click is of a link. */
export function withActivity(one: SegmentEmail, activity: SegmentEmail["activity"]): SegmentEmail {
  const { link_id, ...rest } = one;
  return activity === "clicked" ? { ...one, activity } : { ...rest, activity };
}

/** How often, as one choice: "never" is exactly 0 times. */
export type Often = "ever" | "never" | SegmentTimes["op"];

export function oftenOf(count: SegmentTimes | undefined): Often {
  if (!count || (count.op === "at_least" && count.n === 1)) return "ever";
  return count.n === 0 ? "never" : count.op;
}

export function timesOf(often: Often, n: number): SegmentTimes {
  if (often === "ever") return ONCE;
  if (often === "never") return { op: "exactly", n: 0 };
  return { op: often, n: Math.max(often === "at_least" ? 2 : 1, n) };
}
