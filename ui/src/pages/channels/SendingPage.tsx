import { Stack } from "@mantine/core";
import { useEmailChannel } from "@/api/channels";
import { Ask } from "@/components/Ask";
import { ProviderPanel } from "./ProviderPanel";
import { SettingsPanel } from "./SettingsPanel";
import { FROM, UTM } from "./shown";
import { TestMailPanel } from "./TestMailPanel";

export function SendingPage() {
  const channel = useEmailChannel();
  return (
    <Ask query={channel}>
      {(found) => (
        <Stack gap="lg" maw={800}>
          <ProviderPanel channel={found} />
          <SettingsPanel channel={found} title="From" lead="Of mail whose template says nothing else." names={FROM} />
          <SettingsPanel
            channel={found}
            title="Links"
            lead="Added when a link is followed, so that your web analytics know which mail a visit comes from."
            names={UTM}
          />
          <TestMailPanel isReady={found.is_set_up} />
        </Stack>
      )}
    </Ask>
  );
}
