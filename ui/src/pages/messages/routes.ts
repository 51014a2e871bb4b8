/** Mail out and in, and who gets none. */

import { createRoute, redirect } from "@tanstack/react-router";
import type { MessageState } from "@/api/types";
import { text, whole } from "@/shell/address";
import { page } from "@/shell/page";
import { app } from "@/shell/routes";

const messages = createRoute({
  getParentRoute: () => app,
  id: "outbox",
  component: page(() => import("./MessagesFrame"), "MessagesFrame"),
});

const messagesIndex = createRoute({
  getParentRoute: () => app,
  path: "/messages",
  beforeLoad: () => {
    throw redirect({ to: "/messages/sent", replace: true });
  },
});

const messagesSent = createRoute({
  getParentRoute: () => messages,
  path: "/messages/sent",
  validateSearch: (search): { state?: MessageState; broadcast?: number; template?: number } => ({
    state: text(search.state) as MessageState | undefined,
    broadcast: whole(search.broadcast),
    template: whole(search.template),
  }),
  component: page(() => import("./MessageList"), "MessageList"),
});

const incoming = createRoute({
  getParentRoute: () => messages,
  path: "/messages/incoming",
  component: page(() => import("./incoming/IncomingPage"), "IncomingPage"),
});

const suppressions = createRoute({
  getParentRoute: () => messages,
  path: "/messages/suppressions",
  component: page(() => import("./SuppressionsPage"), "SuppressionsPage"),
});

const message = createRoute({
  getParentRoute: () => app,
  path: "/messages/$id",
  component: page(() => import("./MessagePage"), "MessagePage"),
});

export const messagesRoutes = [messages.addChildren([messagesSent, incoming, suppressions]), messagesIndex, message];
