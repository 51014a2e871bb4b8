import { describe, expect, it } from "vitest";
import { addressWords, detailWords, originWords, stateWords, stepWords, toneOfStep } from "./saying";

describe("messages in words", () => {
  it("says why a mail bounced", () => {
    expect(detailWords({ reason: "no such user", bounce_class: "hard", bounce_code: "5.1.1" })).toBe(
      "no such user · hard · 5.1.1",
    );
  });
  it("says nothing of what is not known", () => expect(detailWords({ bounce_code: null, host: "" })).toBe(""));
  it("tells a machine from a person", () => expect(detailWords({ machine: true })).toBe("by a machine"));
  it("has a word for a rejected message", () => expect(stateWords("rejected")).toBe("Not sent"));
  it("shows of an erased address that it was erased", () =>
    expect([addressWords("sha256:0123456789abcdef"), addressWords("ada@example.com")]).toEqual([
      "Erased address 01234567…",
      "ada@example.com",
    ]));
  it("says what asked for it", () => expect(originWords("api")).toBe("The API"));
  it.each([
    ["Email Delivered", "Delivered"],
    ["Email Skipped", "Not sent"],
    ["Queued", "Queued"],
  ])("says of the step %s: %s", (name, words) => expect(stepWords(name)).toBe(words));
  it("feels a bounce as bad and an open as good", () =>
    expect([toneOfStep("Email Bounced"), toneOfStep("Email Opened"), toneOfStep("Queued")]).toEqual([
      "bad",
      "good",
      "idle",
    ]));
});
