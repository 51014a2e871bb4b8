import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useAddContact } from "@/api/contacts";
import { useLists } from "@/api/lists";
import { FormFailure } from "@/components/Failure";

const BLANK = { email: "", user_id: "", firstName: "", lastName: "" };

/** A contact made by hand. */
export function AddContact({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [values, setValues] = useState(BLANK);
  const [list, setList] = useState<string | null>(null);
  const add = useAddContact();
  const navigate = useNavigate();
  const field = (name: keyof typeof BLANK) => ({
    value: values[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setValues((before) => ({ ...before, [name]: value }));
    },
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    const { email, user_id, ...names } = values;
    const traits = Object.fromEntries(Object.entries(names).filter(([, value]) => value.trim() !== ""));
    add.mutate(
      { email, user_id, traits, list_id: list },
      { onSuccess: (made) => void navigate({ to: "/contacts/$id", params: { id: made.id } }) },
    );
  }
  return (
    <Modal opened={opened} onClose={onClose} title="Add a contact" onExitTransitionEnd={() => setValues(BLANK)}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput label="Email" type="email" placeholder="ada@example.com" data-autofocus {...field("email")} />
          <Group grow gap="sm">
            <TextInput label="First name" {...field("firstName")} />
            <TextInput label="Last name" {...field("lastName")} />
          </Group>
          <TextInput
            label="User ID"
            description="The id by which your own system knows them; optional with an address."
            {...field("user_id")}
          />
          <ListSelect value={list} onChange={setList} label="Put on a list" />
          <FormFailure error={add.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={add.isPending}>
              Add contact
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface ListSelectProps {
  value: string | null;
  onChange: (id: string | null) => void;
  label: string;
}

/** One of the lists, or none; it stands there while they load too, so that nothing below it moves. */
export function ListSelect({ value, onChange, label }: ListSelectProps) {
  const lists = useLists();
  const data = (lists.data ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Select
      label={label}
      placeholder={lists.data?.length === 0 ? "There is no list yet" : "No list"}
      data={data}
      value={value}
      onChange={onChange}
      disabled={data.length === 0}
      clearable
      searchable
    />
  );
}
