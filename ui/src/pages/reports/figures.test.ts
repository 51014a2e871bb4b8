import { expect, test } from "vitest";
import { figuresOf } from "./figures";

const said = (figures: Record<string, number>, rates: Record<string, number | null> = {}) =>
  Object.fromEntries(figuresOf({ figures, rates }).map(({ what, note }) => [what, note]));

test.each([
  ["delivered", { delivered: 9 }, { delivery: 0.9 }, "90% of those tried"],
  ["delivered", { sent: 3 }, { delivery: 0 }, "no notice of it yet"],
  ["opened", { opened: 2 }, { open: 0.035 }, "3.5% of delivered"],
  ["opened", { opened: 1 }, { open: null }, ""],
  ["opened", {}, { open: 0 }, ""],
  ["bounced", { bounced: 3, bounced_later: 1 }, { bounce: 0.3 }, "30% of those tried, 1 after delivery"],
  ["waiting", { waiting: 4, deferred: 2 }, {}, "2 put off"],
])("under %s of %j with %j stands what is known", (what, figures, rates, note) => {
  expect(said(figures, rates)[what]).toBe(note);
});

test("what nobody can tell is shown only where there is some", () => {
  expect([said({}).unknown, said({ unknown: 1 }).unknown]).toEqual([undefined, ""]);
});
