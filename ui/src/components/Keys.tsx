import { Badge, Button, Group, Modal, Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { CopyField } from "./Copy";
import { FormFailure } from "./Failure";
import classes from "./Keys.module.css";
import { When } from "./When";

interface KeyRowProps {
  held: { key: string; created_at: string; expires_at?: string | null };
  /** What is copied, as in "Copy write key". */
  what: string;
  /** What ends it at once; without it, it can't be ended. */
  end?: { verb: string; act: () => void };
}

/** A key that works: to be copied, since when it is or until when it works, and a way to end it. */
export function KeyRow({ held, what, end }: KeyRowProps) {
  return (
    <div className={classes.key}>
      <div className={classes.value}>
        <CopyField value={held.key} what={what} />
      </div>
      {held.expires_at ? (
        <Badge color="yellow">
          stops <When at={held.expires_at} />
        </Badge>
      ) : (
        <Text size="xs" c="dimmed" span>
          made <When at={held.created_at} />
        </Text>
      )}
      {end && (
        <Button size="xs" variant="subtle" color="red" onClick={end.act}>
          {end.verb}
        </Button>
      )}
    </div>
  );
}

const GRACES = [
  { value: "1", label: "1 hour" },
  { value: "24", label: "1 day" },
  { value: "168", label: "1 week" },
  { value: "720", label: "30 days" },
];

interface RenewKeyProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  words: string;
  /** What the choice of hours is called, and what no hour is. */
  label: string;
  atOnce: string;
  longest: number;
  renew: {
    error: Error | null;
    isPending: boolean;
    mutate: (hours: number, options: { onSuccess: () => void }) => void;
  };
}

/** Makes a new key, and asks how many hours the old ones still work. */
export function RenewKey({ opened, onClose, title, words, label, atOnce, longest, renew }: RenewKeyProps) {
  const [hours, setHours] = useState("24");
  return (
    <Modal opened={opened} onClose={onClose} title={title}>
      <Stack gap="md">
        <Text size="sm">{words}</Text>
        <Select
          label={label}
          data={[{ value: "0", label: atOnce }, ...GRACES.filter(({ value }) => Number(value) <= longest)]}
          value={hours}
          onChange={(value) => setHours(value ?? "24")}
          allowDeselect={false}
        />
        <FormFailure error={renew.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={renew.isPending} onClick={() => renew.mutate(Number(hours), { onSuccess: onClose })}>
            Make a new key
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
