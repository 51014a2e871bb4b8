import { Alert, Button, Group, Text } from "@mantine/core";
import { type EmailChannel, useChangeEmailChannel } from "@/api/channels";
import { useDemo } from "@/api/demo";
import { FormFailure } from "@/components/Failure";

const DEMO_SENDER = /@skywrite-demo\.example$/;

/** Whether it is the demo that has set the channel up. */
export const isDemos = (channel: EmailChannel | undefined): boolean =>
  DEMO_SENDER.test(String(channel?.settings.from_address ?? ""));

/** Says so while mail goes to the demo's mailbox, and how to send for real. Otherwise nothing. */
export function DemoNotice({ channel }: { channel: EmailChannel }) {
  const demo = useDemo();
  const reset = useChangeEmailChannel();
  if (!isDemos(channel)) return null;
  const plays = demo.data?.is_playing ?? false;
  const nothing = Object.fromEntries(Object.keys(channel.settings).map((name) => [name, null]));
  return (
    <Alert color={plays ? "sky" : "yellow"} title="Mail goes to the demo’s mailbox" maw={800}>
      <Group justify="space-between" gap="md">
        <Text size="sm" flex="1 1 320px">
          {plays
            ? "The demo has set this channel up for itself: nothing leaves this machine. End the demo before you set up your own."
            : "The demo has ended and its mailbox is closed: mail waits, and is tried again. Start afresh to send for real, or play the demo again."}
        </Text>
        {!plays && (
          <Button
            size="xs"
            variant="default"
            loading={reset.isPending}
            onClick={() => reset.mutate({ settings: nothing, provider_settings: { routes: null } })}
          >
            Start afresh
          </Button>
        )}
      </Group>
      <FormFailure error={reset.error} />
    </Alert>
  );
}
