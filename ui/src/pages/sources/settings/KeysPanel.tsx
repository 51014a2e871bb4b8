import { Button, Stack } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { useRevokeKey, useRotateKey } from "@/api/sources";
import type { Source, WriteKey } from "@/api/types";
import { Confirm } from "@/components/Confirm";
import { KeyRow, RenewKey } from "@/components/Keys";
import { Panel } from "@/components/Page";

const HOURS_OF_30_DAYS = 720;

/** The write keys that work, and a new one. */
export function KeysPanel({ source }: { source: Source }) {
  const [rotating, setRotating] = useState(false);
  const [revoking, setRevoking] = useState<WriteKey | null>(null);
  const revoke = useRevokeKey(source.id);
  const rotate = useRotateKey(source.id);
  return (
    <Panel
      title="Write keys"
      lead="A write key says which source an event belongs to. It may be seen in browsers: it can write, never read."
      beside={
        <Button size="xs" variant="default" leftSection={<IconRefresh size={15} />} onClick={() => setRotating(true)}>
          Rotate…
        </Button>
      }
    >
      <Stack gap="sm">
        {source.keys.map((key) => (
          <KeyRow
            key={key.key}
            held={key}
            what="write key"
            end={source.keys.length > 1 ? { verb: "Revoke", act: () => setRevoking(key) } : undefined}
          />
        ))}
      </Stack>
      <RenewKey
        opened={rotating}
        onClose={() => setRotating(false)}
        title="Rotate the write key"
        words="A new key is made. The present one goes on working for a while, so that nothing is lost while you change your code."
        label="How long the old keys still work"
        atOnce="Not at all: stop them now"
        longest={HOURS_OF_30_DAYS}
        renew={rotate}
      />
      <Confirm
        opened={revoking !== null}
        onClose={() => setRevoking(null)}
        title="Revoke this write key?"
        verb="Revoke"
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoking && revoke.mutate(revoking.key, { onSuccess: () => setRevoking(null) })}
      >
        Whatever still sends with <span className="mono">{revoking?.key}</span> is refused from now on.
      </Confirm>
    </Panel>
  );
}
