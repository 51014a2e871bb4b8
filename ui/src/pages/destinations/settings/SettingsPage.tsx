import { Button, Stack, Switch } from "@mantine/core";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useCatalogDestinations, useChangeDestination, useDestination, useRemoveDestination } from "@/api/destinations";
import type { Destination } from "@/api/types";
import { Confirm } from "@/components/Confirm";
import { FormFailure } from "@/components/Failure";
import { Panel } from "@/components/Page";
import { SettingRow } from "@/components/SettingRow";
import { aboutTheSwitch } from "./availability";
import { SettingsForm } from "./SettingsForm";
import { TestPanel } from "./TestPanel";

export function SettingsPage() {
  const { id } = useParams({ from: "/app/destinations/$id/settings" });
  const destination = useDestination(id);
  const catalog = useCatalogDestinations();
  const entry = catalog.data?.find((one) => one.slug === destination.data?.kind);
  if (!destination.data || !entry) return null;
  return (
    <Stack gap="lg" maw={800}>
      <SettingsForm key={id} destination={destination.data} entry={entry} />
      <TestPanel id={id} />
      <DangerPanel destination={destination.data} />
    </Stack>
  );
}

function DangerPanel({ destination }: { destination: Destination }) {
  const [asking, setAsking] = useState(false);
  const change = useChangeDestination(destination.id);
  const remove = useRemoveDestination(destination.id);
  const navigate = useNavigate();
  return (
    <Panel title="Availability">
      <SettingRow name={destination.enabled ? "Enabled" : "Disabled"} words={aboutTheSwitch(destination)}>
        <Switch
          aria-label="Enabled"
          checked={destination.enabled}
          disabled={change.isPending}
          onChange={(event) => change.mutate({ enabled: event.currentTarget.checked })}
        />
      </SettingRow>
      <SettingRow name="Remove this destination" words="Its settings, its waiting events and dead letters go with it.">
        <Button variant="light" color="red" size="xs" onClick={() => setAsking(true)}>
          Remove…
        </Button>
      </SettingRow>
      <FormFailure error={change.error} />
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Remove ${destination.name}?`}
        verb="Remove destination"
        typed={destination.name}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: "/destinations" }) })}
      >
        Nothing more is sent to it, and its dead letters are gone. This can’t be undone.
      </Confirm>
    </Panel>
  );
}
