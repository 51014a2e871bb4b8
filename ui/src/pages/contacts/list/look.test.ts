import { expect, it } from "vitest";
import { asLook, isNarrowed, said, searchOf } from "./look";

const PRO = { name: "plan", op: "is" as const, value: "pro" };

it("keeps what an address may say and drops the rest", () => {
  const search = { q: 12, list: "list_1", sort: "oldest", traits: [PRO, { name: 3 }, null], other: "x" };
  expect(asLook(search)).toEqual({ q: "12", list: "list_1", traits: [PRO] });
});

it("an empty look asks for the newest of all", () => {
  expect(searchOf({})).toEqual({ q: "", traits: [], list: "", segment: "", subscription: "", sort: "newest" });
  expect(isNarrowed({ sort: "seen" })).toBe(false);
  expect(isNarrowed({ traits: [PRO] })).toBe(true);
});

it("says a condition as a person does", () => {
  expect(said(PRO)).toBe("plan is pro");
  expect(said({ name: "plan", op: "exists", value: "" })).toBe("plan is known");
});
