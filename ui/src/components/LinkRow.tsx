import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import classes from "./LinkRow.module.css";

interface LinkRowProps {
  to: string;
  icon: ReactNode;
  name: string;
  note?: ReactNode;
  /** At the far end, such as a state. */
  beside?: ReactNode;
}

/** A thing that the page's subject is joined to, in a short list. */
export function LinkRow({ to, icon, name, note, beside }: LinkRowProps) {
  return (
    <Link to={to} className={classes.row}>
      {icon}
      <span className={classes.name}>
        {name}
        {note && <span className={classes.note}>{note}</span>}
      </span>
      {beside && <span className={classes.beside}>{beside}</span>}
    </Link>
  );
}
