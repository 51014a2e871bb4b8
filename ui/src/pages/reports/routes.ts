/** Reports. */

import { createRoute } from "@tanstack/react-router";
import { text } from "@/shell/address";
import { page } from "@/shell/page";
import { app } from "@/shell/routes";

const reports = createRoute({
  getParentRoute: () => app,
  path: "/reports",
  validateSearch: (search): { of?: string } => ({ of: text(search.of) }),
  component: page(() => import("./ReportsPage"), "ReportsPage"),
});

export const reportsRoutes = [reports];
