import { Loader } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useSegmentCount } from "@/api/segments";
import type { SegmentGroup, SegmentMember } from "@/api/types";
import { count, percent } from "@/components/format";
import { Panel } from "@/components/Page";
import { Face } from "@/pages/contacts/Face";
import { titleOf } from "../member";
import classes from "./Builder.module.css";

const PAUSE_MS = 350;

interface LiveCountProps {
  /** Null while a condition lacks something: the last answer stands, dimmed. */
  definition: SegmentGroup | null;
  isEmpty: boolean;
}

/** How many contacts it is true of just now, and some of them. */
export function LiveCount({ definition, isEmpty }: LiveCountProps) {
  const text = JSON.stringify(definition);
  const [settled] = useDebouncedValue(text, PAUSE_MS);
  const found = useSegmentCount(JSON.parse(settled) as SegmentGroup | null);
  const isStale = found.isPlaceholderData || definition === null || text !== settled;
  return (
    <Panel title="Right now" beside={found.isFetching && <Loader size={14} aria-label="Counting" />}>
      <div>
        {isEmpty ? (
          <p className={classes.dim}>Add a condition to see how many contacts match.</p>
        ) : found.error && !isStale ? (
          <p className={classes.fault} role="alert">
            {found.error.message}
          </p>
        ) : found.data ? (
          <Found data={found.data} isStale={isStale} isLacking={definition === null} />
        ) : (
          <p className={classes.dim}>{definition === null ? "Fill in the gaps to count." : "Counting…"}</p>
        )}
      </div>
    </Panel>
  );
}

interface FoundProps {
  data: { count: number; of: number; sample: SegmentMember[]; sentence: string };
  isStale: boolean;
  isLacking: boolean;
}

function Found({ data, isStale, isLacking }: FoundProps) {
  return (
    <div className={classes.found}>
      <div aria-live="polite" className={classes.figure}>
        <p className={classes.number} data-stale={isStale || undefined}>
          {count(data.count)}
        </p>
        <p className={classes.dim}>
          {percent(data.count, data.of)} of {count(data.of)} contacts
        </p>
      </div>
      <div className={classes.share} aria-hidden="true">
        <div style={{ width: `${data.of === 0 ? 0 : (100 * data.count) / data.of}%` }} />
      </div>
      {isLacking && <p className={classes.dim}>Fill in the gaps to count anew.</p>}
      {data.sample.length > 0 && (
        <ul className={classes.people} aria-label="Some of them">
          {data.sample.map((person) => (
            <PersonLine key={person.id} person={person} />
          ))}
        </ul>
      )}
      <p className={`${classes.dim} ${classes.said}`}>Contacts {data.sentence}.</p>
    </div>
  );
}

function PersonLine({ person }: { person: SegmentMember }) {
  const title = titleOf(person);
  return (
    <li className={classes.person}>
      <Face id={person.id} name={title} size={28} />
      <span className={classes.who}>
        {title}
        {person.email && person.email !== title && <small>{person.email}</small>}
      </span>
    </li>
  );
}
