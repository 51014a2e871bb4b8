import { Select, SimpleGrid, Stack, Switch, TextInput } from "@mantine/core";
import { useTopics } from "@/api/templates";
import type { Draft } from "./draft";

interface SettingsFormProps {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
}

/** Who it is from, what it is about, and what kind of mail it is. */
export function SettingsForm({ draft, onChange }: SettingsFormProps) {
  const topics = useTopics();
  return (
    <Stack gap="md">
      <TextInput
        label="Name"
        value={draft.name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
        maxLength={200}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        <TextInput
          label="From, name"
          placeholder="The channel's"
          value={draft.from_name}
          onChange={(event) => onChange({ from_name: event.currentTarget.value })}
        />
        <TextInput
          label="From, address"
          placeholder="The channel's"
          type="email"
          value={draft.from_address}
          onChange={(event) => onChange({ from_address: event.currentTarget.value })}
        />
      </SimpleGrid>
      <TextInput
        label="Replies also go to"
        description="Each reply is kept on the contact's timeline; an address here gets it too."
        placeholder="Nobody else"
        type="email"
        value={draft.reply_to}
        onChange={(event) => onChange({ reply_to: event.currentTarget.value })}
      />
      <Switch
        label="Transactional"
        description="A receipt, a password: it may be sent again, and goes to people who unsubscribed from marketing."
        checked={draft.is_transactional}
        onChange={(event) => onChange({ is_transactional: event.currentTarget.checked })}
      />
      <Select
        label="Topic"
        description="What people unsubscribe from; without one, from everything."
        placeholder="None"
        clearable
        disabled={draft.is_transactional}
        data={(topics.data ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
        value={draft.topic_id === null ? null : String(draft.topic_id)}
        onChange={(value) => onChange({ topic_id: value === null ? null : Number(value) })}
      />
    </Stack>
  );
}
