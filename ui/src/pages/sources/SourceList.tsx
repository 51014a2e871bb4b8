import { Button, Group, MultiSelect } from "@mantine/core";
import { IconLogin2, IconPlus, IconSearchOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useCatalogSources, useSources } from "@/api/sources";
import type { Source } from "@/api/types";
import { Ask } from "@/components/Ask";
import { Empty } from "@/components/Empty";
import { compact } from "@/components/format";
import { KindIcon } from "@/components/KindIcon";
import { LabelChips } from "@/components/LabelsInput";
import { NameCell } from "@/components/NameCell";
import { Page, Panel } from "@/components/Page";
import { Search } from "@/components/Search";
import { State } from "@/components/State";
import { Cell, Rows } from "@/components/Table";
import { useNow, When } from "@/components/When";
import { filterSources, labelsInUse, stateOf } from "./filter";

const REFRESH_MS = 10_000;

export function SourceList() {
  const sources = useSources(REFRESH_MS);
  return (
    <Page title="Sources" lead="What sends events to this server." actions={<AddButton />}>
      <Ask query={sources}>{(all) => (all.length === 0 ? <NoSources /> : <Filtered sources={all} />)}</Ask>
    </Page>
  );
}

function AddButton() {
  return (
    <Button component={Link} to="/sources/catalog" leftSection={<IconPlus size={16} />}>
      Add source
    </Button>
  );
}

function NoSources() {
  return (
    <Empty icon={IconLogin2} title="No sources yet" action={<AddButton />}>
      A source is something that sends events: a server, a website, a tool. Pick its kind, and paste the snippet that
      you get into your code.
    </Empty>
  );
}

function Filtered({ sources }: { sources: Source[] }) {
  const [text, setText] = useState("");
  const [labels, setLabels] = useState<string[]>([]);
  const known = labelsInUse(sources);
  const shown = filterSources(sources, text, labels);
  return (
    <>
      <Group gap="xs">
        <Search value={text} onChange={setText} placeholder="Search sources" />
        {known.length > 0 && (
          <MultiSelect
            aria-label="Filter by label"
            placeholder={labels.length === 0 ? "Any label" : ""}
            data={known}
            value={labels}
            onChange={setLabels}
            clearable
            miw={180}
          />
        )}
      </Group>
      {shown.length === 0 ? (
        <Empty icon={IconSearchOff} title="No sources match">
          Change the search or the labels.
        </Empty>
      ) : (
        <SourceTable sources={shown} />
      )}
    </>
  );
}

const HEADS = [
  { name: "Name" },
  { name: "Status", wide: true },
  { name: "Events, 24 h", right: true },
  { name: "Refused, 24 h", right: true, wide: true },
  { name: "Last event", wide: true },
  { name: "Labels", wide: true },
];

function SourceTable({ sources }: { sources: Source[] }) {
  const now = useNow();
  const catalog = useCatalogSources();
  const iconOf = (kind: string) => catalog.data?.find((entry) => entry.slug === kind)?.icon ?? kind;
  return (
    <Panel flush>
      <Rows caption="Sources" heads={HEADS}>
        {sources.map((source) => (
          <tr key={source.id}>
            <Cell>
              <NameCell
                to={`/sources/${source.id}/overview`}
                icon={<KindIcon icon={iconOf(source.kind)} size={32} />}
                name={source.name}
                note={<span className="mono">{source.schema}</span>}
              />
            </Cell>
            <Cell wide>
              <State {...stateWords(stateOf(source, now))} />
            </Cell>
            <Cell right>{compact(source.accepted_24h)}</Cell>
            <Cell right wide dim={source.rejected_24h === 0}>
              <span style={{ color: source.rejected_24h > 0 ? "var(--sw-bad)" : undefined }}>
                {compact(source.rejected_24h)}
              </span>
            </Cell>
            <Cell wide dim>
              <When at={source.last_event_at} />
            </Cell>
            <Cell wide>
              <LabelChips labels={source.labels} />
            </Cell>
          </tr>
        ))}
      </Rows>
    </Panel>
  );
}

/** A source that is merely quiet is well. */
const stateWords = (state: ReturnType<typeof stateOf>) =>
  state === "quiet" ? { state: "idle", words: "Quiet" } : { state };
