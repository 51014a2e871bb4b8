import { Group, Tabs, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useSnippets } from "@/api/sources";
import type { Snippet, Source } from "@/api/types";
import { Ask, Bars } from "@/components/Ask";
import { Code } from "@/components/Code";
import { CopyField } from "@/components/Copy";
import { Panel } from "@/components/Page";
import { Dot } from "@/components/State";

/** The write key, and the code to paste. */
export function SetUp({ source, isNew }: { source: Source; isNew: boolean }) {
  const snippets = useSnippets(source.id);
  return (
    <Panel
      title="Set up"
      lead="Everything below names this server and this source’s write key."
      beside={isNew && <WaitingForFirst id={source.id} />}
    >
      <WriteKeyRow source={source} />
      <Ask query={snippets} loading={<Bars rows={2} height={80} />}>
        {(all) => <SnippetTabs snippets={all} />}
      </Ask>
    </Panel>
  );
}

function WaitingForFirst({ id }: { id: string }) {
  return (
    <Group gap={8} wrap="nowrap">
      <Dot tone="busy" pulse />
      <Text size="sm" c="dimmed">
        Waiting for the first event.{" "}
        <Link className="link" to="/sources/$id/debugger" params={{ id }}>
          Watch in the debugger
        </Link>
      </Text>
    </Group>
  );
}

function WriteKeyRow({ source }: { source: Source }) {
  const [key] = source.write_keys;
  if (key === undefined) return null;
  return (
    <div>
      <Text size="sm" fw={550} mb={4}>
        Write key
      </Text>
      <CopyField value={key} what="write key" />
    </div>
  );
}

function SnippetTabs({ snippets }: { snippets: Snippet[] }) {
  return (
    <Tabs defaultValue="0" variant="default">
      <Tabs.List mb="sm" style={{ flexWrap: "nowrap", overflowX: "auto", overflowY: "hidden" }}>
        {snippets.map((snippet, index) => (
          <Tabs.Tab key={snippet.title} value={String(index)}>
            {snippet.title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {snippets.map((snippet, index) => (
        <Tabs.Panel key={snippet.title} value={String(index)}>
          <Code code={snippet.code} language={snippet.language} what={snippet.title} maxHeight={420} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
