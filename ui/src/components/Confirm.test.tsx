import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { show } from "@/testing/render";
import { Confirm } from "./Confirm";

function ask(typed?: string) {
  const confirmed: string[] = [];
  show(
    <Confirm
      opened
      onClose={() => {}}
      title="Remove?"
      verb="Remove source"
      typed={typed}
      busy={false}
      error={null}
      onConfirm={() => confirmed.push("yes")}
    >
      It is gone then.
    </Confirm>,
  );
  return confirmed;
}

test("what must be typed must be typed exactly, before anything happens", async () => {
  const confirmed = ask("website");
  const button = screen.getByRole<HTMLButtonElement>("button", { name: "Remove source" });
  const box = screen.getByRole("textbox");
  expect(button.disabled).toBe(true);
  await userEvent.type(box, "Website{Enter}");
  expect(confirmed).toEqual([]);
  await userEvent.clear(box);
  await userEvent.type(box, "website{Enter}");
  expect(confirmed).toEqual(["yes"]);
});

test("without a word to type one click is enough", async () => {
  const confirmed = ask();
  await userEvent.click(screen.getByRole("button", { name: "Remove source" }));
  expect(confirmed).toEqual(["yes"]);
});
