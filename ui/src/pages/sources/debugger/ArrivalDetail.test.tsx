import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { DebugEvent } from "@/api/types";
import { show } from "@/testing/render";
import { ArrivalDetail } from "./ArrivalDetail";

const ACCEPTED: DebugEvent = {
  id: "1-0",
  received_at: "2026-03-01T12:00:00.000Z",
  status: "accepted",
  type: "track",
  name: "Order Completed",
  user: "ada",
  raw: { type: "track", userId: "ada", event: "Order Completed", messageId: "m-1" },
  code: "",
  reason: "",
};

const REFUSED: DebugEvent = {
  ...ACCEPTED,
  status: "rejected",
  raw: "{broken",
  code: "invalid_json",
  reason: "The body is not JSON.",
};

const detail = (event: DebugEvent) =>
  show(<ArrivalDetail event={event} source="s1" kind="python" onClose={() => {}} />);

test("an accepted event shows its call first, and the whole of it on the other tab", async () => {
  detail(ACCEPTED);
  expect(screen.getByRole("tab", { name: "Pretty", selected: true })).toBeTruthy();
  expect(screen.getByRole("tabpanel").textContent).toContain("analytics.track(");
  await userEvent.click(screen.getByRole("tab", { name: "Raw" }));
  expect(screen.getByRole("tabpanel").textContent).toContain('"messageId": "m-1"');
  expect(screen.queryByRole("tab", { name: /Mend/ })).toBeNull();
});

test("a refused one shows its reason, and can be sent again once it is JSON", async () => {
  detail(REFUSED);
  expect(screen.getByText("The body is not JSON.")).toBeTruthy();
  const send = screen.getByRole<HTMLButtonElement>("button", { name: "Send again" });
  expect(send.disabled).toBe(true);
  const box = screen.getByLabelText("The event as JSON");
  await userEvent.clear(box);
  await userEvent.type(box, '{{"type":"track"}');
  expect(send.disabled).toBe(false);
});
