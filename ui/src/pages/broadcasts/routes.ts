/** Broadcasts: what there is, a new one, and one. */

import { createRoute } from "@tanstack/react-router";
import { page } from "@/shell/page";
import { app } from "@/shell/routes";

const broadcasts = createRoute({
  getParentRoute: () => app,
  path: "/broadcasts",
  component: page(() => import("./BroadcastList"), "BroadcastList"),
});

const broadcastAdd = createRoute({
  getParentRoute: () => app,
  path: "/broadcasts/new",
  component: page(() => import("./AddBroadcast"), "AddBroadcast"),
});

const broadcast = createRoute({
  getParentRoute: () => app,
  path: "/broadcasts/$id",
  component: page(() => import("./BroadcastPage"), "BroadcastPage"),
});

export const broadcastsRoutes = [broadcasts, broadcastAdd, broadcast];
