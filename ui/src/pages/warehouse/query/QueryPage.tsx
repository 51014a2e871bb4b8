import { Button, Group, Menu, Text } from "@mantine/core";
import { IconHistory, IconPlayerPlay } from "@tabler/icons-react";
import { useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useRunQuery, useTables } from "@/api/warehouse";
import { When } from "@/components/When";
import { quoted } from "./csv";
import classes from "./Query.module.css";
import { QueryOutcome } from "./QueryOutcome";
import { loadRecents, type Recent, storeRecents, withRecent } from "./recent";
import { SchemaBrowser } from "./SchemaBrowser";
import { SqlEditor } from "./SqlEditor";

const MOST_ROWS = 1000;
const FIRST_QUERY = "select table_schema, table_name\nfrom information_schema.tables\norder by all";

/** SQL on the warehouse, read-only: the tables at the side, the editor above, what came back below. */
export function QueryPage() {
  const given = useSearch({ from: "/app/warehouse/query" }).sql;
  const [recents, setRecents] = useState(loadRecents);
  const [text, setText] = useState(given ?? recents[0]?.sql ?? FIRST_QUERY);
  const tables = useTables();
  const run = useRunQuery();
  const completions = useMemo(
    () =>
      Object.fromEntries(
        (tables.data ?? []).map((table) => [
          `${table.schema}.${table.name}`,
          table.columns.map((column) => column.name),
        ]),
      ),
    [tables.data],
  );

  function go(sql: string): void {
    if (sql.trim() === "" || run.isPending) return;
    const next = withRecent(recents, sql, new Date().toISOString());
    setRecents(next);
    storeRecents(next);
    run.mutate({ sql, limit: MOST_ROWS });
  }
  function look(schema: string, table: string): void {
    const sql = `select *\nfrom ${quoted(schema)}.${quoted(table)}\nlimit 100`;
    setText(sql);
    go(sql);
  }
  return (
    <div className={classes.room}>
      <SchemaBrowser tables={tables} onLook={look} />
      <div className={classes.desk}>
        <section className={classes.editor} aria-label="Query">
          <SqlEditor value={text} onChange={setText} onRun={() => go(text)} tables={completions} />
          <div className={classes.bar}>
            <Text size="xs" c="dimmed">
              Read-only · at most {MOST_ROWS} rows
            </Text>
            <Group gap="xs" wrap="nowrap">
              <RecentMenu recents={recents} onChoose={setText} />
              <Button
                size="xs"
                leftSection={<IconPlayerPlay size={15} />}
                rightSection={
                  <Text size="xs" visibleFrom="sm" aria-hidden="true">
                    Ctrl ↵
                  </Text>
                }
                loading={run.isPending}
                disabled={text.trim() === ""}
                onClick={() => go(text)}
              >
                Run
              </Button>
            </Group>
          </div>
        </section>
        <QueryOutcome run={run} />
      </div>
    </div>
  );
}

function RecentMenu({ recents, onChoose }: { recents: Recent[]; onChoose: (sql: string) => void }) {
  return (
    <Menu position="bottom-end" width={420} shadow="md">
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<IconHistory size={15} />} disabled={recents.length === 0}>
          Recent
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflowY: "auto" }}>
        {recents.map((recent) => (
          <Menu.Item key={recent.sql} onClick={() => onChoose(recent.sql)}>
            <Text size="xs" className="mono" lineClamp={2}>
              {recent.sql}
            </Text>
            <Text size="xs" c="dimmed">
              <When at={recent.at} />
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
