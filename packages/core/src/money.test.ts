import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  MICRO_USD_MAX,
  ZERO_USD,
  addUsd,
  formatUsd,
  formatUsdForPeople,
  maxUsd,
  microUsd,
  minUsd,
  parseUsd,
  subtractUsd,
} from "./money.ts";

const TRILLION = 1_000_000_000_000_000_000n;
const parsable = fc.bigInt({ min: 0n, max: TRILLION }).map(microUsd);
const any = fc.bigInt({ min: -MICRO_USD_MAX, max: MICRO_USD_MAX }).map(microUsd);

describe("microUsd", () => {
  test("an amount that does not fit 64 bits is our mistake", () => {
    expect(() => microUsd(MICRO_USD_MAX + 1n)).toThrow();
    expect(() => microUsd(-MICRO_USD_MAX - 1n)).toThrow();
    expect(() => addUsd(microUsd(MICRO_USD_MAX), microUsd(1n))).toThrow();
    expect(MICRO_USD_MAX < 2n ** 63n).toBe(true);
  });

  test("adding and subtracting undo each other; the smaller and the larger are the two", () => {
    const half = fc.bigInt({ min: -MICRO_USD_MAX / 2n, max: MICRO_USD_MAX / 2n }).map(microUsd);
    fc.assert(
      fc.property(half, half, (a, b) => {
        expect(subtractUsd(addUsd(a, b), b)).toBe(a);
        expect(minUsd(a, b) <= maxUsd(a, b)).toBe(true);
        expect(minUsd(a, b) + maxUsd(a, b)).toBe(a + b);
      }),
    );
    expect(ZERO_USD).toBe(0n);
  });
});

describe("reading dollars", () => {
  test("what is written for programs reads back as the same amount", () => {
    fc.assert(fc.property(parsable, (amount) => parseUsd(formatUsd(amount)) === amount));
  });

  test("a number means what its shortest decimal says", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), fc.integer({ min: 0, max: 6 }), (digits, decimals) => {
        const number = Number(`${digits}e-${decimals}`);
        expect(parseUsd(number)).toBe(BigInt(digits) * 10n ** BigInt(6 - decimals));
      }),
    );
  });

  test("a number is read or refused, never rounded", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e13 }), (number) => {
        const read = parseUsd(number);
        if (read !== null) expect(Number(formatUsd(read))).toBe(number);
      }),
    );
  });

  test.each<[string | number, bigint]>([
    [0.1, 100_000n],
    [-0, 0n],
    [0.000001, 1n],
    ["0.000001", 1n],
    ["10", 10_000_000n],
    ["10.50", 10_500_000n],
    ["0.0", 0n],
    [500, 500_000_000n],
    ["1000000000000", TRILLION],
    [1e12, TRILLION],
  ])("%j is %s micro-dollars", (value, expected) => {
    expect(parseUsd(value)).toBe(expected);
  });

  test.each<string | number>([
    Number.NaN,
    Infinity,
    -Infinity,
    -1,
    -0.01,
    1e-7,
    0.0000001,
    0.1 + 0.2,
    1e21,
    1_000_000_000_000.01,
    "1000000000000.000001",
    "10000000000000",
    "",
    " ",
    "1 ",
    " 1",
    "+1",
    "-1",
    "-0",
    ".5",
    "5.",
    "1e3",
    "1E3",
    "0x10",
    "1,000",
    "$1",
    "1_000",
    "01",
    "00",
    "1.0000000",
    "1.2.3",
    "NaN",
    "Infinity",
    "1\n",
    "١",
  ])("refuses %j", (value) => {
    expect(parseUsd(value)).toBeNull();
  });
});

test("ten thousand digits are refused", () => {
  expect(parseUsd("9".repeat(10_000))).toBeNull();
});

describe("writing dollars", () => {
  test.each<[bigint, string, string]>([
    [0n, "0", "$0.00"],
    [10_000_000n, "10", "$10.00"],
    [10_500_000n, "10.5", "$10.50"],
    [8_300n, "0.0083", "$0.0083"],
    [1n, "0.000001", "$0.000001"],
    [-5_000_000n, "-5", "-$5.00"],
    [-1n, "-0.000001", "-$0.000001"],
    [1_234_500_000n, "1234.5", "$1,234.50"],
    [999_999_999n, "999.999999", "$999.999999"],
    [1_234_567_890_000_000n, "1234567890", "$1,234,567,890.00"],
  ])("%s micro-dollars", (amount, forPrograms, forPeople) => {
    expect(formatUsd(microUsd(amount))).toBe(forPrograms);
    expect(formatUsdForPeople(microUsd(amount))).toBe(forPeople);
  });

  test("people and programs are told the same amount", () => {
    fc.assert(
      fc.property(any, (amount) => {
        const forPeople = formatUsdForPeople(amount);
        expect(forPeople).toMatch(/^-?\$\d{1,3}(,\d{3})*\.\d{2,6}$/);
        const [dollars = "", fraction = ""] = forPeople.replace(/[$,]/g, "").split(".");
        const read = BigInt(dollars + fraction.padEnd(6, "0"));
        expect(read).toBe(amount);
        expect(formatUsd(amount)).not.toMatch(/\.\d*0$|\.$/);
      }),
    );
  });
});
