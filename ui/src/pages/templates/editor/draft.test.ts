import { expect, it } from "vitest";
import type { Template, TemplateProblem } from "@/api/types";
import { changesOf, dataOf, draftOf, isChanged, placeOf, sizeWords } from "./draft";

const TEMPLATE = {
  id: "template_1",
  name: "Welcome",
  kind: "mjml",
  subject: "Hello",
  preheader: "",
  body: "<mjml></mjml>",
  text: "",
  from_name: "",
  from_address: "",
  reply_to: "",
  topic_id: null,
  is_transactional: false,
} as unknown as Template;

const problem = (field: string, line: number | null): TemplateProblem =>
  ({ level: "error", code: "x", message: "x", field, line }) as TemplateProblem;

it("a draft as it was opened has no changes", () => {
  expect(isChanged(changesOf(TEMPLATE, draftOf(TEMPLATE)))).toBe(false);
});

it("only what differs is sent", () => {
  expect(changesOf(TEMPLATE, { ...draftOf(TEMPLATE), subject: "Hi", topic_id: 3 })).toEqual({
    subject: "Hi",
    topic_id: 3,
  });
});

it.each([
  ["body", 12, "Line 12"],
  ["body", null, ""],
  ["subject", null, "Subject"],
  ["from_address", 1, "From address"],
] as const)("a problem of %s on line %s is at %s", (field, line, words) => {
  expect(placeOf(problem(field, line))).toBe(words);
});

it.each([
  [900, "900 bytes"],
  [2048, "2.0 KB"],
  [104_448, "102 KB"],
])("%i bytes are %s", (bytes, words) => {
  expect(sizeWords(bytes)).toBe(words);
});

it.each([
  ["", {}],
  [" \n", {}],
  ['{"order": {"id": 7}}', { order: { id: 7 } }],
  ['{"order": ', null],
  ["[1]", null],
  ["7", null],
  ["null", null],
])("the data typed as %j is %j", (typed, data) => {
  expect(dataOf(typed)).toEqual(data);
});
