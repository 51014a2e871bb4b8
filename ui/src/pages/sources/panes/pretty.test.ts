import { describe, expect, test } from "vitest";
import { callOf } from "./pretty";

describe("the pretty view", () => {
  const track = {
    type: "track",
    userId: "ada",
    event: "Order",
    properties: { "a b": [1, null], ok: true },
    context: {},
  };
  test("of a Python source is a Python call", () => {
    expect(callOf(track, "python")?.code).toBe(
      'analytics.track(\n    user_id="ada",\n    event="Order",\n    properties={\n        "a b": [\n            1,\n            None,\n        ],\n        "ok": True,\n    },\n)',
    );
  });
  test("of the browser has its arguments in order, and no empty ones", () => {
    expect(callOf({ type: "page", name: "Home", properties: {} }, "javascript")?.code).toBe('analytics.page("Home")');
    expect(callOf({ type: "identify", userId: "ada", traits: { plan: "pro" } }, "javascript")?.code).toBe(
      'analytics.identify("ada", {\n  plan: "pro",\n})',
    );
  });
  test("of any other source is a call with one object", () => {
    expect(callOf({ type: "alias", previousId: "a", userId: "b" }, "http")?.code).toBe(
      'analytics.alias({\n  previousId: "a",\n  userId: "b",\n})',
    );
  });
  test("of what is no event is nothing", () => {
    expect([callOf("{broken", "http"), callOf({ type: "nonsense" }, "http"), callOf([], "http")]).toEqual([
      null,
      null,
      null,
    ]);
  });
});
