/**
 * Decimal numbers of up to twelve decimals, as unit prices and quantities are written, exactly and in integers: trillionths. Rounding is
 * always away from nothing, because what comes out is a bound. https://docs.stripe.com/api/prices/object (unit_amount_decimal)
 */

const DECIMALS = 12;
const ONE = 10n ** BigInt(DECIMALS);

/** Trillionths; null for what is no plain decimal number. */
export function decimalOf(text: string): bigint | null {
  const match = /^(-?)(0|[1-9][0-9]{0,14})(?:\.([0-9]{1,12}))?$/.exec(text);
  if (match === null) return null;
  const [, sign, whole = "", fraction = ""] = match;
  const size = BigInt(whole + fraction.padEnd(DECIMALS, "0"));
  return sign === "-" ? -size : size;
}

/** A quantity (not below nothing) times a unit, both in trillionths; whole, away from nothing. */
export function timesUp(quantity: bigint, unit: bigint): bigint {
  const size = ceilDivided(quantity * (unit < 0n ? -unit : unit), ONE * ONE);
  return unit < 0n ? -size : size;
}

/** The next whole number of trillionths. */
export function wholeUp(value: bigint): bigint {
  return ceilDivided(value, ONE) * ONE;
}

/** Of a dividend that is not below nothing. */
export function ceilDivided(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}
