/** Which settings stand together, which of a provider's are of use now, and how a check's state feels. Pure. */

import type { FormField } from "@/api/types";
import type { Values } from "@/pages/destinations/form";

export const FROM = ["from_name", "from_address", "postal_address"];
export const UTM = ["utm", "utm_source", "utm_medium", "utm_campaign", "utm_domains"];
export const RECEIVING = ["inbound_domain", "bounce_domain", "mailbox", "inbound_host", "inbound_port"];
export const OBSERVING = ["hold_seconds", "machine_seconds", "gmail_is_person"];
export const KEEPING = ["kept_days", "keeps_addresses", "most_suppressed"];
export const ADDRESSES = ["helo", "tracking_url"];
export const LIMITS = ["connections", "mails_per_second", "marketing_hours", "transactional_hours"];
export const RULES = [
  "once_days",
  "repeated_softs",
  "repeated_soft_days",
  "complaints_stop_transactional",
  "resends_unknown_transactional",
  "relay_250",
];

const ONLY_WITH: Record<string, string[]> = {
  relay: ["host", "port", "tls", "user", "password", "ca_file"],
  direct: ["ipv6", "routes"],
};

/** The fields of these names, in the order of the names. */
export const fieldsNamed = (fields: FormField[], names: string[]): FormField[] =>
  names.flatMap((name) => fields.filter((field) => field.name === name));

/** What another way of sending alone needs is not shown. */
export function ofUse(fields: FormField[], values: Values): FormField[] {
  const others = Object.entries(ONLY_WITH).filter(([mode]) => values.mode !== undefined && mode !== values.mode);
  const idle = new Set(others.flatMap(([, names]) => names));
  return fields.filter((field) => !idle.has(field.name));
}

/** A state of `components/State`, and the word for it here. */
export const CHECK_MARKS: Record<string, [state: string, words: string]> = {
  ok: ["ok", "Right"],
  warn: ["waiting", "To look at"],
  missing: ["failing", "Missing"],
  unknown: ["silent", "No answer"],
};

export const RESULT_MARKS: Record<string, [state: string, words: string]> = {
  taken: ["delivered", "Taken"],
  refused: ["failed", "Refused"],
  later: ["retry", "Not now"],
  lost: ["retry", "In doubt"],
};

const STAGES: Record<string, string> = {
  lookup: "looking up the recipient’s servers",
  connect: "connecting",
  helo: "greeting",
  tls: "starting TLS",
  auth: "logging in",
  mail: "naming the sender",
  rcpt: "naming the recipient",
  data: "announcing the content",
  dot: "handing over the content",
};

/** Where a talk ended, as part of a sentence. */
export const stageWords = (stage: string): string => STAGES[stage] ?? stage;
