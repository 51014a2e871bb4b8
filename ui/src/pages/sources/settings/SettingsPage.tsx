import { Button, Group, Stack, Switch, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate, useParams } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useChangeSource, useRemoveSource, useSource, useSources } from "@/api/sources";
import type { Source } from "@/api/types";
import { Confirm } from "@/components/Confirm";
import { FormFailure } from "@/components/Failure";
import { LabelsInput } from "@/components/LabelsInput";
import { Panel } from "@/components/Page";
import { SettingRow } from "@/components/SettingRow";
import { labelsInUse } from "../filter";
import { KeysPanel } from "./KeysPanel";

export function SettingsPage() {
  const { id } = useParams({ from: "/app/sources/$id/settings" });
  const source = useSource(id);
  if (!source.data) return null;
  return (
    <Stack gap="lg" maw={800}>
      <GeneralPanel key={source.data.id} source={source.data} />
      <KeysPanel source={source.data} />
      <DangerPanel source={source.data} />
    </Stack>
  );
}

function GeneralPanel({ source }: { source: Source }) {
  const [name, setName] = useState(source.name);
  const [labels, setLabels] = useState(source.labels);
  const change = useChangeSource(source.id);
  const sources = useSources();
  const isChanged = name.trim() !== source.name || JSON.stringify(labels) !== JSON.stringify(source.labels);
  function submit(event: FormEvent): void {
    event.preventDefault();
    change.mutate(
      { name: name.trim(), labels },
      { onSuccess: () => notifications.show({ color: "teal", message: "Saved." }) },
    );
  }
  return (
    <Panel title="General">
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={200}
            required
            withAsterisk={false}
          />
          <TextInput
            label="Schema"
            description="Where its tables are in the warehouse. It stays the same when the name changes."
            value={source.schema}
            readOnly
            variant="filled"
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
          />
          <LabelsInput value={labels} onChange={setLabels} known={labelsInUse(sources.data ?? [])} />
          <FormFailure error={change.error} />
          <Group justify="flex-end">
            <Button type="submit" loading={change.isPending} disabled={!isChanged || name.trim() === ""}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}

function DangerPanel({ source }: { source: Source }) {
  const [asking, setAsking] = useState(false);
  const change = useChangeSource(source.id);
  const remove = useRemoveSource(source.id);
  const navigate = useNavigate();
  return (
    <Panel title="Availability">
      <SettingRow
        name={source.enabled ? "Enabled" : "Disabled"}
        words="While it is off, what is sent with its write keys is refused."
      >
        <Switch
          aria-label="Enabled"
          checked={source.enabled}
          disabled={change.isPending}
          onChange={(event) => change.mutate({ enabled: event.currentTarget.checked })}
        />
      </SettingRow>
      <SettingRow name="Remove this source" words="Its write keys stop working. Its tables in the warehouse stay.">
        <Button variant="light" color="red" size="xs" onClick={() => setAsking(true)}>
          Remove…
        </Button>
      </SettingRow>
      <FormFailure error={change.error} />
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Remove ${source.name}?`}
        verb="Remove source"
        typed={source.schema}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: "/sources" }) })}
      >
        <Text size="sm">
          Whatever still sends with its write keys will be refused at once. Its tables in the warehouse stay. This can’t
          be undone.
        </Text>
      </Confirm>
    </Panel>
  );
}
