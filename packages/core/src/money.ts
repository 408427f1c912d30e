// Money: whole micro-dollars in a bigint. Never a float, never an implicit rounding; text on the wire.

import type { Brand } from "./brand.ts";
import { invariant } from "./invariant.ts";

/** Millionths of a US dollar. Fits a signed 64-bit integer, so that every store can hold it. */
export type MicroUsd = Brand<bigint, "MicroUsd">;

const MICRO_PER_USD = 1_000_000n;
/** Below 2^63 - 1 (9.22e18), round enough to remember: nine trillion dollars. */
export const MICRO_USD_MAX = 9_000_000_000_000_000_000n;
/** What anybody may ask for in one figure. More than a trillion dollars is a typing error, or an attack. */
const PARSED_USD_MAX: bigint = 1_000_000_000_000n * MICRO_PER_USD;

export function microUsd(n: bigint): MicroUsd {
  invariant(fits(n), "an amount of money must fit 64 bits");
  return n;
}

function fits(n: bigint): n is MicroUsd {
  return n >= -MICRO_USD_MAX && n <= MICRO_USD_MAX;
}

export const ZERO_USD: MicroUsd = microUsd(0n);

// No sign, no exponent, no bare point, no leading zeros: text that two readers could read differently is refused.
const DECIMAL = /^(0|[1-9]\d{0,12})(?:\.(\d{1,6}))?$/;

/**
 * Dollars as a caller writes them: decimal text or a JSON number, not negative, at most six decimals and a trillion. A
 * number is read by its shortest decimal form, so `0.1` is exactly 100000 micro-dollars. Null for everything else.
 *
 * @example parseUsd("10.50") // 10_500_000n
 */
export function parseUsd(value: string | number): MicroUsd | null {
  // String() of a number is the shortest decimal that reads back as the same number; NaN, Infinity, signs and exponents
  // then fail the pattern like any other text, and -0 prints as "0".
  const match = DECIMAL.exec(typeof value === "number" ? String(value) : value);
  if (match === null) return null;
  const amount = BigInt(match[1] ?? "") * MICRO_PER_USD + BigInt((match[2] ?? "").padEnd(6, "0"));
  return amount <= PARSED_USD_MAX ? microUsd(amount) : null;
}

/** Dollars for programs, as short as they go: `0`, `10`, `10.5`, `0.0083`, `-5`. */
export function formatUsd(amount: MicroUsd): string {
  const { sign, dollars, fraction } = parts(amount);
  return fraction === "" ? `${sign}${dollars}` : `${sign}${dollars}.${fraction}`;
}

/** Dollars for people: `$10.00`, `$1,234.50`, `$0.0083`, `-$5.00`. Never rounded. */
export function formatUsdForPeople(amount: MicroUsd): string {
  const { sign, dollars, fraction } = parts(amount);
  const grouped = dollars.replace(/\B(?=(?:\d{3})+$)/g, ",");
  return `${sign}$${grouped}.${fraction.padEnd(2, "0")}`;
}

function parts(amount: MicroUsd): { sign: "" | "-"; dollars: string; fraction: string } {
  const size: bigint = amount < 0n ? 0n - amount : amount;
  return {
    sign: amount < 0n ? "-" : "",
    dollars: String(size / MICRO_PER_USD),
    fraction: String(size % MICRO_PER_USD)
      .padStart(6, "0")
      .replace(/0+$/, ""),
  };
}

export function addUsd(a: MicroUsd, b: MicroUsd): MicroUsd {
  return microUsd(a + b);
}

export function subtractUsd(a: MicroUsd, b: MicroUsd): MicroUsd {
  return microUsd(a - b);
}

export function minUsd(a: MicroUsd, b: MicroUsd): MicroUsd {
  return a < b ? a : b;
}

export function maxUsd(a: MicroUsd, b: MicroUsd): MicroUsd {
  return a > b ? a : b;
}
