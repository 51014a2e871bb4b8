import { Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useDestinations } from "@/api/destinations";
import type { Source } from "@/api/types";
import { KindIcon } from "@/components/KindIcon";
import { Panel } from "@/components/Page";
import { State } from "@/components/State";
import classes from "./Connected.module.css";

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
        <Link to="/warehouse/tables" className={classes.row}>
          <KindIcon icon="warehouse" size={28} />
          <span className={classes.name}>
            Warehouse
            <span className={classes.note}>
              schema <span className="mono">{source.schema}</span>
            </span>
          </span>
        </Link>
        {connected.map((destination) => (
          <Link
            key={destination.id}
            to="/destinations/$id/overview"
            params={{ id: destination.id }}
            className={classes.row}
          >
            <KindIcon icon={destination.kind} size={28} />
            <span className={classes.name}>{destination.name}</span>
            <Text size="xs" component="span">
              <State state={destination.enabled ? destination.state : "disabled"} />
            </Text>
          </Link>
        ))}
      </Stack>
    </Panel>
  );
}
