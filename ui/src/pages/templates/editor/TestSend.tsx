import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { meQuery } from "@/api/session";
import { useTestSend } from "@/api/templates";
import type { PreviewAsk } from "@/api/types";
import { FormFailure } from "@/components/Failure";

interface TestSendProps {
  id: string;
  /** What is written now, and as whom and with what it is shown. */
  shown: PreviewAsk;
  opened: boolean;
  onClose: () => void;
}

/** Sends what is written now, saved or not, to one address. */
export function TestSend({ id, shown, opened, onClose }: TestSendProps) {
  const me = useQuery(meQuery);
  const test = useTestSend(id);
  const [typed, setTyped] = useState<string | null>(null);
  const to = typed ?? me.data?.email ?? "";

  function submit(event: FormEvent): void {
    event.preventDefault();
    test.mutate({ ...shown, to: to.trim() });
  }
  return (
    <Modal opened={opened} onClose={onClose} title="Send a test" onExitTransitionEnd={() => test.reset()}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label="To"
            description="What the contact in the preview would read, with its data."
            type="email"
            value={to}
            onChange={(event) => setTyped(event.currentTarget.value)}
            data-autofocus
          />
          <FormFailure error={test.error} />
          {test.data && (
            <Text size="sm" role="status">
              It is on its way.{" "}
              <Link to="/messages/$id" params={{ id: test.data.message_id.replace(/^message_/, "") }} className="link">
                See what becomes of it
              </Link>
            </Text>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {test.data ? "Close" : "Cancel"}
            </Button>
            <Button type="submit" loading={test.isPending} disabled={!to.includes("@")}>
              Send test
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
