import { Checkbox, Group, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useSources } from "@/api/sources";
import { KindIcon } from "@/components/KindIcon";

interface SourcesInputProps {
  value: string[];
  onChange: (ids: string[]) => void;
}

/** Which sources' events a destination gets. */
export function SourcesInput({ value, onChange }: SourcesInputProps) {
  const sources = useSources();
  if (sources.data?.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        There are no sources yet.{" "}
        <Link className="link" to="/sources/catalog">
          Add one
        </Link>
        , then connect it here.
      </Text>
    );
  }
  return (
    <Checkbox.Group
      label="Sources"
      description="This destination gets the events of these, from now on."
      value={value}
      onChange={onChange}
    >
      <Stack gap={10} mt={8}>
        {(sources.data ?? []).map((source) => (
          <Checkbox
            key={source.id}
            value={source.id}
            label={
              <Group gap={8} wrap="nowrap">
                <KindIcon icon={source.kind} size={20} />
                {source.name}
              </Group>
            }
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
