import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Breakable } from "./Breakable";
import classes from "./NameCell.module.css";

interface NameCellProps {
  to: string;
  icon?: ReactNode;
  name: string;
  note?: ReactNode;
}

/** The first cell of a row: its link makes the whole row a target. */
export function NameCell({ to, icon, name, note }: NameCellProps) {
  return (
    <div className={classes.cell}>
      {icon}
      <div className={classes.words}>
        <Link to={to} className={classes.name} data-row>
          <Breakable text={name} />
        </Link>
        {note && <div className={classes.note}>{typeof note === "string" ? <Breakable text={note} /> : note}</div>}
      </div>
    </div>
  );
}
