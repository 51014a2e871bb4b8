import type { TablerIcon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./Empty.module.css";

interface EmptyProps {
  icon: TablerIcon;
  title: string;
  /** What to do next. */
  children?: ReactNode;
  action?: ReactNode;
  bare?: boolean;
}

/** A place where nothing is yet, and the next step. */
export function Empty({ icon: Glyph, title, children, action, bare = false }: EmptyProps) {
  return (
    <div className={classes.empty} data-bare={bare || undefined}>
      <span className={classes.glyph} aria-hidden="true">
        <Glyph size={22} stroke={1.6} />
      </span>
      <h2 className={classes.title}>{title}</h2>
      {children && <div className={classes.words}>{children}</div>}
      {action && <div className={classes.action}>{action}</div>}
    </div>
  );
}
