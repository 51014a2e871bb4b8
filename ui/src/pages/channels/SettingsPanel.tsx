import { Button, Group, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import type { EmailChannel } from "@/api/channels";
import { FormFailure } from "@/components/Failure";
import { Panel } from "@/components/Page";
import { Fields } from "@/pages/destinations/Fields";
import { fieldsNamed } from "./shown";
import { useSettings } from "./useSettings";

interface SettingsPanelProps {
  channel: EmailChannel;
  title: string;
  lead?: ReactNode;
  names: string[];
  children?: ReactNode;
}

/** Some of the channel's settings, saved together. */
export function SettingsPanel({ channel, title, lead, names, children }: SettingsPanelProps) {
  const form = useSettings(fieldsNamed(channel.fields, names), { settings: channel.settings }, (settings) => ({
    settings,
  }));
  return (
    <form onSubmit={form.submit} noValidate>
      <Panel title={title} lead={lead}>
        <Stack gap="md">
          <Fields fields={form.visible} values={form.values} faults={form.faults} onChange={form.setValues} />
          {children}
          <FormFailure error={form.error} />
          <Group justify="flex-end">
            <Button type="submit" loading={form.isSaving}>
              Save
            </Button>
          </Group>
        </Stack>
      </Panel>
    </form>
  );
}
