import { expect, test } from "vitest";
import { changesOf, gathered } from "./history";

const hour = (n: number, members: number, entered = 0, left = 0) => ({
  at: `2026-11-29T0${n}:00:00Z`,
  members,
  entered,
  left,
});

test("hours are gathered from the newest on, with the members of their end", () => {
  const hours = [hour(0, 1, 1), hour(1, 3, 2), hour(2, 2, 0, 1), hour(3, 5, 3)];
  expect(gathered(hours, 3)).toEqual([hour(0, 1, 1), hour(1, 5, 5, 1)]);
  expect(changesOf(hours)).toEqual({ entered: 6, left: 1 });
  expect(gathered([], 3)).toEqual([]);
});
