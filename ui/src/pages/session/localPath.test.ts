import { expect, test } from "vitest";
import { localPath } from "./localPath";

test.each([
  ["/sources/1/debugger?q=x", "/sources/1/debugger?q=x"],
  [undefined, "/"],
  ["https://elsewhere.example", "/"],
  ["//elsewhere.example", "/"],
  ["/\\elsewhere.example", "/"],
  ["/sign-in", "/"],
])("after %s comes %s", (next, path) => expect(localPath(next)).toBe(path));
