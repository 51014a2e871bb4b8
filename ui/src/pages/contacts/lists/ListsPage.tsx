import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconDots, IconDownload, IconListDetails, IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useAddList, useLists, useRemoveList, useRenameList } from "@/api/lists";
import type { ContactList } from "@/api/types";
import { Ask } from "@/components/Ask";
import { Confirm } from "@/components/Confirm";
import { Empty } from "@/components/Empty";
import { count, plural } from "@/components/format";
import { Panel } from "@/components/Page";
import { Cell, Rows } from "@/components/Table";
import { When } from "@/components/When";
import { ContactsFrame } from "../ContactsFrame";
import { NameList } from "./NameList";

export function ListsPage() {
  const lists = useLists();
  return (
    <ContactsFrame>
      <Ask query={lists}>{(all) => (all.length === 0 ? <NoLists /> : <ListTable lists={all} />)}</Ask>
    </ContactsFrame>
  );
}

function NoLists() {
  return (
    <Empty icon={IconListDetails} title="No lists yet" action={<NewList />}>
      A list holds the contacts that you put on it, and nobody else. For a set that keeps itself, such as everybody who
      bought this week, make a segment.
    </Empty>
  );
}

function NewList() {
  const [opened, setOpened] = useState(false);
  const add = useAddList();
  return (
    <>
      <Button leftSection={<IconPlus size={16} />} size="sm" variant="default" onClick={() => setOpened(true)}>
        New list
      </Button>
      <NameList
        opened={opened}
        title="New list"
        verb="Make list"
        busy={add.isPending}
        error={add.error}
        onClose={() => setOpened(false)}
        onName={(name) => add.mutate(name, { onSuccess: () => setOpened(false) })}
      />
    </>
  );
}

const HEADS = [
  { name: "List" },
  { name: "Contacts", right: true },
  { name: "Made", wide: true },
  { name: "", right: true },
];

function ListTable({ lists }: { lists: ContactList[] }) {
  const [renaming, setRenaming] = useState<ContactList | null>(null);
  const [removing, setRemoving] = useState<ContactList | null>(null);
  const rename = useRenameList();
  const remove = useRemoveList();
  return (
    <>
      <Panel flush title="Lists" lead="Kept by hand, by imports and by the API." beside={<NewList />}>
        <Rows caption="Lists" heads={HEADS}>
          {lists.map((list) => (
            <tr key={list.id}>
              <Cell>
                <Link to="/contacts" search={{ list: list.id }} data-row className="row-button plain">
                  {list.name}
                </Link>
              </Cell>
              <Cell right>{count(list.contacts)}</Cell>
              <Cell wide dim>
                <When at={list.created_at} />
              </Cell>
              <Cell right>
                <ListMenu list={list} onRename={() => setRenaming(list)} onRemove={() => setRemoving(list)} />
              </Cell>
            </tr>
          ))}
        </Rows>
      </Panel>
      <NameList
        opened={renaming !== null}
        title="Rename the list"
        verb="Rename"
        name={renaming?.name ?? ""}
        busy={rename.isPending}
        error={rename.error}
        onClose={() => setRenaming(null)}
        onName={(name) => renaming && rename.mutate({ id: renaming.id, name }, { onSuccess: () => setRenaming(null) })}
      />
      <Confirm
        opened={removing !== null}
        onClose={() => setRemoving(null)}
        title={`Remove the list ${removing?.name ?? ""}?`}
        verb="Remove list"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => removing && remove.mutate(removing.id, { onSuccess: () => setRemoving(null) })}
      >
        {plural(removing?.contacts ?? 0, "contact")} will not be on it any more; the contacts themselves stay.
      </Confirm>
    </>
  );
}

function ListMenu({ list, onRename, onRemove }: { list: ContactList; onRename: () => void; onRemove: () => void }) {
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon aria-label={`More for ${list.name}`}>
          <IconDots size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={15} />} onClick={onRename}>
          Rename…
        </Menu.Item>
        <Menu.Item
          leftSection={<IconDownload size={15} />}
          component="a"
          href={`/api/v1/contacts/export?list=${list.id}`}
        >
          Export as CSV
        </Menu.Item>
        <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={onRemove}>
          Remove…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
