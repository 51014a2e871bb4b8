import type { CSSProperties, ReactNode } from "react";
import classes from "./Table.module.css";

interface Head {
  name: string;
  /** Numbers stand to the right. */
  right?: boolean;
  /** Not shown on narrow screens. */
  wide?: boolean;
  /** On narrow screens each is as wide as what it holds. */
  width?: number | string;
}

interface RowsProps {
  caption: string;
  heads: Head[];
  children: ReactNode;
}

/** A table in the product's look; `heads` and the cells of each row are in the same order. */
export function Rows({ caption, heads, children }: RowsProps) {
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {heads.map((head, index) => (
              <th
                // biome-ignore lint/suspicious/noArrayIndexKey: a head's place is its identity
                key={index}
                scope="col"
                style={{ "--width": typeof head.width === "number" ? `${head.width}px` : head.width } as CSSProperties}
                data-right={head.right || undefined}
                data-wide={head.wide || undefined}
              >
                {head.name || <span className="sr-only">Actions</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

interface CellProps {
  right?: boolean;
  wide?: boolean;
  dim?: boolean;
  children?: ReactNode;
}

export function Cell({ right = false, wide = false, dim = false, children }: CellProps) {
  return (
    <td data-right={right || undefined} data-wide={wide || undefined} data-dim={dim || undefined}>
      {children}
    </td>
  );
}
