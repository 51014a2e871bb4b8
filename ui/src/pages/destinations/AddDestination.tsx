import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Refusal } from "@/api/client";
import { useAddDestination, useCatalogDestinations } from "@/api/destinations";
import type { CatalogDestination } from "@/api/types";
import { Ask } from "@/components/Ask";
import { FormFailure } from "@/components/Failure";
import { KindIcon } from "@/components/KindIcon";
import { Markdown } from "@/components/Markdown";
import { Page, Panel } from "@/components/Page";
import { Split } from "@/components/Split";
import { NotFound } from "@/shell/Fallbacks";
import { Fields } from "./Fields";
import { faultsOf, fieldOf, newSettingsOf, valuesOf } from "./form";
import { SourcesInput } from "./SourcesInput";

export function AddDestination() {
  const { kind } = useParams({ from: "/app/destinations/catalog/$kind" });
  const catalog = useCatalogDestinations();
  return (
    <Ask query={catalog}>
      {(entries) => {
        const entry = entries.find((one) => one.slug === kind);
        return entry ? <EntryPage entry={entry} /> : <NotFound />;
      }}
    </Ask>
  );
}

function EntryPage({ entry }: { entry: CatalogDestination }) {
  return (
    <Page
      title={entry.name}
      above={{ to: "/destinations/catalog", name: "Add a destination" }}
      icon={<KindIcon icon={entry.icon} size={44} />}
      lead={entry.summary}
    >
      <Split
        main={<AddForm entry={entry} />}
        side={
          <Panel title={`About ${entry.name}`}>
            <Markdown text={entry.description} />
          </Panel>
        }
      />
    </Page>
  );
}

function AddForm({ entry }: { entry: CatalogDestination }) {
  const { source } = useSearch({ from: "/app/destinations/catalog/$kind" });
  const navigate = useNavigate();
  const add = useAddDestination();
  const [name, setName] = useState(entry.name);
  const [sources, setSources] = useState<string[]>(source ? [source] : []);
  const [values, setValues] = useState(() => valuesOf(entry.fields));
  const [faults, setFaults] = useState<Record<string, string>>({});
  const refused = add.error instanceof Refusal ? fieldOf(entry.fields, add.error.where) : null;

  function submit(event: FormEvent): void {
    event.preventDefault();
    const found = faultsOf(entry.fields, values);
    setFaults(found);
    if (Object.keys(found).length > 0) return;
    add.mutate(
      { kind: entry.slug, name: name.trim(), sources, settings: newSettingsOf(entry.fields, values) },
      { onSuccess: ({ id }) => void navigate({ to: "/destinations/$id/overview", params: { id } }) },
    );
  }
  return (
    <form onSubmit={submit} noValidate>
      <Panel title="Add this destination">
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
            faults={refused ? { ...faults, [refused]: add.error?.message ?? "" } : faults}
            onChange={setValues}
          />
          <FormFailure error={refused ? null : add.error} />
          <Group justify="flex-end">
            <Button type="submit" loading={add.isPending} disabled={name.trim() === ""}>
              Add destination
            </Button>
          </Group>
        </Stack>
      </Panel>
    </form>
  );
}
