import type { StreamState } from "@/live/stream";
import { Dot, type Tone } from "./State";

const WORDS: Record<StreamState, [tone: Tone, words: string]> = {
  connecting: ["idle", "Connecting"],
  open: ["good", "Live"],
  waiting: ["warn", "Reconnecting"],
  closed: ["idle", "Not live"],
};

/** Whether what is seen is live. */
export function LiveMark({ state, paused = false }: { state: StreamState; paused?: boolean }) {
  const [tone, words] = paused ? (["warn", "Paused"] as const) : WORDS[state];
  return (
    <span
      role="status"
      style={{
        display: "inline-flex",
        alignItems: "center",
        gap: 6,
        fontSize: 12.5,
        fontWeight: 500,
        letterSpacing: 0,
        color: "var(--sw-muted)",
      }}
    >
      <Dot tone={tone} pulse={state === "open" && !paused} />
      {words}
    </span>
  );
}
