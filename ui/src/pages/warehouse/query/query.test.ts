import { expect, test } from "vitest";
import { csvOf, isNumber, quoted } from "./csv";
import { parseRecents, withRecent } from "./recent";

test("CSV quotes what must be quoted, and nothing else", () => {
  const columns = [
    { name: "id", type: "VARCHAR" },
    { name: "a,b", type: "JSON" },
  ];
  const rows = [
    ["x", { n: 1 }],
    [null, 'say "hi"\n'],
  ];
  expect(csvOf({ columns, rows })).toBe('id,"a,b"\r\nx,"{""n"":1}"\r\n,"say ""hi""\n"\r\n');
});

test("numbers stand to the right, texts do not", () => {
  expect(["BIGINT", "DECIMAL(10,2)", "UINTEGER", "DOUBLE"].every(isNumber)).toBe(true);
  expect(["VARCHAR", "TIMESTAMP", "INTERVAL", "BOOLEAN"].some(isNumber)).toBe(false);
});

test("a name is quoted only where SQL needs it", () => {
  expect([quoted("users"), quoted("Order"), quoted('a"b')]).toEqual(["users", '"Order"', '"a""b"']);
});

test("the last query is the first of the recent ones, once", () => {
  const recents = [{ sql: "select 1", at: "a" }];
  expect(withRecent(withRecent(recents, "select 2", "b"), " select 1 ", "c")).toEqual([
    { sql: "select 1", at: "c" },
    { sql: "select 2", at: "b" },
  ]);
  expect(withRecent(recents, "  ", "d")).toEqual(recents);
});

test("no more than thirty are remembered", () => {
  let recents = parseRecents(null);
  for (let number = 0; number < 40; number++) recents = withRecent(recents, `select ${number}`, "now");
  expect([recents.length, recents[0]?.sql]).toEqual([30, "select 39"]);
});

test("what can't be read of the stored queries is left out", () => {
  expect(parseRecents('[{"sql":"select 1","at":"x"},{"sql":2},null]')).toEqual([{ sql: "select 1", at: "x" }]);
  expect([parseRecents("{broken"), parseRecents('"text"')]).toEqual([[], []]);
});
