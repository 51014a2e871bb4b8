import { Button, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { useRefusedRows } from "@/api/imports";
import type { ContactImport } from "@/api/types";
import { Ask } from "@/components/Ask";
import { count } from "@/components/format";
import { Panel } from "@/components/Page";
import { Cell, Rows } from "@/components/Table";
import classes from "./Imports.module.css";

const HEADS = [{ name: "Line", right: true, width: 80 }, { name: "Why" }, { name: "Row", wide: true }];
const FOLDED = 10;

/** The rows that are not taken, with their reasons; nothing where all are. */
export function RefusedRows({ one }: { one: ContactImport }) {
  const rows = useRefusedRows(String(one.id), one.refused);
  const [all, setAll] = useState(false);
  if (one.refused === 0) return null;
  return (
    <Ask query={rows}>
      {(found) => {
        const shown = all ? found : found.slice(0, FOLDED);
        return (
          <Panel
            flush
            title="Refused rows"
            lead={shown.length < one.refused ? `The first ${shown.length} of ${count(one.refused)}.` : undefined}
            beside={<Download id={one.id} />}
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
            {shown.length < found.length && (
              <Button variant="subtle" fullWidth radius={0} onClick={() => setAll(true)}>
                Show {found.length - shown.length} more
              </Button>
            )}
          </Panel>
        );
      }}
    </Ask>
  );
}

const Download = ({ id }: { id: number }) => (
  <Button
    size="xs"
    variant="default"
    component="a"
    href={`/api/v1/contacts/imports/${id}/report`}
    leftSection={<IconDownload size={15} />}
  >
    All as CSV
  </Button>
);
