import { Outlet } from "@tanstack/react-router";
import { useEmailChannel } from "@/api/channels";
import { Page } from "@/components/Page";
import { RoomTabs } from "@/components/RoomTabs";
import { StatePill } from "@/components/State";
import { DemoNotice, isDemos } from "./DemoNotice";

const TABS = [
  { to: "/channels/sending", name: "Sending" },
  { to: "/channels/domains", name: "Domains" },
  { to: "/channels/receiving", name: "Receiving" },
  { to: "/channels/limits", name: "Limits" },
];

export function ChannelsFrame() {
  const channel = useEmailChannel();
  return (
    <Page
      title="Email channel"
      beside={channel.data && !channel.data.is_set_up && <StatePill state="waiting" words="Not set up" />}
      lead="How mail leaves this server, and how what becomes of it comes back."
      tabs={<RoomTabs name="Pages of the email channel" tabs={TABS} />}
    >
      {channel.data && <DemoNotice channel={channel.data} />}
      <Outlet key={isDemos(channel.data) ? "demo" : "own"} />
    </Page>
  );
}
