import { Outlet } from "@tanstack/react-router";
import { Page } from "@/components/Page";
import { RoomTabs, useTabName } from "@/components/RoomTabs";

const TABS = [
  { to: "/settings/users", name: "Users" },
  { to: "/settings/tokens", name: "API tokens" },
  { to: "/settings/segment-sync", name: "Segment Sync" },
  { to: "/settings/server", name: "Server" },
];

export function SettingsFrame() {
  const tab = useTabName(TABS);
  return (
    <Page title="Settings" tab={tab} tabs={<RoomTabs name="Pages of the settings" tabs={TABS} />}>
      <Outlet />
    </Page>
  );
}
