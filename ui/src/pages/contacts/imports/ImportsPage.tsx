import { IconFileSpreadsheet } from "@tabler/icons-react";
import { useImports } from "@/api/imports";
import type { ContactImport } from "@/api/types";
import { Ask } from "@/components/Ask";
import { count } from "@/components/format";
import { NameCell } from "@/components/NameCell";
import { Panel } from "@/components/Page";
import { State } from "@/components/State";
import { Cell, Rows } from "@/components/Table";
import { When } from "@/components/When";
import { ContactsFrame } from "../ContactsFrame";
import { Upload } from "./Upload";

const HEADS = [
  { name: "File" },
  { name: "State" },
  { name: "Rows", right: true, wide: true },
  { name: "New", right: true, wide: true },
  { name: "Updated", right: true, wide: true },
  { name: "Refused", right: true, wide: true },
  { name: "Uploaded", wide: true },
];

export function ImportsPage() {
  const imports = useImports();
  return (
    <ContactsFrame>
      <Upload />
      <Ask query={imports}>{(all) => (all.length === 0 ? null : <ImportTable imports={all} />)}</Ask>
    </ContactsFrame>
  );
}

function ImportTable({ imports }: { imports: ContactImport[] }) {
  return (
    <Panel flush title="Imports">
      <Rows caption="Imports" heads={HEADS}>
        {imports.map((one) => (
          <tr key={one.id}>
            <Cell>
              <NameCell
                to={`/contacts/imports/${one.id}`}
                icon={<IconFileSpreadsheet size={20} stroke={1.6} color="var(--sw-muted)" aria-hidden="true" />}
                name={one.name}
                note={one.by}
              />
            </Cell>
            <Cell>
              <State state={one.state} />
            </Cell>
            <Cell right wide>
              {count(one.rows)}
            </Cell>
            <Cell right wide dim={one.created === 0}>
              {count(one.created)}
            </Cell>
            <Cell right wide dim={one.updated === 0}>
              {count(one.updated)}
            </Cell>
            <Cell right wide dim={one.refused === 0}>
              {count(one.refused)}
            </Cell>
            <Cell wide dim>
              <When at={one.created_at} />
            </Cell>
          </tr>
        ))}
      </Rows>
    </Panel>
  );
}
