import { ActionIcon, Button, Group, Select, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useAddIdentity, useRemoveIdentity } from "@/api/contacts";
import type { Contact, IdentityKind } from "@/api/types";
import { Breakable } from "@/components/Breakable";
import { FormFailure } from "@/components/Failure";
import { Panel } from "@/components/Page";
import classes from "./Person.module.css";

const WORDS: Record<IdentityKind, string> = { email: "Email", userId: "User ID", anonymousId: "Anonymous ID" };
const KINDS = (["email", "userId", "anonymousId"] as const).map((value) => ({ value, label: WORDS[value] }));

/** Every id that a contact goes by. */
export function Identities({ contact }: { contact: Contact }) {
  const remove = useRemoveIdentity(contact.id);
  const [adding, setAdding] = useState(false);
  return (
    <Panel
      title="Identities"
      beside={
        <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={14} />} onClick={() => setAdding(true)}>
          Add
        </Button>
      }
    >
      <dl className={classes.facts}>
        {contact.identities.map((held) => (
          <div key={`${held.kind}/${held.value}`} className={classes.fact}>
            <dt className={classes.key}>{WORDS[held.kind]}</dt>
            <dd className={classes.value}>
              <Breakable text={held.value} />
            </dd>
            <dd className={classes.act}>
              <ActionIcon
                size={26}
                aria-label={`Remove ${held.value}`}
                disabled={contact.identities.length === 1}
                onClick={() => remove.mutate(held)}
              >
                <IconX size={14} />
              </ActionIcon>
            </dd>
          </div>
        ))}
      </dl>
      {adding && <NewIdentity id={contact.id} onDone={() => setAdding(false)} />}
      <FormFailure error={remove.error} />
    </Panel>
  );
}

function NewIdentity({ id, onDone }: { id: string; onDone: () => void }) {
  const [kind, setKind] = useState<IdentityKind>("email");
  const [value, setValue] = useState("");
  const add = useAddIdentity(id);
  function submit(event: FormEvent): void {
    event.preventDefault();
    add.mutate({ kind, value: value.trim() }, { onSuccess: onDone });
  }
  return (
    <form onSubmit={submit}>
      <Group gap={8} mb={8} wrap="nowrap">
        <Select
          size="xs"
          aria-label="Kind"
          data={KINDS}
          value={kind}
          onChange={(chosen) => setKind((chosen ?? "email") as IdentityKind)}
          allowDeselect={false}
          w={130}
        />
        <TextInput
          size="xs"
          aria-label="Value"
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          required
          autoFocus
          style={{ flex: 1 }}
        />
      </Group>
      <FormFailure error={add.error} />
      <Group gap={8} justify="flex-end" mt={8}>
        <Button size="xs" variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button size="xs" type="submit" loading={add.isPending}>
          Add identity
        </Button>
      </Group>
    </form>
  );
}
