import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import type { FieldType, FormField } from "@/api/types";
import { show } from "@/testing/render";
import { Fields } from "./Fields";
import { settingsOf, valuesOf } from "./form";

const field = (name: string, type: FieldType, required = false): FormField => ({
  name,
  title: name,
  description: "",
  type,
  required,
  choices: [],
});

const FIELDS = [field("Address", "string", true), field("Ordered", "boolean"), field("Secret", "secret")];
const sent: { settings?: ReturnType<typeof settingsOf> } = {};

function Form() {
  const [values, setValues] = useState(() => valuesOf(FIELDS, { Address: "https://x.example" }, ["Secret"]));
  sent.settings = settingsOf(FIELDS, values, ["Secret"]);
  return (
    <Fields
      fields={FIELDS}
      values={values}
      faults={{ Address: "Not reachable." }}
      onChange={setValues}
      reveal={async (name) => `the ${name}`}
    />
  );
}

test("what is typed is what is sent, with its type", async () => {
  show(<Form />);
  await userEvent.type(screen.getByRole("textbox", { name: /Address/ }), "/in");
  await userEvent.click(screen.getByRole("switch", { name: "Ordered" }));
  expect(sent.settings).toEqual({ Address: "https://x.example/in", Ordered: true });
});

test("a fault stands at its field", () => {
  show(<Form />);
  expect(screen.getByText("Not reachable.")).toBeTruthy();
});

test("a secret is hidden until it is asked for, and replaced as a whole", async () => {
  show(<Form />);
  expect(screen.queryByText("the Secret")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Show" }));
  expect(await screen.findByText("the Secret")).toBeTruthy();
  expect(sent.settings).not.toHaveProperty("Secret");
  await userEvent.click(screen.getByRole("button", { name: "Replace" }));
  await userEvent.type(screen.getByLabelText("Secret"), "new");
  expect(sent.settings?.Secret).toBe("new");
});
