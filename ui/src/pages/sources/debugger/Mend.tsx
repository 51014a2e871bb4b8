import { Button, Group, JsonInput, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconSend } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Refusal } from "@/api/client";
import { getRejections, useResend } from "@/api/sources";
import type { DebugEvent } from "@/api/types";
import { FormFailure } from "@/components/Failure";
import { rejectionOf } from "./rejections";

/** Edits a refused event and sends it in again, as if it had just arrived. */
export function Mend({ event, source }: { event: DebugEvent; source: string }) {
  const [body, setBody] = useState(() =>
    typeof event.raw === "string" ? event.raw : JSON.stringify(event.raw, null, 2),
  );
  const resend = useResend(source);
  const mend = useMutation({
    mutationFn: async () => {
      const rejection = event.rejection ?? rejectionOf(await getRejections(source), event)?.id;
      if (rejection === undefined)
        throw new Refusal(404, "This event is no longer kept, so it can’t be sent again from here.");
      return resend.mutateAsync({ rejection, body });
    },
    onSuccess: () => notifications.show({ color: "teal", message: "Sent again. It shows at the top of the list." }),
  });
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        Put right what the reason above names. The event then takes the same way as any other.
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
          onClick={() => mend.mutate()}
          loading={mend.isPending}
          disabled={!isJson(body) || mend.isSuccess}
        >
          {mend.isSuccess ? "Sent" : "Send again"}
        </Button>
      </Group>
    </Stack>
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
