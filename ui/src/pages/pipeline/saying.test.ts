import { expect, test } from "vitest";
import type { PipelineNode } from "@/api/types";
import { placeOf, saying, toneOfNode } from "./saying";

const node = (own: Partial<PipelineNode>): PipelineNode => ({
  id: "x",
  kind: "destination",
  name: "X",
  icon: "webhook",
  enabled: true,
  state: "idle",
  per_second: 0,
  total_24h: 0,
  lag: 0,
  detail: "",
  ...own,
});

test.each([
  [{ enabled: false, detail: "failing" }, "Disabled"],
  [{ detail: "It answers 503." }, "It answers 503."],
  [{ lag: 3 }, "3 requests behind"],
  [{ lag: 3, per_second: 40, state: "delivering" }, "Delivering"],
  [{ lag: 900, per_second: 40 }, "900 requests behind"],
  [{ kind: "source" as const }, "No events yet"],
  [{ kind: "source" as const, total_24h: 4 }, "Quiet"],
  [{ kind: "source" as const, per_second: 1 }, "Receiving"],
])("a box of %j says “%s”", (own, words) => expect(saying(node(own))).toBe(words));

test("a quiet source is neither well nor ill; a failing destination is ill", () => {
  expect(toneOfNode(node({ kind: "source" }))).toBe("idle");
  expect(toneOfNode(node({ kind: "source", per_second: 1 }))).toBe("good");
  expect(toneOfNode(node({ state: "failing" }))).toBe("bad");
  expect(toneOfNode(node({ state: "failing", enabled: false }))).toBe("idle");
});

test("each box leads to its page", () => {
  expect(placeOf(node({ kind: "source", id: "src_1" }))).toBe("/sources/src_1/overview");
  expect(placeOf(node({ kind: "warehouse", id: "warehouse" }))).toBe("/warehouse/syncs");
});
