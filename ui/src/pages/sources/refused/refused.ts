/** What can be read from the body of a refused event, which may be anything. Pure. */

import type { DebugEvent, Json, Rejection } from "@/api/types";

/** The event that a body was meant to be, with what could be read of it. */
export function eventOf({ received_at, code, reason, body }: Rejection): Omit<DebugEvent, "id" | "user"> {
  const raw = parsed(body);
  const fields = typeof raw === "object" && raw !== null && !Array.isArray(raw) ? raw : {};
  const type = textIn(fields.type);
  return {
    status: "rejected",
    received_at,
    code,
    reason,
    raw,
    type,
    name: textIn(fields.event) || textIn(fields.name),
  };
}

/** What to call it in a list. */
export function titleOf(rejection: Rejection): string {
  const { name, type } = eventOf(rejection);
  return name || type || "Not an event";
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The body as JSON, or as text where it is none. */
function parsed(body: string): Json {
  return isJson(body) ? (JSON.parse(body) as Json) : body;
}

const textIn = (value: Json | undefined): string => (typeof value === "string" ? value : "");
