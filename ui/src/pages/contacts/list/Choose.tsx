import { ActionIcon, Checkbox, Popover, ScrollArea, Stack, Text, Tooltip } from "@mantine/core";
import { IconColumns3 } from "@tabler/icons-react";
import { useTraitNames } from "@/api/contacts";

interface ChooseColumnsProps {
  chosen: string[];
  onChange: (names: string[]) => void;
}

/** Which traits the table shows. */
export function ChooseColumns({ chosen, onChange }: ChooseColumnsProps) {
  const names = useTraitNames();
  const all = [...new Set([...chosen, ...(names.data ?? [])])];
  return (
    <Popover width={260} position="bottom-end" shadow="md">
      <Popover.Target>
        <Tooltip label="Columns">
          <ActionIcon variant="default" size={34} aria-label="Columns">
            <IconColumns3 size={17} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm" fw={560} mb="xs">
          Traits to show
        </Text>
        {all.length === 0 && (
          <Text size="sm" c="dimmed">
            No contact has a trait yet.
          </Text>
        )}
        <ScrollArea.Autosize mah={280}>
          <Checkbox.Group value={chosen} onChange={onChange}>
            <Stack gap={8}>
              {all.map((name) => (
                <Checkbox key={name} value={name} label={name} size="xs" />
              ))}
            </Stack>
          </Checkbox.Group>
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  );
}
