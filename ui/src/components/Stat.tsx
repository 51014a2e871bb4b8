import type { ReactNode } from "react";
import classes from "./Stat.module.css";

interface StatProps {
  name: string;
  value: ReactNode;
  /** A few words under the figure. */
  note?: ReactNode;
  tone?: "bad" | "warn";
}

/** Figures side by side. */
export function Stats({ children }: { children: ReactNode }) {
  return <dl className={classes.stats}>{children}</dl>;
}

export function Stat({ name, value, note, tone }: StatProps) {
  return (
    <div className={classes.stat}>
      <dt className={classes.name}>{name}</dt>
      <dd className={classes.value} data-tone={tone}>
        {value}
      </dd>
      {note && <dd className={classes.note}>{note}</dd>}
    </div>
  );
}
