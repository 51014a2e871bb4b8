/** The email channel and its tabs. */

import { createRoute, redirect } from "@tanstack/react-router";
import { page } from "@/shell/page";
import { app } from "@/shell/routes";

const channels = createRoute({
  getParentRoute: () => app,
  path: "/channels",
  component: page(() => import("./ChannelsFrame"), "ChannelsFrame"),
});

const channelsIndex = createRoute({
  getParentRoute: () => channels,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/channels/sending", replace: true });
  },
});

const channelsSending = createRoute({
  getParentRoute: () => channels,
  path: "sending",
  component: page(() => import("./SendingPage"), "SendingPage"),
});

const channelsDomains = createRoute({
  getParentRoute: () => channels,
  path: "domains",
  component: page(() => import("./DomainsPage"), "DomainsPage"),
});

const channelsReceiving = createRoute({
  getParentRoute: () => channels,
  path: "receiving",
  component: page(() => import("./ReceivingPage"), "ReceivingPage"),
});

const channelsLimits = createRoute({
  getParentRoute: () => channels,
  path: "limits",
  component: page(() => import("./LimitsPage"), "LimitsPage"),
});

export const channelsRoutes = [
  channels.addChildren([channelsIndex, channelsSending, channelsDomains, channelsReceiving, channelsLimits]),
];
