import { Badge, Button, Code, Group, Stack, Text, TextInput } from "@mantine/core";
import { useNavigate, useParams } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useAddSource, useCatalogSources, useSources } from "@/api/sources";
import type { CatalogSource } from "@/api/types";
import { FormFailure } from "@/components/Failure";
import { LabelsInput } from "@/components/LabelsInput";
import type { Labels } from "@/components/labels";
import { Panel } from "@/components/Page";
import { EntryPage } from "@/shell/EntryPage";
import { labelsInUse, schemaNameOf } from "./filter";

export function AddSource() {
  const { kind } = useParams({ from: "/app/sources/catalog/$kind" });
  return (
    <EntryPage
      catalog={useCatalogSources()}
      slug={kind}
      above={{ to: "/sources/catalog", name: "Add a source" }}
      form={(entry) => <AddForm entry={entry} />}
      more={({ events }) => events.length > 0 && <Events names={events} />}
    />
  );
}

function Events({ names }: { names: string[] }) {
  return (
    <Stack gap={8}>
      <Text size="sm" fw={560}>
        Events that it sends
      </Text>
      <Group gap={6}>
        {names.map((name) => (
          <Badge key={name} color="gray" fw={500}>
            {name}
          </Badge>
        ))}
      </Group>
    </Stack>
  );
}

function AddForm({ entry }: { entry: CatalogSource }) {
  const navigate = useNavigate();
  const add = useAddSource();
  const sources = useSources();
  const [name, setName] = useState(entry.name);
  const [labels, setLabels] = useState<Labels>({});
  const taken = (sources.data ?? []).map((source) => source.schema);
  function submit(event: FormEvent): void {
    event.preventDefault();
    add.mutate(
      { kind: entry.slug, name: name.trim(), labels },
      { onSuccess: (source) => void navigate({ to: "/sources/$id/overview", params: { id: source.id } }) },
    );
  }
  return (
    <form onSubmit={submit}>
      <Panel title="Add this source">
        <Stack gap="md">
          <TextInput
            label="Name"
            description="Whatever tells it apart for you, such as “Website” or “Billing”."
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={200}
            required
            withAsterisk={false}
            data-autofocus
          />
          <SchemaHint schema={schemaNameOf(name, taken)} />
          <LabelsInput value={labels} onChange={setLabels} known={labelsInUse(sources.data ?? [])} />
          <FormFailure error={add.error} />
          <Group justify="flex-end">
            <Button type="submit" loading={add.isPending} disabled={name.trim() === ""}>
              Add source
            </Button>
          </Group>
        </Stack>
      </Panel>
    </form>
  );
}

function SchemaHint({ schema }: { schema: string }) {
  return (
    <Text size="sm" c="dimmed" aria-live="polite">
      {schema === "" ? (
        "The warehouse’s schema is named after it."
      ) : (
        <>
          In the warehouse its tables are in the schema <Code>{schema}</Code>, or the next free name where a removed
          source had it. A later rename keeps it.
        </>
      )}
    </Text>
  );
}
