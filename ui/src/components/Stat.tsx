import { IconChevronRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import classes from "./Stat.module.css";

interface StatProps {
  name: string;
  value: ReactNode;
  /** A few words under the figure. */
  note?: ReactNode;
  tone?: "bad" | "warn";
  /** The page that shows what is counted. */
  to?: string;
  /** Shows what is counted beside the page; `what` says so to who hears it. */
  onOpen?: () => void;
  what?: string;
}

/** Figures side by side. */
export function Stats({ children }: { children: ReactNode }) {
  return <dl className={classes.stats}>{children}</dl>;
}

export function Stat({ name, value, note, tone, to, onOpen, what }: StatProps) {
  return (
    <div className={classes.stat} data-link={to || onOpen ? true : undefined}>
      <dt className={classes.name}>
        {to ? (
          <Link to={to}>
            {name}
            <IconChevronRight size={13} aria-hidden="true" />
          </Link>
        ) : (
          name
        )}
      </dt>
      <dd className={classes.value} data-tone={tone}>
        {onOpen ? (
          <button type="button" onClick={onOpen} aria-label={what}>
            {value}
          </button>
        ) : (
          value
        )}
      </dd>
      {note && <dd className={classes.note}>{note}</dd>}
    </div>
  );
}
