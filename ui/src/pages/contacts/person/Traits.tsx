import { ActionIcon, Button, Group, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useChangeTraits } from "@/api/contacts";
import type { Contact, Json } from "@/api/types";
import { FormFailure } from "@/components/Failure";
import { Panel } from "@/components/Page";
import { shownTrait } from "../list/columns";
import classes from "./Person.module.css";
import { edited, typed } from "./typed";

const FOLDED = 10;

/** What is known of a contact, each trait to be edited where it stands. */
export function Traits({ contact }: { contact: Contact }) {
  const change = useChangeTraits(contact.id);
  const [adding, setAdding] = useState(false);
  const [all, setAll] = useState(false);
  const names = Object.keys(contact.traits).sort();
  const shown = all || names.length <= FOLDED + 1 ? names : names.slice(0, FOLDED);
  return (
    <Panel
      title="Traits"
      beside={
        <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={14} />} onClick={() => setAdding(true)}>
          Add
        </Button>
      }
    >
      {names.length === 0 && !adding && <div style={{ color: "var(--sw-muted)", fontSize: 13.5 }}>None yet.</div>}
      <dl className={classes.facts}>
        {shown.map((name) => (
          <Trait
            key={name}
            name={name}
            value={contact.traits[name] ?? null}
            onChange={(value) => change.mutate({ [name]: value })}
          />
        ))}
      </dl>
      {shown.length < names.length && (
        <Button size="compact-sm" variant="subtle" color="gray" onClick={() => setAll(true)}>
          Show all {names.length} traits
        </Button>
      )}
      {adding && (
        <NewTrait
          busy={change.isPending}
          onCancel={() => setAdding(false)}
          onAdd={(name, value) => change.mutate({ [name]: value }, { onSuccess: () => setAdding(false) })}
        />
      )}
      <FormFailure error={change.error} />
    </Panel>
  );
}

interface TraitProps {
  name: string;
  value: Json;
  onChange: (value: Json) => void;
}

function Trait({ name, value, onChange }: TraitProps) {
  const [text, setText] = useState<string | null>(null);
  function keep(): void {
    if (text !== null && text !== edited(value)) onChange(typed(text));
    setText(null);
  }
  return (
    <div className={classes.fact}>
      <dt className={classes.key}>{name}</dt>
      <dd className={classes.value}>
        {text === null ? (
          <button
            type="button"
            className={classes.edit}
            title="Edit"
            aria-label={`${name}: ${shownTrait(value)}. Edit`}
            onClick={() => setText(edited(value))}
          >
            <span className={classes.clamp}>{shownTrait(value) || "–"}</span>
          </button>
        ) : (
          <TextInput
            size="xs"
            aria-label={name}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onBlur={keep}
            onKeyDown={(event) => {
              if (event.key === "Enter") keep();
              if (event.key === "Escape") setText(null);
            }}
            autoFocus
          />
        )}
      </dd>
      <dd className={classes.act}>
        <ActionIcon size={26} aria-label={`Remove ${name}`} onClick={() => onChange(null)}>
          <IconTrash size={14} />
        </ActionIcon>
      </dd>
    </div>
  );
}

interface NewTraitProps {
  busy: boolean;
  onAdd: (name: string, value: Json) => void;
  onCancel: () => void;
}

function NewTrait({ busy, onAdd, onCancel }: NewTraitProps) {
  const [name, setName] = useState("");
  const [text, setText] = useState("");
  function submit(event: FormEvent): void {
    event.preventDefault();
    onAdd(name.trim(), typed(text));
  }
  return (
    <form onSubmit={submit}>
      <Group gap={8} grow mb={8}>
        <TextInput
          size="xs"
          aria-label="Name"
          placeholder="plan"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          autoFocus
        />
        <TextInput
          size="xs"
          aria-label="Value"
          placeholder="pro"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          required
        />
      </Group>
      <Group gap={8} justify="flex-end">
        <Button size="xs" variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button size="xs" type="submit" loading={busy}>
          Add trait
        </Button>
      </Group>
    </form>
  );
}
