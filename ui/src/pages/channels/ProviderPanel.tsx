import { Button, Group, SegmentedControl, Stack } from "@mantine/core";
import { useState } from "react";
import { type ChannelProvider, type EmailChannel, revealChannelSecret } from "@/api/channels";
import { FormFailure } from "@/components/Failure";
import { Panel } from "@/components/Page";
import { Fields } from "@/pages/destinations/Fields";
import { ofUse } from "./shown";
import { useSettings } from "./useSettings";

/** Which provider carries mail, and its settings. */
export function ProviderPanel({ channel }: { channel: EmailChannel }) {
  const [slug, setSlug] = useState(channel.provider);
  const provider = channel.providers.find((one) => one.slug === slug);
  if (!provider) return null;
  return (
    <Panel title="How mail is sent" lead={provider.summary}>
      {channel.providers.length > 1 && (
        <SegmentedControl
          aria-label="Provider"
          value={slug}
          onChange={setSlug}
          data={channel.providers.map((one) => ({ value: one.slug, label: one.name }))}
        />
      )}
      <ProviderForm key={slug} channel={channel} provider={provider} />
    </Panel>
  );
}

function ProviderForm({ channel, provider }: { channel: EmailChannel; provider: ChannelProvider }) {
  const isNow = provider.slug === channel.provider;
  const form = useSettings(
    provider.fields,
    {
      settings: isNow ? channel.provider_settings : {},
      secrets: isNow ? channel.secrets_set : [],
      shown: (values) => ofUse(provider.fields, values),
    },
    (settings) => ({ provider: provider.slug, provider_settings: settings }),
  );
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack gap="md">
        <Fields
          fields={form.visible}
          values={form.values}
          faults={form.faults}
          onChange={form.setValues}
          reveal={async (name) => (await revealChannelSecret(name)).value}
        />
        <FormFailure error={form.error} />
        <Group justify="flex-end">
          <Button type="submit" loading={form.isSaving}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
