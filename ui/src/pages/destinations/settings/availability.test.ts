import { expect, test } from "vitest";
import { aboutTheSwitch } from "./availability";

test("nothing is queued for a destination that is off", () => {
  expect(aboutTheSwitch({ enabled: false, waiting: 0 })).toBe(
    "It gets nothing, and nothing is queued for it. Switched on it begins with what arrives then.",
  );
});

test("waiting retries stay, and are counted", () => {
  expect(aboutTheSwitch({ enabled: true, waiting: 1 })).toMatch(/ 1 event that already waits for a retry stays\.$/);
  expect(aboutTheSwitch({ enabled: false, waiting: 1200 })).toMatch(
    / 1,200 events that already wait for a retry stay, and will be tried again then\.$/,
  );
});
