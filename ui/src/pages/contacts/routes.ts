/** Contacts, lists, imports, and one contact. */

import { createRoute } from "@tanstack/react-router";
import { page } from "@/shell/page";
import { app } from "@/shell/routes";
import { asLook } from "./list/look";

const contacts = createRoute({
  getParentRoute: () => app,
  path: "/contacts",
  validateSearch: asLook,
  component: page(() => import("./list/ContactsPage"), "ContactsPage"),
});

const contactLists = createRoute({
  getParentRoute: () => app,
  path: "/contacts/lists",
  component: page(() => import("./lists/ListsPage"), "ListsPage"),
});

const contactImports = createRoute({
  getParentRoute: () => app,
  path: "/contacts/imports",
  component: page(() => import("./imports/ImportsPage"), "ImportsPage"),
});

const contactImport = createRoute({
  getParentRoute: () => app,
  path: "/contacts/imports/$id",
  component: page(() => import("./imports/ImportPage"), "ImportPage"),
});

const contact = createRoute({
  getParentRoute: () => app,
  path: "/contacts/$id",
  component: page(() => import("./person/ContactPage"), "ContactPage"),
});

export const contactsRoutes = [contacts, contactLists, contactImports, contactImport, contact];
