import { Stack } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useDestinations } from "@/api/destinations";
import type { Source } from "@/api/types";
import { KindIcon } from "@/components/KindIcon";
import { LinkRow } from "@/components/LinkRow";
import { Panel } from "@/components/Page";
import { State } from "@/components/State";

/** Where this source's events go. The warehouse gets them all. */
export function Connected({ source }: { source: Source }) {
  const destinations = useDestinations();
  const connected = (destinations.data ?? []).filter((destination) => source.destinations.includes(destination.id));
  return (
    <Panel
      title="Goes to"
      beside={
        <Link className="link" to="/destinations/catalog">
          Add destination
        </Link>
      }
    >
      <Stack gap={4}>
        <LinkRow
          to="/warehouse/tables"
          icon={<KindIcon icon="warehouse" size={28} />}
          name="Warehouse"
          note={
            <>
              schema <span className="mono">{source.schema}</span>
            </>
          }
        />
        {connected.map(({ id, kind, name, enabled, state }) => (
          <LinkRow
            key={id}
            to={`/destinations/${id}/overview`}
            icon={<KindIcon icon={kind} size={28} />}
            name={name}
            beside={<State state={enabled ? state : "disabled"} />}
          />
        ))}
      </Stack>
    </Panel>
  );
}
