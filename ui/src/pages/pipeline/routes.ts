/** The first page. */

import { createRoute } from "@tanstack/react-router";
import { page } from "@/shell/page";
import { app } from "@/shell/routes";

const pipeline = createRoute({
  getParentRoute: () => app,
  path: "/",
  component: page(() => import("./PipelinePage"), "PipelinePage"),
});

export const pipelineRoutes = [pipeline];
