/** Templates and the editor. */

import { createRoute } from "@tanstack/react-router";
import { page } from "@/shell/page";
import { app } from "@/shell/routes";

const templates = createRoute({
  getParentRoute: () => app,
  path: "/templates",
  component: page(() => import("./TemplateList"), "TemplateList"),
});

const template = createRoute({
  getParentRoute: () => app,
  path: "/templates/$id",
  component: page(() => import("./editor/EditorPage"), "EditorPage"),
});

export const templatesRoutes = [templates, template];
