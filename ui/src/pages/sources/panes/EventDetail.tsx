import { ActionIcon, Group, Tabs } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import type { DebugEvent, Json } from "@/api/types";
import { Code, JsonCode } from "@/components/Code";
import { CopyText } from "@/components/Copy";
import { exact } from "@/components/format";
import { StatePill } from "@/components/State";
import classes from "./Detail.module.css";
import { callOf } from "./pretty";

interface EventDetailProps {
  event: Omit<DebugEvent, "id" | "user">;
  /** The kind of its source: in its language the call is shown. */
  kind: string;
  /** A line under the reason. */
  note?: ReactNode;
  /** How to mend it, where that can be done. */
  mend?: ReactNode;
  /** Whether mending is what one came for. */
  mendFirst?: boolean;
  onClose: () => void;
}

/** All of one event: why it was refused, the call that made it, the whole of it. */
export function EventDetail({ event, kind, note, mend, mendFirst = false, onClose }: EventDetailProps) {
  const call = callOf(event.raw, kind);
  const [tab, setTab] = useState<string | null>(mend && mendFirst ? "mend" : call ? "pretty" : "raw");
  const shown = tab === "mend" && !mend ? "raw" : tab;
  const raw = rawText(event.raw);
  return (
    <article aria-label={event.name || event.type}>
      <header className={classes.detailHead}>
        <div style={{ minWidth: 0 }}>
          <h2 className={classes.detailTitle}>
            <span className="truncate">{event.name || event.type || "Not an event"}</span>
            <StatePill state={event.status} />
          </h2>
          <p className={classes.detailLead}>{[event.type, exact(event.received_at)].filter(Boolean).join(" · ")}</p>
        </div>
        <Group gap={4} wrap="nowrap" ml="auto">
          <CopyText value={raw} what="JSON" />
          <ActionIcon onClick={onClose} aria-label="Close">
            <IconX size={16} />
          </ActionIcon>
        </Group>
      </header>
      {event.reason && (
        <p className={classes.reason}>
          {event.reason} <span className="mono">{event.code}</span>
        </p>
      )}
      {note && <p className={classes.note}>{note}</p>}
      <Facts raw={event.raw} />
      <Tabs value={shown} onChange={setTab}>
        <Tabs.List mb="sm">
          {mend && <Tabs.Tab value="mend">Mend and send again</Tabs.Tab>}
          {call && <Tabs.Tab value="pretty">Pretty</Tabs.Tab>}
          <Tabs.Tab value="raw">Raw</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="mend">{mend}</Tabs.Panel>
        <Tabs.Panel value="pretty">{call && <Code code={call.code} language={call.language} what="call" />}</Tabs.Panel>
        <Tabs.Panel value="raw">
          {typeof event.raw === "string" ? <Code code={raw} language="json" /> : <JsonCode value={event.raw} />}
        </Tabs.Panel>
      </Tabs>
    </article>
  );
}

/** JSON laid out; what is none, as it came. */
export const rawText = (raw: Json): string => (typeof raw === "string" ? raw : JSON.stringify(raw, null, 2));

const FACTS: [field: string, name: string][] = [
  ["userId", "User"],
  ["anonymousId", "Anonymous"],
  ["messageId", "Message"],
  ["timestamp", "Timestamp"],
];

function Facts({ raw }: { raw: Json }) {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return null;
  const facts = FACTS.filter(([field]) => raw[field] !== undefined && raw[field] !== null);
  if (facts.length === 0) return null;
  return (
    <dl className={classes.facts}>
      {facts.map(([field, name]) => (
        <div key={field}>
          <dt>{name}</dt>
          <dd className="mono">{String(raw[field])}</dd>
        </div>
      ))}
    </dl>
  );
}
