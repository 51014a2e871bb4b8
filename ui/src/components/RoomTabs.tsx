import { Link, useLocation } from "@tanstack/react-router";
import { type ReactNode, useContext, useEffect } from "react";
import { TellPart } from "./part";
import classes from "./RoomTabs.module.css";

export interface RoomTab {
  to: string;
  name: string;
  beside?: ReactNode;
  /** Its address is the beginning of the others'. */
  exact?: boolean;
}

/** The pages of one thing, as links: each has its own address. */
export function RoomTabs({ name, tabs }: { name: string; tabs: RoomTab[] }) {
  const { pathname } = useLocation();
  const tellPart = useContext(TellPart);
  const shown = tabs.find(({ to, exact }) => pathname === to || (!exact && pathname.startsWith(`${to}/`)))?.name ?? "";
  useEffect(() => tellPart(shown), [tellPart, shown]);
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
