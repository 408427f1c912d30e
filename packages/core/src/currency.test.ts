import { describe, expect, test } from "vitest";
import { currencyProblem, minorUnitDigits } from "./currency.ts";

describe("minor units", () => {
  test("are the processor's, where ISO and Intl say otherwise", () => {
    // docs.stripe.com/currencies#special-cases, read November 2026
    expect(minorUnitDigits("isk")).toBe(2);
    expect(minorUnitDigits("ugx")).toBe(2);
    for (const currency of ["huf", "idr", "cop", "twd", "afn", "all", "pkr", "lbp"]) {
      expect([currency, minorUnitDigits(currency)]).toEqual([currency, 2]);
    }
  });

  test("fifteen currencies have none, five have three", () => {
    for (const currency of "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(" ")) {
      expect([currency, minorUnitDigits(currency)]).toEqual([currency, 0]);
    }
    for (const currency of "bhd jod kwd omr tnd".split(" ")) {
      expect([currency, minorUnitDigits(currency)]).toEqual([currency, 3]);
    }
    expect(minorUnitDigits("usd")).toBe(2);
    expect(minorUnitDigits("eur")).toBe(2);
  });

  test("of a currency that is not in the table are not guessed", () => {
    for (const currency of ["", "xxx", "btc", "USD", "us", "usdc", "usd ", "__proto__", "constructor"]) {
      expect(minorUnitDigits(currency)).toBeUndefined();
      expect(currencyProblem(currency, 100n)).toMatch(/not one that Keybrake knows/);
    }
  });
});

describe("amounts no processor takes", () => {
  test.each<[string, bigint, boolean]>([
    ["isk", 500n, true],
    ["isk", 550n, false],
    ["isk", 5n, false],
    ["ugx", 10_000n, true],
    ["ugx", 10_001n, false],
    ["kwd", 5_120n, true],
    ["kwd", 5_124n, false],
    ["jpy", 1n, true],
    ["usd", 1n, true],
    ["huf", 1n, true],
  ])("%s %s: fine is %s", (currency, minor, fine) => {
    expect(currencyProblem(currency, minor) === null).toBe(fine);
  });
});
