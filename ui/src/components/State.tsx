import classes from "./State.module.css";

export type Tone = "good" | "busy" | "warn" | "bad" | "idle";

/** What the server's words for a state mean to a person: how it feels, and how it is said. */
const STATES: Record<string, [tone: Tone, words: string]> = {
  ok: ["good", "OK"],
  idle: ["good", "Up to date"],
  receiving: ["good", "Receiving"],
  enabled: ["good", "Enabled"],
  delivering: ["busy", "Delivering"],
  loading: ["busy", "Loading"],
  building: ["busy", "Building"],
  ready: ["good", "Up to date"],
  waiting: ["warn", "Waiting"],
  retrying: ["warn", "Retrying"],
  lagging: ["warn", "Behind"],
  failing: ["bad", "Failing"],
  full: ["bad", "Full"],
  disabled: ["idle", "Disabled"],
  silent: ["idle", "No events yet"],
  success: ["good", "Success"],
  partial: ["warn", "Partial"],
  failure: ["bad", "Failed"],
  accepted: ["good", "Accepted"],
  duplicate: ["idle", "Duplicate"],
  rejected: ["bad", "Refused"],
  resent: ["good", "Sent again"],
  delivered: ["good", "Delivered"],
  retry: ["warn", "Retry"],
  failed: ["bad", "Failed"],
  subscribed: ["good", "Subscribed"],
  unsubscribed: ["idle", "Unsubscribed"],
  bounced: ["bad", "Bounced"],
  complained: ["bad", "Complained"],
  none: ["idle", "No address"],
  uploaded: ["warn", "To be mapped"],
  checking: ["busy", "Trying"],
  checked: ["warn", "Ready to import"],
  importing: ["busy", "Importing"],
  done: ["good", "Done"],
  cancelled: ["idle", "Cancelled"],
  draft: ["idle", "Draft"],
  published: ["good", "Published"],
  changed: ["warn", "Changes not published"],
  queued: ["idle", "Queued"],
  sending: ["busy", "Sending"],
  sent: ["good", "Sent"],
  deferred: ["warn", "Deferred"],
  unknown: ["warn", "Unknown"],
  scheduled: ["idle", "Scheduled"],
  running: ["busy", "Running"],
  paused: ["warn", "Paused"],
};

const known = (state: string): [Tone, string] => STATES[state] ?? ["idle", state];

export const toneOf = (state: string): Tone => known(state)[0];
export const wordsOf = (state: string): string => known(state)[1];

export function Dot({ tone, pulse = false }: { tone: Tone; pulse?: boolean }) {
  return <span className={classes.dot} data-tone={tone} data-pulse={pulse || undefined} aria-hidden="true" />;
}

/** A dot and a word. */
export function State({ state, words }: { state: string; words?: string }) {
  return (
    <span className={classes.state}>
      <Dot tone={toneOf(state)} pulse={toneOf(state) === "busy"} />
      {words ?? wordsOf(state)}
    </span>
  );
}

/** The same on a soft ground: for headings, where the state must be seen at once. */
export function StatePill({ state, words }: { state: string; words?: string }) {
  return (
    <span className={classes.pill} data-tone={toneOf(state)}>
      {words ?? wordsOf(state)}
    </span>
  );
}
