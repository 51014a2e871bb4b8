import { Button, Group, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { Refusal } from "@/api/client";
import { revealSecret, useChangeDestination } from "@/api/destinations";
import type { CatalogDestination, Destination } from "@/api/types";
import { FormFailure } from "@/components/Failure";
import { Panel } from "@/components/Page";
import { Fields } from "../Fields";
import { faultsOf, fieldOf, settingsOf, valuesOf } from "../form";
import { SourcesInput } from "../SourcesInput";

interface SettingsFormProps {
  destination: Destination;
  entry: CatalogDestination;
}

export function SettingsForm({ destination, entry }: SettingsFormProps) {
  const { settings, secrets_set: secrets } = destination;
  const [name, setName] = useState(destination.name);
  const [sources, setSources] = useState(destination.sources);
  const [values, setValues] = useState(() => valuesOf(entry.fields, settings, secrets));
  const [faults, setFaults] = useState<Record<string, string>>({});
  const change = useChangeDestination(destination.id);
  const refused = change.error instanceof Refusal ? fieldOf(entry.fields, change.error.where) : null;

  function submit(event: FormEvent): void {
    event.preventDefault();
    const found = faultsOf(entry.fields, values);
    setFaults(found);
    if (Object.keys(found).length > 0) return;
    change.mutate(
      { name: name.trim(), sources, settings: settingsOf(entry.fields, values, secrets) },
      {
        onSuccess: (saved) => {
          setValues(valuesOf(entry.fields, saved.settings, saved.secrets_set));
          notifications.show({ color: "teal", message: "Saved." });
        },
      },
    );
  }
  return (
    <form onSubmit={submit} noValidate>
      <Panel title="Settings">
        <Stack gap="md">
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={200}
            required
            withAsterisk={false}
          />
          <SourcesInput value={sources} onChange={setSources} />
          <Fields
            fields={entry.fields}
            values={values}
            faults={refused ? { ...faults, [refused]: change.error?.message ?? "" } : faults}
            onChange={setValues}
            reveal={async (secret) => (await revealSecret(destination.id, secret)).value}
          />
          <FormFailure error={refused ? null : change.error} />
          <Group justify="flex-end">
            <Button type="submit" loading={change.isPending} disabled={name.trim() === ""}>
              Save
            </Button>
          </Group>
        </Stack>
      </Panel>
    </form>
  );
}
