import { Group, Kbd, Modal, Stack, Text } from "@mantine/core";
import { Fragment } from "react";
import { SHORTCUTS } from "./sequence";

export function ShortcutsModal({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts" size="sm">
      <Stack gap="xs">
        {SHORTCUTS.map(({ keys, does }) => (
          <Group key={does} justify="space-between">
            <Text size="sm">{does}</Text>
            <span>
              {keys.map((key, index) => (
                <Fragment key={key}>
                  {index > 0 && " "}
                  <Kbd size="xs">{key}</Kbd>
                </Fragment>
              ))}
            </span>
          </Group>
        ))}
      </Stack>
    </Modal>
  );
}
