/** Settings and their tabs. */

import { createRoute, redirect } from "@tanstack/react-router";
import { page } from "@/shell/page";
import { app } from "@/shell/routes";

const settings = createRoute({
  getParentRoute: () => app,
  path: "/settings",
  component: page(() => import("./SettingsFrame"), "SettingsFrame"),
});

const settingsIndex = createRoute({
  getParentRoute: () => settings,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/users", replace: true });
  },
});

const settingsUsers = createRoute({
  getParentRoute: () => settings,
  path: "users",
  component: page(() => import("./UsersPage"), "UsersPage"),
});

const settingsTokens = createRoute({
  getParentRoute: () => settings,
  path: "tokens",
  component: page(() => import("./TokensPage"), "TokensPage"),
});

const settingsSegmentSync = createRoute({
  getParentRoute: () => settings,
  path: "segment-sync",
  component: page(() => import("./sync/SegmentSyncPage"), "SegmentSyncPage"),
});

const settingsServer = createRoute({
  getParentRoute: () => settings,
  path: "server",
  component: page(() => import("./ServerPage"), "ServerPage"),
});

export const settingsRoutes = [
  settings.addChildren([settingsIndex, settingsUsers, settingsTokens, settingsSegmentSync, settingsServer]),
];
