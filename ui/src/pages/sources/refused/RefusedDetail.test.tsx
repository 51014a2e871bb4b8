import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Rejection } from "@/api/types";
import { show } from "@/testing/render";
import { RefusedDetail } from "./RefusedDetail";

const REFUSED: Rejection = {
  id: 7,
  received_at: "2026-03-01T12:00:00.000Z",
  code: "no_user_anon_id",
  reason: "Neither userId nor anonymousId is given.",
  body: '{"type":"identify","traits":{"plan":"pro"}}',
  resent_at: null,
};

const detail = (rejection: Rejection) =>
  show(<RefusedDetail rejection={rejection} source="s1" kind="python" onClose={() => {}} />);

test("a refused event says why, and opens in the editor", () => {
  detail(REFUSED);
  expect(screen.getByText(REFUSED.reason)).toBeTruthy();
  expect(screen.getByText(REFUSED.code)).toBeTruthy();
  expect(screen.getByLabelText<HTMLTextAreaElement>("The event as JSON").value).toContain('"plan": "pro"');
});

test("one that was sent again says so, and can't be sent a second time", () => {
  detail({ ...REFUSED, resent_at: "2026-03-02T12:00:00.000Z" });
  expect(screen.getByText("Sent again")).toBeTruthy();
  expect(screen.queryByRole("tab", { name: "Mend and send again" })).toBeNull();
  expect(screen.getByRole("tabpanel").textContent).toContain("plan");
});
