import { Anchor, Group, Stack, Text, Textarea } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { TemplateSample } from "@/api/types";
import classes from "./Editor.module.css";
import { type Typed, typed, typedOf } from "./sampleData";

interface SampleDataProps {
  value: Typed;
  onChange: (value: Typed) => void;
  /** What a recent message brought along. */
  recent: TemplateSample;
}

/** The `data` that the preview and a test are filled in with. */
export function SampleData({ value, onChange, recent }: SampleDataProps) {
  const first = typedOf(recent.data);
  return (
    <Stack gap="xs">
      <Textarea
        name="data"
        label="Sample data"
        description="JSON, as a call of the API brings it along in data. The preview and tests are filled in with it; it is not saved."
        placeholder={'{\n  "order": "A-1042"\n}'}
        autosize
        minRows={10}
        maxRows={26}
        spellCheck={false}
        value={value.text}
        error={value.error}
        onChange={(event) => onChange(typed(event.currentTarget.value, value))}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12.5 } }}
      />
      {recent.message_id !== null && (
        <Group gap="xs" justify="space-between">
          <Text size="xs" c="dimmed" className={classes.origin}>
            {value.text === first.text ? "That of " : "It began with that of "}
            <Link to="/messages/$id" params={{ id: String(recent.message_id) }} className="link">
              a recent message
            </Link>
            .
          </Text>
          {value.text !== first.text && (
            <Anchor component="button" type="button" size="xs" onClick={() => onChange(first)}>
              Back to that
            </Anchor>
          )}
        </Group>
      )}
    </Stack>
  );
}
