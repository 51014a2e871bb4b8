import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { IncomingMail } from "@/api/incoming";
import { show } from "@/testing/render";
import { IncomingTable } from "./IncomingTable";

const MAIL: IncomingMail = {
  id: 7,
  at: "2026-03-01T12:00:00.000Z",
  outcome: "bounce",
  read_as: "bounce",
  sender: "mailer-daemon@mx.example.net",
  to: "b00@in.example.com",
  subject: "Undelivered Mail",
  note: "",
  said: "550 5.1.1 user unknown",
  message_id: "12",
  bounce_class: "hard",
  bounce_code: "5.1.1",
  way: "smtp",
  ip: "198.51.100.9",
  size: 900,
};

test("a mail says what it was found to be and why, and opens", async () => {
  const choose = vi.fn();
  show(<IncomingTable mails={[MAIL]} onChoose={choose} />);
  expect(screen.getByText("Bounce")).toBeTruthy();
  expect(screen.getByText("hard")).toBeTruthy();
  expect(screen.getByText("550 5.1.1 user unknown")).toBeTruthy();
  await userEvent.click(screen.getByText("Undelivered Mail"));
  expect(choose).toHaveBeenCalledWith(MAIL);
});

test("one without a subject can be opened too", () => {
  show(<IncomingTable mails={[{ ...MAIL, subject: "", outcome: "unmatched" }]} onChoose={() => {}} />);
  expect(screen.getByText("No subject")).toBeTruthy();
  expect(screen.getByText("Unmatched")).toBeTruthy();
});
