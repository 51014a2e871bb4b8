import { Button, Collapse, Group, JsonInput, Stack, Text } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useState } from "react";
import { useTestEvent } from "@/api/destinations";
import type { Json, TestResult } from "@/api/types";
import { FormFailure } from "@/components/Failure";
import { millis } from "@/components/format";
import { Panel } from "@/components/Page";
import { StatePill } from "@/components/State";
import { Exchange } from "../Exchange";

/** Sends one event at once, past the pipeline, and shows what came back. */
export function TestPanel({ id }: { id: string }) {
  const test = useTestEvent(id);
  const [isOwn, setOwn] = useState(false);
  const [body, setBody] = useState(
    '{\n  "type": "track",\n  "userId": "test-user",\n  "event": "Test Event",\n  "properties": {}\n}',
  );
  const own = isOwn ? parsed(body) : null;
  return (
    <Panel
      title="Test"
      lead="Really sends one event with the saved settings, past the pipeline."
      beside={
        <Group gap="xs">
          <Button size="xs" variant="subtle" color="gray" onClick={() => setOwn(!isOwn)}>
            {isOwn ? "Use the sample event" : "Write the event"}
          </Button>
          <Button
            size="xs"
            leftSection={<IconSend size={15} />}
            loading={test.isPending}
            disabled={isOwn && own === null}
            onClick={() => test.mutate(own)}
          >
            Send test event
          </Button>
        </Group>
      }
    >
      <Collapse expanded={isOwn}>
        <JsonInput
          aria-label="The test event as JSON"
          value={body}
          onChange={setBody}
          autosize
          minRows={6}
          maxRows={20}
          validationError="This is not valid JSON."
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12.5 } }}
          spellCheck={false}
        />
      </Collapse>
      <FormFailure error={test.error} />
      {test.data && <Result result={test.data} />}
    </Panel>
  );
}

function Result({ result }: { result: TestResult }) {
  return (
    <Stack gap="sm" role="status">
      <Group gap="sm">
        <StatePill state={result.ok ? "delivered" : "failed"} />
        <Text size="sm">{[result.status, millis(result.millis), result.reason].filter(Boolean).join(" · ")}</Text>
      </Group>
      <Exchange request={result.request} response={result.response} />
    </Stack>
  );
}

function parsed(text: string): Json | null {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}
