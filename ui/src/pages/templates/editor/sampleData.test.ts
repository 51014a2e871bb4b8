import { expect, it } from "vitest";
import type { Draft } from "./draft";
import { typed, typedOf, usesData } from "./sampleData";

const EMPTY = { subject: "", preheader: "", body: "", text: "", from_name: "" } as Draft;

it.each([
  ["Order {{ data.order }}", true],
  ['Order {{data["order"]}}', true],
  ["{% for item in data.items %}{{ item }}{% endfor %}", true],
  ["{%- if\n  data.total > 3 -%}x{% endif %}", true],
  ["{{ contact.name }} and {{ 'x' | append: data.order }}", true],
  ["Your data. All of it", false],
  ["{{ contact.data.plan }}", false],
  ["{{ metadata.plan }}", false],
  ["{{ contact.name }} has data.order }}", false],
  ["{% if contact.vip %} data.order {% endif %}", false],
])("that %j uses data is %s", (text, uses) => {
  expect(usesData({ ...EMPTY, body: text })).toBe(uses);
  expect(usesData({ ...EMPTY, subject: text })).toBe(uses);
});

const BEFORE = typedOf({ order: 7 });

it("begins with the data, to be read by people, and with nothing where there is none", () => {
  expect(BEFORE).toEqual({ text: '{\n  "order": 7\n}', data: { order: 7 }, error: "" });
  expect(typedOf({}).text).toBe("");
});

it.each([
  ['{"order": 8}', { order: 8 }],
  [" \n", {}],
])("%j is the data %j", (text, data) => {
  expect(typed(text, BEFORE)).toEqual({ text, data, error: "" });
});

it.each([
  ['{"order": ', "no JSON"],
  ["[1]", "an object"],
  ["7", "an object"],
  ["null", "an object"],
])("%j is refused and leaves the data as it was", (text, words) => {
  const after = typed(text, BEFORE);
  expect(after).toEqual({ text, data: { order: 7 }, error: expect.stringContaining(words) });
});
