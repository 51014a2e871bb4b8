import { expect, test } from "vitest";
import { blocksOf, inlinesOf } from "./markdown";

test("blocks are told apart", () => {
  const text = "# Title\nSends **all**.\n\nTwo\nlines:\n- one\n  goes on\n- two\n\n```sh\na\n\nb\n```";
  expect(blocksOf(text).map((block) => block.kind)).toEqual(["heading", "paragraph", "paragraph", "list", "code"]);
  expect(blocksOf(text)[3]).toEqual({
    kind: "list",
    items: [[{ kind: "text", text: "one goes on" }], [{ kind: "text", text: "two" }]],
  });
  expect(blocksOf(text)[4]).toEqual({ kind: "code", text: "a\n\nb" });
});

test("inlines: code, bold and links, of which only web addresses are links", () => {
  expect(inlinesOf("a `b` **c** *s* [d](https://e.example/f) [x](javascript:alert)")).toEqual([
    { kind: "text", text: "a " },
    { kind: "code", text: "b" },
    { kind: "text", text: " " },
    { kind: "bold", text: "c" },
    { kind: "text", text: " " },
    { kind: "stressed", text: "s" },
    { kind: "text", text: " " },
    { kind: "link", text: "d", href: "https://e.example/f" },
    { kind: "text", text: " [x](javascript:alert)" },
  ]);
});

test("a table is one, as on GitHub: with sides, escaped bars, and rows that are too short or too long", () => {
  const text = "Those:\n| property | meaning |\n| :-- | --: |\n| `a`, `b` | x \\| y |\n| c |\n| d | e | f |";
  const [before, table] = blocksOf(text);
  expect(before?.kind).toBe("paragraph");
  expect(table).toEqual({
    kind: "table",
    sides: ["left", "right"],
    head: [[{ kind: "text", text: "property" }], [{ kind: "text", text: "meaning" }]],
    rows: [
      [
        [
          { kind: "code", text: "a" },
          { kind: "text", text: ", " },
          { kind: "code", text: "b" },
        ],
        [{ kind: "text", text: "x | y" }],
      ],
      [[{ kind: "text", text: "c" }], []],
      [[{ kind: "text", text: "d" }], [{ kind: "text", text: "e" }]],
    ],
  });
});

test("what only looks like a table is none", () => {
  expect(blocksOf("a | b\nc | d").map((block) => block.kind)).toEqual(["paragraph"]);
  expect(blocksOf("- a\n- b").map((block) => block.kind)).toEqual(["list"]);
  expect(blocksOf("| a | b |\n| - |").map((block) => block.kind)).toEqual(["paragraph"]);
});
