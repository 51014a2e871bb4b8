import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Refusal } from "@/api/client";
import { useAddDestination, useCatalogDestinations } from "@/api/destinations";
import type { CatalogDestination } from "@/api/types";
import { FormFailure } from "@/components/Failure";
import { Panel } from "@/components/Page";
import { EntryPage } from "@/shell/EntryPage";
import { Fields } from "./Fields";
import { faultsOf, fieldOf, newSettingsOf, valuesOf } from "./form";
import { SourcesInput } from "./SourcesInput";

export function AddDestination() {
  const { kind } = useParams({ from: "/app/destinations/catalog/$kind" });
  return (
    <EntryPage
      catalog={useCatalogDestinations()}
      slug={kind}
      above={{ to: "/destinations/catalog", name: "Add a destination" }}
      form={(entry) => <AddForm entry={entry} />}
    />
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
