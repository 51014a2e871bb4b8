import { describe, expect, it } from "vitest";
import { initials, nameOf, shownTrait, traitAt } from "./columns";

describe("what a contact is called", () => {
  const nobody = { id: "person_7", traits: {} };
  it.each([
    [{ ...nobody, traits: { name: "Ada Lovelace", firstName: "A" } }, "Ada Lovelace"],
    [{ ...nobody, traits: { firstName: "Ada", lastName: "Lovelace" } }, "Ada Lovelace"],
    [{ ...nobody, email: "ada@example.com", user_id: "u1" }, "ada@example.com"],
    [{ ...nobody, email: null, user_id: "u1" }, "u1"],
    [nobody, "person_7"],
  ])("%j is %s", (contact, name) => expect(nameOf(contact)).toBe(name));
});

it.each([
  ["Ada Lovelace", "AL"],
  ["ada.lovelace@example.com", "AL"],
  ["Émile", "É"],
  ["…", "?"],
])("the letters of %s are %s", (name, letters) => expect(initials(name)).toBe(letters));

it("a trait is found by its path, and one whose name holds a dot by its name", () => {
  expect(traitAt({ address: { city: "Berne" } }, "address.city")).toBe("Berne");
  expect(traitAt({ "a.b": 1, a: { b: 2 } }, "a.b")).toBe(1);
  expect(traitAt({ a: 1 }, "a.b")).toBeUndefined();
});

it.each([
  [undefined, ""],
  [null, ""],
  [false, "no"],
  [["a", 1], "a, 1"],
  [{ city: "Berne", zip: 3000 }, "city: Berne · zip: 3000"],
  [{ a: { b: 1 } }, '{"a":{"b":1}}'],
])("%j is shown as %s", (value, text) => expect(shownTrait(value)).toBe(text));
