import { CloseButton, Menu, UnstyledButton } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { usePutOnList, useTakeOffList } from "@/api/contacts";
import { useLists } from "@/api/lists";
import type { Contact } from "@/api/types";
import { FormFailure } from "@/components/Failure";
import { Panel } from "@/components/Page";
import classes from "./Person.module.css";

/** The lists and segments that a contact is in. */
export function Memberships({ contact }: { contact: Contact }) {
  const off = useTakeOffList();
  const put = usePutOnList();
  const chosen = { ids: [contact.id] };
  return (
    <Panel title="Lists and segments">
      <div className={classes.tags}>
        {contact.lists.map(({ id, name }) => (
          <span key={id} className={classes.tag}>
            <Link to="/contacts" search={{ list: id }}>
              {name}
            </Link>
            <CloseButton
              size="xs"
              radius="xl"
              aria-label={`Take off ${name}`}
              onClick={() => off.mutate({ list: id, chosen })}
            />
          </span>
        ))}
        {contact.segments.map(({ id, name }) => (
          <span key={id} className={classes.tag} data-plain>
            <Link to="/contacts" search={{ segment: id }}>
              {name}
            </Link>
          </span>
        ))}
        <AddToList
          taken={contact.lists.map(({ id }) => id)}
          onChoose={(list) => put.mutate({ list, chosen })}
          isEmpty={contact.lists.length === 0}
        />
      </div>
      <FormFailure error={off.error ?? put.error} />
    </Panel>
  );
}

interface AddToListProps {
  taken: string[];
  onChoose: (list: string) => void;
  isEmpty: boolean;
}

function AddToList({ taken, onChoose, isEmpty }: AddToListProps) {
  const lists = useLists();
  const free = (lists.data ?? []).filter(({ id }) => !taken.includes(id));
  if (free.length === 0) {
    return isEmpty ? <span style={{ color: "var(--sw-muted)", fontSize: 13.5 }}>In none.</span> : null;
  }
  return (
    <Menu position="bottom-start" shadow="md">
      <Menu.Target>
        <UnstyledButton className={classes.tag} data-plain c="var(--sw-muted)">
          <IconPlus size={13} aria-hidden="true" /> Add to list
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown mah={300} style={{ overflowY: "auto" }}>
        {free.map(({ id, name }) => (
          <Menu.Item key={id} onClick={() => onChoose(id)}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
