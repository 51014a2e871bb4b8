import { ActionIcon, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCopy, IconDots, IconListDetails, IconTrash } from "@tabler/icons-react";
import { Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Refusal } from "@/api/client";
import { useDuplicateSegment, useRemoveSegment, useSegment } from "@/api/segments";
import type { Segment } from "@/api/types";
import { Ask } from "@/components/Ask";
import { Confirm } from "@/components/Confirm";
import { plural } from "@/components/format";
import { Page } from "@/components/Page";
import { RoomTabs } from "@/components/RoomTabs";
import { StatePill } from "@/components/State";
import { NotFound } from "@/shell/Fallbacks";
import { ToList } from "./ToList";

const PAGES = [
  { tail: "overview", name: "Overview" },
  { tail: "contacts", name: "Contacts" },
  { tail: "definition", name: "Definition" },
];

/** The frame of one segment's pages. */
export function SegmentFrame() {
  const { id } = useParams({ from: "/app/segments/$id" });
  const segment = useSegment(id);
  const tabs = PAGES.map(({ tail, name }) => ({ to: `/segments/${id}/${tail}`, name }));
  if (segment.error instanceof Refusal && segment.error.status === 404) return <NotFound />;
  return (
    <Page
      title={segment.data?.name ?? "Segment"}
      above={{ to: "/segments", name: "Segments" }}
      beside={segment.data && <StatePill state={segment.data.state} />}
      lead={segment.data && plural(segment.data.members, "contact")}
      actions={segment.data && <Actions segment={segment.data} />}
      tabs={<RoomTabs name="Pages of this segment" tabs={tabs} />}
      wide
    >
      <Ask query={segment}>{() => <Outlet />}</Ask>
    </Page>
  );
}

function Actions({ segment }: { segment: Segment }) {
  const [asking, setAsking] = useState<"remove" | "list" | null>(null);
  const navigate = useNavigate();
  const duplicate = useDuplicateSegment(segment.id);
  const remove = useRemoveSegment(segment.id);
  function copy(): void {
    duplicate.mutate(undefined, {
      onSuccess: (made) => void navigate({ to: "/segments/$id/definition", params: { id: made.id } }),
      onError: (error) => notifications.show({ color: "red", message: error.message }),
    });
  }
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={34} aria-label="More for this segment">
            <IconDots size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconCopy size={15} />} onClick={copy}>
            Duplicate
          </Menu.Item>
          <Menu.Item leftSection={<IconListDetails size={15} />} onClick={() => setAsking("list")}>
            Members as a list…
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={() => setAsking("remove")}>
            Remove…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ToList segment={segment} opened={asking === "list"} onClose={() => setAsking(null)} />
      <Confirm
        opened={asking === "remove"}
        onClose={() => setAsking(null)}
        title={`Remove ${segment.name}?`}
        verb="Remove segment"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: "/segments" }) })}
      >
        Its contacts stay, and so does what stands on their timelines. This can’t be undone.
      </Confirm>
    </>
  );
}
