import { memo } from "react";
import type { Column, Json } from "@/api/types";
import { cellText, isNumber } from "./csv";
import classes from "./Query.module.css";

/** Rows and columns with their types. Long values are cut; the whole is in the title. */
export const Grid = memo(function Grid({ columns, rows }: { columns: Column[]; rows: Json[][] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={classes.scroll} tabIndex={0} aria-label="Rows">
      <table className={classes.grid}>
        <thead>
          <tr>
            <th aria-label="Row" className={classes.number} />
            {columns.map((column, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name
              <th key={place} scope="col" data-right={isNumber(column.type) || undefined}>
                {column.name}
                <span className={classes.type}>{column.type.toLowerCase()}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
            <tr key={index}>
              <td className={classes.number}>{index + 1}</td>
              {row.map((value, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <CellView key={place} value={value} isRight={isNumber(columns[place]?.type ?? "")} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
});

const SHORT = 40;

function CellView({ value, isRight }: { value: Json; isRight: boolean }) {
  if (value === null) return <td className={classes.null}>null</td>;
  const text = cellText(value);
  return (
    <td data-right={isRight || undefined} title={text.length > SHORT ? text : undefined}>
      {text}
    </td>
  );
}
