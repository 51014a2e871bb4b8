import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconBoxMultiple, IconPlus, IconTrash } from "@tabler/icons-react";
import type { SegmentSuggestions } from "@/api/types";
import classes from "./Builder.module.css";
import { ConditionRow } from "./ConditionRow";
import { BLANK, type Kind } from "./conditions";
import { Choose } from "./controls";
import { KIND_LOOK, KINDS } from "./kinds";
import {
  added,
  asGroup,
  asNode,
  DEEPEST,
  depthOf,
  duplicated,
  type GroupNode,
  isGroup,
  type Match,
  removed,
  withCondition,
  withMatch,
  wrapped,
} from "./tree";

const MATCHES: { value: Match; label: string }[] = [
  { value: "all", label: "all" },
  { value: "any", label: "any" },
  { value: "none", label: "none" },
];
const JOINED: Record<Match, string> = { all: "and", any: "or", none: "nor" };

export interface Editing {
  root: GroupNode;
  known: SegmentSuggestions | undefined;
  marked: boolean;
  /** What the server refused, and where. */
  fault: { key: string; words: string } | null;
  onChange: (root: GroupNode) => void;
}

/** A group of conditions, and of groups in it. */
export function GroupCard({ group, editing }: { group: GroupNode; editing: Editing }) {
  const { root, known, marked, fault, onChange } = editing;
  const depth = depthOf(root, group.key);
  const isWhole = group.key === root.key;
  return (
    <fieldset className={classes.group} data-depth={depth} data-match={group.match} aria-label={`${group.match} of`}>
      <div className={classes.groupHead}>
        <span>{isWhole ? "Contacts who match" : "Match"}</span>
        <Choose
          label="How many must hold"
          value={group.match}
          options={MATCHES}
          onChange={(match) => onChange(withMatch(root, group.key, match))}
          strong
        />
        <span>of these</span>
        {!isWhole && (
          <ActionIcon ml="auto" aria-label="Remove this group" onClick={() => onChange(removed(root, group.key))}>
            <IconTrash size={15} />
          </ActionIcon>
        )}
      </div>
      {fault?.key === group.key && <p className={classes.fault}>{fault.words}</p>}
      {group.of.length > 0 && (
        <ol className={classes.parts}>
          {group.of.map((node, index) => (
            <li key={node.key}>
              {index > 0 && <span className={classes.joined}>{JOINED[group.match]}</span>}
              {isGroup(node) ? (
                <GroupCard group={node} editing={editing} />
              ) : (
                <ConditionRow
                  one={node.condition}
                  known={known}
                  marked={marked}
                  fault={fault?.key === node.key ? fault.words : null}
                  onChange={(one) => onChange(withCondition(root, node.key, one))}
                  onDuplicate={() => onChange(duplicated(root, node.key))}
                  onWrap={depth < DEEPEST ? () => onChange(wrapped(root, node.key)) : null}
                  onRemove={() => onChange(removed(root, node.key))}
                />
              )}
            </li>
          ))}
        </ol>
      )}
      <AddBar
        onAdd={(kind) => onChange(added(root, group.key, asNode(BLANK[kind])))}
        onGroup={
          depth < DEEPEST
            ? () => onChange(added(root, group.key, asGroup(group.match === "any" ? "all" : "any")))
            : null
        }
      />
    </fieldset>
  );
}

function AddBar({ onAdd, onGroup }: { onAdd: (kind: Kind) => void; onGroup: (() => void) | null }) {
  return (
    <div className={classes.addBar}>
      <Menu position="bottom-start" width={330} shadow="md">
        <Menu.Target>
          <Button variant="light" size="xs" leftSection={<IconPlus size={14} />}>
            Condition
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {KINDS.map((kind) => {
            const { name, words, icon: Glyph, tone } = KIND_LOOK[kind];
            return (
              <Menu.Item
                key={kind}
                onClick={() => onAdd(kind)}
                leftSection={
                  <span className={classes.glyph} data-tone={tone}>
                    <Glyph size={16} stroke={1.8} aria-hidden="true" />
                  </span>
                }
              >
                <span className={classes.offer}>
                  {name}
                  <small>{words}</small>
                </span>
              </Menu.Item>
            );
          })}
        </Menu.Dropdown>
      </Menu>
      {onGroup && (
        <Button variant="subtle" color="gray" size="xs" leftSection={<IconBoxMultiple size={14} />} onClick={onGroup}>
          Group
        </Button>
      )}
    </div>
  );
}
