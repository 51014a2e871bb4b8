import { describe, expect, it } from "vitest";
import type { Rejection } from "@/api/types";
import { eventOf, titleOf } from "./refused";

const refused = (body: string): Rejection => ({
  id: 1,
  received_at: "2026-03-01T12:00:00.000Z",
  code: "bad_request",
  reason: "It is wrong.",
  body,
  resent_at: null,
});

describe("a refused event", () => {
  it("is called by its name, else by its type", () => {
    expect(titleOf(refused('{"type":"trak","event":"Order"}'))).toBe("Order");
    expect(titleOf(refused('{"type":"page","name":"Home"}'))).toBe("Home");
    expect(titleOf(refused('{"type":"identify","event":7}'))).toBe("identify");
  });
  it("may be no event at all", () => {
    for (const body of ["{broken", "[]", "null", '"text"', "{}", ""]) {
      expect(titleOf(refused(body))).toBe("Not an event");
    }
  });
  it("is shown as JSON where it is JSON, and as it came where it is not", () => {
    expect(eventOf(refused('{"type":"track"}')).raw).toEqual({ type: "track" });
    expect(eventOf(refused("{broken")).raw).toBe("{broken");
  });
});
