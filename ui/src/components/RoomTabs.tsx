import { Link, useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";
import classes from "./RoomTabs.module.css";

export interface RoomTab {
  to: string;
  name: string;
  beside?: ReactNode;
  /** Its address is the beginning of the others'. */
  exact?: boolean;
}

/** The name of the tab whose page is shown. */
export function useTabName(tabs: RoomTab[]): string | undefined {
  const path = useLocation({ select: ({ pathname }) => pathname });
  return tabs.findLast(({ to, exact }) => path === to || (!exact && path.startsWith(`${to}/`)))?.name;
}

/** The pages of one thing, as links: each has its own address. */
export function RoomTabs({ name, tabs }: { name: string; tabs: RoomTab[] }) {
  return (
    <nav className={classes.tabs} aria-label={name}>
      {tabs.map((tab) => (
        <Link
          key={tab.to}
          to={tab.to}
          className={classes.tab}
          activeOptions={{ exact: tab.exact ?? false, includeSearch: false }}
          activeProps={{ "aria-current": "page" }}
        >
          {tab.name}
          {tab.beside}
        </Link>
      ))}
    </nav>
  );
}
