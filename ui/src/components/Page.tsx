import { useDocumentTitle } from "@mantine/hooks";
import { IconChevronLeft } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import classes from "./Page.module.css";
import { TellPart } from "./part";

interface PageProps {
  title: string;
  /** The way back up: what the page belongs to. */
  above?: { to: string; name: string };
  icon?: ReactNode;
  /** A word beside the title, such as a state. */
  beside?: ReactNode;
  /** A line under the title. */
  lead?: ReactNode;
  actions?: ReactNode;
  tabs?: ReactNode;
  /** As wide as the window: for grids and pictures. */
  wide?: boolean;
  children: ReactNode;
}

/** A page's frame: where one is, what it is called, what can be done, and the content. */
export function Page({ title, above, icon, beside, lead, actions, tabs, wide = false, children }: PageProps) {
  const [part, setPart] = useState("");
  useDocumentTitle([...new Set([part, title, "Skywrite"])].filter(Boolean).join(" · "));
  return (
    <div className={classes.page} data-wide={wide || undefined}>
      <header className={classes.head} data-tabs={tabs ? true : undefined}>
        {above && (
          <nav aria-label="Breadcrumb" className={classes.above}>
            <Link to={above.to}>
              <IconChevronLeft size={13} aria-hidden="true" />
              {above.name}
            </Link>
          </nav>
        )}
        <div className={classes.row}>
          <div className={classes.name}>
            {icon}
            <div className={classes.words}>
              <h1 className={classes.title}>
                <span className={classes.text}>{title}</span>
                {beside}
              </h1>
              {lead && <div className={classes.lead}>{lead}</div>}
            </div>
          </div>
          {actions && <div className={classes.actions}>{actions}</div>}
        </div>
        <TellPart value={setPart}>{tabs}</TellPart>
      </header>
      {children}
    </div>
  );
}

interface PanelProps {
  title?: ReactNode;
  beside?: ReactNode;
  lead?: ReactNode;
  /** Content to the very edge: tables, lists. */
  flush?: boolean;
  children: ReactNode;
}

/** A titled surface on the page. */
export function Panel({ title, beside, lead, flush = false, children }: PanelProps) {
  return (
    <section className={classes.panel} data-flush={flush || undefined}>
      {(title || beside) && (
        <div className={classes.panelHead}>
          <div>
            <h2 className={classes.panelTitle}>{title}</h2>
            {lead && <p className={classes.panelLead}>{lead}</p>}
          </div>
          {beside}
        </div>
      )}
      {children}
    </section>
  );
}
