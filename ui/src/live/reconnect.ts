/** The life of a live stream's connection, as named states; pure, so that its timing can be tested without a clock. */

export type Connection =
  | { state: "connecting"; failures: number }
  | { state: "open" }
  | { state: "waiting"; failures: number; delay: number }
  | { state: "closed" };

export type Happening = "opened" | "failed" | "retry" | "wake" | "close";

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 10_000;

export const beginning: Connection = { state: "connecting", failures: 0 };

/** What a connection becomes. A closed one stays closed; `wake` (the page is seen again) cuts a wait short. */
export function after(now: Connection, what: Happening): Connection {
  if (now.state === "closed" || what === "close") return { state: "closed" };
  if (what === "opened") return { state: "open" };
  if (what === "failed") {
    const failures = now.state === "open" ? 1 : now.failures + 1;
    return { state: "waiting", failures, delay: delayAfter(failures) };
  }
  return now.state === "waiting" ? { state: "connecting", failures: now.failures } : now;
}

/** Half a second, doubled at each failure, never more than ten seconds. */
export function delayAfter(failures: number): number {
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
}
