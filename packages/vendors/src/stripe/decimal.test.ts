import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ceilDivided, decimalOf, timesUp, wholeUp } from "./decimal.ts";

describe("a decimal number", () => {
  it.each([
    ["0", 0n],
    ["1", 1_000_000_000_000n],
    ["-1", -1_000_000_000_000n],
    ["0.000000000001", 1n],
    ["12.5", 12_500_000_000_000n],
    ["-0", 0n],
    ["", null],
    ["01", null],
    [".5", null],
    ["1.", null],
    ["1e3", null],
    ["+1", null],
    ["0.0000000000001", null],
    ["1234567890123456", null],
    ["1,5", null],
    ["\u0661", null],
  ])("%j is %s trillionths", (text, value) => {
    expect(decimalOf(text)).toBe(value);
  });

  it("times a quantity is never less than what it is exactly, and less than one more", () => {
    const numbers = fc.bigInt({ min: 0n, max: 10n ** 20n });
    fc.assert(
      fc.property(numbers, fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), (quantity, unit) => {
        const exact = quantity * (unit < 0n ? -unit : unit);
        const size = timesUp(quantity, unit) * (unit < 0n ? -1n : 1n);
        expect(size * 10n ** 24n >= exact && (size - 1n) * 10n ** 24n < exact).toBe(true);
      }),
    );
  });

  it("is rounded up to whole ones", () => {
    expect([wholeUp(0n), wholeUp(1n), wholeUp(10n ** 12n), wholeUp(10n ** 12n + 1n)]).toEqual([
      0n,
      10n ** 12n,
      10n ** 12n,
      2n * 10n ** 12n,
    ]);
    expect([ceilDivided(0n, 3n), ceilDivided(1n, 3n), ceilDivided(3n, 3n)]).toEqual([0n, 1n, 1n]);
  });
});
