import { Badge, Button, Code, Group, Stack, Text, TextInput } from "@mantine/core";
import { useNavigate, useParams } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useAddSource, useCatalogSources, useSources } from "@/api/sources";
import type { CatalogSource } from "@/api/types";
import { Ask } from "@/components/Ask";
import { FormFailure } from "@/components/Failure";
import { KindIcon } from "@/components/KindIcon";
import { LabelsInput } from "@/components/LabelsInput";
import type { Labels } from "@/components/labels";
import { Markdown } from "@/components/Markdown";
import { Page, Panel } from "@/components/Page";
import { Split } from "@/components/Split";
import { NotFound } from "@/shell/Fallbacks";
import { labelsInUse, schemaNameOf } from "./filter";

export function AddSource() {
  const { kind } = useParams({ from: "/app/sources/catalog/$kind" });
  const catalog = useCatalogSources();
  return (
    <Ask query={catalog}>
      {(entries) => {
        const entry = entries.find((one) => one.slug === kind);
        return entry ? <EntryPage entry={entry} /> : <NotFound />;
      }}
    </Ask>
  );
}

function EntryPage({ entry }: { entry: CatalogSource }) {
  return (
    <Page
      title={entry.name}
      above={{ to: "/sources/catalog", name: "Add a source" }}
      icon={<KindIcon icon={entry.icon} size={44} />}
      lead={entry.summary}
    >
      <Split
        main={
          <Panel title="Add this source">
            <AddForm entry={entry} />
          </Panel>
        }
        side={<About entry={entry} />}
      />
    </Page>
  );
}

function About({ entry }: { entry: CatalogSource }) {
  return (
    <Panel title={`About ${entry.name}`}>
      <Markdown text={entry.description} />
      {entry.events.length > 0 && (
        <Stack gap={8}>
          <Text size="sm" fw={560}>
            Events that it sends
          </Text>
          <Group gap={6}>
            {entry.events.map((event) => (
              <Badge key={event} color="gray" fw={500}>
                {event}
              </Badge>
            ))}
          </Group>
        </Stack>
      )}
    </Panel>
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
