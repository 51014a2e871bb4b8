import type { CSSProperties } from "react";
import classes from "./Face.module.css";
import { hueOf, initials } from "./list/columns";

/** A contact's letters on a ground of their own colour. */
export function Face({ id, name, size = 32 }: { id: string; name: string; size?: number }) {
  const style = { "--hue": hueOf(id), "--size": `${size}px` } as CSSProperties;
  return (
    <span className={classes.face} style={style} aria-hidden="true">
      {initials(name)}
    </span>
  );
}
