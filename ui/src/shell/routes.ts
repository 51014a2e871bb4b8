/** The two routes that all others hang on: the root, and the app, which asks who is there. */

import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, Outlet, redirect } from "@tanstack/react-router";
import { Refusal } from "@/api/client";
import { meQuery } from "@/api/session";
import { NotFound } from "./Fallbacks";
import { Shell } from "./Shell";

export const rootRoute = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Outlet,
});

export const app = createRoute({
  getParentRoute: () => rootRoute,
  id: "app",
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queries.ensureQueryData(meQuery);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw redirect({ to: "/sign-in", search: { next: location.pathname === "/" ? undefined : location.href } });
    }
  },
  component: Shell,
});

/** Any address that no room has. */
export const nowhere = createRoute({ getParentRoute: () => app, path: "$", component: NotFound });
