import { Button, Progress } from "@mantine/core";
import { IconPlus, IconSpeakerphone } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useBroadcasts } from "@/api/broadcasts";
import type { Broadcast } from "@/api/types";
import { Ask } from "@/components/Ask";
import { Empty } from "@/components/Empty";
import { compact } from "@/components/format";
import { NameCell } from "@/components/NameCell";
import { Page, Panel } from "@/components/Page";
import { State } from "@/components/State";
import { Cell, Rows } from "@/components/Table";
import { When } from "@/components/When";
import { doneOf, goesWords, isBegun, shareOf } from "./progress";

export function BroadcastList() {
  const broadcasts = useBroadcasts();
  return (
    <Page title="Broadcasts" lead="One template to a list, a segment, or everybody." actions={<AddButton />}>
      <Ask query={broadcasts}>{(all) => (all.length === 0 ? <None /> : <BroadcastTable broadcasts={all} />)}</Ask>
    </Page>
  );
}

function AddButton() {
  return (
    <Button component={Link} to="/broadcasts/new" leftSection={<IconPlus size={16} />}>
      New broadcast
    </Button>
  );
}

function None() {
  return (
    <Empty icon={IconSpeakerphone} title="No broadcasts yet" action={<AddButton />}>
      A broadcast sends a published template to many. It can be paused, resumed and cancelled while it runs.
    </Empty>
  );
}

const HEADS = [
  { name: "Name" },
  { name: "State" },
  { name: "Progress", wide: true },
  { name: "Done", right: true, wide: true },
  { name: "Started", right: true, wide: true },
];

function BroadcastTable({ broadcasts }: { broadcasts: Broadcast[] }) {
  return (
    <Panel flush>
      <Rows caption="Broadcasts" heads={HEADS}>
        {broadcasts.map((broadcast) => (
          <tr key={broadcast.id}>
            <Cell>
              <NameCell to={`/broadcasts/${broadcast.id}`} name={broadcast.name} note={goesWords(broadcast)} />
            </Cell>
            <Cell>
              <State state={broadcast.state} />
            </Cell>
            <Cell wide>
              <Progress value={100 * shareOf(broadcast)} w={140} aria-label={`Progress of ${broadcast.name}`} />
            </Cell>
            <Cell right wide dim>
              {isBegun(broadcast) ? `${compact(doneOf(broadcast))} of ${compact(broadcast.total)}` : "–"}
            </Cell>
            <Cell right wide dim>
              <When at={broadcast.started_at ?? broadcast.due_at ?? null} none="not yet" />
            </Cell>
          </tr>
        ))}
      </Rows>
    </Panel>
  );
}
