import { expect, test } from "vitest";
import { after, beginning, type Connection, delayAfter, type Happening } from "./reconnect";

const through = (...happenings: Happening[]): Connection => happenings.reduce(after, beginning);

test("it opens", () => expect(through("opened")).toEqual({ state: "open" }));

test("each failure in a row waits longer, up to ten seconds", () => {
  expect(through("failed")).toEqual({ state: "waiting", failures: 1, delay: 500 });
  expect(through("failed", "retry", "failed")).toEqual({ state: "waiting", failures: 2, delay: 1000 });
  expect(delayAfter(50)).toBe(10_000);
});

test("a connection that held begins again with the shortest wait", () => {
  const held = through("failed", "retry", "failed", "retry", "opened", "failed");
  expect(held).toEqual({ state: "waiting", failures: 1, delay: 500 });
});

test("waking cuts a wait short, and leaves all else alone", () => {
  expect(through("failed", "wake")).toEqual({ state: "connecting", failures: 1 });
  expect(through("opened", "wake")).toEqual({ state: "open" });
});

test("a closed one stays closed, whatever still happens", () => {
  for (const late of ["opened", "failed", "retry", "wake"] as const) {
    expect(through("opened", "close", late)).toEqual({ state: "closed" });
  }
});
