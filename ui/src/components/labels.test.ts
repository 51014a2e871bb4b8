import { expect, test } from "vitest";
import { isLabel, labelsOf, labelTexts } from "./labels";

test.each(["env:prod", "team:data-2", "größe:klein"])("%s is a label", (text) => expect(isLabel(text)).toBe(true));
test.each(["prod", "1env:prod", "env:", "a:b:c", "env:pro d"])("%s is none", (text) =>
  expect(isLabel(text)).toBe(false),
);
test("the later of two values of one key stands", () => {
  expect(labelsOf(["env:dev", "team:web", "env:prod", "nonsense"])).toEqual({ env: "prod", team: "web" });
});
test("labels are written in order", () => expect(labelTexts({ b: "x", a: "y" })).toEqual(["a:y", "b:x"]));
