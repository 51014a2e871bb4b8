import { Badge } from "@mantine/core";
import { Outlet, useParams } from "@tanstack/react-router";
import { Refusal } from "@/api/client";
import { useCatalogSources, useSource } from "@/api/sources";
import { Ask } from "@/components/Ask";
import { compact } from "@/components/format";
import { KindIcon } from "@/components/KindIcon";
import { LabelChips } from "@/components/LabelsInput";
import { Page } from "@/components/Page";
import { RoomTabs } from "@/components/RoomTabs";
import { StatePill } from "@/components/State";
import { useNow } from "@/components/When";
import { NotFound } from "@/shell/Fallbacks";
import { stateOf } from "./filter";

const PAGES = [
  { tail: "overview", name: "Overview" },
  { tail: "debugger", name: "Debugger" },
  { tail: "refused", name: "Refused" },
  { tail: "schema", name: "Schema" },
  { tail: "settings", name: "Settings" },
];

/** The frame of one source's pages. */
export function SourceFrame() {
  const { id } = useParams({ from: "/app/sources/$id" });
  const source = useSource(id);
  const catalog = useCatalogSources();
  const now = useNow();
  if (source.error instanceof Refusal && source.error.status === 404) return <NotFound />;
  const kind = catalog.data?.find((entry) => entry.slug === source.data?.kind);
  const state = source.data && stateOf(source.data, now);
  return (
    <Page
      title={source.data?.name ?? "Source"}
      above={{ to: "/sources", name: "Sources" }}
      icon={<KindIcon icon={kind?.icon ?? source.data?.kind ?? ""} size={44} />}
      beside={
        <>
          {state && (state === "quiet" ? <StatePill state="idle" words="Quiet" /> : <StatePill state={state} />)}
          {source.data && <LabelChips labels={source.data.labels} />}
        </>
      }
      lead={
        source.data && (
          <>
            {kind?.name ?? source.data.kind} · schema <span className="mono">{source.data.schema}</span>
          </>
        )
      }
      tabs={
        <RoomTabs
          name="Pages of this source"
          tabs={PAGES.map(({ tail, name }) => ({
            to: `/sources/${id}/${tail}`,
            name,
            beside: tail === "refused" && <RefusedBadge count={source.data?.rejected_24h ?? 0} />,
          }))}
        />
      }
      wide
    >
      <Ask query={source}>{() => <Outlet />}</Ask>
    </Page>
  );
}

function RefusedBadge({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <Badge size="sm" color="red" className="tabular" title="In the last 24 hours">
      {compact(count)}
    </Badge>
  );
}
