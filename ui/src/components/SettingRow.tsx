import type { ReactNode } from "react";
import classes from "./SettingRow.module.css";

interface SettingRowProps {
  name: ReactNode;
  words?: ReactNode;
  children: ReactNode;
}

/** One setting: what it is at the left, what changes it at the right. */
export function SettingRow({ name, words, children }: SettingRowProps) {
  return (
    <div className={classes.row}>
      <div className={classes.words}>
        <div className={classes.name}>{name}</div>
        {words && <div className={classes.note}>{words}</div>}
      </div>
      <div className={classes.control}>{children}</div>
    </div>
  );
}
