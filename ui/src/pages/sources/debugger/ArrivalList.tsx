import { memo } from "react";
import type { DebugEvent } from "@/api/types";
import { clock, exact } from "@/components/format";
import { StatePill } from "@/components/State";
import classes from "../panes/Panes.module.css";

interface ArrivalListProps {
  events: DebugEvent[];
  chosen: DebugEvent | null;
  onChoose: (event: DebugEvent) => void;
}

export function ArrivalList({ events, chosen, onChoose }: ArrivalListProps) {
  return (
    <ul className={classes.rows} aria-label="Arrivals, newest first">
      {events.map((event) => (
        <Row key={event.id} event={event} isChosen={event.id === chosen?.id} onChoose={onChoose} />
      ))}
    </ul>
  );
}

interface RowProps {
  event: DebugEvent;
  isChosen: boolean;
  onChoose: (event: DebugEvent) => void;
}

const Row = memo(function Row({ event, isChosen, onChoose }: RowProps) {
  return (
    <li>
      <button
        type="button"
        className={classes.row}
        aria-pressed={isChosen}
        data-status={event.status}
        onClick={() => onChoose(event)}
      >
        <span className={classes.type}>{event.type || "?"}</span>
        <span className={classes.what}>
          <span className="truncate">{event.name || event.type || "Not an event"}</span>
          <span className={classes.who}>{event.status === "rejected" ? event.reason : event.user}</span>
        </span>
        {event.status !== "accepted" && <StatePill state={event.status} />}
        <time className={classes.time} dateTime={event.received_at} title={exact(event.received_at)}>
          {clock(event.received_at)}
        </time>
      </button>
    </li>
  );
});
