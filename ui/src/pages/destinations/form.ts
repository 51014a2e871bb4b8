/** A destination's settings as a form: from its fields to typed-in values, and back to what the API takes. Pure. */

import type { FormField, Json } from "@/api/types";

/** What is typed in; a secret that is not touched is null. */
export type Values = Record<string, string | boolean | string[] | null>;

const texts = (value: Json | undefined): string[] => (Array.isArray(value) ? value.map(String) : []);

/** The values to begin with: what is set, else the default. */
export function valuesOf(fields: FormField[], settings: Record<string, Json> = {}, secretsSet: string[] = []): Values {
  return Object.fromEntries(
    fields.map((field) => {
      const value = settings[field.name] ?? field.default ?? null;
      if (field.type === "secret") return [field.name, secretsSet.includes(field.name) ? null : ""];
      if (field.type === "boolean") return [field.name, value === true];
      if (field.type === "list") return [field.name, texts(value)];
      return [field.name, value === null ? "" : String(value)];
    }),
  );
}

/** What is wrong, by field; empty when nothing is. */
export function faultsOf(fields: FormField[], values: Values): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const field of fields) {
    const fault = faultOf(field, values[field.name] ?? null);
    if (fault !== null && !(field.type === "secret" && values[field.name] === null)) faults[field.name] = fault;
  }
  return faults;
}

function faultOf(field: FormField, value: Values[string]): string | null {
  const isEmpty = value === null || value === "" || (Array.isArray(value) && value.length === 0);
  if (isEmpty) return field.required && field.type !== "boolean" ? "This is needed." : null;
  if (field.type === "integer" && !/^-?\d+$/.test(String(value))) return "A whole number.";
  if (field.type === "number" && Number.isNaN(Number(value))) return "A number.";
  return null;
}

/** The settings to send: all that are set; an untouched secret is left out, one made empty is forgotten (null). */
export function settingsOf(fields: FormField[], values: Values, secretsSet: string[] = []): Record<string, Json> {
  const settings: Record<string, Json> = {};
  for (const field of fields) {
    const value = values[field.name] ?? null;
    if (field.type === "secret" && value === null) continue;
    const sent = sentOf(field, value);
    if (sent !== null) settings[field.name] = sent;
    else if (field.type === "secret" ? secretsSet.includes(field.name) : !field.required) settings[field.name] = null;
  }
  return settings;
}

function sentOf(field: FormField, value: Values[string]): Json {
  if (field.type === "boolean") return value === true;
  if (field.type === "list") return Array.isArray(value) && value.length > 0 ? value : null;
  if (value === "" || value === null) return null;
  return field.type === "integer" || field.type === "number" ? Number(value) : String(value);
}

/** For a new destination nothing is forgotten: what is not set is left out. */
export const newSettingsOf = (fields: FormField[], values: Values): Record<string, Json> =>
  Object.fromEntries(Object.entries(settingsOf(fields, values)).filter(([, value]) => value !== null));

/** The field that a refusal's `where` names, as in "settings.url" or "url". */
export function fieldOf(fields: FormField[], where: string): string | null {
  const last = where.split(/[.`$]/).filter(Boolean).at(-1) ?? "";
  return fields.some((field) => field.name === last) ? last : null;
}
