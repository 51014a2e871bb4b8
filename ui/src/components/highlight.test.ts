import { expect, test } from "vitest";
import { highlight } from "./highlight";

const coloured = (code: string, language: string) =>
  highlight(code, language)
    .filter((part) => part.kind !== "text")
    .map((part) => `${part.kind}:${part.text}`);

test("nothing is lost or added", () => {
  const code = "curl -u 'k:' http://127.0.0.1:8080/v1/track # send\n  -d '{\"a\": 1}'";
  expect(
    highlight(code, "shell")
      .map((part) => part.text)
      .join(""),
  ).toBe(code);
});

test("JSON tells names from strings", () => {
  expect(coloured('{"a": "b", "n": -1.5, "t": true}', "json")).toEqual([
    'name:"a"',
    'string:"b"',
    'name:"n"',
    "number:-1.5",
    'name:"t"',
    "keyword:true",
  ]);
});

test("an address in code is no comment", () => {
  expect(coloured('new Client("http://host/x") // here', "javascript")).toEqual([
    "keyword:new",
    'string:"http://host/x"',
    "comment:// here",
  ]);
});

test("a hash begins a comment in Python, not in JavaScript", () => {
  expect(coloured("x # y", "python")).toEqual(["comment:# y"]);
  expect(coloured("x # y", "javascript")).toEqual([]);
});
