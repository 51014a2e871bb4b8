import { Text } from "@mantine/core";
import type { CSSProperties, ReactNode } from "react";
import classes from "./Panes.module.css";

interface PanesProps {
  list: ReactNode;
  /** The chosen one; without it `hint` stands in its place. */
  detail: ReactNode | null;
  hint: string;
  /** How many pixels of the window's height the page needs above. */
  above: number;
}

/** A list at the left, the chosen one at the right; on narrow screens one or the other. */
export function Panes({ list, detail, hint, above }: PanesProps) {
  return (
    <div
      className={classes.panes}
      data-chosen={detail !== null || undefined}
      style={{ "--panes-above": `${above}px` } as CSSProperties}
    >
      <div className={classes.list}>{list}</div>
      <div className={classes.detail}>
        {detail ?? (
          <Text size="sm" c="dimmed" ta="center" pt={120}>
            {hint}
          </Text>
        )}
      </div>
    </div>
  );
}
