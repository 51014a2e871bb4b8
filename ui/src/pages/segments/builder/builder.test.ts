import { describe, expect, test } from "vitest";
import type { SegmentEmail, SegmentGroup, SegmentOp, SegmentTrait } from "@/api/types";
import {
  BLANK,
  COMPARISONS,
  type Kind,
  lackOf,
  oftenOf,
  opsFor,
  timesOf,
  withActivity,
  withMail,
  withOp,
} from "./conditions";
import {
  added,
  asGroup,
  asNode,
  conditionsOf,
  depthOf,
  duplicated,
  fromDefinition,
  type GroupNode,
  keyAt,
  removed,
  toDefinition,
  withMatch,
  wrapped,
} from "./tree";

const PLAN = { type: "trait", name: "plan", op: "is", value: "pro" } as const;
const LIST = { type: "list", list_id: 7, op: "on" } as const;
const SAVED: SegmentGroup = {
  type: "group",
  match: "all",
  of: [PLAN, { type: "group", match: "none", of: [LIST] }],
};

const keyOf = (root: GroupNode, index: number): string => root.of[index]?.key ?? "";

describe("the tree", () => {
  test("what was saved is given back as it was", () => {
    expect(toDefinition(fromDefinition(SAVED))).toEqual(SAVED);
  });

  test("a condition is added, doubled, put into a group, and taken away", () => {
    let root = fromDefinition({ type: "group", match: "all", of: [PLAN] });
    root = added(root, root.key, asNode(LIST));
    root = duplicated(root, keyOf(root, 1));
    expect(toDefinition(root).of).toEqual([PLAN, LIST, LIST]);
    root = wrapped(root, keyOf(root, 2));
    expect(toDefinition(root).of[2]).toEqual({ type: "group", match: "any", of: [LIST] });
    root = removed(root, keyOf(root, 1));
    expect(conditionsOf(root)).toHaveLength(2);
  });

  test("a group's word changes wherever it lies", () => {
    const root = fromDefinition(SAVED);
    const changed = withMatch(withMatch(root, root.key, "any"), keyOf(root, 1), "all");
    expect([changed.match, toDefinition(changed).of[1]]).toEqual(["any", { type: "group", match: "all", of: [LIST] }]);
  });

  test("an empty group is not sent", () => {
    const root = asGroup("all", [asGroup("any"), asNode(PLAN)]);
    expect(toDefinition(root).of).toEqual([PLAN]);
  });

  test("how deep a group lies", () => {
    const root = fromDefinition(SAVED);
    expect([depthOf(root, root.key), depthOf(root, keyOf(root, 1)), depthOf(root, "gone")]).toEqual([1, 2, 0]);
  });

  test("the server's path finds its condition, groups that were not sent left aside", () => {
    const inner = asNode(LIST);
    const root = asGroup("all", [asGroup("any"), asNode(PLAN), asGroup("none", [inner])]);
    expect(keyAt(root, "definition.of[1].of[0].list_id")).toBe(inner.key);
    expect(keyAt(root, "definition.of[0].name")).toBe(keyOf(root, 1));
    expect(keyAt(root, "definition")).toBe(root.key);
    expect(keyAt(root, "name")).toBeNull();
  });
});

describe("conditions", () => {
  test.each(Object.keys(BLANK) as Kind[])("a new %s says what it lacks, or nothing", (kind) => {
    const whole = ["email", "subscription", "moment", "identity"];
    expect(lackOf(BLANK[kind]) === null).toBe(whole.includes(kind));
  });

  test.each<[SegmentTrait, SegmentOp, Partial<SegmentTrait>]>([
    [PLAN, "is_not", { value: "pro" }],
    [PLAN, "one_of", { values: ["pro"] }],
    [{ type: "trait", name: "plan", op: "one_of", values: ["a", "b"] }, "is", { value: "a" }],
    [PLAN, "greater", { value: undefined }],
    [{ type: "trait", name: "n", op: "greater", value: 5 }, "less", { value: 5 }],
    [PLAN, "in_last", { days: 30 }],
    [PLAN, "exists", {}],
  ])("%j compared by %s keeps what it can use", (one, op, kept) => {
    expect(withOp(one, op)).toEqual({ type: "trait", name: one.name, op, ...kept });
  });

  test("comparisons that fit a value come first, and properties have none of dates", () => {
    expect(opsFor("boolean", false).fitting).toEqual(["is_true", "is_false", "exists", "missing"]);
    const { fitting, others } = opsFor("text", true);
    expect([...fitting, ...others].some((op) => COMPARISONS[op].need === "days")).toBe(false);
  });

  test("never is exactly no time", () => {
    expect(timesOf("never", 5)).toEqual({ op: "exactly", n: 0 });
    expect(oftenOf({ op: "exactly", n: 0 })).toBe("never");
    expect(oftenOf(timesOf("ever", 3))).toBe("ever");
    expect(timesOf("at_least", 1)).toEqual({ op: "at_least", n: 2 });
  });
});

describe("a condition about mail", () => {
  const clicked: SegmentEmail = { type: "email", activity: "clicked", template_id: 3, link_id: "start" };
  test("about another mail gives up its link", () => {
    expect(withMail(clicked, "broadcast", 7)).toEqual({ type: "email", activity: "clicked", broadcast_id: 7 });
    expect(withMail(clicked, "any", 0)).toEqual({ type: "email", activity: "clicked" });
  });
  test("has a link only of a click", () => {
    expect(withActivity(clicked, "opened")).toEqual({ type: "email", activity: "opened", template_id: 3 });
    expect(withActivity(clicked, "clicked")).toEqual(clicked);
  });
  test("lacks its mail until one is chosen", () => {
    expect(lackOf(withMail(clicked, "broadcast", 0))).toBe("Choose a broadcast.");
    expect(lackOf(withMail(clicked, "template", 0))).toBe("Choose a template.");
    expect(lackOf(clicked)).toBeNull();
  });
});
