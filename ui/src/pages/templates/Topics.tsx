import { ActionIcon, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useAddTopic, useRemoveTopic, useTopics } from "@/api/templates";
import type { Topic } from "@/api/types";
import { Ask } from "@/components/Ask";
import { FormFailure } from "@/components/Failure";

interface TopicsProps {
  opened: boolean;
  onClose: () => void;
}

/** What people can unsubscribe from one by one. */
export function Topics({ opened, onClose }: TopicsProps) {
  const topics = useTopics();
  return (
    <Modal opened={opened} onClose={onClose} title="Topics">
      <Stack gap="lg">
        <Text size="sm" c="var(--sw-muted)">
          People can unsubscribe from one topic and go on getting the others. They read these names.
        </Text>
        <Ask query={topics}>{(all) => <TopicRows topics={all} />}</Ask>
        <NewTopic />
      </Stack>
    </Modal>
  );
}

function TopicRows({ topics }: { topics: Topic[] }) {
  const remove = useRemoveTopic();
  if (topics.length === 0) return null;
  return (
    <Stack gap={4} component="ul" m={0} p={0} style={{ listStyle: "none" }}>
      {topics.map((topic) => (
        <Group key={topic.id} component="li" justify="space-between" wrap="nowrap" gap="sm">
          <div style={{ minWidth: 0 }}>
            <Text size="sm" fw={560} truncate>
              {topic.name}
            </Text>
            {topic.description && (
              <Text size="xs" c="var(--sw-muted)">
                {topic.description}
              </Text>
            )}
          </div>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove ${topic.name}`}
            loading={remove.isPending && remove.variables === topic.id}
            onClick={() => remove.mutate(topic.id)}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      <FormFailure error={remove.error} />
    </Stack>
  );
}

function NewTopic() {
  const add = useAddTopic();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");

  function submit(event: FormEvent): void {
    event.preventDefault();
    add.mutate(
      { name: name.trim(), description: description.trim() },
      {
        onSuccess: () => {
          setName("");
          setDescription("");
        },
      },
    );
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label="New topic"
          placeholder="Product news"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={200}
        />
        <TextInput
          aria-label="Description of the new topic"
          placeholder="What people get, in a sentence"
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          maxLength={500}
        />
        <FormFailure error={add.error} />
        <Group justify="flex-end">
          <Button type="submit" variant="default" loading={add.isPending} disabled={name.trim() === ""}>
            Add topic
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
