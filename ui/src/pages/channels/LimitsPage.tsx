import { Stack } from "@mantine/core";
import { useEmailChannel } from "@/api/channels";
import { Ask } from "@/components/Ask";
import { SettingsPanel } from "./SettingsPanel";
import { LIMITS, RULES } from "./shown";

export function LimitsPage() {
  const channel = useEmailChannel();
  return (
    <Ask query={channel}>
      {(found) => (
        <Stack gap="lg" maw={800}>
          <SettingsPanel
            channel={found}
            title="Pace"
            lead="What Google, Microsoft, Yahoo and others want is known, and kept to in any case."
            names={LIMITS}
          />
          <SettingsPanel channel={found} title="Rules" names={RULES} />
        </Stack>
      )}
    </Ask>
  );
}
