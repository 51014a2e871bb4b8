import { Outlet } from "@tanstack/react-router";
import { Page } from "@/components/Page";
import { RoomTabs } from "@/components/RoomTabs";

const TABS = [
  { to: "/messages/sent", name: "Messages" },
  { to: "/messages/incoming", name: "Incoming mail" },
  { to: "/messages/suppressions", name: "Suppressions" },
];

/** The frame of the messages' pages. */
export function MessagesFrame() {
  return (
    <Page
      title="Messages"
      lead="Every mail to every person, how far it came, and whom not to write to."
      tabs={<RoomTabs name="Pages of messages" tabs={TABS} />}
    >
      <Outlet />
    </Page>
  );
}
