import { ActionIcon, Menu } from "@mantine/core";
import { IconBoxMultiple, IconCopy, IconDots, IconTrash } from "@tabler/icons-react";
import type { SegmentCondition, SegmentSuggestions } from "@/api/types";
import classes from "./Builder.module.css";
import { Comparison } from "./Comparison";
import { lackOf } from "./conditions";
import { Choose, ThingPick, Values } from "./controls";
import { EmailCondition } from "./EmailCondition";
import { EventCondition } from "./EventCondition";
import { KIND_LOOK } from "./kinds";
import { Window } from "./Window";

interface RowProps {
  one: SegmentCondition;
  known: SegmentSuggestions | undefined;
  /** Whether what it lacks is shown: not before somebody wanted to save. */
  marked: boolean;
  fault: string | null;
  onChange: (one: SegmentCondition) => void;
  onDuplicate: () => void;
  /** Null where groups lie as deep as they may. */
  onWrap: (() => void) | null;
  onRemove: () => void;
}

/** One condition: a sentence whose words are its controls. */
export function ConditionRow({ one, known, marked, fault, onChange, onDuplicate, onWrap, onRemove }: RowProps) {
  const { icon: Glyph, tone, name } = KIND_LOOK[one.type];
  const said = fault ?? (marked ? lackOf(one) : null);
  return (
    <fieldset className={classes.condition} data-fault={said ? true : undefined} aria-label={name}>
      <span className={classes.glyph} data-tone={tone} title={name}>
        <Glyph size={16} stroke={1.8} aria-hidden="true" />
      </span>
      <div className={classes.sentence}>
        <Controls one={one} known={known} marked={marked} onChange={onChange} />
        {said && (
          <p className={classes.fault} role="alert">
            {said}
          </p>
        )}
      </div>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon aria-label={`More for this condition: ${name}`}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconCopy size={15} />} onClick={onDuplicate}>
            Duplicate
          </Menu.Item>
          {onWrap && (
            <Menu.Item leftSection={<IconBoxMultiple size={15} />} onClick={onWrap}>
              Put into a group
            </Menu.Item>
          )}
          <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={onRemove}>
            Remove
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </fieldset>
  );
}

type ControlsProps = Pick<RowProps, "one" | "known" | "marked" | "onChange">;

const MEMBERSHIP = [
  { value: "on", label: "are on the list" },
  { value: "off", label: "are not on the list" },
] as const;
const INCLUSION = [
  { value: "in", label: "are in the segment" },
  { value: "out", label: "are not in the segment" },
] as const;
const SUBSCRIPTIONS = [
  { value: "subscribed", label: "can be sent marketing mail" },
  { value: "unsubscribed", label: "unsubscribed from all mail" },
  { value: "unsubscribed_topic", label: "unsubscribed from the topic" },
  { value: "suppressed", label: "are on the suppression list" },
] as const;
const MOMENTS = [
  { value: "created", label: "were created" },
  { value: "seen", label: "were last seen" },
] as const;
const HAVING = [
  { value: "exists", label: "have" },
  { value: "missing", label: "have no" },
] as const;
const IDENTITIES = [
  { value: "user_id", label: "user ID" },
  { value: "email", label: "email address" },
] as const;
const DOMAINS = [
  { value: "one_of", label: "have an address at" },
  { value: "none_of", label: "have no address at" },
] as const;

function Controls({ one, known, marked, onChange }: ControlsProps) {
  switch (one.type) {
    case "trait":
      return (
        <>
          <span>whose</span>
          <Comparison what="trait" one={one} known={known?.traits ?? []} marked={marked} onChange={onChange} />
        </>
      );
    case "event":
      return <EventCondition one={one} known={known} marked={marked} onChange={onChange} />;
    case "email":
      return <EmailCondition one={one} known={known} marked={marked} onChange={onChange} />;
    case "list":
      return (
        <>
          <Choose
            label="On or not"
            value={one.op}
            options={[...MEMBERSHIP]}
            onChange={(op) => onChange({ ...one, op })}
          />
          <ThingPick
            label="Choose a list"
            value={one.list_id}
            things={known?.lists ?? []}
            onChange={(id) => onChange({ ...one, list_id: id })}
            missing={marked && one.list_id === 0}
          />
        </>
      );
    case "segment":
      return (
        <>
          <Choose
            label="In or not"
            value={one.op}
            options={[...INCLUSION]}
            onChange={(op) => onChange({ ...one, op })}
          />
          <ThingPick
            label="Choose a segment"
            value={one.segment_id}
            things={known?.segments ?? []}
            onChange={(id) => onChange({ ...one, segment_id: id })}
            missing={marked && one.segment_id === 0}
          />
        </>
      );
    case "subscription":
      return (
        <>
          <Choose
            label="State"
            value={one.state}
            options={[...SUBSCRIPTIONS]}
            onChange={(state) => onChange({ type: "subscription", state })}
          />
          {one.state === "unsubscribed_topic" && (
            <ThingPick
              label="Choose a topic"
              value={one.topic_id}
              things={known?.topics ?? []}
              onChange={(id) => onChange({ ...one, topic_id: id })}
              missing={marked && !one.topic_id}
            />
          )}
        </>
      );
    case "moment":
      return (
        <>
          <Choose
            label="Which moment"
            value={one.what}
            options={[...MOMENTS]}
            onChange={(what) => onChange({ ...one, what })}
          />
          <Window when={one.when} marked={marked} always onChange={(when) => onChange({ ...one, when })} />
        </>
      );
    case "identity":
      return (
        <>
          <Choose
            label="Have or not"
            value={one.op}
            options={[...HAVING]}
            onChange={(op) => onChange({ ...one, op })}
          />
          <Choose
            label="What"
            value={one.what}
            options={[...IDENTITIES]}
            onChange={(what) => onChange({ ...one, what })}
          />
        </>
      );
    case "domain":
      return (
        <>
          <Choose label="At or not" value={one.op} options={[...DOMAINS]} onChange={(op) => onChange({ ...one, op })} />
          <Values
            label="example.com"
            value={one.domains}
            known={[]}
            onChange={(domains) => onChange({ ...one, domains })}
            missing={marked && one.domains.length === 0}
          />
        </>
      );
  }
}
