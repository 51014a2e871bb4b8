import { Button, Group, JsonInput, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconSend } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { FormFailure } from "@/components/Failure";
import { isJson } from "./refused";

interface MendProps {
  /** The event as it was refused. */
  text: string;
  send: (body: string) => Promise<void>;
}

/** Edits a refused event and sends it in again, as if it had just arrived. */
export function Mend({ text, send }: MendProps) {
  const [body, setBody] = useState(text);
  const mend = useMutation({
    mutationFn: send,
    onSuccess: () => notifications.show({ color: "teal", message: "Sent again. It is the newest in the debugger." }),
  });
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {text
          ? "Put right what the reason above names. The event then takes the same way as any other."
          : "Nothing of it was kept: one request may leave only so much to be mended."}
      </Text>
      <JsonInput
        aria-label="The event as JSON"
        value={body}
        onChange={setBody}
        autosize
        minRows={8}
        maxRows={24}
        validationError="This is not valid JSON."
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12.5 } }}
        spellCheck={false}
      />
      <FormFailure error={mend.error} />
      <Group justify="flex-end">
        <Button
          leftSection={<IconSend size={16} />}
          onClick={() => mend.mutate(body)}
          loading={mend.isPending}
          disabled={!isJson(body) || mend.isSuccess}
        >
          {mend.isSuccess ? "Sent" : "Send again"}
        </Button>
      </Group>
    </Stack>
  );
}
