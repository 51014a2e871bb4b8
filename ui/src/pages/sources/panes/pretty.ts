/** About the call that made an event, in the language of its source. Pure. */

import type { Json } from "@/api/types";

type Fields = Record<string, Json>;

export interface Call {
  code: string;
  language: "javascript" | "python";
}

const isFields = (value: Json | undefined): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The arguments that each type of call takes, by their names in the event. */
const ARGUMENTS: Record<string, string[]> = {
  track: ["userId", "anonymousId", "event", "properties"],
  identify: ["userId", "anonymousId", "traits"],
  page: ["userId", "anonymousId", "category", "name", "properties"],
  screen: ["userId", "anonymousId", "category", "name", "properties"],
  group: ["userId", "anonymousId", "groupId", "traits"],
  alias: ["previousId", "userId"],
};

/** The call, or null where the event is none that could be made by a library. */
export function callOf(raw: Json, kind: string): Call | null {
  if (!isFields(raw) || typeof raw.type !== "string") return null;
  const names = ARGUMENTS[raw.type];
  if (names === undefined) return null;
  const given = names.filter((name) => name in raw && raw[name] !== null);
  if (kind === "python") return { code: python(raw, given), language: "python" };
  return { code: kind === "javascript" ? browser(raw) : node(raw, given), language: "javascript" };
}

/** analytics.track("Order Completed", { … }) */
function browser(raw: Fields): string {
  const first = raw.event ?? raw.groupId ?? (raw.type === "page" || raw.type === "screen" ? raw.name : raw.userId);
  const rest = raw.properties ?? raw.traits;
  const values = [first, rest].filter((value) => value !== undefined && value !== null && !isEmpty(value));
  return `analytics.${raw.type}(${values.map((value) => literal(value as Json, "", JAVASCRIPT)).join(", ")})`;
}

/** analytics.track({ userId: "…", event: "Order Completed", properties: { … } }) */
function node(raw: Fields, names: string[]): string {
  return `analytics.${raw.type}(${literal(Object.fromEntries(names.map((name) => [name, raw[name] ?? null])), "", JAVASCRIPT)})`;
}

/** analytics.track(user_id="…", event="Order Completed", properties={ … }) */
function python(raw: Fields, names: string[]): string {
  const values = names.map((name) => `    ${snake(name)}=${literal(raw[name] ?? null, "    ", PYTHON)},`);
  return `analytics.${raw.type}(\n${values.join("\n")}\n)`;
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const isEmpty = (value: Json): boolean => isFields(value) && Object.keys(value).length === 0;

interface Tongue {
  indent: string;
  words: { true: string; false: string; null: string };
  key: (name: string) => string;
}

const JAVASCRIPT: Tongue = {
  indent: "  ",
  words: { true: "true", false: "false", null: "null" },
  key: (name) => (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? name : JSON.stringify(name)),
};

const PYTHON: Tongue = {
  indent: "    ",
  words: { true: "True", false: "False", null: "None" },
  key: (name) => JSON.stringify(name),
};

function literal(value: Json, indent: string, tongue: Tongue): string {
  if (value === null || typeof value === "boolean") return tongue.words[String(value) as keyof Tongue["words"]];
  if (typeof value !== "object") return JSON.stringify(value);
  const deeper = indent + tongue.indent;
  const lines = Array.isArray(value)
    ? value.map((item) => `${deeper}${literal(item, deeper, tongue)},\n`)
    : Object.entries(value).map(([name, item]) => `${deeper}${tongue.key(name)}: ${literal(item, deeper, tongue)},\n`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return lines.length === 0 ? `${open}${close}` : `${open}\n${lines.join("")}${indent}${close}`;
}
