/** The warehouse and its tabs. */

import { createRoute, redirect } from "@tanstack/react-router";
import { text } from "@/shell/address";
import { page } from "@/shell/page";
import { app } from "@/shell/routes";

const warehouse = createRoute({
  getParentRoute: () => app,
  path: "/warehouse",
  component: page(() => import("./WarehouseFrame"), "WarehouseFrame"),
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
  component: page(() => import("./query/QueryPage"), "QueryPage"),
});

const warehouseTables = createRoute({
  getParentRoute: () => warehouse,
  path: "tables",
  component: page(() => import("./TablesPage"), "TablesPage"),
});

const warehouseSyncs = createRoute({
  getParentRoute: () => warehouse,
  path: "syncs",
  component: page(() => import("./SyncsPage"), "SyncsPage"),
});

export const warehouseRoutes = [
  warehouse.addChildren([warehouseIndex, warehouseQuery, warehouseTables, warehouseSyncs]),
];
