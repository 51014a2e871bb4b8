import { Badge, Button, Group, Modal, Select, Stack, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { useRevokeKey, useRotateKey } from "@/api/sources";
import type { Source, WriteKey } from "@/api/types";
import { Confirm } from "@/components/Confirm";
import { CopyField } from "@/components/Copy";
import { FormFailure } from "@/components/Failure";
import { Panel } from "@/components/Page";
import { When } from "@/components/When";
import classes from "./KeysPanel.module.css";

export function KeysPanel({ source }: { source: Source }) {
  const [rotating, setRotating] = useState(false);
  const [revoking, setRevoking] = useState<WriteKey | null>(null);
  const revoke = useRevokeKey(source.id);
  const usable = source.keys.length;
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
          <div key={key.key} className={classes.key}>
            <div className={classes.value}>
              <CopyField value={key.key} what="write key" />
            </div>
            <span className={classes.when}>
              <KeyState writeKey={key} />
            </span>
            {usable > 1 && (
              <Button size="xs" variant="subtle" color="red" onClick={() => setRevoking(key)}>
                Revoke
              </Button>
            )}
          </div>
        ))}
      </Stack>
      <Rotate source={source} opened={rotating} onClose={() => setRotating(false)} />
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

function KeyState({ writeKey }: { writeKey: WriteKey }) {
  if (writeKey.expires_at === null) {
    return (
      <Text size="xs" c="dimmed" span>
        made <When at={writeKey.created_at} />
      </Text>
    );
  }
  return (
    <Badge color="yellow">
      stops <When at={writeKey.expires_at} />
    </Badge>
  );
}

const GRACES = [
  { value: "0", label: "Not at all: stop them now" },
  { value: "1", label: "1 hour" },
  { value: "24", label: "1 day" },
  { value: "168", label: "1 week" },
  { value: "720", label: "30 days" },
];

interface RotateProps {
  source: Source;
  opened: boolean;
  onClose: () => void;
}

function Rotate({ source, opened, onClose }: RotateProps) {
  const [grace, setGrace] = useState("24");
  const rotate = useRotateKey(source.id);
  return (
    <Modal opened={opened} onClose={onClose} title="Rotate the write key">
      <Stack gap="md">
        <Text size="sm">
          A new key is made. The present one goes on working for a while, so that nothing is lost while you change your
          code.
        </Text>
        <Select
          label="How long the old keys still work"
          data={GRACES}
          value={grace}
          onChange={(value) => setGrace(value ?? "24")}
          allowDeselect={false}
        />
        <FormFailure error={rotate.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={rotate.isPending} onClick={() => rotate.mutate(Number(grace), { onSuccess: onClose })}>
            Make a new key
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
