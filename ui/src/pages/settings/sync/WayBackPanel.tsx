import { Button, Stack, Text } from "@mantine/core";
import { IconMailForward } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useSources } from "@/api/sources";
import type { Source } from "@/api/types";
import { Ask } from "@/components/Ask";
import { CopyField } from "@/components/Copy";
import { Panel } from "@/components/Page";
import { SettingRow } from "@/components/SettingRow";

/** The AutopilotHQ source, by which the seven email events come back. */
export function WayBackPanel() {
  const sources = useSources();
  return (
    <Panel
      title="The way back"
      lead="What happens to mail comes back as seven events of an AutopilotHQ source. Its write key is not the key above."
    >
      <Ask query={sources}>
        {(all) => {
          const own = all.filter((source) => source.kind === "autopilothq");
          return own.length === 0 ? <NoSource /> : own.map((source) => <OneSource key={source.id} source={source} />);
        }}
      </Ask>
    </Panel>
  );
}

function NoSource() {
  return (
    <Stack gap="md">
      <Text size="sm">
        There is none yet. Add one, and connect it to the warehouse and to the tools that should hear of deliveries,
        opens, clicks, bounces, complaints, unsubscribes and replies.
      </Text>
      <div>
        <Button
          variant="default"
          leftSection={<IconMailForward size={16} />}
          renderRoot={(props) => <Link to="/sources/catalog/$kind" params={{ kind: "autopilothq" }} {...props} />}
        >
          Add the AutopilotHQ source
        </Button>
      </div>
    </Stack>
  );
}

function OneSource({ source }: { source: Source }) {
  return (
    <SettingRow
      name={
        <Link className="link" to="/sources/$id/overview" params={{ id: source.id }}>
          {source.name}
        </Link>
      }
      words={`Write key of the source ${source.schema}`}
    >
      <CopyField value={source.write_keys[0] ?? ""} what="write key" />
    </SettingRow>
  );
}
