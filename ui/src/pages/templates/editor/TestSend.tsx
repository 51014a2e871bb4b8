import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { meQuery } from "@/api/session";
import { useTestSend } from "@/api/templates";
import type { TemplateChange } from "@/api/types";
import { FormFailure } from "@/components/Failure";
import type { Data } from "./sampleData";

interface TestSendProps {
  id: string;
  changes: TemplateChange;
  contact: string | null;
  data: Data;
  /** Of the sample data; "" where there is none. */
  dataError: string;
  opened: boolean;
  onClose: () => void;
}

/** Sends what is written now, saved or not, to one address. */
export function TestSend({ id, changes, contact, data, dataError, opened, onClose }: TestSendProps) {
  const me = useQuery(meQuery);
  const test = useTestSend(id);
  const [typed, setTyped] = useState<string | null>(null);
  const to = typed ?? me.data?.email ?? "";

  function submit(event: FormEvent): void {
    event.preventDefault();
    test.mutate({ to: to.trim(), changes, contact, data });
  }
  return (
    <Modal opened={opened} onClose={onClose} title="Send a test" onExitTransitionEnd={() => test.reset()}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label="To"
            description="With what the contact in the preview would read."
            type="email"
            value={to}
            onChange={(event) => setTyped(event.currentTarget.value)}
            data-autofocus
          />
          <FormFailure error={dataError === "" ? test.error : new Error(`Sample data: ${dataError}`)} />
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
            <Button type="submit" loading={test.isPending} disabled={!to.includes("@") || dataError !== ""}>
              Send test
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
