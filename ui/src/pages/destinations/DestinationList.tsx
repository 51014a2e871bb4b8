import { Button } from "@mantine/core";
import { IconLogout2, IconPlus, IconSearchOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useDestinations } from "@/api/destinations";
import { useSources } from "@/api/sources";
import type { Destination } from "@/api/types";
import { Ask } from "@/components/Ask";
import { Empty } from "@/components/Empty";
import { compact, millis } from "@/components/format";
import { KindIcon } from "@/components/KindIcon";
import { NameCell } from "@/components/NameCell";
import { Page, Panel } from "@/components/Page";
import { Search } from "@/components/Search";
import { State } from "@/components/State";
import { Cell, Rows } from "@/components/Table";

const REFRESH_MS = 5_000;

export function DestinationList() {
  const destinations = useDestinations(REFRESH_MS);
  return (
    <Page title="Destinations" lead="Where events go besides the warehouse." actions={<AddButton />}>
      <Ask query={destinations}>
        {(all) => (all.length === 0 ? <NoDestinations /> : <Filtered destinations={all} />)}
      </Ask>
    </Page>
  );
}

function AddButton() {
  return (
    <Button component={Link} to="/destinations/catalog" leftSection={<IconPlus size={16} />}>
      Add destination
    </Button>
  );
}

function NoDestinations() {
  return (
    <Empty icon={IconLogout2} title="No destinations yet" action={<AddButton />}>
      The warehouse gets every event without one. Add a destination to send them elsewhere too, such as a webhook of
      yours.
    </Empty>
  );
}

function Filtered({ destinations }: { destinations: Destination[] }) {
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const shown = destinations.filter(({ name, kind }) => `${name} ${kind}`.toLowerCase().includes(wanted));
  return (
    <>
      <Search value={text} onChange={setText} placeholder="Search destinations" />
      {shown.length === 0 ? (
        <Empty icon={IconSearchOff} title={`No destinations match “${text}”`} />
      ) : (
        <DestinationTable destinations={shown} />
      )}
    </>
  );
}

const HEADS = [
  { name: "Name" },
  { name: "Status" },
  { name: "Sources", wide: true },
  { name: "Delivered, 24 h", right: true, wide: true },
  { name: "Failed, 24 h", right: true, wide: true },
  { name: "Dead letters", right: true, wide: true },
  { name: "p95", right: true, wide: true },
];

function DestinationTable({ destinations }: { destinations: Destination[] }) {
  const sources = useSources();
  const nameOf = (id: string) => sources.data?.find((source) => source.id === id)?.name ?? id;
  return (
    <Panel flush>
      <Rows caption="Destinations" heads={HEADS}>
        {destinations.map((destination) => (
          <tr key={destination.id}>
            <Cell>
              <NameCell
                to={`/destinations/${destination.id}/overview`}
                icon={<KindIcon icon={destination.kind} size={32} />}
                name={destination.name}
                note={destination.state_reason}
              />
            </Cell>
            <Cell>
              <State state={destination.enabled ? destination.state : "disabled"} />
            </Cell>
            <Cell wide dim>
              {destination.sources.map(nameOf).join(", ") || "None"}
            </Cell>
            <Cell right wide>
              {compact(destination.delivered_24h)}
            </Cell>
            <Cell right wide dim={destination.failed_24h === 0}>
              {compact(destination.failed_24h)}
            </Cell>
            <Cell right wide dim={destination.dead === 0}>
              <span style={{ color: destination.dead > 0 ? "var(--sw-bad)" : undefined }}>
                {compact(destination.dead)}
              </span>
            </Cell>
            <Cell right wide dim>
              {destination.p95_millis === null ? "–" : millis(destination.p95_millis)}
            </Cell>
          </tr>
        ))}
      </Rows>
    </Panel>
  );
}
