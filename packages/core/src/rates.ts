// Currencies in US dollars, for holds: from a dated table of reference rates, exact to the last digit, with a margin for
// what the rates may have moved since. Vendors settle in their own rate on their own day, so this is an upper bound to
// hold against, never a price. Fetches nothing: whoever starts the process reads the file.

import { minorUnitDigits } from "./currency.ts";
import { Fault, invariant } from "./invariant.ts";
import { MICRO_USD_MAX, microUsd } from "./money.ts";
import type { MicroUsd } from "./money.ts";
import { DAY_MS, parseInstant } from "./time.ts";
import type { Instant } from "./time.ts";

/**
 * A table older than this prices nothing. Two months leave room for a missed update or two; further back, the margin is
 * taken from ever fewer independent stretches of the year in the file, and stops meaning anything.
 */
export const RATE_AGE_MAX_DAYS = 60;

/** US dollars for one major unit of a currency. Both are positive. */
export interface Rate {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export interface RateTable {
  /** The day of the newest rates, `2026-10-30`. */
  readonly asOf: string;
  readonly source: string;
  /** By lower-case ISO code. USD is not in it: a dollar is a dollar. */
  readonly rates: ReadonlyMap<string, Rate>;
  /** By age in days, from 0; never falls. As long as the file's history allows, at most `RATE_AGE_MAX_DAYS`. */
  readonly marginPpmByAgeDays: readonly number[];
}

export type Conversion =
  | {
      readonly kind: "converted";
      /** At the table's rate, rounded up. */
      readonly referenceMicroUsd: MicroUsd;
      /** With the margin, rounded up: what to hold. */
      readonly worstCaseMicroUsd: MicroUsd;
      /** The day of the rate; null for US dollars, which need none. */
      readonly rateDate: string | null;
      readonly marginPpm: number;
    }
  | { readonly kind: "unpriced"; readonly why: string };

/**
 * What an amount of minor units is in US dollars at worst. `unpriced` says in a sentence why not and what to do.
 *
 * @example convertToUsd(table, { minor: 1000n, currency: "eur" }, now)
 */
export function convertToUsd(
  table: RateTable,
  amount: { readonly minor: bigint; readonly currency: string },
  now: Instant,
): Conversion {
  const { minor, currency } = amount;
  invariant(minor >= 0n, "only an amount that is not negative is converted");
  const digits = minorUnitDigits(currency);
  if (digits === undefined) {
    return unpriced(`The currency ${quoted(currency)} is not known. Charge in a currency that has a rate, or in usd.`);
  }
  const scale = 10n ** BigInt(digits);
  if (currency === "usd") return converted(minor, { numerator: 1n, denominator: 1n }, scale, null, 0);

  const rate = table.rates.get(currency);
  if (rate === undefined) {
    return unpriced(
      `The rate table of ${table.asOf} has no rate for ${currency}. Charge in a currency that it has, or in usd.`,
    );
  }
  const ageMs = ageOf(table, now);
  if (areRatesTooOld(table, now)) {
    return unpriced(
      `The rate table is of ${table.asOf}, more than ${RATE_AGE_MAX_DAYS} days old. Give Keybrake a newer one, or charge in usd.`,
    );
  }
  const marginPpm = table.marginPpmByAgeDays[Math.ceil(ageMs / DAY_MS)];
  if (marginPpm === undefined) {
    return unpriced(
      `The rate table of ${table.asOf} has too few days to say how far ${currency} may have moved since. Give Keybrake a table with a longer history, or charge in usd.`,
    );
  }
  return converted(minor, rate, scale, table.asOf, marginPpm);
}

/** Whether a table prices nothing any more, whatever the currency. */
export function areRatesTooOld(table: RateTable, now: Instant): boolean {
  return ageOf(table, now) > RATE_AGE_MAX_DAYS * DAY_MS;
}

/** Rounded up to whole days by the caller: a day that has begun may already have its move. */
function ageOf(table: RateTable, now: Instant): number {
  const asOf = parseInstant(`${table.asOf}T00:00:00Z`);
  invariant(asOf !== null, "the date of a rate table was checked when it was read");
  return Math.max(0, now - asOf);
}

function converted(minor: bigint, rate: Rate, scale: bigint, rateDate: string | null, marginPpm: number): Conversion {
  const reference = divideUp(minor * rate.numerator * MICRO, scale * rate.denominator);
  const worstCase = divideUp(reference * (PPM + BigInt(marginPpm)), PPM);
  if (worstCase > MICRO_USD_MAX) {
    return unpriced("The amount is larger than any amount of money that Keybrake can count. Check the request.");
  }
  return {
    kind: "converted",
    referenceMicroUsd: microUsd(reference),
    worstCaseMicroUsd: microUsd(worstCase),
    rateDate,
    marginPpm,
  };
}

const MICRO = 1_000_000n;
const PPM = 1_000_000n;

function divideUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}

function unpriced(why: string): Conversion {
  return { kind: "unpriced", why };
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 12));
}

// --- reading the table ----------------------------------------------------------------------------------------------

/** Ten years of trading days. The file is read once at the start, and its margins cost rows times days. */
const ROWS_MAX = 2_700;

/**
 * Reads the European Central Bank's history of euro reference rates: a header `Date,USD,JPY,...`, one row a trading day,
 * newest first, units of the currency for one euro, `N/A` where there is none. Throws a `Fault` for anything else.
 * https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates
 */
export function parseEcbCsv(text: string): RateTable {
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  const codes = cells(lines[0] ?? "").slice(1);
  if (!(lines[0] ?? "").startsWith("Date,") || !codes.includes("USD"))
    throw unreadable("the first line names no columns");
  for (const [index, code] of codes.entries()) {
    if (!/^[A-Z]{3}$/.test(code) || code === "EUR") throw unreadable(`column ${index + 2} is not a currency`);
    if (codes.indexOf(code) !== index) throw unreadable(`there are two columns for ${code}`);
  }
  const rows = lines.slice(1).map((line, index) => readRow(line, index + 2, codes));
  const newest = rows[0];
  if (newest === undefined) throw unreadable("there are no rates in it");
  if (rows.length > ROWS_MAX) throw unreadable(`it has more than ${ROWS_MAX} rows`);
  rows.forEach((row, index) => {
    const newer = rows[index - 1];
    if (newer !== undefined && row.date >= newer.date)
      throw unreadable(`line ${index + 2} is not older than the one above`);
  });

  const histories = new Map<string, readonly (Rate | null)[]>(
    ["EUR", ...codes]
      .filter((code) => code !== "USD")
      .map((code) => [code.toLowerCase(), rows.map((row) => row.usdPer.get(code) ?? null)]),
  );
  const rates = new Map<string, Rate>();
  for (const [currency, history] of histories) {
    const rate = history[0];
    if (rate !== null && rate !== undefined) rates.set(currency, rate);
  }
  return {
    asOf: newest.date,
    source: "European Central Bank, euro foreign exchange reference rates",
    rates,
    marginPpmByAgeDays: marginsByAge([...histories.values()], rows.length),
  };
}

interface Row {
  readonly date: string;
  /** By upper-case code, EUR included; without those that have no rate on that day. */
  readonly usdPer: ReadonlyMap<string, Rate>;
}

function readRow(line: string, lineNumber: number, codes: readonly string[]): Row {
  const [date = "", ...values] = cells(line);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || parseInstant(`${date}T00:00:00Z`) === null) {
    throw unreadable(`line ${lineNumber} does not begin with a date`);
  }
  if (values.length !== codes.length)
    throw unreadable(`line ${lineNumber} has another number of columns than the first`);
  const perEuro = new Map<string, Rate>([["EUR", { numerator: 1n, denominator: 1n }]]);
  for (const [index, code] of codes.entries()) {
    const value = values[index] ?? "";
    if (value === "N/A" || value === "") continue;
    const rate = readDecimal(value);
    if (rate === null) throw unreadable(`line ${lineNumber} has no rate for ${code}`);
    perEuro.set(code, rate);
  }
  const dollars = perEuro.get("USD");
  const usdPer = new Map<string, Rate>();
  if (dollars === undefined) return { date, usdPer };
  for (const [code, units] of perEuro) {
    usdPer.set(code, {
      numerator: dollars.numerator * units.denominator,
      denominator: dollars.denominator * units.numerator,
    });
  }
  return { date, usdPer };
}

/** The bank's own files end their lines with a comma. */
function cells(line: string): string[] {
  return line
    .replace(/,\s*$/, "")
    .split(",")
    .map((cell) => cell.trim());
}

/** A positive decimal of a sane length, exactly. */
function readDecimal(text: string): Rate | null {
  const match = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(text);
  if (match === null) return null;
  const fraction = match[2] ?? "";
  const numerator = BigInt((match[1] ?? "") + fraction);
  return numerator === 0n ? null : { numerator, denominator: 10n ** BigInt(fraction.length) };
}

function unreadable(note: string): Fault {
  return new Fault(
    "rates_unreadable",
    "The table of exchange rates cannot be read. Give Keybrake the ECB's CSV file.",
    {
      note,
    },
  );
}

// --- the margin -----------------------------------------------------------------------------------------------------

/**
 * For an age of n days: the largest move, up or down, that any currency in the file has made against the dollar between
 * two days at most n trading days apart, in parts per million, rounded up. n days hold at most n trading days, so this
 * errs upwards. Up and down count alike, because one year says little about which way the next surprise goes. Even on
 * its own day the margin is that of one day: a reference rate is a snapshot of one afternoon.
 */
function marginsByAge(histories: readonly (readonly (Rate | null)[])[], rows: number): number[] {
  const days = Math.min(RATE_AGE_MAX_DAYS, rows - 1);
  const worst = Array.from({ length: days + 1 }, () => 0n);
  for (const history of histories) {
    const ranks = ranksOf(history);
    for (let start = 1; start < history.length; start++) {
      const from = history[start];
      if (from === null || from === undefined) continue;
      // Only a new high or low since the start can be the worst move so far, and ranks find those without arithmetic.
      let low = ranks[start] ?? 0;
      let high = low;
      for (let age = 1; age <= days && age <= start; age++) {
        const to = history[start - age];
        const rank = ranks[start - age];
        if (to === null || to === undefined || rank === undefined || (rank >= low && rank <= high)) continue;
        low = Math.min(low, rank);
        high = Math.max(high, rank);
        const move = movePpm(from, to);
        if (move > (worst[age] ?? 0n)) worst[age] = move;
      }
    }
  }
  let soFar = worst[1];
  if (soFar === undefined) return []; // a single day has no moves to learn from
  return worst.map((move) => {
    if (soFar === undefined || move > soFar) soFar = move;
    return Number(soFar);
  });
}

/** The place of each rate among all of the history, equal rates with equal places. */
function ranksOf(history: readonly (Rate | null)[]): number[] {
  const order = history.flatMap((rate, index) => (rate === null ? [] : [{ rate, index }]));
  order.sort((a, b) => compare(a.rate, b.rate));
  const ranks: number[] = Array.from({ length: history.length }, () => 0);
  order.forEach(({ rate, index }, position) => {
    const below = order[position - 1];
    ranks[index] = below !== undefined && compare(below.rate, rate) === 0 ? (ranks[below.index] ?? 0) : position;
  });
  return ranks;
}

function compare(a: Rate, b: Rate): number {
  const left = a.numerator * b.denominator;
  const right = b.numerator * a.denominator;
  return left < right ? -1 : left > right ? 1 : 0;
}

function movePpm(from: Rate, to: Rate): bigint {
  const before = from.numerator * to.denominator;
  const after = to.numerator * from.denominator;
  return divideUp((after > before ? after - before : before - after) * PPM, before);
}
