import type { ReactNode } from "react";
import classes from "./Split.module.css";

/** Two columns: the main one, and a narrower one beside it; one under the other where there is no room. */
export function Split({ main, side }: { main: ReactNode; side: ReactNode }) {
  return (
    <div className={classes.split}>
      <div className={classes.column}>{main}</div>
      <div className={classes.column}>{side}</div>
    </div>
  );
}
