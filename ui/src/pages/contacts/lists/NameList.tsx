import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useState } from "react";
import { FormFailure } from "@/components/Failure";

interface NameListProps {
  opened: boolean;
  title: string;
  verb: string;
  name?: string;
  busy: boolean;
  error: Error | null;
  onClose: () => void;
  onName: (name: string) => void;
}

/** Asks for a list's name. */
export function NameList({ opened, title, verb, name = "", busy, error, onClose, onName }: NameListProps) {
  const [text, setText] = useState(name);
  useEffect(() => setText(name), [name]);
  function submit(event: FormEvent): void {
    event.preventDefault();
    onName(text.trim());
  }
  return (
    <Modal opened={opened} onClose={onClose} title={title} onExitTransitionEnd={() => setText(name)}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label="Name"
            placeholder="Newsletter"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            maxLength={200}
            required
            data-autofocus
          />
          <FormFailure error={error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
