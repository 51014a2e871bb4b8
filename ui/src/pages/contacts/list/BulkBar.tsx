import { Button, CloseButton, Group, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload, IconListDetails, IconMailOff } from "@tabler/icons-react";
import { useState } from "react";
import { type Chosen, type ContactSearch, usePutOnList, useTakeOffList, useUnsubscribe } from "@/api/contacts";
import { useAddList, useLists } from "@/api/lists";
import { Confirm } from "@/components/Confirm";
import { FormFailure } from "@/components/Failure";
import { plural } from "@/components/format";
import { NameList } from "../lists/NameList";
import classes from "./Contacts.module.css";

interface BulkBarProps {
  chosen: Chosen;
  words: string;
  search: ContactSearch;
  exportTo: string;
  /** Offers all that the search finds, where only those on the page are chosen. */
  more?: { words: string; take: () => void };
  onClear: () => void;
}

/** What can be done to those that are chosen. */
export function BulkBar({ chosen, words, search, exportTo, more, onClear }: BulkBarProps) {
  const [asking, setAsking] = useState(false);
  const unsubscribe = useUnsubscribe();
  const takeOff = useTakeOffList();
  const done = (sentence: string) => {
    notifications.show({ color: "teal", message: sentence });
    onClear();
  };
  return (
    <section className={classes.bulk} aria-label="Chosen contacts">
      <strong>{words}</strong>
      {more && (
        <Button size="compact-sm" variant="subtle" onClick={more.take}>
          {more.words}
        </Button>
      )}
      <Group gap={6} ml="auto">
        <PutOnList chosen={chosen} onDone={done} />
        {search.list && (
          <Button
            size="xs"
            variant="default"
            loading={takeOff.isPending}
            onClick={() =>
              takeOff.mutate(
                { list: search.list, chosen },
                { onSuccess: ({ contacts }) => done(`${plural(contacts, "contact")} taken off the list.`) },
              )
            }
          >
            Take off this list
          </Button>
        )}
        <Button size="xs" variant="default" leftSection={<IconMailOff size={15} />} onClick={() => setAsking(true)}>
          Unsubscribe…
        </Button>
        {!("ids" in chosen) && (
          <Button size="xs" variant="default" component="a" href={exportTo} leftSection={<IconDownload size={15} />}>
            Export
          </Button>
        )}
        <CloseButton aria-label="Choose none" onClick={onClear} />
      </Group>
      <FormFailure error={takeOff.error} />
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title="Unsubscribe these contacts?"
        verb="Unsubscribe"
        busy={unsubscribe.isPending}
        error={unsubscribe.error}
        onConfirm={() =>
          unsubscribe.mutate(chosen, {
            onSuccess: ({ contacts }) => {
              setAsking(false);
              done(`${plural(contacts, "contact")} unsubscribed.`);
            },
          })
        }
      >
        {words}: no marketing mail goes to them any more. To subscribe one again, you will have to say how they agreed.
      </Confirm>
    </section>
  );
}

function PutOnList({ chosen, onDone }: { chosen: Chosen; onDone: (sentence: string) => void }) {
  const lists = useLists();
  const put = usePutOnList();
  const add = useAddList();
  const [naming, setNaming] = useState(false);
  const putOn = (id: string, name: string) =>
    put.mutate(
      { list: id, chosen },
      { onSuccess: ({ contacts }) => onDone(`${plural(contacts, "contact")} put on ${name}.`) },
    );
  return (
    <>
      {!naming && <FormFailure error={put.error} />}
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button size="xs" leftSection={<IconListDetails size={15} />} loading={put.isPending}>
            Add to list
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={320} style={{ overflowY: "auto" }}>
          {(lists.data ?? []).map(({ id, name }) => (
            <Menu.Item key={id} onClick={() => putOn(id, name)}>
              {name}
            </Menu.Item>
          ))}
          {(lists.data ?? []).length > 0 && <Menu.Divider />}
          <Menu.Item onClick={() => setNaming(true)}>New list…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <NameList
        opened={naming}
        title="New list"
        verb="Make list and add"
        busy={add.isPending || put.isPending}
        error={add.error ?? put.error}
        onClose={() => setNaming(false)}
        onName={(name) => add.mutate(name, { onSuccess: (made) => putOn(made.id, made.name) })}
      />
    </>
  );
}
