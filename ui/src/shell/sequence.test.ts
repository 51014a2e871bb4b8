import { expect, test } from "vitest";
import { PATIENCE_MS, wishOf } from "./sequence";

const press = (key: string, at = 0) => ({ key, at });

test("g then a letter goes to a room", () => {
  expect(wishOf(press("g"), press("s", 100))).toEqual({ go: "/sources" });
  expect(wishOf(press("g"), press("d", 100))).toEqual({ go: "/destinations" });
});
test("a letter alone does nothing", () => expect(wishOf(press("x"), press("s"))).toBeNull());
test("g is forgotten after a while", () => expect(wishOf(press("g"), press("s", PATIENCE_MS + 1))).toBeNull());
test("an unknown letter does nothing", () => expect(wishOf(press("g"), press("z"))).toBeNull());
test("a slash searches, whatever came before", () => expect(wishOf(press("g"), press("/"))).toEqual({ search: true }));
