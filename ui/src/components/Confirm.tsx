import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { FormFailure } from "./Failure";

interface ConfirmProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What will happen. */
  children: ReactNode;
  /** The word on the button, a verb. */
  verb: string;
  /** The word on the button that changes nothing. */
  back?: string;
  /** What must be typed to go on; without it one click does. */
  typed?: string;
  busy: boolean;
  error: Error | null;
  onConfirm: () => void;
}

/** Asks before something that cannot be undone. */
export function Confirm({
  opened,
  onClose,
  title,
  children,
  verb,
  back = "Cancel",
  typed,
  busy,
  error,
  onConfirm,
}: ConfirmProps) {
  const [text, setText] = useState("");
  const ready = typed === undefined || text.trim() === typed;
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (ready) onConfirm();
  }
  return (
    <Modal opened={opened} onClose={onClose} title={title} onExitTransitionEnd={() => setText("")}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text size="sm" component="div">
            {children}
          </Text>
          {typed !== undefined && (
            <TextInput
              label={`To confirm, type “${typed}”`}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              autoComplete="off"
              data-autofocus
            />
          )}
          <FormFailure error={error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {back}
            </Button>
            <Button type="submit" color="red" disabled={!ready} loading={busy}>
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
