import { Alert, Button, Group, Progress, Text, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconPlayerPause, IconPlayerPlay, IconX } from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useBroadcast, useBroadcastStep } from "@/api/broadcasts";
import { Refusal } from "@/api/client";
import type { Broadcast } from "@/api/types";
import { Ask } from "@/components/Ask";
import { Confirm } from "@/components/Confirm";
import { FormFailure } from "@/components/Failure";
import { count, percent, rate } from "@/components/format";
import { Page, Panel } from "@/components/Page";
import { StatePill } from "@/components/State";
import { ReportPanels } from "@/pages/reports/ReportPanels";
import { NotFound } from "@/shell/Fallbacks";
import { audienceWords, doneOf, shareOf } from "./progress";

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
      lead={data && `${audienceWords(data)}${data.per_second ? ` · at most ${rate(data.per_second)}` : ""}`}
      actions={data && <Steps broadcast={data} />}
    >
      <Ask query={broadcast}>{(loaded) => <Running broadcast={loaded} />}</Ask>
    </Page>
  );
}

function Running({ broadcast }: { broadcast: Broadcast }) {
  if (broadcast.state === "draft" || broadcast.state === "scheduled") return <StartPanel broadcast={broadcast} />;
  return (
    <>
      {broadcast.reason && (
        <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} title={broadcast.reason} />
      )}
      <Panel
        title={`${percent(shareOf(broadcast), 1)} done`}
        beside={
          <Link to="/messages/sent" search={{ broadcast: broadcast.id }} className="plain">
            <Text size="sm" c="var(--sw-accent-text)" component="span">
              Its messages
            </Text>
          </Link>
        }
      >
        <Progress
          value={100 * shareOf(broadcast)}
          size="lg"
          aria-label="Progress"
          animated={broadcast.state === "running"}
        />
        <Text size="sm" c="dimmed" mt="xs">
          {count(doneOf(broadcast))} of {count(broadcast.total)} contacts.
        </Text>
      </Panel>
      <ReportPanels kind="broadcasts" id={String(broadcast.id)} news={broadcast.state} />
    </>
  );
}

function StartPanel({ broadcast }: { broadcast: Broadcast }) {
  const step = useBroadcastStep(broadcast.id);
  const [at, setAt] = useState("");
  const lead = broadcast.due_at
    ? `It starts at ${new Date(broadcast.due_at).toLocaleString()}.`
    : "Who belongs to the audience when it is reached gets it.";
  return (
    <Panel title="Start it" lead={lead}>
      <Group gap="sm" align="flex-end">
        <TextInput
          type="datetime-local"
          label="When"
          description="Empty: now."
          value={at}
          onChange={(event) => setAt(event.currentTarget.value)}
        />
        <Button
          leftSection={<IconPlayerPlay size={16} />}
          loading={step.isPending}
          onClick={() => step.mutate({ step: "start", at: at ? new Date(at).toISOString() : undefined })}
        >
          {at ? "Schedule" : "Start now"}
        </Button>
      </Group>
      <FormFailure error={step.error} />
    </Panel>
  );
}

function Steps({ broadcast }: { broadcast: Broadcast }) {
  const step = useBroadcastStep(broadcast.id);
  const [asking, setAsking] = useState(false);
  const { state } = broadcast;
  if (state === "done" || state === "cancelled" || state === "failed") return null;
  return (
    <Group gap="xs">
      {state === "running" && (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={16} />}
          loading={step.isPending}
          onClick={() => step.mutate({ step: "pause" })}
        >
          Pause
        </Button>
      )}
      {state === "paused" && (
        <Button
          leftSection={<IconPlayerPlay size={16} />}
          loading={step.isPending}
          onClick={() => step.mutate({ step: "resume" })}
        >
          Resume
        </Button>
      )}
      <Button variant="default" leftSection={<IconX size={16} />} onClick={() => setAsking(true)}>
        Cancel
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title="Cancel this broadcast?"
        verb="Cancel broadcast"
        busy={step.isPending}
        error={step.error}
        onConfirm={() => step.mutate({ step: "cancel" }, { onSuccess: () => setAsking(false) })}
      >
        What waits is not sent any more; what was sent stays sent. It cannot be resumed.
      </Confirm>
    </Group>
  );
}
