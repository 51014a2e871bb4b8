import { describe, expect, it } from "vitest";
import type { FormField } from "@/api/types";
import { fieldsNamed, ofUse, stageWords } from "./shown";

const field = (name: string): FormField => ({
  name,
  title: name,
  description: "",
  type: "string",
  required: false,
  choices: [],
});
const FIELDS = ["mode", "host", "password", "pipelining", "routes"].map(field);
const names = (fields: FormField[]) => fields.map((one) => one.name);

describe("ofUse", () => {
  it("shows a relay's fields with a relay", () => {
    expect(names(ofUse(FIELDS, { mode: "relay" }))).toEqual(["mode", "host", "password", "pipelining"]);
  });
  it("shows routes when mail goes straight out", () => {
    expect(names(ofUse(FIELDS, { mode: "direct" }))).toEqual(["mode", "pipelining", "routes"]);
  });
  it("leaves a provider without ways alone", () => {
    expect(ofUse(FIELDS, {})).toHaveLength(FIELDS.length);
  });
});

describe("fieldsNamed", () => {
  it("keeps the order of the names and passes over what is not there", () => {
    expect(names(fieldsNamed(FIELDS, ["routes", "nope", "host"]))).toEqual(["routes", "host"]);
  });
});

describe("stageWords", () => {
  it("says an unknown stage as it is", () => {
    expect([stageWords("tls"), stageWords("odd")]).toEqual(["starting TLS", "odd"]);
  });
});
