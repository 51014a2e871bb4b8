import { describe, expect, it } from "vitest";
import type { Broadcast } from "@/api/types";
import { audienceWords, doneOf, searchOf, shareOf } from "./progress";

const aBroadcast = (fields: Partial<Broadcast>) =>
  ({ progress: {}, total: 0, state: "running", ...fields }) as Broadcast;

describe("a broadcast's progress", () => {
  it("counts what is decided", () =>
    expect(doneOf(aBroadcast({ progress: { queued: 5, deferred: 2, delivered: 3, rejected: 1 } }))).toBe(4));
  it("does not count as done what a cancelled one never sent", () =>
    expect(doneOf(aBroadcast({ state: "cancelled", progress: { delivered: 6, rejected: 48 } }))).toBe(6));
  it("is a share of the audience", () =>
    expect(shareOf(aBroadcast({ progress: { delivered: 3 }, total: 12 }))).toBe(0.25));
  it("is whole once it is done", () => expect(shareOf(aBroadcast({ state: "done" }))).toBe(1));
  it("is searched for by its list", () =>
    expect(searchOf({ audience: { kind: "list", id: 7 } })).toMatchObject({ list: "list_7", segment: "" }));
  it.each([
    ["all", "", "Everybody"],
    ["list", "Friends", "List “Friends”"],
    ["segment", "", "Segment 7, removed since"],
  ] as const)("names the audience %s %s", (kind, audience_name, words) =>
    expect(audienceWords({ audience: { kind, id: 7 }, audience_name })).toBe(words),
  );
});
