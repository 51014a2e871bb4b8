import { Alert, Group, Progress, Text } from "@mantine/core";
import { IconAlertTriangle, IconMail, IconUsers } from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import { useBroadcast } from "@/api/broadcasts";
import { Refusal } from "@/api/client";
import { useContactCount } from "@/api/contacts";
import type { Broadcast } from "@/api/types";
import { Ask } from "@/components/Ask";
import { count, percent } from "@/components/format";
import { LinkRow } from "@/components/LinkRow";
import { Page, Panel } from "@/components/Page";
import { StatePill } from "@/components/State";
import { saidCount } from "@/pages/contacts/list/counted";
import { ReportPanels } from "@/pages/reports/ReportPanels";
import { NotFound } from "@/shell/Fallbacks";
import { Pace } from "./Pace";
import { audiencePath, audienceWords, doneOf, goesWords, isBegun, searchOf, shareOf } from "./progress";
import { StartPanel } from "./StartPanel";
import { Steps } from "./Steps";

/** One broadcast: how far it has come, what can be asked of it, and its report. */
export function BroadcastPage() {
  const { id } = useParams({ from: "/app/broadcasts/$id" });
  const broadcast = useBroadcast(Number(id));
  if (broadcast.error instanceof Refusal && broadcast.error.status === 404) return <NotFound />;
  const data = broadcast.data;
  return (
    <Page
      title={data?.name ?? "Broadcast"}
      above={{ to: "/broadcasts", name: "Broadcasts" }}
      beside={data && <StatePill state={data.state} />}
      lead={data && goesWords(data)}
      actions={data && <Steps broadcast={data} />}
    >
      <Ask query={broadcast}>
        {(loaded) => (isBegun(loaded) ? <Begun broadcast={loaded} /> : <Draft broadcast={loaded} />)}
      </Ask>
    </Page>
  );
}

function Draft({ broadcast }: { broadcast: Broadcast }) {
  const reached = useContactCount(searchOf(broadcast));
  return (
    <>
      <Panel title="What goes to whom">
        <LinkRow
          to={`/templates/template_${broadcast.template_id}`}
          icon={<IconMail size={20} />}
          name={broadcast.template_name}
          note="As it is published when the broadcast starts"
        />
        <LinkRow
          to={audiencePath(broadcast) ?? "/contacts"}
          icon={<IconUsers size={20} />}
          name={audienceWords(broadcast)}
          note={
            reached.data
              ? `${saidCount(reached.data)} just now, and whoever joins before their turn`
              : "Whoever belongs to it when the broadcast comes to them"
          }
        />
        <Pace broadcast={broadcast} />
      </Panel>
      <StartPanel broadcast={broadcast} />
    </>
  );
}

function Begun({ broadcast }: { broadcast: Broadcast }) {
  const isOver = !["running", "paused"].includes(broadcast.state);
  return (
    <>
      {broadcast.reason && (
        <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} title={broadcast.reason} />
      )}
      <Panel
        title={`${percent(shareOf(broadcast), 1)} done`}
        beside={
          <Group gap="md">
            <Link to="/templates/$id" params={{ id: `template_${broadcast.template_id}` }} className="link">
              Template
            </Link>
            <Link to="/messages/sent" search={{ broadcast: broadcast.id }} className="link">
              Messages
            </Link>
          </Group>
        }
      >
        <Progress
          value={100 * shareOf(broadcast)}
          size="lg"
          aria-label="Progress"
          animated={broadcast.state === "running"}
        />
        <Text size="sm" c="dimmed" mt="xs">
          {count(doneOf(broadcast))} of {count(broadcast.total)} contacts
        </Text>
        {!isOver && <Pace broadcast={broadcast} />}
      </Panel>
      <ReportPanels kind="broadcasts" id={String(broadcast.id)} news={broadcast.state} />
    </>
  );
}
