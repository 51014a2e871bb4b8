import { describe, expect, it } from "vitest";
import type { FieldType, FormField } from "@/api/types";
import { faultsOf, fieldOf, newSettingsOf, settingsOf, valuesOf } from "./form";

const field = (name: string, type: FieldType, own: Partial<FormField> = {}): FormField => ({
  name,
  title: name,
  description: "",
  type,
  required: false,
  choices: [],
  ...own,
});

const FIELDS = [
  field("url", "string", { required: true }),
  field("secret", "secret"),
  field("batch", "integer", { default: 1 }),
  field("ordered", "boolean", { default: true }),
  field("events", "list"),
];

describe("a form of settings", () => {
  it("begins with the defaults", () => {
    expect(valuesOf(FIELDS)).toEqual({ url: "", secret: "", batch: "1", ordered: true, events: [] });
  });
  it("begins with what is set, and never with a secret", () => {
    const settings = { url: "https://x.example", secret: null, batch: 5, ordered: false, events: ["a"] };
    expect(valuesOf(FIELDS, settings, ["secret"])).toEqual({
      url: "https://x.example",
      secret: null,
      batch: "5",
      ordered: false,
      events: ["a"],
    });
  });
  it("asks for what is needed, and for numbers where there are to be numbers", () => {
    expect(faultsOf(FIELDS, { ...valuesOf(FIELDS), batch: "1.5" })).toEqual({
      url: "This is needed.",
      batch: "A whole number.",
    });
  });
  it("needs no new value of a needed secret that is set", () => {
    const fields = [field("token", "secret", { required: true })];
    expect(faultsOf(fields, { token: null })).toEqual({});
    expect(faultsOf(fields, { token: "" })).toEqual({ token: "This is needed." });
  });
  it("sends types, not texts, and leaves out what a new destination does not set", () => {
    const values = { url: "https://x.example", secret: "", batch: "20", ordered: false, events: [] };
    expect(newSettingsOf(FIELDS, values)).toEqual({ url: "https://x.example", batch: 20, ordered: false });
  });
  it("leaves an untouched secret alone, and forgets one that was emptied", () => {
    const values = { ...valuesOf(FIELDS), url: "https://x.example" };
    expect(settingsOf(FIELDS, { ...values, secret: null }, ["secret"])).not.toHaveProperty("secret");
    expect(settingsOf(FIELDS, { ...values, secret: "" }, ["secret"]).secret).toBeNull();
    expect(settingsOf(FIELDS, { ...values, secret: "new" }, ["secret"]).secret).toBe("new");
  });
  it("finds the field that a refusal names", () => {
    expect([fieldOf(FIELDS, "settings.url"), fieldOf(FIELDS, "$.batch"), fieldOf(FIELDS, "name")]).toEqual([
      "url",
      "batch",
      null,
    ]);
  });
});
