import { Checkbox } from "@mantine/core";
import type { ContactRow } from "@/api/types";
import { NameCell } from "@/components/NameCell";
import { State } from "@/components/State";
import { Cell, Rows } from "@/components/Table";
import { When } from "@/components/When";
import { Face } from "../Face";
import classes from "./Contacts.module.css";
import { nameOf, shownTrait, traitAt } from "./columns";

interface ContactTableProps {
  contacts: ContactRow[];
  columns: string[];
  chosen: ReadonlySet<string>;
  onChoose: (ids: ReadonlySet<string>) => void;
}

export function ContactTable({ contacts, columns, chosen, onChoose }: ContactTableProps) {
  const heads = [
    { name: "Contact" },
    { name: "Subscription" },
    ...columns.map((name) => ({ name, wide: true })),
    { name: "User ID", wide: true },
    { name: "Last seen", wide: true },
    { name: "Added", wide: true },
  ];
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChoose(next);
  };
  const isAll = contacts.length > 0 && chosen.size === contacts.length;
  return (
    <>
      <div className={classes.all}>
        <Checkbox
          size="xs"
          label={isAll ? "Choose none" : "Choose all on this page"}
          checked={isAll}
          indeterminate={chosen.size > 0 && !isAll}
          onChange={() => onChoose(isAll ? new Set() : new Set(contacts.map(({ id }) => id)))}
        />
      </div>
      <Rows caption="Contacts" heads={heads}>
        {contacts.map((contact) => (
          <ContactLine
            key={contact.id}
            contact={contact}
            columns={columns}
            isChosen={chosen.has(contact.id)}
            onToggle={() => toggle(contact.id)}
          />
        ))}
      </Rows>
    </>
  );
}

interface ContactLineProps {
  contact: ContactRow;
  columns: string[];
  isChosen: boolean;
  onToggle: () => void;
}

function ContactLine({ contact, columns, isChosen, onToggle }: ContactLineProps) {
  const name = nameOf(contact);
  return (
    <tr>
      <Cell>
        <div className={classes.first}>
          {/* biome-ignore lint/a11y/noLabelWithoutControl: the checkbox has a name; this is a larger target for it */}
          <label className={classes.tick}>
            <Checkbox size="xs" checked={isChosen} onChange={onToggle} aria-label={`Choose ${name}`} />
          </label>
          <NameCell
            to={`/contacts/${contact.id}`}
            icon={<Face id={contact.id} name={name} />}
            name={name}
            note={contact.email !== name ? contact.email : undefined}
          />
        </div>
      </Cell>
      <Cell>
        <State state={contact.subscription} />
      </Cell>
      {columns.map((path) => (
        <Cell key={path} wide>
          <span className={classes.trait}>{shownTrait(traitAt(contact.traits, path))}</span>
        </Cell>
      ))}
      <Cell wide dim>
        <span className={classes.trait}>{contact.user_id ?? "–"}</span>
      </Cell>
      <Cell wide dim>
        <When at={contact.seen_at} />
      </Cell>
      <Cell wide dim>
        <When at={contact.created_at} />
      </Cell>
    </tr>
  );
}
