import { ActionIcon, Menu } from "@mantine/core";
import { IconChartBar, IconCopy, IconDots, IconTrash } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useDuplicateTemplate, useRemoveTemplate } from "@/api/templates";
import type { Template } from "@/api/types";
import { Confirm } from "@/components/Confirm";

/** What is done to a template as a whole. */
export function More({ template, onRemove }: { template: Template; onRemove: () => void }) {
  const duplicate = useDuplicateTemplate(template.id);
  const navigate = useNavigate();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label="More">
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconCopy size={15} />}
          onClick={() =>
            duplicate.mutate(undefined, {
              onSuccess: ({ id }) => void navigate({ to: "/templates/$id", params: { id } }),
            })
          }
        >
          Duplicate
        </Menu.Item>
        <Menu.Item
          leftSection={<IconChartBar size={15} />}
          onClick={() => void navigate({ to: "/reports", search: { of: `templates/${template.id}` } })}
        >
          Report
        </Menu.Item>
        <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={onRemove}>
          Remove
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export function Remove({ template, opened, onClose }: { template: Template; opened: boolean; onClose: () => void }) {
  const remove = useRemoveTemplate(template.id);
  const navigate = useNavigate();
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      title={`Remove ${template.name}?`}
      verb="Remove template"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() =>
        remove.mutate(undefined, { onSuccess: () => void navigate({ to: "/templates", ignoreBlocker: true }) })
      }
    >
      It can't be sent any more. What was sent with it stays in the reports.
    </Confirm>
  );
}
