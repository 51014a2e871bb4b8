import { Badge, Button, Group, Modal, Select, Stack, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { useEndKey, useRegenerateKey } from "@/api/segmentSync";
import type { SegmentSyncKey } from "@/api/types";
import { Confirm } from "@/components/Confirm";
import { CopyField } from "@/components/Copy";
import { FormFailure } from "@/components/Failure";
import { Panel } from "@/components/Page";
import { When } from "@/components/When";
import classes from "./KeyPanel.module.css";

/** The API key, older ones while they still work, and a new one. */
export function KeyPanel({ keys }: { keys: SegmentSyncKey[] }) {
  const [renewing, setRenewing] = useState(false);
  const [ending, setEnding] = useState<SegmentSyncKey | null>(null);
  const end = useEndKey();
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
          <div key={key.id} className={classes.key}>
            <div className={classes.value}>
              <CopyField value={key.key} what="API key" />
            </div>
            <KeyState apiKey={key} />
            {key.expires_at !== null && (
              <Button size="xs" variant="subtle" color="red" onClick={() => setEnding(key)}>
                End now
              </Button>
            )}
          </div>
        ))}
      </Stack>
      <Regenerate opened={renewing} onClose={() => setRenewing(false)} />
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

function KeyState({ apiKey }: { apiKey: SegmentSyncKey }) {
  if (apiKey.expires_at !== null) {
    return (
      <Badge color="yellow">
        stops <When at={apiKey.expires_at} />
      </Badge>
    );
  }
  return (
    <Text size="xs" c="dimmed" span>
      made <When at={apiKey.created_at} />
    </Text>
  );
}

const GRACES = [
  { value: "0", label: "Not at all: stop it now" },
  { value: "1", label: "1 hour" },
  { value: "24", label: "1 day" },
  { value: "168", label: "1 week" },
];

function Regenerate({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [grace, setGrace] = useState("24");
  const regenerate = useRegenerateKey();
  return (
    <Modal opened={opened} onClose={onClose} title="Regenerate the API key">
      <Stack gap="md">
        <Text size="sm">
          A new key is made: paste it wherever the present one is, which goes on working for a while. After that, this
          server's own destinations wait for the new key, and lose nothing; calls of others are refused.
        </Text>
        <Select
          label="How long the old key still works"
          data={GRACES}
          value={grace}
          onChange={(value) => setGrace(value ?? "24")}
          allowDeselect={false}
        />
        <FormFailure error={regenerate.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            loading={regenerate.isPending}
            onClick={() => regenerate.mutate(Number(grace), { onSuccess: onClose })}
          >
            Make a new key
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
