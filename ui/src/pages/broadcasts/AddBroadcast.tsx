import { Button, Group, NumberInput, SegmentedControl, Select, Stack, Text, TextInput } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { type Named, useAddBroadcast, useChoices } from "@/api/broadcasts";
import { FormFailure } from "@/components/Failure";
import { Page, Panel } from "@/components/Page";

type Kind = "all" | "list" | "segment";

const KINDS = [
  { value: "all", label: "Everybody" },
  { value: "list", label: "A list" },
  { value: "segment", label: "A segment" },
];

const choicesOf = (named: Named[] | undefined) => (named ?? []).map(({ id, name }) => ({ value: id, label: name }));

/** A draft: what, to whom, how fast. It is started on its own page. */
export function AddBroadcast() {
  return (
    <Page title="New broadcast" above={{ to: "/broadcasts", name: "Broadcasts" }}>
      <Stack maw={800}>
        <Panel title="What goes to whom" lead="It is saved as a draft: nothing is sent until you start it.">
          <DraftForm />
        </Panel>
      </Stack>
    </Page>
  );
}

function DraftForm() {
  const navigate = useNavigate();
  const add = useAddBroadcast();
  const templates = useChoices("templates");
  const [name, setName] = useState("");
  const [template, setTemplate] = useState<string | null>(null);
  const [kind, setKind] = useState<Kind>("all");
  const [member, setMember] = useState<string | null>(null);
  const [rate, setRate] = useState<number | string>("");
  const published = templates.data?.filter((one) => one.version !== null);
  const isReady = name.trim() !== "" && template !== null && (kind === "all" || member !== null);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!isReady || template === null) return;
    const audience = { kind, id: kind === "all" ? null : member };
    add.mutate(
      { name: name.trim(), template_id: template, audience, per_second: typeof rate === "number" ? rate : null },
      { onSuccess: ({ id }) => void navigate({ to: "/broadcasts/$id", params: { id: String(id) } }) },
    );
  }
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} maxLength={200} />
        <Select
          label="Template"
          placeholder="Choose a published template"
          description={
            published?.length === 0 && (
              <>
                No template is published yet: write one under{" "}
                <Link className="link" to="/templates">
                  Templates
                </Link>
                , and publish it.
              </>
            )
          }
          error={templates.error?.message}
          data={choicesOf(published)}
          value={template}
          onChange={setTemplate}
          searchable
          nothingFoundMessage="No published template is called so"
        />
        <div>
          <Text size="sm" fw={560} mb={4}>
            Audience
          </Text>
          <SegmentedControl data={KINDS} value={kind} onChange={(value) => [setKind(value as Kind), setMember(null)]} />
        </div>
        {kind !== "all" && <MemberOf kind={kind} value={member} onChange={setMember} />}
        <NumberInput
          label="Mails a second, at most"
          description="Leave it empty to send as fast as the servers take it."
          value={rate}
          onChange={setRate}
          min={0.01}
          maw={240}
        />
        <FormFailure error={add.error} />
        <Group justify="flex-end">
          <Button type="submit" loading={add.isPending} disabled={!isReady}>
            Save draft
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface MemberProps {
  kind: "list" | "segment";
  value: string | null;
  onChange: (value: string | null) => void;
}

function MemberOf({ kind, value, onChange }: MemberProps) {
  const choices = useChoices(kind === "list" ? "lists" : "segments");
  return (
    <Select
      label={kind === "list" ? "List" : "Segment"}
      placeholder={`Choose a ${kind}`}
      error={choices.error?.message}
      data={choicesOf(choices.data)}
      value={value}
      onChange={onChange}
      searchable
      nothingFoundMessage={choices.data?.length === 0 ? `There is no ${kind} yet` : `No ${kind} is called so`}
    />
  );
}
