/** Sources: what there is, the catalog, and one with its tabs. */

import { createRoute, redirect } from "@tanstack/react-router";
import { whole } from "@/shell/address";
import { page } from "@/shell/page";
import { app } from "@/shell/routes";

const sources = createRoute({
  getParentRoute: () => app,
  path: "/sources",
  component: page(() => import("./SourceList"), "SourceList"),
});

const sourceCatalog = createRoute({
  getParentRoute: () => app,
  path: "/sources/catalog",
  component: page(() => import("./SourceCatalog"), "SourceCatalog"),
});

const sourceAdd = createRoute({
  getParentRoute: () => app,
  path: "/sources/catalog/$kind",
  component: page(() => import("./AddSource"), "AddSource"),
});

const source = createRoute({
  getParentRoute: () => app,
  path: "/sources/$id",
  component: page(() => import("./SourceFrame"), "SourceFrame"),
});

const sourceIndex = createRoute({
  getParentRoute: () => source,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/sources/$id/overview", params, replace: true });
  },
});

const sourceOverview = createRoute({
  getParentRoute: () => source,
  path: "overview",
  component: page(() => import("./overview/OverviewPage"), "OverviewPage"),
});

const sourceDebugger = createRoute({
  getParentRoute: () => source,
  path: "debugger",
  component: page(() => import("./debugger/DebuggerPage"), "DebuggerPage"),
});

const sourceRefused = createRoute({
  getParentRoute: () => source,
  path: "refused",
  validateSearch: (search): { chosen?: number } => ({ chosen: whole(search.chosen) }),
  component: page(() => import("./refused/RefusedPage"), "RefusedPage"),
});

const sourceSchema = createRoute({
  getParentRoute: () => source,
  path: "schema",
  component: page(() => import("./schema/SchemaPage"), "SchemaPage"),
});

const sourceSettings = createRoute({
  getParentRoute: () => source,
  path: "settings",
  component: page(() => import("./settings/SettingsPage"), "SettingsPage"),
});

export const sourcesRoutes = [
  sources,
  sourceCatalog,
  sourceAdd,
  source.addChildren([sourceIndex, sourceOverview, sourceDebugger, sourceRefused, sourceSchema, sourceSettings]),
];
