/** Whether the server answers, as seen by the last call; while it is away, its health is asked for until it is back. */

import { useSyncExternalStore } from "react";

type Listener = () => void;

const ASK_EVERY_MS = 1500;

let away = false;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<Listener>();
const returns = new Set<Listener>();

export function serverAway(): void {
  if (away) return;
  away = true;
  tell(listeners);
  timer = setTimeout(ask, ASK_EVERY_MS);
}

export function serverAnswered(): void {
  if (!away) return;
  away = false;
  clearTimeout(timer);
  tell(listeners);
  tell(returns);
}

/** Calls `listener` each time the server comes back; gives the function that stops it. */
export function onServerReturn(listener: Listener): () => void {
  returns.add(listener);
  return () => returns.delete(listener);
}

export function useServerIsAway(): boolean {
  return useSyncExternalStore(subscribe, () => away);
}

function subscribe(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(whom: Set<Listener>): void {
  for (const listener of whom) listener();
}

/** Asks the server now: for those who lost a stream or a file and want to know why. */
export async function checkServer(): Promise<boolean> {
  const answers = await fetch("/health", { cache: "no-store" }).then(
    (response) => response.headers.get("content-type")?.includes("json") ?? false, // else it is a proxy's own words
    () => false,
  );
  if (answers) serverAnswered();
  else serverAway();
  return answers;
}

async function ask(): Promise<void> {
  if (!(await checkServer())) timer = setTimeout(ask, ASK_EVERY_MS);
}
