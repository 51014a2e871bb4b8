import { Tooltip } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { ago, exact } from "./format";

const TICK_MS = 5_000;
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const watchers = new Set<() => void>();

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const tell of watchers) tell();
  }, TICK_MS);
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The present, a few seconds coarse; all who ask share one timer. */
export function useNow(): number {
  return useSyncExternalStore(watch, () => now);
}

/** How long ago something was; the exact moment, in the viewer's zone, on hover. */
export function When({ at, none = "never" }: { at: string | null; none?: string }) {
  const present = useNow();
  if (at === null) return <span style={{ color: "var(--sw-faint)" }}>{none}</span>;
  return (
    <Tooltip label={exact(at)}>
      <time dateTime={at} style={{ whiteSpace: "nowrap" }}>
        {ago(at, Math.max(present, Date.parse(at) < Date.now() ? Date.parse(at) : present))}
      </time>
    </Tooltip>
  );
}
