import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { type TestMailResult, useTestMail } from "@/api/channels";
import { useMe } from "@/api/session";
import { FormFailure } from "@/components/Failure";
import { millis } from "@/components/format";
import { Panel } from "@/components/Page";
import { StatePill } from "@/components/State";
import { RESULT_MARKS, stageWords } from "./shown";
import { Transcript } from "./Transcript";

/** Sends one mail at once, past the outbox, and shows the talk with the server. */
export function TestMailPanel({ isReady }: { isReady: boolean }) {
  const test = useTestMail();
  const me = useMe();
  const [to, setTo] = useState(me.data?.email ?? "");
  function submit(event: FormEvent): void {
    event.preventDefault();
    test.mutate(to.trim());
  }
  return (
    <Panel
      title="Test mail"
      lead="Really sends one mail with the saved settings, and shows the whole talk with the server."
    >
      <form onSubmit={submit}>
        <Group gap="xs" align="flex-end">
          <TextInput
            label="To"
            type="email"
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
            required
            withAsterisk={false}
            style={{ flex: "1 1 240px" }}
          />
          <Button type="submit" leftSection={<IconSend size={15} />} loading={test.isPending} disabled={!isReady}>
            Send test mail
          </Button>
        </Group>
      </form>
      {!isReady && (
        <Text size="sm" c="dimmed">
          Say first how mail is sent, and from which address.
        </Text>
      )}
      <FormFailure error={test.error} />
      {test.data && <Result result={test.data} />}
    </Panel>
  );
}

function Result({ result }: { result: TestMailResult }) {
  const [state, words] = RESULT_MARKS[result.result] ?? ["idle", result.result];
  const where = result.result === "taken" ? `by ${result.host}` : `while ${stageWords(result.stage)}`;
  return (
    <Stack gap="sm" role="status">
      <Group gap="sm">
        <StatePill state={state} words={words} />
        <Text size="sm">
          {[where, millis(result.millis), result.signed ? "signed with DKIM" : "not signed"].join(" · ")}
        </Text>
      </Group>
      {result.reason && <Text size="sm">{result.reason}</Text>}
      <Transcript lines={result.transcript} />
    </Stack>
  );
}
