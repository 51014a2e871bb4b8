import { Button, Group } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay, IconTrash, IconX } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useBroadcastStep, useRemoveBroadcast } from "@/api/broadcasts";
import type { Broadcast } from "@/api/types";
import { Confirm } from "@/components/Confirm";
import { FormFailure } from "@/components/Failure";
import { isBegun } from "./progress";

/** What can be asked of a broadcast in its state. */
export function Steps({ broadcast }: { broadcast: Broadcast }) {
  const step = useBroadcastStep(broadcast.id);
  const { state } = broadcast;
  if (!isBegun(broadcast)) return <RemoveDraft broadcast={broadcast} />;
  if (state !== "running" && state !== "paused") return null;
  return (
    <Group gap="xs">
      {state === "running" ? (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={16} />}
          loading={step.isPending}
          onClick={() => step.mutate({ step: "pause" })}
        >
          Pause
        </Button>
      ) : (
        <Button
          leftSection={<IconPlayerPlay size={16} />}
          loading={step.isPending}
          onClick={() => step.mutate({ step: "resume" })}
        >
          Resume
        </Button>
      )}
      <CancelButton broadcast={broadcast} />
      <FormFailure error={step.error} />
    </Group>
  );
}

function CancelButton({ broadcast }: { broadcast: Broadcast }) {
  const cancel = useBroadcastStep(broadcast.id);
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button variant="default" leftSection={<IconX size={16} />} onClick={() => setAsking(true)}>
        Cancel
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title="Cancel this broadcast?"
        verb="Cancel broadcast"
        back="Keep it"
        busy={cancel.isPending}
        error={cancel.error}
        onConfirm={() => cancel.mutate({ step: "cancel" }, { onSuccess: () => setAsking(false) })}
      >
        What waits is not sent any more; what was sent stays sent. It cannot be resumed.
      </Confirm>
    </>
  );
}

function RemoveDraft({ broadcast }: { broadcast: Broadcast }) {
  const remove = useRemoveBroadcast(broadcast.id);
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button variant="default" leftSection={<IconTrash size={16} />} onClick={() => setAsking(true)}>
        Remove
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Remove ${broadcast.name}?`}
        verb="Remove broadcast"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: "/broadcasts" }) })}
      >
        Nothing of it was sent, and nothing will be.
      </Confirm>
    </>
  );
}
