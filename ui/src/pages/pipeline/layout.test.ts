import { expect, test } from "vitest";
import type { NodeKind, Pipeline } from "@/api/types";
import { BOX, columnsOf, layout, pace, sidesOf, thickness } from "./layout";

const node = (kind: NodeKind, id: string) => ({
  id,
  kind,
  name: id,
  icon: kind,
  enabled: true,
  state: "idle",
  per_second: 0,
  total_24h: 0,
  lag: 0,
  detail: "",
});

const pipeline = (sources: number, destinations: number): Pipeline => ({
  nodes: [
    ...Array.from({ length: sources }, (_, index) => node("source", `s${index}`)),
    node("log", "log"),
    ...Array.from({ length: destinations }, (_, index) => node("destination", `d${index}`)),
    node("warehouse", "warehouse"),
  ],
  edges: [],
  mail_events: {},
  log: { head: 0, oldest: 1, bytes: 0, max_bytes: 1, full: false },
  at: "2026-01-01T00:00:00Z",
});

test("the warehouse stands before the destinations, and a place for more ends each side", () => {
  const [left, , right] = columnsOf(pipeline(1, 2));
  expect(left.map((box) => box.id)).toEqual(["s0", "add-source"]);
  expect(right.map((box) => box.id)).toEqual(["warehouse", "d0", "d1", "add-destination"]);
});

test.each([
  [1, 0],
  [9, 1],
  [2, 12],
])("with %d sources and %d destinations no two boxes overlap, and all are inside", (sources, destinations) => {
  const width = 1000;
  const { placed, height } = layout(pipeline(sources, destinations), width);
  for (const one of placed) {
    expect(one.x).toBeGreaterThanOrEqual(0);
    expect(one.x + one.width).toBeLessThanOrEqual(width);
    expect(one.y + one.height).toBeLessThanOrEqual(height);
    const over = placed.filter(
      (other) =>
        other !== one &&
        other.x < one.x + one.width &&
        one.x < other.x + other.width &&
        other.y < one.y + one.height &&
        one.y < other.y + other.height,
    );
    expect(over).toEqual([]);
  }
});

test("the log is level with the middle of the tallest column", () => {
  const { placed, height } = layout(pipeline(5, 0), 1000);
  const log = placed.find((one) => one.box.kind === "log");
  expect(log && log.y + log.height / 2).toBe(height / 2);
  expect(placed[0]?.width).toBe(BOX.width);
});

test("edges grow thicker and quicker with their rate, within limits", () => {
  const rates = [0, 1, 10, 100, 1e9];
  const thick = rates.map(thickness);
  expect(thick).toEqual([...thick].sort((one, other) => one - other));
  expect(thick.at(-1)).toBe(5);
  expect(pace(0)).toBeNull();
  expect(pace(1e9)).toBe(0.35);
});

test("the loop ends both columns, and contacts and email stand under them, from right to left", () => {
  const loop = pipeline(1, 1);
  loop.nodes.push(node("contacts", "contacts"), node("email", "email"));
  loop.nodes.unshift({ ...node("source", "mails"), icon: "autopilothq" });
  const [left, , , back] = columnsOf(loop);
  expect(left.map((box) => box.id)).toEqual(["s0", "add-source", "mails"]);
  expect(back.map((box) => box.id)).toEqual(["email", "contacts"]);
  const { placed, height } = layout(loop, 1000);
  const [email, contacts] = placed.slice(-2);
  expect(email?.x).toBeLessThan(contacts?.x ?? 0);
  expect((email?.y ?? 0) + BOX.height).toBeLessThan(height);
  expect(sidesOf("contacts", "email")).toEqual(["left", "right"]);
  expect(sidesOf("source", "log")).toEqual(["right", "left"]);
});
