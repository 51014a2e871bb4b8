import { Button } from "@mantine/core";
import { IconFileUpload, IconUserPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { Page } from "@/components/Page";
import { RoomTabs } from "@/components/RoomTabs";
import { AddContact } from "./list/AddContact";

const TABS = [
  { to: "/contacts", name: "People", exact: true },
  { to: "/contacts/lists", name: "Lists" },
  { to: "/contacts/imports", name: "Imports" },
];

/** The frame of the pages about all contacts. */
export function ContactsFrame({ children }: { children: ReactNode }) {
  return (
    <Page
      title="Contacts"
      lead="Everybody your events, imports and forms have told of."
      actions={<WaysIn />}
      tabs={<RoomTabs name="Pages of contacts" tabs={TABS} />}
      wide
    >
      {children}
    </Page>
  );
}

/** How contacts come in by hand. */
export function WaysIn() {
  const [adding, setAdding] = useState(false);
  return (
    <>
      <Button variant="default" component={Link} to="/contacts/imports" leftSection={<IconFileUpload size={16} />}>
        Import CSV
      </Button>
      <Button leftSection={<IconUserPlus size={16} />} onClick={() => setAdding(true)}>
        Add contact
      </Button>
      <AddContact opened={adding} onClose={() => setAdding(false)} />
    </>
  );
}
