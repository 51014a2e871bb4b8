import { Button } from "@mantine/core";
import { IconChartPie, IconPlus, IconSearchOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useSegments } from "@/api/segments";
import type { Segment } from "@/api/types";
import { Ask } from "@/components/Ask";
import { Empty } from "@/components/Empty";
import { count } from "@/components/format";
import { NameCell } from "@/components/NameCell";
import { Page, Panel } from "@/components/Page";
import { Search } from "@/components/Search";
import { State } from "@/components/State";
import { Cell, Rows } from "@/components/Table";
import { When } from "@/components/When";

export function SegmentList() {
  const segments = useSegments();
  return (
    <Page title="Segments" lead="Groups of contacts that keep themselves up to date." actions={<AddButton />}>
      <Ask query={segments}>{(all) => (all.length === 0 ? <NoSegments /> : <Filtered segments={all} />)}</Ask>
    </Page>
  );
}

function AddButton() {
  return (
    <Button component={Link} to="/segments/new" leftSection={<IconPlus size={16} />}>
      New segment
    </Button>
  );
}

function NoSegments() {
  return (
    <Empty icon={IconChartPie} title="No segments yet" action={<AddButton />}>
      A segment is a question about your contacts, such as who ordered twice this month and opened no mail. Its answer
      is kept true while events come in and time passes, and you can send to it.
    </Empty>
  );
}

/** Every word is found in the name or in the sentence. */
function filtered(segments: Segment[], text: string): Segment[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return segments.filter((one) => words.every((word) => `${one.name} ${one.sentence}`.toLowerCase().includes(word)));
}

const HEADS = [
  { name: "Name" },
  { name: "Members", right: true, width: 110 },
  { name: "State", wide: true, width: 130 },
  { name: "Changed", wide: true, width: 130 },
];

function Filtered({ segments }: { segments: Segment[] }) {
  const [text, setText] = useState("");
  const shown = filtered(segments, text);
  return (
    <>
      <Search value={text} onChange={setText} placeholder="Search segments" />
      {shown.length === 0 ? (
        <Empty icon={IconSearchOff} title="No segments match">
          Change the search.
        </Empty>
      ) : (
        <Panel flush>
          <Rows caption="Segments" heads={HEADS}>
            {shown.map((one) => (
              <tr key={one.id}>
                <Cell>
                  <NameCell to={`/segments/${one.id}/overview`} name={one.name} note={`Contacts ${one.sentence}`} />
                </Cell>
                <Cell right dim={one.state === "building"}>
                  {one.state === "building" && one.members === 0 ? "…" : count(one.members)}
                </Cell>
                <Cell wide>
                  <State state={one.state} />
                </Cell>
                <Cell wide dim>
                  <When at={one.updated_at} />
                </Cell>
              </tr>
            ))}
          </Rows>
        </Panel>
      )}
    </>
  );
}
