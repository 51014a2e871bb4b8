/** Which kept rejection a refused arrival is: the same reason, the nearest in time. Pure. */

import type { DebugEvent, Rejection } from "@/api/types";

export function rejectionOf(rejections: Rejection[], event: DebugEvent): Rejection | null {
  const alike = rejections.filter((one) => one.code === event.code && isBody(one.body, event.raw));
  const distance = (one: Rejection) => Math.abs(Date.parse(one.received_at) - Date.parse(event.received_at));
  return alike.sort((one, other) => distance(one) - distance(other))[0] ?? null;
}

function isBody(body: string, raw: DebugEvent["raw"]): boolean {
  if (typeof raw === "string") return body === raw;
  try {
    return JSON.stringify(JSON.parse(body)) === JSON.stringify(raw);
  } catch {
    return false;
  }
}
