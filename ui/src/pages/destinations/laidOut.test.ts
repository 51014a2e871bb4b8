import { expect, test } from "vitest";
import { laidOut } from "./laidOut";

test.each([
  ['{"a":1}', '{\n  "a": 1\n}'],
  ['POST /x\r\nHost: h\r\n\r\n{"a":1}', 'POST /x\r\nHost: h\n\n{\n  "a": 1\n}'],
  ["502 Bad Gateway\n\n<html>", "502 Bad Gateway\n\n<html>"],
  ["", ""],
])("%j is laid out", (message, text) => expect(laidOut(message)).toBe(text));
