import { Button, Group, NumberInput, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useChangeBroadcast } from "@/api/broadcasts";
import type { Broadcast } from "@/api/types";
import { FormFailure } from "@/components/Failure";
import { rate } from "@/components/format";

/** How fast it is sent, which can be changed while it runs. */
export function Pace({ broadcast }: { broadcast: Broadcast }) {
  const [isChanging, setChanging] = useState(false);
  const now = broadcast.per_second ? `At most ${rate(broadcast.per_second)}` : "As fast as the servers take it";
  if (isChanging) return <PaceForm broadcast={broadcast} onDone={() => setChanging(false)} />;
  return (
    <Group gap="xs" mt="sm">
      <Text size="sm">{now}</Text>
      <Button size="compact-sm" variant="subtle" onClick={() => setChanging(true)}>
        Change the pace
      </Button>
    </Group>
  );
}

function PaceForm({ broadcast, onDone }: { broadcast: Broadcast; onDone: () => void }) {
  const change = useChangeBroadcast(broadcast.id);
  const [value, setValue] = useState<number | string>(broadcast.per_second ?? "");
  function submit(event: FormEvent): void {
    event.preventDefault();
    change.mutate({ per_second: Number(value) || 0 }, { onSuccess: onDone });
  }
  return (
    <form onSubmit={submit} noValidate>
      <Group gap="xs" mt="sm" align="flex-end">
        <NumberInput
          label="Mails a second, at most"
          description="Leave it empty to send as fast as the servers take it."
          value={value}
          onChange={setValue}
          min={0}
          w={300}
          maw="100%"
          data-autofocus
        />
        <Button type="submit" loading={change.isPending}>
          Save
        </Button>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      </Group>
      <FormFailure error={change.error} />
    </form>
  );
}
