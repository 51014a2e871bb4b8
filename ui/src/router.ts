/** Every page and its address. Pages load when they are first gone to. */

import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, Outlet, redirect } from "@tanstack/react-router";
import { Refusal } from "./api/client";
import { meQuery } from "./api/session";
import type { MessageState } from "./api/types";
import { asLook } from "./pages/contacts/list/look";
import { NotFound, PageError, PageLoading } from "./shell/Fallbacks";
import { page } from "./shell/page";
import { Shell } from "./shell/Shell";

const rootRoute = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFound,
});

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const whole = (value: unknown): number | undefined => (Number.isSafeInteger(value) ? (value as number) : undefined);

const signIn = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: (search): { next?: string } => ({ next: text(search.next) }),
  component: page(() => import("./pages/session/SignIn"), "SignIn"),
});

const welcome = createRoute({
  getParentRoute: () => rootRoute,
  path: "/welcome",
  validateSearch: (search): { token?: string } => ({ token: text(search.token) }),
  component: page(() => import("./pages/session/Welcome"), "Welcome"),
});

const app = createRoute({
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

const pipeline = createRoute({
  getParentRoute: () => app,
  path: "/",
  component: page(() => import("./pages/pipeline/PipelinePage"), "PipelinePage"),
});

const sources = createRoute({
  getParentRoute: () => app,
  path: "/sources",
  component: page(() => import("./pages/sources/SourceList"), "SourceList"),
});
const sourceCatalog = createRoute({
  getParentRoute: () => app,
  path: "/sources/catalog",
  component: page(() => import("./pages/sources/SourceCatalog"), "SourceCatalog"),
});
const sourceAdd = createRoute({
  getParentRoute: () => app,
  path: "/sources/catalog/$kind",
  component: page(() => import("./pages/sources/AddSource"), "AddSource"),
});
const source = createRoute({
  getParentRoute: () => app,
  path: "/sources/$id",
  component: page(() => import("./pages/sources/SourceFrame"), "SourceFrame"),
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
  component: page(() => import("./pages/sources/overview/OverviewPage"), "OverviewPage"),
});
const sourceDebugger = createRoute({
  getParentRoute: () => source,
  path: "debugger",
  component: page(() => import("./pages/sources/debugger/DebuggerPage"), "DebuggerPage"),
});
const sourceRefused = createRoute({
  getParentRoute: () => source,
  path: "refused",
  validateSearch: (search): { chosen?: number } => ({ chosen: whole(search.chosen) }),
  component: page(() => import("./pages/sources/refused/RefusedPage"), "RefusedPage"),
});
const sourceSchema = createRoute({
  getParentRoute: () => source,
  path: "schema",
  component: page(() => import("./pages/sources/schema/SchemaPage"), "SchemaPage"),
});
const sourceSettings = createRoute({
  getParentRoute: () => source,
  path: "settings",
  component: page(() => import("./pages/sources/settings/SettingsPage"), "SettingsPage"),
});

const destinations = createRoute({
  getParentRoute: () => app,
  path: "/destinations",
  component: page(() => import("./pages/destinations/DestinationList"), "DestinationList"),
});
const destinationCatalog = createRoute({
  getParentRoute: () => app,
  path: "/destinations/catalog",
  component: page(() => import("./pages/destinations/DestinationCatalog"), "DestinationCatalog"),
});
const destinationAdd = createRoute({
  getParentRoute: () => app,
  path: "/destinations/catalog/$kind",
  validateSearch: (search): { source?: string } => ({ source: text(search.source) }),
  component: page(() => import("./pages/destinations/AddDestination"), "AddDestination"),
});
const destination = createRoute({
  getParentRoute: () => app,
  path: "/destinations/$id",
  component: page(() => import("./pages/destinations/DestinationFrame"), "DestinationFrame"),
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
  component: page(() => import("./pages/destinations/overview/OverviewPage"), "OverviewPage"),
});
const destinationDeliveries = createRoute({
  getParentRoute: () => destination,
  path: "deliveries",
  component: page(() => import("./pages/destinations/DeliveriesPage"), "DeliveriesPage"),
});
const destinationDead = createRoute({
  getParentRoute: () => destination,
  path: "dead-letters",
  component: page(() => import("./pages/destinations/DeadLettersPage"), "DeadLettersPage"),
});
const destinationSettings = createRoute({
  getParentRoute: () => destination,
  path: "settings",
  component: page(() => import("./pages/destinations/settings/SettingsPage"), "SettingsPage"),
});

const templates = createRoute({
  getParentRoute: () => app,
  path: "/templates",
  component: page(() => import("./pages/templates/TemplateList"), "TemplateList"),
});
const template = createRoute({
  getParentRoute: () => app,
  path: "/templates/$id",
  component: page(() => import("./pages/templates/editor/EditorPage"), "EditorPage"),
});

const warehouse = createRoute({
  getParentRoute: () => app,
  path: "/warehouse",
  component: page(() => import("./pages/warehouse/WarehouseFrame"), "WarehouseFrame"),
});
const warehouseIndex = createRoute({
  getParentRoute: () => warehouse,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/warehouse/query", replace: true });
  },
});
const warehouseQuery = createRoute({
  getParentRoute: () => warehouse,
  path: "query",
  validateSearch: (search): { sql?: string } => ({ sql: text(search.sql) }),
  component: page(() => import("./pages/warehouse/query/QueryPage"), "QueryPage"),
});
const warehouseTables = createRoute({
  getParentRoute: () => warehouse,
  path: "tables",
  component: page(() => import("./pages/warehouse/TablesPage"), "TablesPage"),
});
const warehouseSyncs = createRoute({
  getParentRoute: () => warehouse,
  path: "syncs",
  component: page(() => import("./pages/warehouse/SyncsPage"), "SyncsPage"),
});

const contacts = createRoute({
  getParentRoute: () => app,
  path: "/contacts",
  validateSearch: asLook,
  component: page(() => import("./pages/contacts/list/ContactsPage"), "ContactsPage"),
});
const contactLists = createRoute({
  getParentRoute: () => app,
  path: "/contacts/lists",
  component: page(() => import("./pages/contacts/lists/ListsPage"), "ListsPage"),
});
const contactImports = createRoute({
  getParentRoute: () => app,
  path: "/contacts/imports",
  component: page(() => import("./pages/contacts/imports/ImportsPage"), "ImportsPage"),
});
const contactImport = createRoute({
  getParentRoute: () => app,
  path: "/contacts/imports/$id",
  component: page(() => import("./pages/contacts/imports/ImportPage"), "ImportPage"),
});
const contact = createRoute({
  getParentRoute: () => app,
  path: "/contacts/$id",
  component: page(() => import("./pages/contacts/person/ContactPage"), "ContactPage"),
});
const segments = createRoute({
  getParentRoute: () => app,
  path: "/segments",
  component: page(() => import("./pages/segments/SegmentList"), "SegmentList"),
});
const segmentNew = createRoute({
  getParentRoute: () => app,
  path: "/segments/new",
  component: page(() => import("./pages/segments/NewSegment"), "NewSegment"),
});
const segment = createRoute({
  getParentRoute: () => app,
  path: "/segments/$id",
  component: page(() => import("./pages/segments/SegmentFrame"), "SegmentFrame"),
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
  component: page(() => import("./pages/segments/OverviewPage"), "OverviewPage"),
});
const segmentContacts = createRoute({
  getParentRoute: () => segment,
  path: "contacts",
  component: page(() => import("./pages/segments/ContactsPage"), "ContactsPage"),
});
const segmentDefinition = createRoute({
  getParentRoute: () => segment,
  path: "definition",
  component: page(() => import("./pages/segments/DefinitionPage"), "DefinitionPage"),
});
const channels = createRoute({
  getParentRoute: () => app,
  path: "/channels",
  component: page(() => import("./pages/channels/ChannelsFrame"), "ChannelsFrame"),
});
const channelsIndex = createRoute({
  getParentRoute: () => channels,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/channels/sending", replace: true });
  },
});
const channelsSending = createRoute({
  getParentRoute: () => channels,
  path: "sending",
  component: page(() => import("./pages/channels/SendingPage"), "SendingPage"),
});
const channelsDomains = createRoute({
  getParentRoute: () => channels,
  path: "domains",
  component: page(() => import("./pages/channels/DomainsPage"), "DomainsPage"),
});
const channelsReceiving = createRoute({
  getParentRoute: () => channels,
  path: "receiving",
  component: page(() => import("./pages/channels/ReceivingPage"), "ReceivingPage"),
});
const channelsLimits = createRoute({
  getParentRoute: () => channels,
  path: "limits",
  component: page(() => import("./pages/channels/LimitsPage"), "LimitsPage"),
});
const messages = createRoute({
  getParentRoute: () => app,
  id: "outbox",
  component: page(() => import("./pages/messages/MessagesFrame"), "MessagesFrame"),
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
  component: page(() => import("./pages/messages/MessageList"), "MessageList"),
});
const incoming = createRoute({
  getParentRoute: () => messages,
  path: "/messages/incoming",
  component: page(() => import("./pages/messages/incoming/IncomingPage"), "IncomingPage"),
});
const suppressions = createRoute({
  getParentRoute: () => messages,
  path: "/messages/suppressions",
  component: page(() => import("./pages/messages/SuppressionsPage"), "SuppressionsPage"),
});
const message = createRoute({
  getParentRoute: () => app,
  path: "/messages/$id",
  component: page(() => import("./pages/messages/MessagePage"), "MessagePage"),
});
const broadcasts = createRoute({
  getParentRoute: () => app,
  path: "/broadcasts",
  component: page(() => import("./pages/broadcasts/BroadcastList"), "BroadcastList"),
});
const broadcastAdd = createRoute({
  getParentRoute: () => app,
  path: "/broadcasts/new",
  component: page(() => import("./pages/broadcasts/AddBroadcast"), "AddBroadcast"),
});
const broadcast = createRoute({
  getParentRoute: () => app,
  path: "/broadcasts/$id",
  component: page(() => import("./pages/broadcasts/BroadcastPage"), "BroadcastPage"),
});
const reports = createRoute({
  getParentRoute: () => app,
  path: "/reports",
  validateSearch: (search): { of?: string } => ({ of: text(search.of) }),
  component: page(() => import("./pages/reports/ReportsPage"), "ReportsPage"),
});

const settings = createRoute({
  getParentRoute: () => app,
  path: "/settings",
  component: page(() => import("./pages/settings/SettingsFrame"), "SettingsFrame"),
});
const settingsIndex = createRoute({
  getParentRoute: () => settings,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/users", replace: true });
  },
});
const settingsUsers = createRoute({
  getParentRoute: () => settings,
  path: "users",
  component: page(() => import("./pages/settings/UsersPage"), "UsersPage"),
});
const settingsTokens = createRoute({
  getParentRoute: () => settings,
  path: "tokens",
  component: page(() => import("./pages/settings/TokensPage"), "TokensPage"),
});
const settingsSegmentSync = createRoute({
  getParentRoute: () => settings,
  path: "segment-sync",
  component: page(() => import("./pages/settings/sync/SegmentSyncPage"), "SegmentSyncPage"),
});
const settingsServer = createRoute({
  getParentRoute: () => settings,
  path: "server",
  component: page(() => import("./pages/settings/ServerPage"), "ServerPage"),
});

const routeTree = rootRoute.addChildren([
  signIn,
  welcome,
  app.addChildren([
    pipeline,
    sources,
    sourceCatalog,
    sourceAdd,
    source.addChildren([sourceIndex, sourceOverview, sourceDebugger, sourceRefused, sourceSchema, sourceSettings]),
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
    warehouse.addChildren([warehouseIndex, warehouseQuery, warehouseTables, warehouseSyncs]),
    contacts,
    contactLists,
    contactImports,
    contactImport,
    contact,
    segments,
    segmentNew,
    segment.addChildren([segmentIndex, segmentOverview, segmentContacts, segmentDefinition]),
    templates,
    template,
    channels.addChildren([channelsIndex, channelsSending, channelsDomains, channelsReceiving, channelsLimits]),
    messagesIndex,
    messages.addChildren([messagesSent, incoming, suppressions]),
    message,
    broadcasts,
    broadcastAdd,
    broadcast,
    reports,
    settings.addChildren([settingsIndex, settingsUsers, settingsTokens, settingsSegmentSync, settingsServer]),
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
