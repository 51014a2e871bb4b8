import { ActionIcon, Skeleton, Stack, Text, Tooltip } from "@mantine/core";
import { IconChevronRight, IconTable, IconTableShortcut } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";
import type { TableInfo } from "@/api/types";
import { Ask } from "@/components/Ask";
import { compact } from "@/components/format";
import { bySchema } from "../tables";
import classes from "./Query.module.css";

interface SchemaBrowserProps {
  tables: UseQueryResult<TableInfo[]>;
  onLook: (schema: string, table: string) => void;
}

/** All schemas and tables at the side; a table opens to its columns. */
export function SchemaBrowser({ tables, onLook }: SchemaBrowserProps) {
  return (
    <nav className={classes.browser} aria-label="Tables">
      <Ask query={tables} loading={<Loading />}>
        {(all) =>
          all.length === 0 ? (
            <Text size="sm" c="dimmed" p="md">
              No tables yet. They are made by the first events that arrive.
            </Text>
          ) : (
            bySchema(all).map(([schema, list]) => (
              <section key={schema}>
                <h2 className={classes.schema}>{schema}</h2>
                {list.map((table) => (
                  <TableItem key={table.name} table={table} onLook={onLook} />
                ))}
              </section>
            ))
          )
        }
      </Ask>
    </nav>
  );
}

function Loading() {
  return (
    <Stack gap={8} p="md">
      <Skeleton height={20} />
      <Skeleton height={20} />
      <Skeleton height={20} />
    </Stack>
  );
}

function TableItem({ table, onLook }: { table: TableInfo; onLook: SchemaBrowserProps["onLook"] }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div>
      <div className={classes.table}>
        <button type="button" className={classes.toggle} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <IconChevronRight size={13} aria-hidden="true" />
          <IconTable size={14} aria-hidden="true" />
          <span className="truncate">{table.name}</span>
          <span className={classes.rows}>{compact(table.rows)}</span>
        </button>
        <Tooltip label="Look at 100 rows">
          <ActionIcon
            size="sm"
            aria-label={`Look at ${table.schema}.${table.name}`}
            onClick={() => onLook(table.schema, table.name)}
          >
            <IconTableShortcut size={15} />
          </ActionIcon>
        </Tooltip>
      </div>
      {isOpen && (
        <ul className={classes.columns}>
          {table.columns.map((column) => (
            <li key={column.name}>
              <span className="truncate">{column.name}</span>
              <span>{column.type.toLowerCase()}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
