import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { show } from "@/testing/render";
import { Said } from "./NotTaken";

const people = { slug: "autopilothq", name: "AutopilotHQ", methods: ["identify", "track"] };
const webhook = {
  slug: "webhook",
  name: "Webhook",
  methods: ["identify", "track", "page", "screen", "group", "alias"],
};
const during = "in the last hour";

test("how many calls were not taken is said, and why", () => {
  show(<Said kind={people} filtered={1200} during={during} />);
  expect(screen.getByText("1,200 calls were not taken in the last hour.")).not.toBeNull();
  expect(screen.getByText(/AutopilotHQ takes identify and track only\. A page, screen or group/)).not.toBeNull();
});

test("what a destination takes is said before anything was sent", () => {
  show(<Said kind={people} filtered={0} during={during} />);
  expect(screen.getByText(/AutopilotHQ takes identify and track only/)).not.toBeNull();
  expect(screen.queryByText(/not taken/)).toBeNull();
});

test("one that takes all says why it left one out, and nothing where it did not", () => {
  show(<Said kind={webhook} filtered={0} during={during} />);
  expect(screen.queryByText(/integrations/)).toBeNull();
  show(<Said kind={webhook} filtered={1} during={during} />);
  expect(screen.getByText("1 call was not taken in the last hour.")).not.toBeNull();
  expect(screen.getByText(/Its settings say which types and events it takes/)).not.toBeNull();
});
