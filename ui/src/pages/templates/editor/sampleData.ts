/** What a call would bring along as `data`, as it is typed for previews and tests. Pure. */

import type { TemplateSample } from "@/api/types";
import type { Draft } from "./draft";

export type Data = TemplateSample["data"];

export interface Typed {
  text: string;
  /** Of what was typed last that can be used. */
  data: Data;
  /** Why `text` can't be; "" where it can. */
  error: string;
}

const OF_DATA = /\{[{%](?:(?![%}]\})[\s\S])*?(?<![\w.-])data\s*[.[]/;

/** Whether some field of a template says `data.something`. */
export const usesData = (draft: Draft): boolean =>
  [draft.subject, draft.preheader, draft.body, draft.text, draft.from_name].some((text) => OF_DATA.test(text));

/** How the field begins. */
export const typedOf = (data: Data): Typed => ({
  text: Object.keys(data).length > 0 ? JSON.stringify(data, null, 2) : "",
  data,
  error: "",
});

/** After a change of its text: nothing is no data; what is no object leaves the data as it was, and says why. */
export function typed(text: string, before: Typed): Typed {
  if (text.trim() === "") return { text, data: {}, error: "" };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ...before, text, error: `This is no JSON yet. ${(error as Error).message}` };
  }
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isObject) return { ...before, text, error: 'It has to be an object, such as {"order": "A-1042"}.' };
  return { text, data: value as Data, error: "" };
}
