import { ActionIcon, Button } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useEventProperties } from "@/api/segments";
import type { SegmentEvent, SegmentProperty, SegmentSuggestions } from "@/api/types";
import classes from "./Builder.module.css";
import { Comparison } from "./Comparison";
import { ONCE } from "./conditions";
import { Choose, Words } from "./controls";
import { Times, Window } from "./Window";

const KINDS = [
  { value: "track", label: "did" },
  { value: "page", label: "viewed the page" },
  { value: "screen", label: "viewed the screen" },
] as const;

interface EventProps {
  one: SegmentEvent;
  known: SegmentSuggestions | undefined;
  marked: boolean;
  onChange: (one: SegmentEvent) => void;
}

/** "did Order Completed at least 3 times in the last 30 days, where revenue is more than 100" */
export function EventCondition({ one, known, marked, onChange }: EventProps) {
  const names = (known?.events ?? []).filter((each) => each.kind === one.kind).map((each) => each.name);
  return (
    <>
      <Choose
        label="What was done"
        value={one.kind}
        options={[...KINDS]}
        onChange={(kind) => onChange({ ...one, kind })}
      />
      <Words
        label="Choose an event"
        value={one.name}
        known={names}
        onChange={(name) => onChange({ ...one, name })}
        missing={marked && one.name === ""}
        strong
      />
      <Times
        count={one.count}
        which={one.which}
        onChange={(count) => onChange({ ...one, count, which: "any" })}
        onWhich={(which) => onChange({ ...one, which, count: ONCE })}
      />
      <Window when={one.when} marked={marked} onChange={(when) => onChange({ ...one, when })} />
      <Where one={one} marked={marked} onChange={onChange} />
    </>
  );
}

const BLANK: SegmentProperty = { name: "", op: "is", value: "" };

function Where({ one, marked, onChange }: Omit<EventProps, "known">) {
  const where = one.where ?? [];
  const properties = useEventProperties(one.kind, one.name);
  const set = (index: number, next: SegmentProperty | null) =>
    onChange({ ...one, where: where.flatMap((each, at) => (at === index ? (next ? [next] : []) : [each])) });
  return (
    <div className={classes.where}>
      {where.map((property, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the controls hold no state of their own
        <div key={index} className={classes.property}>
          <span>{index === 0 ? "where" : "and"}</span>
          <Comparison
            what="property"
            one={property}
            known={properties.data ?? []}
            marked={marked}
            onChange={(next) => set(index, next)}
          />
          <ActionIcon size="sm" aria-label="Remove property" onClick={() => set(index, null)}>
            <IconX size={14} />
          </ActionIcon>
        </div>
      ))}
      <Button
        variant="subtle"
        color="gray"
        size="compact-xs"
        leftSection={<IconPlus size={12} />}
        onClick={() => onChange({ ...one, where: [...where, BLANK] })}
      >
        Property
      </Button>
    </div>
  );
}
