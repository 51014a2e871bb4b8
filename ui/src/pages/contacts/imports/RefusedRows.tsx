import { Text } from "@mantine/core";
import { useRefusedRows } from "@/api/imports";
import type { ContactImport } from "@/api/types";
import { Ask } from "@/components/Ask";
import { count } from "@/components/format";
import { Panel } from "@/components/Page";
import { Cell, Rows } from "@/components/Table";
import classes from "./Imports.module.css";

const HEADS = [{ name: "Line", right: true, width: 80 }, { name: "Why" }, { name: "Row", wide: true }];

/** The rows that are not taken, with their reasons; nothing where all are. */
export function RefusedRows({ one }: { one: ContactImport }) {
  const rows = useRefusedRows(String(one.id), one.refused);
  if (one.refused === 0) return null;
  return (
    <Ask query={rows}>
      {(shown) => (
        <Panel
          flush
          title="Refused rows"
          lead={shown.length < one.refused ? `The first ${shown.length} of ${count(one.refused)}.` : undefined}
        >
          <Rows caption="Refused rows" heads={HEADS}>
            {shown.map(({ line, reason, row }) => (
              <tr key={line}>
                <Cell right dim>
                  {count(line)}
                </Cell>
                <Cell>{reason}</Cell>
                <Cell wide dim>
                  <Text component="span" className={`${classes.row} mono`} title={row}>
                    {row}
                  </Text>
                </Cell>
              </tr>
            ))}
          </Rows>
        </Panel>
      )}
    </Ask>
  );
}
