import { Button, Stack } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { useEndKey, useRegenerateKey } from "@/api/segmentSync";
import type { SegmentSyncKey } from "@/api/types";
import { Confirm } from "@/components/Confirm";
import { KeyRow, RenewKey } from "@/components/Keys";
import { Panel } from "@/components/Page";

const HOURS_OF_A_WEEK = 168;

/** The API key, older ones while they still work, and a new one. */
export function KeyPanel({ keys }: { keys: SegmentSyncKey[] }) {
  const [renewing, setRenewing] = useState(false);
  const [ending, setEnding] = useState<SegmentSyncKey | null>(null);
  const end = useEndKey();
  const regenerate = useRegenerateKey();
  return (
    <Panel
      title="API key"
      lead="Paste it into an AutopilotHQ destination, here or in Segment. It is a secret: who has it can change your contacts."
      beside={
        <Button size="xs" variant="default" leftSection={<IconRefresh size={15} />} onClick={() => setRenewing(true)}>
          Regenerate…
        </Button>
      }
    >
      <Stack gap="sm">
        {keys.map((key) => (
          <KeyRow
            key={key.id}
            held={key}
            what="API key"
            end={key.expires_at === null ? undefined : { verb: "End now", act: () => setEnding(key) }}
          />
        ))}
      </Stack>
      <RenewKey
        opened={renewing}
        onClose={() => setRenewing(false)}
        title="Regenerate the API key"
        words="A new key is made: paste it wherever the present one is, which goes on working for a while. After that, this server's own destinations wait for the new key, and lose nothing; calls of others are refused."
        label="How long the old key still works"
        atOnce="Not at all: stop it now"
        longest={HOURS_OF_A_WEEK}
        renew={regenerate}
      />
      <Confirm
        opened={ending !== null}
        onClose={() => setEnding(null)}
        title="End this API key?"
        verb="End it"
        busy={end.isPending}
        error={end.error}
        onConfirm={() => ending && end.mutate(ending.id, { onSuccess: () => setEnding(null) })}
      >
        Calls with <span className="mono">{ending?.key}</span> are refused from now on.
      </Confirm>
    </Panel>
  );
}
