import { describe, expect, it } from "vitest";
import { ESTIMATORS } from "./estimate.ts";
import { FOLLOWED, MONEY_RULES } from "./money.ts";
import { operations } from "./operations.ts";

const MONEY = operations.operations.filter((operation) => operation.class === "money");

describe("the rules of money", () => {
  it("are there for every money operation of the table, and for nothing else", () => {
    const names = MONEY.map((operation) => operation.name).sort();
    expect([...MONEY_RULES.keys()].sort()).toEqual(names);
    expect([...ESTIMATORS.keys()].sort()).toEqual(names);
  });

  it.each([...MONEY_RULES])("say of %s every direction that the table says", (name, { directions }) => {
    expect(directions).toEqual(expect.arrayContaining([...(operations.byName(name)?.directions ?? ["none"])]));
  });

  it.each([...MONEY_RULES])("look up for %s only what is read and costs nothing", (_, { lookUps }) => {
    for (const name of lookUps) expect([name, operations.byName(name)?.class]).toEqual([name, "read"]);
  });

  it.each([...MONEY_RULES])(
    "leave %s no amount unknown: it is in the request, or looked up, or has no bound",
    (name, { amount, lookUps }) => {
      const hasNone = name === "subscriptions.cancel" || name === "customers.subscriptions.cancel";
      expect(amount !== null || lookUps.length > 0 || hasNone).toBe(true);
    },
  );

  it.each([...FOLLOWED.keys()])("follow %s, which has a look at it", (resource) => {
    expect(operations.byName(`${resource}.retrieve`)?.class).toBe("read");
  });
});
