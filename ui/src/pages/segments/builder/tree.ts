/** A definition while it is edited: each group and condition has a key, by which it is found and changed. Pure. */

import type { SegmentCondition, SegmentGroup } from "@/api/types";

export type Match = SegmentGroup["match"];

export interface GroupNode {
  key: string;
  match: Match;
  of: BuilderNode[];
}

export interface ConditionNode {
  key: string;
  condition: SegmentCondition;
}

export type BuilderNode = GroupNode | ConditionNode;

/** As many groups within one another as the server takes, the outermost counted. */
export const DEEPEST = 5;

let made = 0;
const newKey = (): string => `n${++made}`;

export const isGroup = (node: BuilderNode): node is GroupNode => "of" in node;

export const asNode = (condition: SegmentCondition): ConditionNode => ({ key: newKey(), condition });

export const asGroup = (match: Match, of: BuilderNode[] = []): GroupNode => ({ key: newKey(), match, of });

export function fromDefinition(group: SegmentGroup): GroupNode {
  return asGroup(
    group.match,
    group.of.map((node) => (node.type === "group" ? fromDefinition(node) : asNode(node))),
  );
}

/** What the server takes; groups in which nothing is yet are left out. */
export function toDefinition(group: GroupNode): SegmentGroup {
  const of = group.of
    .filter((node) => !isGroup(node) || hasCondition(node))
    .map((node) => (isGroup(node) ? toDefinition(node) : node.condition));
  return { type: "group", match: group.match, of };
}

export const hasCondition = (group: GroupNode): boolean =>
  group.of.some((node) => (isGroup(node) ? hasCondition(node) : true));

/** Every condition, in the order in which it is shown. */
export const conditionsOf = (group: GroupNode): ConditionNode[] =>
  group.of.flatMap((node) => (isGroup(node) ? conditionsOf(node) : [node]));

/** The tree with what `change` makes of one node; null takes it away. */
export function replaced(root: GroupNode, key: string, change: (node: BuilderNode) => BuilderNode | null): GroupNode {
  const of = root.of.flatMap((node) => {
    if (node.key !== key) return isGroup(node) ? [replaced(node, key, change)] : [node];
    const next = change(node);
    return next === null ? [] : [next];
  });
  return { ...root, of };
}

export const removed = (root: GroupNode, key: string): GroupNode => replaced(root, key, () => null);

export const withCondition = (root: GroupNode, key: string, condition: SegmentCondition): GroupNode =>
  replaced(root, key, () => ({ key, condition }));

export const withMatch = (root: GroupNode, key: string, match: Match): GroupNode =>
  root.key === key ? { ...root, match } : replaced(root, key, (node) => (isGroup(node) ? { ...node, match } : node));

/** One more at the end of a group. */
export const added = (root: GroupNode, key: string, node: BuilderNode): GroupNode =>
  root.key === key
    ? { ...root, of: [...root.of, node] }
    : replaced(root, key, (found) => (isGroup(found) ? { ...found, of: [...found.of, node] } : found));

/** The same again, right behind it. */
export function duplicated(root: GroupNode, key: string): GroupNode {
  const of = root.of.flatMap((node) => {
    if (node.key === key) return [node, copy(node)];
    return isGroup(node) ? [duplicated(node, key)] : [node];
  });
  return { ...root, of };
}

/** A group of its own around one node: "any of" where it stood in "all of". */
export const wrapped = (root: GroupNode, key: string): GroupNode => wrappedIn(root, key);

function wrappedIn(group: GroupNode, key: string): GroupNode {
  const of = group.of.map((node) => {
    if (node.key === key) return asGroup(group.match === "any" ? "all" : "any", [node]);
    return isGroup(node) ? wrappedIn(node, key) : node;
  });
  return { ...group, of };
}

const copy = (node: BuilderNode): BuilderNode =>
  isGroup(node) ? asGroup(node.match, node.of.map(copy)) : asNode(structuredClone(node.condition));

/** How deep a group lies, the outermost 1; 0 where it is not there. */
export function depthOf(root: GroupNode, key: string): number {
  if (root.key === key) return 1;
  for (const node of root.of) {
    const below = isGroup(node) ? depthOf(node, key) : 0;
    if (below > 0) return below + 1;
  }
  return 0;
}

/** The key of the node that the server's `where` names ("definition.of[0].of[2].name"), of the innermost known. */
export function keyAt(root: GroupNode, where: string): string | null {
  if (!where.startsWith("definition")) return null;
  const places = [...where.matchAll(/\.of\[(\d+)\]/g)].map((found) => Number(found[1]));
  let node: BuilderNode = root;
  for (const place of places) {
    if (!isGroup(node)) break;
    const shown: BuilderNode[] = node.of.filter((each) => !isGroup(each) || hasCondition(each));
    const next: BuilderNode | undefined = shown[place];
    if (next === undefined) break;
    node = next;
  }
  return node.key;
}
