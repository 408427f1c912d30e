import { stripe } from "@keybrake/vendors";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { suggest } from "./suggest.ts";

const { operations } = stripe.operations;

test.each<[string, string, string]>([
  ["a letter too few", "refunds.creat", "refunds.create"],
  ["a singular", "refund.create", "refunds.create"],
  ["two letters exchanged", "payment_intents.cerate", "payment_intents.create"],
  ["a group", "refund.*", "refunds.*"],
])("%s: %s is answered with %s", (_what, text, near) => {
  expect(suggest(text, operations)[0]).toBe(near);
});

test("what nobody can have meant is answered with nothing", () => {
  expect(suggest("a_completely_different.thing", operations)).toEqual([]);
  expect(suggest("refunds.create", [])).toEqual([]);
});

test("there are at most three suggestions, each once, and each is a name that exists", () => {
  const names = new Set(operations.flatMap(({ name }) => [name, `${name.slice(0, name.lastIndexOf("."))}.*`]));
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom(...names)), fc.string({ maxLength: 3 }), (name, more) => {
      const found = suggest(name + more, operations);
      expect(found.length).toBeLessThanOrEqual(3);
      expect(new Set(found).size).toBe(found.length);
      expect(found.every((each) => names.has(each))).toBe(true);
    }),
  );
});

test("a name is the nearest to itself", () => {
  for (const { name } of operations) expect(suggest(name, operations)[0]).toBe(name);
});
