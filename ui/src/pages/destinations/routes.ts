/** Destinations: what there is, the catalog, and one with its tabs. */

import { createRoute, redirect } from "@tanstack/react-router";
import { text } from "@/shell/address";
import { page } from "@/shell/page";
import { app } from "@/shell/routes";

const destinations = createRoute({
  getParentRoute: () => app,
  path: "/destinations",
  component: page(() => import("./DestinationList"), "DestinationList"),
});

const destinationCatalog = createRoute({
  getParentRoute: () => app,
  path: "/destinations/catalog",
  component: page(() => import("./DestinationCatalog"), "DestinationCatalog"),
});

const destinationAdd = createRoute({
  getParentRoute: () => app,
  path: "/destinations/catalog/$kind",
  validateSearch: (search): { source?: string } => ({ source: text(search.source) }),
  component: page(() => import("./AddDestination"), "AddDestination"),
});

const destination = createRoute({
  getParentRoute: () => app,
  path: "/destinations/$id",
  component: page(() => import("./DestinationFrame"), "DestinationFrame"),
});

const destinationIndex = createRoute({
  getParentRoute: () => destination,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/destinations/$id/overview", params, replace: true });
  },
});

const destinationOverview = createRoute({
  getParentRoute: () => destination,
  path: "overview",
  component: page(() => import("./overview/OverviewPage"), "OverviewPage"),
});

const destinationDeliveries = createRoute({
  getParentRoute: () => destination,
  path: "deliveries",
  component: page(() => import("./DeliveriesPage"), "DeliveriesPage"),
});

const destinationDead = createRoute({
  getParentRoute: () => destination,
  path: "dead-letters",
  component: page(() => import("./DeadLettersPage"), "DeadLettersPage"),
});

const destinationSettings = createRoute({
  getParentRoute: () => destination,
  path: "settings",
  component: page(() => import("./settings/SettingsPage"), "SettingsPage"),
});

export const destinationsRoutes = [
  destinations,
  destinationCatalog,
  destinationAdd,
  destination.addChildren([
    destinationIndex,
    destinationOverview,
    destinationDeliveries,
    destinationDead,
    destinationSettings,
  ]),
];
