import { expect, it } from "vitest";
import type { Json } from "@/api/types";
import { edited, typed } from "./typed";

it.each<[string, Json]>([
  ["pro", "pro"],
  [" 12.5 ", 12.5],
  ["007", "007"],
  ["true", true],
  ['["a", 1]', ["a", 1]],
  ["{not json", "{not json"],
  ["", null],
  ["12345678901234567890", "12345678901234567890"],
])("%j is taken as %j", (text, value) => expect(typed(text)).toEqual(value));

it.each<[Json]>([["pro"], ["12"], ["true"], [12], [false], [["a"]], [{ a: 1 }], ['"']])(
  "%j comes back from its text",
  (value) => expect(typed(edited(value))).toEqual(value),
);
