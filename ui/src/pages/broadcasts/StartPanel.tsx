import { Button, Group, TextInput } from "@mantine/core";
import { IconCalendarClock, IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import { useBroadcastStep } from "@/api/broadcasts";
import type { Broadcast } from "@/api/types";
import { FormFailure } from "@/components/Failure";
import { exact } from "@/components/format";
import { Panel } from "@/components/Page";

/** Starts a draft, now or at a time. */
export function StartPanel({ broadcast }: { broadcast: Broadcast }) {
  const step = useBroadcastStep(broadcast.id);
  const [at, setAt] = useState("");
  const lead = broadcast.due_at
    ? `It starts by itself: ${exact(broadcast.due_at)}.`
    : "Mails go out as soon as it starts. It can be paused at any time.";
  return (
    <Panel title="Start it" lead={lead}>
      <Group gap="sm" align="flex-end">
        <TextInput
          type="datetime-local"
          label="When"
          description="Leave it empty to start now. The time is that of this browser."
          value={at}
          onChange={(event) => setAt(event.currentTarget.value)}
          maw="100%"
        />
        <Button
          leftSection={at ? <IconCalendarClock size={16} /> : <IconPlayerPlay size={16} />}
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
