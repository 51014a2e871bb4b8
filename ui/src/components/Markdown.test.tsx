import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { show } from "@/testing/render";
import { Markdown } from "./Markdown";

test("a table of the catalog is shown as a table", () => {
  show(
    <Markdown text={"| property | meaning |\n| --- | --- |\n| `event` | its **type** |\n| `link_id` | the link |"} />,
  );
  const table = screen.getByRole("table");
  expect(within(table).getAllByRole("columnheader")).toHaveLength(2);
  expect(within(table).getAllByRole("row")).toHaveLength(3);
  expect(within(table).getByText("event").tagName).toBe("CODE");
  expect(document.body.textContent).not.toContain("|");
});
