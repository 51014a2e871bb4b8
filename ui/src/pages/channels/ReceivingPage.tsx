import { Stack } from "@mantine/core";
import { useEmailChannel } from "@/api/channels";
import { Ask } from "@/components/Ask";
import { SettingsPanel } from "./SettingsPanel";
import { ADDRESSES, KEEPING, OBSERVING, RECEIVING } from "./shown";

export function ReceivingPage() {
  const channel = useEmailChannel();
  return (
    <Ask query={channel}>
      {(found) => (
        <Stack gap="lg" maw={800}>
          <SettingsPanel
            channel={found}
            title="Bounces, replies, unsubscribes"
            lead="They come back by mail, to addresses that name the message and are sealed."
            names={RECEIVING}
          />
          <SettingsPanel
            channel={found}
            title="Opens and clicks"
            lead="What tells a person from a machine. What a machine does is kept, marked so, and counts as nobody’s."
            names={OBSERVING}
          />
          <SettingsPanel channel={found} title="What is kept, and how far it is believed" names={KEEPING} />
          <SettingsPanel
            channel={found}
            title="This server’s names"
            lead={`It greets others as ${found.helo}; links in mails lead to ${found.tracking_url}.`}
            names={ADDRESSES}
          />
        </Stack>
      )}
    </Ask>
  );
}
