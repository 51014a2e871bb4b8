import { describe, expect, it } from "vitest";
import type { DebugEvent } from "@/api/types";
import { CAP, type Held, type Move, moved, nothing } from "./arrivals";
import { everything, filterArrivals } from "./filter";

const anEvent = (position: number, own: Partial<DebugEvent> = {}): DebugEvent => ({
  id: `${position}-0`,
  received_at: new Date(1_700_000_000_000 + position).toISOString(),
  status: "accepted",
  type: "track",
  name: "Order Completed",
  user: "ada",
  raw: { type: "track", event: "Order Completed", properties: { total: 12.5 } },
  code: "",
  reason: "",
  ...own,
});

const heldAfter = (...moves: Move[]): Held => moves.reduce(moved, nothing);
const arrive = (...events: DebugEvent[]): Move => ({ do: "arrive", arrivals: { events, skipped: 0 } });
const ids = (held: Held) => held.events.map((event) => event.id);

describe("the debugger's list", () => {
  it("has the newest first, wherever they come from, and each once", () => {
    const held = heldAfter(arrive(anEvent(2), anEvent(10)), { do: "history", events: [anEvent(1), anEvent(2)] });
    expect(ids(held)).toEqual(["10-0", "2-0", "1-0"]);
  });
  it("never holds more than its cap, and drops the oldest", () => {
    const held = heldAfter(arrive(...Array.from({ length: CAP + 20 }, (_, index) => anEvent(index))));
    expect(held.events.length).toBe(CAP);
    expect(ids(held)[0]).toBe(`${CAP + 19}-0`);
  });
  it("holds back what comes while it is paused, counts it, and shows it later", () => {
    const paused = heldAfter(arrive(anEvent(1)), { do: "pause" }, arrive(anEvent(2), anEvent(3)));
    expect(ids(paused)).toEqual(["1-0"]);
    expect(paused.missed).toBe(2);
    const live = moved(paused, { do: "go live" });
    expect(ids(live)).toEqual(["3-0", "2-0", "1-0"]);
    expect([live.missed, live.isPaused]).toEqual([0, false]);
  });
  it("counts what the server left out", () => {
    const skips: Move = { do: "arrive", arrivals: { events: [], skipped: 7 } };
    expect(heldAfter(skips, skips).skipped).toBe(14);
    expect(heldAfter({ do: "pause" }, skips).missed).toBe(7);
  });
  it("is empty after a clear, and goes on", () => {
    expect(ids(heldAfter(arrive(anEvent(1)), { do: "clear" }, arrive(anEvent(2))))).toEqual(["2-0"]);
  });
});

describe("the filter", () => {
  const events = [
    anEvent(1),
    anEvent(2, { type: "identify", name: "ada", raw: { type: "identify", traits: { plan: "pro" } } }),
    anEvent(3, { status: "rejected", reason: "event must be a string", raw: "{not json" }),
  ];
  const shown = (wanted: Partial<typeof everything>) =>
    filterArrivals(events, { ...everything, ...wanted }).map((event) => event.id);

  it("shows all at first", () => expect(shown({})).toEqual(["1-0", "2-0", "3-0"]));
  it("finds words anywhere in the raw event, in any order", () =>
    expect(shown({ text: "12.5 TOTAL" })).toEqual(["1-0"]));
  it("finds a reason", () => expect(shown({ text: "must be" })).toEqual(["3-0"]));
  it("narrows by type and by status", () => {
    expect(shown({ types: ["identify"] })).toEqual(["2-0"]);
    expect(shown({ statuses: ["rejected"] })).toEqual(["3-0"]);
    expect(shown({ types: ["identify"], statuses: ["rejected"] })).toEqual([]);
  });
});
