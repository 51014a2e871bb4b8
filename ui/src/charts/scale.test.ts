import { describe, expect, it, test } from "vitest";
import { axis, bucketAt, linePath, stack, timeTicks } from "./scale";

test.each([
  [0, 1, [0, 1]],
  [1, 1, [0, 1]],
  [3, 3, [0, 1, 2, 3]],
  [7, 8, [0, 2, 4, 6, 8]],
  [97, 100, [0, 25, 50, 75, 100]],
  [1_850, 2_000, [0, 500, 1000, 1500, 2000]],
])("an axis for %d ends at %d", (most, top, ticks) => expect(axis(most, 4)).toEqual({ top, ticks }));

describe("time ticks", () => {
  const at = (text: string) => Date.parse(text);
  it("stand on round times of the viewer's zone", () => {
    const zone = 5.5 * 3_600_000;
    const ticks = timeTicks(at("2026-03-01T10:00:00Z"), at("2026-03-01T14:00:00Z"), 6, zone);
    expect(ticks.map((tick) => new Date(tick.at).toISOString())).toEqual([
      "2026-03-01T10:30:00.000Z",
      "2026-03-01T11:30:00.000Z",
      "2026-03-01T12:30:00.000Z",
      "2026-03-01T13:30:00.000Z",
    ]);
  });
  it("name the day at midnight", () => {
    const ticks = timeTicks(at("2026-03-01T18:00:00Z"), at("2026-03-02T06:00:00Z"), 4, 0);
    expect(ticks.map((tick) => tick.label)).toEqual(["time", "time", "day", "time", "time"].slice(0, ticks.length));
    expect(ticks.find((tick) => tick.label === "day")?.at).toBe(at("2026-03-02T00:00:00Z"));
  });
  it("are never more than asked for, but for the one at the edge", () => {
    for (const hours of [0.2, 1, 24, 168, 700]) expect(timeTicks(0, hours * 3_600_000, 6, 0).length).toBeLessThan(8);
  });
});

test("the bucket under the pointer is found at both edges, and none outside", () => {
  expect([bucketAt(0, 100, 10), bucketAt(99.9, 100, 10), bucketAt(100, 100, 10), bucketAt(-1, 100, 10)]).toEqual([
    0,
    9,
    null,
    null,
  ]);
});

test("a stack is piled from the bottom", () => {
  expect(stack([3, 0, 2])).toEqual([
    { from: 0, to: 3 },
    { from: 3, to: 3 },
    { from: 3, to: 5 },
  ]);
});

test("a line breaks where nothing was measured", () => {
  expect(linePath([{ x: 0, y: 1 }, { x: 1, y: 2 }, null, { x: 3, y: 4 }])).toBe("M0.0 1.0L1.0 2.0M3.0 4.0");
});
