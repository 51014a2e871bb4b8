import { Outlet } from "@tanstack/react-router";
import { Page } from "@/components/Page";
import { RoomTabs } from "@/components/RoomTabs";

const TABS = [
  { to: "/settings/users", name: "Users" },
  { to: "/settings/tokens", name: "API tokens" },
  { to: "/settings/segment-sync", name: "Segment Sync" },
  { to: "/settings/server", name: "Server" },
];

export function SettingsFrame() {
  return (
    <Page title="Settings" tabs={<RoomTabs name="Pages of the settings" tabs={TABS} />}>
      <Outlet />
    </Page>
  );
}
