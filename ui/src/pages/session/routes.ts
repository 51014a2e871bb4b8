/** Signing in, and the first time. */

import { createRoute } from "@tanstack/react-router";
import { text } from "@/shell/address";
import { page } from "@/shell/page";
import { rootRoute } from "@/shell/routes";

const signIn = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: (search): { next?: string } => ({ next: text(search.next) }),
  component: page(() => import("./SignIn"), "SignIn"),
});

const welcome = createRoute({
  getParentRoute: () => rootRoute,
  path: "/welcome",
  validateSearch: (search): { token?: string } => ({ token: text(search.token) }),
  component: page(() => import("./Welcome"), "Welcome"),
});

export const sessionRoutes = [signIn, welcome];
