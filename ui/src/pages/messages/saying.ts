/** Messages in words. Pure. */

import type { Json, MessageRow, MessageState } from "@/api/types";

export const STATES: [state: MessageState, words: string][] = [
  ["queued", "Queued"],
  ["sending", "Sending"],
  ["sent", "Sent"],
  ["delivered", "Delivered"],
  ["deferred", "Deferred"],
  ["bounced", "Bounced"],
  ["rejected", "Not sent"],
  ["unknown", "In doubt"],
];

export const stateWords = (state: string): string => STATES.find(([name]) => name === state)?.[1] ?? state;

const ORIGINS: Record<string, string> = { api: "The API", broadcast: "A broadcast", test: "A test" };

/** What asked for it, where that has no name of its own. */
export const originWords = (origin: string): string => ORIGINS[origin] ?? origin;

/** An address; of one that was erased only a hash is known. */
export const addressWords = (address: string): string =>
  address.startsWith("sha256:") ? `Erased address ${address.slice(7, 15)}…` : address;

/** What people did with it, the strongest sign first; "" for nothing. */
export function seenWords(message: MessageRow): string {
  if (message.complained_at) return "Marked as spam";
  if (message.unsubscribed_at) return "Unsubscribed";
  if (message.replied_at) return "Replied";
  if (message.clicked_at) return "Clicked";
  if (message.opened_at) return "Opened";
  return message.machine_opened_at ? "Opened by a machine" : "";
}

const STEPS: Record<string, string> = {
  "Email Rejected": "Not sent",
  "Email Skipped": "Not sent",
  "Email Unknown": "In doubt",
  "Email Autoresponded": "Answered automatically",
};

/** A step in a person's words. */
export const stepWords = (name: string): string => STEPS[name] ?? name.replace(/^Email /, "");

/** A step's details as a line: "5.1.1 · no such user". */
export function detailWords(data: Record<string, Json>): string {
  const told = [data.said ?? data.reason, data.bounce_class, data.bounce_code ?? data.code, data.host, data.link_url];
  const machine = data.machine === true ? ["by a machine"] : [];
  return [...told.filter((word): word is string => typeof word === "string" && word !== ""), ...machine].join(" · ");
}

const BAD = ["Email Bounced", "Email Marked as Spam", "Email Rejected", "Email Skipped"];
const GOOD = ["Email Delivered", "Email Opened", "Email Clicked", "Email Replied"];
const WARN = ["Email Deferred", "Email Unknown", "Email Unsubscribed"];

/** How a step feels. */
export function toneOfStep(name: string): "good" | "warn" | "bad" | "idle" {
  if (BAD.includes(name)) return "bad";
  if (WARN.includes(name)) return "warn";
  return GOOD.includes(name) ? "good" : "idle";
}
