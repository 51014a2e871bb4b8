import { Autocomplete, Button, Chip, Group, Popover, Select, Stack, TextInput } from "@mantine/core";
import { IconFilterPlus, IconX } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useTraitNames } from "@/api/contacts";
import { useLists } from "@/api/lists";
import type { TraitCondition } from "@/api/types";
import classes from "./Contacts.module.css";
import { type Look, OP_CHOICES, said } from "./look";

const STATES = [
  { value: "subscribed", label: "Subscribed" },
  { value: "unsubscribed", label: "Unsubscribed" },
  { value: "bounced", label: "Bounced" },
  { value: "complained", label: "Complained" },
  { value: "none", label: "No address" },
];

interface FiltersProps {
  look: Look;
  onChange: (change: Partial<Look>) => void;
}

/** What the table is narrowed by, beside the search box. */
export function Filters({ look, onChange }: FiltersProps) {
  const lists = useLists();
  const onLists = (lists.data ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <>
      <Select
        aria-label="Subscription"
        placeholder="Any subscription"
        data={STATES}
        value={look.subscription ?? null}
        onChange={(value) => onChange({ subscription: value ?? undefined })}
        clearable
        w={170}
      />
      {(onLists.length > 0 || look.list) && (
        <Select
          aria-label="List"
          placeholder="Any list"
          data={onLists}
          value={look.list ?? null}
          onChange={(value) => onChange({ list: value ?? undefined })}
          clearable
          searchable
          w={170}
        />
      )}
      <AddCondition onAdd={(condition) => onChange({ traits: [...(look.traits ?? []), condition] })} />
      <Select
        aria-label="Order"
        data={[
          { value: "newest", label: "Newest first" },
          { value: "seen", label: "Last seen first" },
        ]}
        value={look.sort ?? "newest"}
        onChange={(value) => onChange({ sort: value === "seen" ? "seen" : undefined })}
        allowDeselect={false}
        w={150}
      />
    </>
  );
}

/** The conditions on traits, each to be taken away again. */
export function Conditions({ look, onChange }: FiltersProps) {
  const traits = look.traits ?? [];
  if (traits.length === 0 && !look.segment) return null;
  const without = (index: number) => {
    const rest = traits.filter((_, at) => at !== index);
    return rest.length > 0 ? rest : undefined;
  };
  return (
    <Group gap={6}>
      {traits.map((condition, index) => (
        <Taken key={said(condition)} words={said(condition)} onTake={() => onChange({ traits: without(index) })} />
      ))}
      {look.segment && <Taken words={look.segment} onTake={() => onChange({ segment: undefined })} />}
    </Group>
  );
}

function Taken({ words, onTake }: { words: string; onTake: () => void }) {
  return (
    <Chip
      checked
      size="xs"
      variant="light"
      color="sky"
      onChange={onTake}
      icon={<IconX size={12} />}
      classNames={{ label: classes.chip }}
      aria-label={`Take away: ${words}`}
    >
      {words}
    </Chip>
  );
}

function AddCondition({ onAdd }: { onAdd: (condition: TraitCondition) => void }) {
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState("");
  const [op, setOp] = useState<TraitCondition["op"]>("is");
  const [value, setValue] = useState("");
  const names = useTraitNames();
  function submit(event: FormEvent): void {
    event.preventDefault();
    event.stopPropagation();
    if (name.trim() === "") return;
    onAdd({ name: name.trim(), op, value: op === "exists" ? "" : value.trim() });
    setOpened(false);
    setName("");
    setValue("");
  }
  return (
    <Popover opened={opened} onChange={setOpened} width={280} position="bottom-start" shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconFilterPlus size={16} />} onClick={() => setOpened(!opened)}>
          Trait
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={submit}>
          <Stack gap="sm">
            <Autocomplete
              label="Trait"
              placeholder="plan"
              data={names.data ?? []}
              value={name}
              onChange={setName}
              comboboxProps={{ withinPortal: false }}
              limit={20}
              data-autofocus
            />
            <Select
              label="Condition"
              data={OP_CHOICES}
              value={op}
              onChange={(chosen) => setOp((chosen ?? "is") as TraitCondition["op"])}
              allowDeselect={false}
              comboboxProps={{ withinPortal: false }}
            />
            {op !== "exists" && (
              <TextInput
                label="Value"
                description={op === "greater" || op === "less" ? "A number, or a date such as 2026-11-30" : undefined}
                value={value}
                onChange={(event) => setValue(event.currentTarget.value)}
              />
            )}
            <Button type="submit" size="xs" disabled={name.trim() === ""}>
              Add filter
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
