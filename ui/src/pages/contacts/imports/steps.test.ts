import { expect, it } from "vitest";
import type { ImportColumn } from "@/api/types";
import { lacking, restOf, stepOf } from "./steps";

const column = (fields: Partial<ImportColumn>): ImportColumn => ({
  name: "A",
  to: "trait",
  trait: "a",
  type: "text",
  ...fields,
});

it("wants an identity, and a name for each trait", () => {
  expect(lacking([column({})])).toContain("which column");
  expect(lacking([column({ to: "email" }), column({ trait: " " })])).toContain("Name the trait");
  expect(lacking([column({ to: "email" }), column({})])).toBe("");
});

it("knows where it stands and how long it takes", () => {
  expect(stepOf("uploaded")).toBe(1);
  expect(stepOf("done")).toBe(4);
  expect(restOf(0, 10, 1000)).toBeNull();
  expect(restOf(25, 100, 1000)).toBe(3000);
});
