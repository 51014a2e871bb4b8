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
