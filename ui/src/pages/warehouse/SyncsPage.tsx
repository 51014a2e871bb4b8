import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconRefresh, IconRotateClockwise } from "@tabler/icons-react";
import type { Sync } from "@/api/types";
import { useSyncNow, useSyncs, useWarehouseStatus } from "@/api/warehouse";
import { Bars } from "@/components/Ask";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { compact, count, millis, plural } from "@/components/format";
import { Panel } from "@/components/Page";
import { Stat, Stats } from "@/components/Stat";
import { State } from "@/components/State";
import { Cell, Rows } from "@/components/Table";
import { When } from "@/components/When";
import { SetAside } from "./SetAside";

/** Each load into the warehouse, newest first. */
export function SyncsPage() {
  const syncs = useSyncs();
  const status = useWarehouseStatus().data;
  const all = syncs.data?.pages.flat();
  if (syncs.error && !all) return <Failure error={syncs.error} again={() => void syncs.refetch()} />;
  return (
    <>
      {status && (
        <Stats>
          <Stat
            name="Behind"
            value={status.lag === 0 ? "Up to date" : count(status.lag)}
            note={status.lag === 0 ? undefined : "requests not yet loaded"}
            tone={status.lag > 0 && status.state === "failing" ? "bad" : undefined}
          />
          <Stat name="Last load" value={status.last_sync ? <When at={status.last_sync.started_at} /> : "–"} />
          <Stat name="Rows" value={compact(status.rows)} />
          <Stat
            name="Discarded values"
            value={compact(status.discards)}
            tone={status.discards > 0 ? "warn" : undefined}
          />
          {status.set_aside > 0 && <SetAside count={status.set_aside} />}
        </Stats>
      )}
      <Panel flush title="Loads" lead="A load runs by itself within seconds of new events." beside={<SyncNow />}>
        {!all ? (
          <Bars />
        ) : all.length === 0 ? (
          <Empty bare icon={IconRotateClockwise} title="Nothing loaded yet">
            The first load runs as soon as the first event has arrived.
          </Empty>
        ) : (
          <SyncTable syncs={all} />
        )}
      </Panel>
      {syncs.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={syncs.isFetchingNextPage} onClick={() => void syncs.fetchNextPage()}>
            Show more
          </Button>
        </Group>
      )}
    </>
  );
}

function SyncNow() {
  const sync = useSyncNow();
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconRefresh size={15} />}
      loading={sync.isPending}
      onClick={() =>
        sync.mutate(undefined, {
          onSuccess: (done) =>
            notifications.show({
              color: "teal",
              message: done && done.events > 0 ? `Loaded ${plural(done.events, "event")}.` : "Everything is loaded.",
            }),
          onError: (error) => notifications.show({ color: "red", message: error.message }),
        })
      }
    >
      Sync now
    </Button>
  );
}

const HEADS = [
  { name: "Started" },
  { name: "Status" },
  { name: "Events", right: true },
  { name: "Rows", right: true, wide: true },
  { name: "Duplicates", right: true, wide: true },
  { name: "Discards", right: true, wide: true },
  { name: "Took", right: true, wide: true },
];

function SyncTable({ syncs }: { syncs: Sync[] }) {
  return (
    <Rows caption="Loads" heads={HEADS}>
      {syncs.map((sync) => (
        <SyncRows key={sync.id} sync={sync} />
      ))}
    </Rows>
  );
}

/** A load, and under it what it has to say: its error, and its notices such as new tables and columns. */
function SyncRows({ sync }: { sync: Sync }) {
  return (
    <tr>
      <Cell>
        <When at={sync.started_at} />
        <Said sync={sync} />
      </Cell>
      <Cell>
        <State state={sync.status} />
      </Cell>
      <Cell right>{count(sync.events)}</Cell>
      <Cell right wide>
        {count(sync.rows)}
      </Cell>
      <Cell right wide dim={sync.duplicates === 0}>
        {count(sync.duplicates)}
      </Cell>
      <Cell right wide dim={sync.discards === 0}>
        {sync.discards > 0 ? <Badge color="yellow">{count(sync.discards)}</Badge> : 0}
      </Cell>
      <Cell right wide>
        {millis(sync.millis)}
      </Cell>
    </tr>
  );
}

const SHOWN_NOTICES = 3;

function Said({ sync }: { sync: Sync }) {
  if (sync.error === "" && sync.notices.length === 0) return null;
  const rest = sync.notices.length - SHOWN_NOTICES;
  return (
    <Stack gap={2} mt={4}>
      {sync.error && (
        <Text size="xs" c="var(--sw-bad)">
          {sync.error}
        </Text>
      )}
      {sync.notices.slice(0, SHOWN_NOTICES).map((notice) => (
        <Text key={notice} size="xs" c="dimmed">
          {notice}
        </Text>
      ))}
      {rest > 0 && (
        <Text size="xs" c="dimmed" title={sync.notices.slice(SHOWN_NOTICES).join("\n")}>
          and {count(rest)} more
        </Text>
      )}
    </Stack>
  );
}
