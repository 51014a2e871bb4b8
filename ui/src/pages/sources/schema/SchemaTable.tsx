import { Badge, Group } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { useSchemaEvent } from "@/api/sources";
import type { SchemaEvent, SchemaProperty } from "@/api/types";
import { Ask, Bars } from "@/components/Ask";
import { compact, count } from "@/components/format";
import { Cell, Rows } from "@/components/Table";
import { When } from "@/components/When";
import { eventTitle } from "../eventTitle";
import classes from "./SchemaTable.module.css";

const HEADS = [
  { name: "Event" },
  { name: "Properties", right: true, wide: true },
  { name: "Volume", right: true },
  { name: "First seen", wide: true },
  { name: "Last seen", wide: true },
];

export function SchemaTable({ source, events }: { source: string; events: SchemaEvent[] }) {
  const alone = events.length === 1;
  return (
    <Rows caption="Events" heads={HEADS}>
      {events.map((event) => (
        <EventRows key={`${event.type}/${event.event}`} source={source} event={event} isOpen={alone} />
      ))}
    </Rows>
  );
}

interface EventRowsProps {
  source: string;
  event: SchemaEvent;
  isOpen: boolean;
}

function EventRows({ source, event, isOpen: initially }: EventRowsProps) {
  const [isOpen, setOpen] = useState(initially);
  return (
    <>
      <tr>
        <Cell>
          <button
            type="button"
            className={classes.event}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
            data-row
          >
            <IconChevronRight size={14} aria-hidden="true" />
            {eventTitle(event)}
          </button>
        </Cell>
        <Cell right wide>
          {count(event.properties)}
        </Cell>
        <Cell right>
          <span title={count(event.count)}>{compact(event.count)}</span>
        </Cell>
        <Cell wide dim>
          <When at={event.first_seen} />
        </Cell>
        <Cell wide dim>
          <When at={event.last_seen} />
        </Cell>
      </tr>
      {isOpen && (
        <tr>
          <td colSpan={HEADS.length} className={classes.inside}>
            <Properties source={source} event={event} />
          </td>
        </tr>
      )}
    </>
  );
}

function Properties({ source, event }: { source: string; event: SchemaEvent }) {
  const detail = useSchemaEvent(source, event.type, event.event);
  return (
    <Ask query={detail} loading={<Bars rows={3} height={24} />}>
      {({ properties }) =>
        properties.length === 0 ? (
          <p className={classes.none}>No properties.</p>
        ) : (
          <table className={classes.properties}>
            <caption className="sr-only">Properties of {eventTitle(event)}</caption>
            <thead>
              <tr>
                <th scope="col">Property</th>
                <th scope="col">Types</th>
                <th scope="col" className={classes.wide}>
                  In events
                </th>
                <th scope="col" className={classes.number}>
                  Volume
                </th>
                <th scope="col" className={classes.wide}>
                  First seen
                </th>
                <th scope="col" className={classes.wide}>
                  Last seen
                </th>
              </tr>
            </thead>
            <tbody>
              {properties.map((property) => (
                <Property key={property.path} property={property} of={event.count} />
              ))}
            </tbody>
          </table>
        )
      }
    </Ask>
  );
}

/** One property: its path, its types, and in how many of the events it is. More than one type is a warning. */
function Property({ property, of }: { property: SchemaProperty; of: number }) {
  const share = of > 0 ? Math.min(1, property.count / of) : 0;
  const isMixed = property.types.length > 1;
  return (
    <tr>
      <td className={classes.path}>
        <span className="mono">{property.path}</span>
        <span className={classes.narrow}>
          first <When at={property.first_seen} />
          <br />
          last <When at={property.last_seen} />
        </span>
      </td>
      <td>
        <Group gap={4}>
          {property.types.map((type) => (
            <Badge key={type} size="sm" color={isMixed ? "yellow" : "gray"} fw={500}>
              {type}
            </Badge>
          ))}
        </Group>
      </td>
      <td className={classes.wide}>
        <span className={classes.share} title={`In ${count(property.count)} of ${count(of)} events`}>
          <span style={{ width: `${share * 100}%` }} />
        </span>
      </td>
      <td className={classes.number}>
        <span title={count(property.count)}>{compact(property.count)}</span>
      </td>
      <td className={`${classes.wide} ${classes.seen}`}>
        <When at={property.first_seen} />
      </td>
      <td className={`${classes.wide} ${classes.seen}`}>
        <When at={property.last_seen} />
      </td>
    </tr>
  );
}
