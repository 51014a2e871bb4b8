import { Badge, Group, Tabs } from "@mantine/core";
import { IconListDetails, IconSearchOff } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useSourceSchema } from "@/api/sources";
import type { SchemaEvent } from "@/api/types";
import { Ask } from "@/components/Ask";
import { Empty } from "@/components/Empty";
import { count } from "@/components/format";
import { Panel } from "@/components/Page";
import { Search } from "@/components/Search";
import { type SchemaTab, tabsOf } from "./group";
import { SchemaTable } from "./SchemaTable";

/** Every event and property that the source has sent. */
export function SchemaPage() {
  const { id } = useParams({ from: "/app/sources/$id/schema" });
  const schema = useSourceSchema(id);
  return (
    <Ask query={schema}>
      {(events) =>
        events.length === 0 ? (
          <Empty icon={IconListDetails} title="Nothing seen yet">
            Each event and each of its properties is listed here once it has arrived, with its types and how often it
            comes.
          </Empty>
        ) : (
          <Seen id={id} events={events} />
        )
      }
    </Ask>
  );
}

function Seen({ id, events }: { id: string; events: SchemaEvent[] }) {
  const [text, setText] = useState("");
  const [tab, setTab] = useState<string | null>(null);
  const tabs = tabsOf(events, text);
  const shown = tabs.find((one) => one.type === tab) ?? tabs.find((one) => one.events.length > 0) ?? tabs[0];
  return (
    <Panel flush>
      <Tabs value={shown?.type ?? null} onChange={setTab} variant="pills" radius="sm">
        <Group justify="space-between" gap="xs" px="md" py={8}>
          <Tabs.List>
            {tabs.map((one) => (
              <Tabs.Tab
                key={one.type}
                value={one.type}
                rightSection={
                  <Badge size="sm" color="gray" className="tabular">
                    {count(one.events.length)}
                  </Badge>
                }
              >
                {one.name}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Search value={text} onChange={setText} placeholder="Search events" width={220} />
        </Group>
      </Tabs>
      {shown && <TabContent key={shown.type} id={id} tab={shown} text={text} />}
    </Panel>
  );
}

function TabContent({ id, tab, text }: { id: string; tab: SchemaTab; text: string }) {
  if (tab.events.length > 0) return <SchemaTable source={id} events={tab.events} />;
  if (text) return <Empty bare icon={IconSearchOff} title={`No ${tab.name.toLowerCase()} events match “${text}”`} />;
  return (
    <Empty bare icon={IconListDetails} title={`No ${tab.name.toLowerCase()} calls yet`}>
      They are listed here once one has arrived.
    </Empty>
  );
}
