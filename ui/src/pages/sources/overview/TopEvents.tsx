import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { SchemaEvent, SourceOverview } from "@/api/types";
import { compact } from "@/components/format";
import { Panel } from "@/components/Page";
import { eventTitle } from "../eventTitle";
import classes from "./TopEvents.module.css";

/** The most frequent events, each with its share of the first. */
export function TopEvents({ overview }: { overview: SourceOverview }) {
  const { top_events: events, source } = overview;
  const most = Math.max(1, ...events.map((event) => event.count));
  return (
    <Panel
      title="Top events"
      beside={
        events.length > 0 && (
          <Link className="link" to="/sources/$id/schema" params={{ id: source.id }}>
            Schema
          </Link>
        )
      }
    >
      {events.length === 0 ? (
        <Text size="sm" c="dimmed">
          The events that arrive most are listed here.
        </Text>
      ) : (
        <ol className={classes.list}>
          {events.map((event) => (
            <Row key={`${event.type}/${event.event}`} event={event} most={most} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Row({ event, most }: { event: SchemaEvent; most: number }) {
  return (
    <li className={classes.row}>
      <span
        className={classes.bar}
        style={{ width: `${Math.max(1, (100 * event.count) / most)}%` }}
        aria-hidden="true"
      />
      <span className={classes.name}>
        <span className="truncate">{eventTitle(event)}</span>
        <span className={classes.type}>{event.type}</span>
      </span>
      <span className="tabular">{compact(event.count)}</span>
    </li>
  );
}
