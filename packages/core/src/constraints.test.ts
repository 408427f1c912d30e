import { describe, expect, test } from "vitest";
import { checkConstraints, domainOf, isDecimal, type Constraints, type ParameterRule } from "./constraints.ts";
import { operationTable } from "./operation.ts";

const table = operationTable([
  { name: "payments.create", method: "POST", path: "/v1/payments", class: "money", directions: ["collected"] },
  { name: "payments.pay", method: "POST", path: "/v1/payments/{payment}", class: "money", directions: ["collected"] },
]);
const match = table.match("POST", ["v1", "payments"]);

function judge(constraints: Constraints, ...sets: Record<string, string>[]): string | null {
  if (match === null) throw new Error("the table has no payments");
  const maps = sets.map((set) => new Map(Object.entries(set)));
  const refused = checkConstraints(constraints, { method: "POST", segments: ["v1", "payments"], match, sets: maps });
  if (refused !== null) expect(refused.code).toBe("parameter_not_allowed");
  return refused?.message ?? null;
}

function on(rule: ParameterRule, value: string | null): string | null {
  return judge({ "payments.create": { amount: rule } }, value === null ? {} : { amount: value });
}

describe("a rule lets through", () => {
  test.each<[string, ParameterRule, string]>([
    ["what is the most", { max: "50000" }, "50000"],
    ["less than the most, by value and not by text", { max: "50000" }, "9"],
    ["what is the least", { min: "1" }, "1"],
    ["a decimal that is smaller", { max: "1.5" }, "1.49999999999999999999"],
    ["one of a list", { in: ["usd", "eur"] }, "eur"],
    ["the very text", { equals: "true" }, "true"],
    ["a beginning", { prefix: "+1" }, "+15551230000"],
    ["a mail of the domain", { domain_in: ["Example.com"] }, "Acme <a@EXAMPLE.com>"],
    ["all conditions at once", { min: "1", max: "9", in: ["3"] }, "3"],
  ])("%s", (_, rule, value) => {
    expect(on(rule, value)).toBeNull();
  });

  test("an absent parameter only where it is optional", () => {
    expect(on({ max: "1", optional: true }, null)).toBeNull();
    expect(on({ max: "1" }, null)).toBe('The parameter "amount" is missing, and this vault key constrains it.');
  });

  test("what another operation's rule says", () => {
    expect(judge({ "payments.pay": { amount: { max: "1" } } }, { amount: "5" })).toBeNull();
  });
});

describe("a rule refuses", () => {
  test.each<[string, ParameterRule, string]>([
    ["more than the most", { max: "50000" }, "50001"],
    ["a number beyond 2^53", { max: "9007199254740992" }, "9007199254740993"],
    ["less than the least", { min: "1" }, "0"],
    ["a negative number", { min: "0" }, "-1"],
    ["a number in another notation", { max: "50000" }, "1e3"],
    ["a number with a leading zero", { max: "50000" }, "01"],
    ["a number with spaces", { max: "50000" }, " 1"],
    ["an empty number", { max: "50000" }, ""],
    ["another case", { in: ["usd"] }, "USD"],
    ["another text", { equals: "true" }, "TRUE"],
    ["another beginning", { prefix: "+1" }, "1555"],
    ["a domain that only ends alike", { domain_in: ["example.com"] }, "a@evil-example.com"],
    ["a sub-domain", { domain_in: ["example.com"] }, "a@sub.example.com"],
    ["two addresses", { domain_in: ["example.com"] }, "a@example.com, b@evil.test"],
    ["a domain inside the name", { domain_in: ["example.com"] }, "a@example.com <b@evil.test>"],
    ["a quoted local part", { domain_in: ["example.com"] }, '"a@evil.test"@example.com'],
    ["no address", { domain_in: ["example.com"] }, "example.com"],
  ])("%s", (_, rule, value) => {
    expect(on(rule, value)).not.toBeNull();
  });

  test("one bad element of a list", () => {
    const rule = { "payments.create": { to: { domain_in: ["a.test"] } } };
    expect(judge(rule, { "to[0]": "x@a.test", "to[1]": "x@a.test" })).toBeNull();
    expect(judge(rule, { "to[0]": "x@a.test", "to[1]": "x@b.test" })).toContain("a.test");
  });

  test("one bad mail of a batch, and says which", () => {
    const rule = { "payments.create": { from: { domain_in: ["a.test"] } } };
    expect(judge(rule, { from: "x@a.test" }, { from: "x@a.test" })).toBeNull();
    expect(judge(rule, { from: "x@a.test" }, { from: "x@b.test" })).toMatch(/^In item 1, /);
    expect(judge(rule, { from: "x@a.test" }, {})).toMatch(/^In item 1, .*missing/);
  });

  test("by every entry that matches: patterns and names alike", () => {
    const both = { "POST /v1/**": { amount: { max: "10" } }, "payments.create": { amount: { max: "5" } } };
    expect(judge(both, { amount: "7" })).not.toBeNull();
    expect(judge(both, { amount: "4" })).toBeNull();
  });

  test("everything, where a pattern cannot be read any more", () => {
    expect(judge({ "GET nowhere": {} }, {})).toContain("cannot be read");
  });
});

test("plain numbers are told from everything else", () => {
  for (const text of ["0", "-1", "10", "0.5", "123456789012345678901234567890"])
    expect(isDecimal(text), text).toBe(true);
  for (const text of ["", "+1", "00", "1.", ".5", "1e2", "0x1", "1,5", "NaN", "1".repeat(65)])
    expect(isDecimal(text), text).toBe(false);
});

test("a domain is read only from what every mail program reads alike", () => {
  expect(domainOf("a@b.test")).toBe("b.test");
  expect(domainOf(" Name <a@B.Test> ")).toBe("b.test");
  for (const text of ["a@b", "a@@b.test", "a@b.test.", "<a@b.test", "a@b.test;c@d.test", "a b@c.test", "a@b.test (x)"])
    expect(domainOf(text), text).toBeNull();
});
