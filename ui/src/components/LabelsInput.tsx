import { Badge, Group, TagsInput } from "@mantine/core";
import { useState } from "react";
import { isLabel, type Labels, labelsOf, labelTexts } from "./labels";

interface LabelsInputProps {
  value: Labels;
  onChange: (labels: Labels) => void;
  known?: string[];
}

/** Edits labels as chips of `key:value`. */
export function LabelsInput({ value, onChange, known = [] }: LabelsInputProps) {
  const [wrong, setWrong] = useState("");
  const [typed, setTyped] = useState("");
  const suggestions = [...new Set(["env:dev", "env:prod", ...known])];
  function change(texts: string[]): void {
    setWrong(texts.find((text) => !isLabel(text)) ?? "");
    onChange(labelsOf(texts));
  }
  return (
    <TagsInput
      label="Labels"
      description="Written as key:value, such as env:prod. To tell sources apart and to filter by."
      placeholder={Object.keys(value).length === 0 ? "env:prod" : ""}
      value={labelTexts(value)}
      onChange={change}
      searchValue={typed}
      onSearchChange={setTyped}
      data={typed === "" ? [] : suggestions} // an open list would cover the form's button
      error={wrong && `“${wrong}” is no label: a key and a value, joined by a colon, each beginning with a letter.`}
      clearable
    />
  );
}

export function LabelChips({ labels }: { labels: Labels }) {
  return (
    <Group gap={4} wrap="wrap">
      {labelTexts(labels).map((text) => (
        <Badge key={text} color="gray" fw={500}>
          {text}
        </Badge>
      ))}
    </Group>
  );
}
