import { describe, expect, it, test } from "vitest";
import { ago, bytes, compact, count, millis, percent, plural, rate } from "./format";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const earlier = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();

test.each([
  [0, "0/s"],
  [0.04, "<0.1/s"],
  [0.4, "0.4/s"],
  [3, "3/s"],
  [12.4, "12/s"],
  [1234, "1.2K/s"],
])("a rate of %d reads %s", (value, text) => expect(rate(value)).toBe(text));

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1536, "1.5 KB"],
  [1024 ** 2, "1 MB"],
  [250 * 1024 ** 3, "250 GB"],
])("%d bytes read %s", (value, text) => expect(bytes(value)).toBe(text));

test.each([
  [0.42, "0.4 ms"],
  [12, "12 ms"],
  [999.6, "1000 ms"],
  [1000, "1 s"],
  [1250, "1.3 s"],
  [185_000, "3 min 5 s"],
  [7_440_000, "2 h 4 min"],
])("%d ms read %s", (value, text) => expect(millis(value)).toBe(text));

describe("ago", () => {
  it("is just now within three seconds, either way", () => {
    expect(ago(earlier(2), NOW)).toBe("just now");
    expect(ago(earlier(-2), NOW)).toBe("just now");
  });
  it("counts in the largest unit that fits", () => {
    expect([59, 60, 3599, 3600, 86_399, 86_400].map((age) => ago(earlier(age), NOW))).toEqual([
      "59 s ago",
      "1 min ago",
      "59 min ago",
      "1 h ago",
      "23 h ago",
      "1 d ago",
    ]);
  });
  it("looks ahead for what has not happened yet", () => expect(ago(earlier(-7200), NOW)).toBe("in 2 h"));
  it("names the day beyond a month", () => expect(ago(earlier(40 * 86_400), NOW)).toMatch(/2026/));
});

test("counts keep every digit while they are short", () => {
  expect([count(1234567), compact(9999), compact(12_345)]).toEqual(["1,234,567", "9,999", "12.3K"]);
});

test("one is singular", () => {
  expect([plural(1, "event"), plural(0, "event"), plural(2, "entry", "entries")]).toEqual([
    "1 event",
    "0 events",
    "2 entries",
  ]);
});

test("a share of nothing is nothing", () => {
  expect([percent(1, 0), percent(0, 5), percent(1, 3), percent(1, 5000), percent(5, 100)]).toEqual([
    "0%",
    "0%",
    "33%",
    "<0.1%",
    "5%",
  ]);
});
