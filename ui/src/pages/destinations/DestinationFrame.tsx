import { Alert, Badge } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Outlet, useParams } from "@tanstack/react-router";
import { Refusal } from "@/api/client";
import { useCatalogDestinations, useDestination } from "@/api/destinations";
import type { Destination } from "@/api/types";
import { Ask } from "@/components/Ask";
import { compact } from "@/components/format";
import { KindIcon } from "@/components/KindIcon";
import { Page } from "@/components/Page";
import { RoomTabs } from "@/components/RoomTabs";
import { StatePill, toneOf } from "@/components/State";
import { NotFound } from "@/shell/Fallbacks";

/** The frame of one destination's pages; says why while it fails. */
export function DestinationFrame() {
  const { id } = useParams({ from: "/app/destinations/$id" });
  const destination = useDestination(id);
  const catalog = useCatalogDestinations();
  if (destination.error instanceof Refusal && destination.error.status === 404) return <NotFound />;
  const data = destination.data;
  const kind = catalog.data?.find((entry) => entry.slug === data?.kind);
  return (
    <Page
      title={data?.name ?? "Destination"}
      above={{ to: "/destinations", name: "Destinations" }}
      icon={<KindIcon icon={kind?.icon ?? data?.kind ?? ""} size={44} />}
      beside={data && <StatePill state={data.enabled ? data.state : "disabled"} />}
      lead={kind?.name ?? data?.kind}
      tabs={<Tabs id={id} dead={data?.dead ?? 0} />}
      wide
    >
      <Ask query={destination}>
        {(loaded) => (
          <>
            <Reason destination={loaded} />
            <Outlet />
          </>
        )}
      </Ask>
    </Page>
  );
}

function Tabs({ id, dead }: { id: string; dead: number }) {
  const deadBadge = dead > 0 && (
    <Badge size="sm" color="red" className="tabular">
      {compact(dead)}
    </Badge>
  );
  return (
    <RoomTabs
      name="Pages of this destination"
      tabs={[
        { to: `/destinations/${id}/overview`, name: "Overview" },
        { to: `/destinations/${id}/deliveries`, name: "Deliveries" },
        { to: `/destinations/${id}/dead-letters`, name: "Dead letters", beside: deadBadge },
        { to: `/destinations/${id}/settings`, name: "Settings" },
      ]}
    />
  );
}

function Reason({ destination }: { destination: Destination }) {
  if (!destination.enabled || destination.state_reason === "") return null;
  const color = toneOf(destination.state) === "bad" ? "red" : "yellow";
  return (
    <Alert color={color} variant="light" icon={<IconAlertTriangle size={18} />} title={destination.state_reason}>
      Events wait in order and are tried again by themselves. Other destinations are not held up by this.
    </Alert>
  );
}
