/** Every place that the command palette leads to. Pure. */

import type { Destination, Source } from "@/api/types";

export interface Place {
  to: string;
  name: string;
  keywords?: string;
}

export const STANDING_PLACES: Place[] = [
  { to: "/", name: "Pipeline", keywords: "home overview" },
  { to: "/sources", name: "Sources" },
  { to: "/sources/catalog", name: "Add a source", keywords: "catalog new sdk" },
  { to: "/destinations", name: "Destinations" },
  { to: "/destinations/catalog", name: "Add a destination", keywords: "catalog new webhook" },
  { to: "/contacts", name: "Contacts", keywords: "people customers" },
  { to: "/contacts/lists", name: "Lists", keywords: "contacts static" },
  { to: "/contacts/imports", name: "Import contacts", keywords: "csv upload" },
  { to: "/templates", name: "Templates", keywords: "email mail mjml liquid" },
  { to: "/warehouse/query", name: "Query the warehouse", keywords: "sql duckdb" },
  { to: "/warehouse/tables", name: "Warehouse tables", keywords: "schema columns" },
  { to: "/warehouse/syncs", name: "Warehouse syncs", keywords: "loads history" },
  { to: "/segments", name: "Segments", keywords: "contacts audience" },
  { to: "/segments/new", name: "New segment", keywords: "build audience conditions" },
  { to: "/channels/sending", name: "Email channel", keywords: "smtp relay test mail from" },
  { to: "/channels/domains", name: "Sending domains", keywords: "dkim spf dmarc dns" },
  { to: "/channels/receiving", name: "Receiving mail", keywords: "bounces replies inbound tracking helo" },
  { to: "/channels/limits", name: "Sending limits", keywords: "rate retries once" },
  { to: "/broadcasts", name: "Broadcasts", keywords: "campaign newsletter send" },
  { to: "/broadcasts/new", name: "New broadcast", keywords: "campaign newsletter send" },
  { to: "/messages/sent", name: "Messages", keywords: "mail outbox sent" },
  { to: "/messages/incoming", name: "Incoming mail", keywords: "replies bounces complaints" },
  { to: "/messages/suppressions", name: "Suppressions", keywords: "unsubscribed bounced complaint" },
  { to: "/reports", name: "Reports", keywords: "opens clicks figures" },
  { to: "/settings/users", name: "Users", keywords: "invite settings" },
  { to: "/settings/tokens", name: "API tokens", keywords: "settings" },
  { to: "/settings/segment-sync", name: "Segment Sync", keywords: "autopilothq api key contacts rudderstack settings" },
  { to: "/settings/server", name: "Server settings", keywords: "theme health version" },
];

const pages = (base: string, name: string, tails: [tail: string, title: string][], keywords: string): Place[] =>
  tails.map(([tail, title]) => ({ to: `${base}/${tail}`, name: title === "" ? name : `${name}: ${title}`, keywords }));

/** A write key finds its source too. */
export const pagesOfSource = (source: Source): Place[] =>
  pages(
    `/sources/${source.id}`,
    source.name,
    [
      ["overview", ""],
      ["debugger", "debugger"],
      ["refused", "refused events"],
      ["schema", "schema"],
      ["settings", "settings"],
    ],
    [source.schema, source.kind, ...source.write_keys].join(" "),
  );

export const pagesOfDestination = (destination: Destination): Place[] =>
  pages(
    `/destinations/${destination.id}`,
    destination.name,
    [
      ["overview", ""],
      ["deliveries", "deliveries"],
      ["dead-letters", "dead letters"],
      ["settings", "settings"],
    ],
    destination.kind,
  );
