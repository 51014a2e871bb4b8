/** Every page and its address: each room's own `routes.ts` says them. Pages load when they are first gone to. */

import type { QueryClient } from "@tanstack/react-query";
import { createRouter } from "@tanstack/react-router";
import { broadcastsRoutes } from "./pages/broadcasts/routes";
import { channelsRoutes } from "./pages/channels/routes";
import { contactsRoutes } from "./pages/contacts/routes";
import { destinationsRoutes } from "./pages/destinations/routes";
import { messagesRoutes } from "./pages/messages/routes";
import { pipelineRoutes } from "./pages/pipeline/routes";
import { reportsRoutes } from "./pages/reports/routes";
import { segmentsRoutes } from "./pages/segments/routes";
import { sessionRoutes } from "./pages/session/routes";
import { settingsRoutes } from "./pages/settings/routes";
import { sourcesRoutes } from "./pages/sources/routes";
import { templatesRoutes } from "./pages/templates/routes";
import { warehouseRoutes } from "./pages/warehouse/routes";
import { NotFound, PageError, PageLoading } from "./shell/Fallbacks";
import { app, nowhere, rootRoute } from "./shell/routes";

const routeTree = rootRoute.addChildren([
  ...sessionRoutes,
  app.addChildren([
    ...pipelineRoutes,
    ...sourcesRoutes,
    ...destinationsRoutes,
    ...warehouseRoutes,
    ...contactsRoutes,
    ...segmentsRoutes,
    ...templatesRoutes,
    ...channelsRoutes,
    ...messagesRoutes,
    ...broadcastsRoutes,
    ...reportsRoutes,
    ...settingsRoutes,
    nowhere,
  ]),
]);

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree,
    context: { queries },
    defaultPreload: "intent",
    scrollRestoration: true,
    defaultPendingMs: 200,
    defaultPendingComponent: PageLoading,
    defaultErrorComponent: PageError,
    defaultNotFoundComponent: NotFound,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
