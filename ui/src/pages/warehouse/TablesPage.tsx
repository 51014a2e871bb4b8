import { Badge, Button, Group } from "@mantine/core";
import { IconChevronRight, IconSearchOff, IconTable, IconTerminal2 } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { TableInfo } from "@/api/types";
import { useTables, useWarehouseStatus } from "@/api/warehouse";
import { Ask } from "@/components/Ask";
import { Empty } from "@/components/Empty";
import { bytes, compact, count } from "@/components/format";
import { Panel } from "@/components/Page";
import { Search } from "@/components/Search";
import { Stat, Stats } from "@/components/Stat";
import { Cell, Rows } from "@/components/Table";
import { quoted } from "./query/csv";
import { SetAside } from "./SetAside";
import classes from "./TablesPage.module.css";
import { bySchema, hasSize } from "./tables";

/** Every table of the warehouse with its columns and size. */
export function TablesPage() {
  const tables = useTables();
  return (
    <Ask query={tables}>
      {(all) =>
        all.length === 0 ? (
          <Empty icon={IconTable} title="No tables yet">
            Each source has a schema of its own. Its tables are made by the first events that arrive, by Segment’s
            rules: one a track event, and tracks, identifies, users, pages and the like.
          </Empty>
        ) : (
          <AllTables tables={all} />
        )
      }
    </Ask>
  );
}

function AllTables({ tables }: { tables: TableInfo[] }) {
  const status = useWarehouseStatus().data;
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const isSized = tables.some(hasSize);
  const shown = tables.filter((table) => `${table.schema}.${table.name}`.toLowerCase().includes(wanted));
  return (
    <>
      {status && (
        <Stats>
          <Stat name="Tables" value={count(status.tables)} />
          <Stat name="Rows" value={compact(status.rows)} />
          <Stat name="Size" value={bytes(status.bytes)} />
          <Stat
            name="Discarded values"
            value={compact(status.discards)}
            note="kept aside with their reason"
            tone={status.discards > 0 ? "warn" : undefined}
          />
          {status.set_aside > 0 && <SetAside count={status.set_aside} />}
        </Stats>
      )}
      <Search value={text} onChange={setText} placeholder="Search tables" />
      {shown.length === 0 && <Empty icon={IconSearchOff} title={`No tables match “${text}”`} />}
      {bySchema(shown).map(([schema, list]) => (
        <SchemaPanel key={schema} schema={schema} tables={list} isSized={isSized} />
      ))}
    </>
  );
}

const headsOf = (isSized: boolean) => [
  { name: "Table" },
  { name: "Rows", right: true, width: 120 },
  ...(isSized ? [{ name: "Size", right: true, wide: true, width: 120 }] : []),
  { name: "Columns", right: true, wide: true, width: 120 },
  { name: "", right: true, width: 110 },
];

function SchemaPanel({ schema, tables, isSized }: { schema: string; tables: TableInfo[]; isSized: boolean }) {
  return (
    <Panel flush title={<span className="mono">{schema}</span>}>
      <Rows caption={`Tables of ${schema}`} heads={headsOf(isSized)}>
        {tables.map((table) => (
          <TableRows key={table.name} table={table} isSized={isSized} />
        ))}
      </Rows>
    </Panel>
  );
}

function TableRows({ table, isSized }: { table: TableInfo; isSized: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const sql = `select *\nfrom ${quoted(table.schema)}.${quoted(table.name)}\nlimit 100`;
  return (
    <>
      <tr>
        <Cell>
          <button
            type="button"
            className={classes.name}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
            data-row
          >
            <IconChevronRight size={14} aria-hidden="true" />
            <span className="mono">{table.name}</span>
          </button>
        </Cell>
        <Cell right>{count(table.rows)}</Cell>
        {isSized && (
          <Cell right wide dim={!hasSize(table)}>
            {hasSize(table) ? bytes(table.bytes) : "–"}
          </Cell>
        )}
        <Cell right wide>
          {count(table.columns.length)}
        </Cell>
        <Cell right>
          <Button
            renderRoot={(props) => <Link to="/warehouse/query" search={{ sql }} {...props} />}
            size="compact-xs"
            variant="default"
            leftSection={<IconTerminal2 size={14} />}
            className={classes.query}
          >
            Query
          </Button>
        </Cell>
      </tr>
      {isOpen && (
        <tr>
          <td colSpan={headsOf(isSized).length} className={classes.inside}>
            <Group gap={6}>
              {table.columns.map((column) => (
                <Badge key={column.name} color="gray" fw={500} size="lg" fz={12}>
                  {column.name} <span className={classes.type}>{column.type.toLowerCase()}</span>
                </Badge>
              ))}
            </Group>
          </td>
        </tr>
      )}
    </>
  );
}
