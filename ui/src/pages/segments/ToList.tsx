import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { useSegmentToList } from "@/api/segments";
import type { Segment } from "@/api/types";
import { FormFailure } from "@/components/Failure";
import { plural } from "@/components/format";

interface ToListProps {
  segment: Segment;
  opened: boolean;
  onClose: () => void;
}

/** Makes a list of those who are in the segment now. */
export function ToList({ segment, opened, onClose }: ToListProps) {
  const [name, setName] = useState("");
  const make = useSegmentToList(segment.id);
  function submit(event: FormEvent): void {
    event.preventDefault();
    make.mutate(name.trim(), {
      onSuccess: () => {
        notifications.show({ color: "teal", message: `The list “${name.trim()}” is made.` });
        onClose();
      },
    });
  }
  return (
    <Modal opened={opened} onClose={onClose} title="Members as a list" onExitTransitionEnd={() => setName("")}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text size="sm">
            Puts the {plural(segment.members, "contact")} who {segment.members === 1 ? "is" : "are"} in it now on a new
            list, which stays as it is when the segment changes.
          </Text>
          <TextInput
            label="Name of the list"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={200}
            data-autofocus
          />
          <FormFailure error={make.error} />
          <Group justify="flex-end">
            <Button type="submit" loading={make.isPending} disabled={name.trim() === ""}>
              Make list
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
