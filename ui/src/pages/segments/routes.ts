/** Segments: what there is, a new one, and one with its tabs. */

import { createRoute, redirect } from "@tanstack/react-router";
import { page } from "@/shell/page";
import { app } from "@/shell/routes";

const segments = createRoute({
  getParentRoute: () => app,
  path: "/segments",
  component: page(() => import("./SegmentList"), "SegmentList"),
});

const segmentNew = createRoute({
  getParentRoute: () => app,
  path: "/segments/new",
  component: page(() => import("./NewSegment"), "NewSegment"),
});

const segment = createRoute({
  getParentRoute: () => app,
  path: "/segments/$id",
  component: page(() => import("./SegmentFrame"), "SegmentFrame"),
});

const segmentIndex = createRoute({
  getParentRoute: () => segment,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/segments/$id/overview", params, replace: true });
  },
});

const segmentOverview = createRoute({
  getParentRoute: () => segment,
  path: "overview",
  component: page(() => import("./OverviewPage"), "OverviewPage"),
});

const segmentContacts = createRoute({
  getParentRoute: () => segment,
  path: "contacts",
  component: page(() => import("./ContactsPage"), "ContactsPage"),
});

const segmentDefinition = createRoute({
  getParentRoute: () => segment,
  path: "definition",
  component: page(() => import("./DefinitionPage"), "DefinitionPage"),
});

export const segmentsRoutes = [
  segments,
  segmentNew,
  segment.addChildren([segmentIndex, segmentOverview, segmentContacts, segmentDefinition]),
];
