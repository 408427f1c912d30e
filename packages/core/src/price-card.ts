// What a vendor charges for, by operation and unit: dated, sourced cards, built in or written by a person as JSON, in one
// shape for every vendor. Reads no file and no clock, and knows no vendor: whoever counts the units names them.
//
//   { "source": "our order form", "as_of": "2026-11-01",
//     "prices": { "messages.create": { "sms_segment": { "US": "0.0083", "*": "0.25" } }, "emails.send": { "email": "0.0009" } } }
//
// A price is decimal US dollars for one unit, as text. Where it depends on something, it stands beside a qualifier: a country
// ("US"), the first digits of a telephone number ("1907"), any word that the vendor's estimate uses, or "*" for all others.
// null says that here is no price, whatever a shorter prefix or "*" says. A file may hold a list of such objects, each with
// its own source and date.

import { invariant } from "./invariant.ts";
import { microUsd, parseUsd } from "./money.ts";
import type { MicroUsd } from "./money.ts";
import { DAY_MS, parseInstant } from "./time.ts";
import type { Instant } from "./time.ts";

/** A card older than this prices nothing, unless it says how long it holds. List prices change about once a year. */
export const PRICE_VALID_DAYS = 366;
/** Five years. A price that is to hold longer is one that nobody will look at again. */
export const PRICE_VALID_DAYS_MAX = 1_830;
/** More than a million dollars for one unit is a typing error. */
export const PRICE_MAX: MicroUsd = microUsd(1_000_000_000_000n);
/** Prices of one card. Twilio has some 20,000 of its own, by country and network. */
export const PRICES_MAX = 100_000;
/** Characters of an operation's, a unit's or a qualifier's name. */
export const PRICE_NAME_CHARS_MAX = 120;
/** Sentences about one file: enough to mend it by, short enough to read. */
export const PRICE_PROBLEMS_MAX = 20;

/** The qualifier of every case that has no price of its own. */
export const ANY_QUALIFIER = "*";

/** Where a price comes from, and how long it holds. */
export interface PriceOrigin {
  readonly source: string;
  /** `2026-11-01`. */
  readonly asOf: string;
  readonly validDays: number;
}

export interface Price extends PriceOrigin {
  /** For one unit, micro-USD. */
  readonly each: MicroUsd;
  /** The qualifier that it stands beside on the card. */
  readonly qualifier: string;
}

/** The prices of one unit of one operation. */
export interface UnitPrices extends PriceOrigin {
  /** By qualifier; null where there is no price. */
  readonly byQualifier: ReadonlyMap<string, MicroUsd | null>;
}

export interface PriceCard {
  /** By operation, then by unit. */
  readonly operations: ReadonlyMap<string, ReadonlyMap<string, UnitPrices>>;
}

export type PriceCardRead =
  | { readonly ok: true; readonly card: PriceCard }
  /** Sentences with the place in the file, at most `PRICE_PROBLEMS_MAX`. */
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * The price of one unit, or null when the card has none. `qualifiers` say what is known of the case, the one that counts most
 * first: the first of them that the card has decides. Digits are matched by the longest prefix on the card, everything else
 * as it is; what matches nothing gets the price beside "*".
 *
 * @example priceOf(card, "calls.create", "minute", ["14155552671", "US"])?.each // 14_000n
 */
export function priceOf(card: PriceCard, operation: string, unit: string, qualifiers: readonly string[]): Price | null {
  return priceFrom([card], operation, unit, qualifiers);
}

/**
 * The same from several cards, the one that wins first: a person's file, then what the vendor's own pricing said, then the
 * built-in card. The first that says anything of the case decides, also when it says that there is no price.
 */
export function priceFrom(
  cards: readonly PriceCard[],
  operation: string,
  unit: string,
  qualifiers: readonly string[],
): Price | null {
  for (const card of cards) {
    const prices = card.operations.get(operation)?.get(unit);
    if (prices === undefined) continue;
    for (const wanted of [...qualifiers, ANY_QUALIFIER]) {
      const qualifier = qualifierFor(prices, wanted);
      if (qualifier !== null) return priceAt(prices, qualifier);
    }
  }
  return null;
}

/** Whether a card says of the case that it has no price (`null`), as against saying nothing of it. */
export function refusesPrice(card: PriceCard, operation: string, unit: string, qualifiers: readonly string[]): boolean {
  const prices = card.operations.get(operation)?.get(unit);
  if (prices === undefined) return false;
  for (const wanted of [...qualifiers, ANY_QUALIFIER]) {
    const qualifier = qualifierFor(prices, wanted);
    if (qualifier !== null) return prices.byQualifier.get(qualifier) === null;
  }
  return false;
}

/** Whether a price has outlived its card. The day it was read and its last valid day count in full. */
export function isTooOld(origin: PriceOrigin, now: Instant): boolean {
  return now - dayOf(origin) >= (origin.validDays + 1) * DAY_MS;
}

/** A sentence when a price must not be used now: too old, or of a day that has not come. Null when it may. */
export function whyNotUsable(origin: PriceOrigin, now: Instant): string | null {
  if (isTooOld(origin, now)) {
    return `The price is of ${origin.asOf} and holds for ${origin.validDays} days. Give Keybrake a newer one.`;
  }
  // A day ahead is today somewhere on earth.
  if (dayOf(origin) - now > DAY_MS) return `The price is of ${origin.asOf}, which has not come yet. Check the date.`;
  return null;
}

function dayOf(origin: PriceOrigin): Instant {
  const day = parseInstant(`${origin.asOf}T00:00:00Z`);
  invariant(day !== null, "the date of a price card was checked when it was read");
  return day;
}

const DIGITS = /^\d+$/;

function qualifierFor(prices: UnitPrices, wanted: string): string | null {
  if (!DIGITS.test(wanted)) return prices.byQualifier.has(wanted) ? wanted : null;
  for (let length = wanted.length; length > 0; length -= 1) {
    const prefix = wanted.slice(0, length);
    if (prices.byQualifier.has(prefix)) return prefix;
  }
  return null;
}

function priceAt(prices: UnitPrices, qualifier: string): Price | null {
  const each = prices.byQualifier.get(qualifier) ?? null;
  if (each === null) return null;
  const { source, asOf, validDays } = prices;
  return { each, qualifier, source, asOf, validDays };
}

// --- reading a card -------------------------------------------------------------------------------------------------

/** One object of a card as it is written: see the head of this file. `note` is for people. */
export interface WrittenPrices {
  readonly source: string;
  readonly as_of: string;
  readonly valid_days?: number;
  readonly note?: string;
  readonly prices: Readonly<Record<string, Readonly<Record<string, WrittenPrice>>>>;
}

/** One price for every case, or one by qualifier. */
export type WrittenPrice = string | Readonly<Record<string, string | null>>;

/** A card from parsed JSON, or every problem in it. Never throws. */
export function parsePriceCard(json: unknown): PriceCardRead {
  const reading: Reading = { problems: [], operations: new Map(), count: 0 };
  if (!Array.isArray(json)) readObject(reading, json, "");
  else if (json.length === 0) reading.problems.push("The list is empty. Write at least one object with prices.");
  else json.forEach((each: unknown, index) => readObject(reading, each, `[${index}]`));
  if (reading.count > PRICES_MAX) reading.problems.push(`There are more than ${PRICES_MAX} prices.`);
  if (reading.problems.length === 0) return { ok: true, card: { operations: reading.operations } };
  return { ok: false, problems: reading.problems.slice(0, PRICE_PROBLEMS_MAX) };
}

/** A card that is part of the code. Throws `InvariantViolation` when it is wrong, at start and in every test. */
export function builtInPriceCard(written: readonly WrittenPrices[]): PriceCard {
  const read = parsePriceCard(written);
  invariant(read.ok, read.ok ? "" : `a built-in price card is wrong: ${read.problems.join(" ")}`);
  return read.card;
}

interface Reading {
  readonly problems: string[];
  readonly operations: Map<string, Map<string, UnitPrices>>;
  count: number;
}

const FIELDS: ReadonlySet<string> = new Set(["source", "as_of", "valid_days", "note", "prices"]);

function readObject(reading: Reading, json: unknown, path: string): void {
  const { problems } = reading;
  const at = (field: string): string => member(path, field);
  if (!isRecord(json)) {
    problems.push(
      `${path === "" ? "The file" : path}: write an object with the fields source, as_of and prices, or a list of such objects.`,
    );
    return;
  }
  for (const field of Object.keys(json)) {
    if (!FIELDS.has(field))
      problems.push(`${at(field)}: there is no such field. There are: ${[...FIELDS].join(", ")}.`);
  }
  const origin = readOrigin(problems, json, at);
  if ("note" in json && typeof json["note"] !== "string") problems.push(`${at("note")}: write text.`);
  const prices = json["prices"];
  if (!isRecord(prices) || Object.keys(prices).length === 0) {
    problems.push(`${at("prices")}: write an object with a field for every operation that has prices.`);
    return;
  }
  for (const [operation, units] of Object.entries(prices)) {
    readOperation(reading, origin, operation, units, member(at("prices"), operation));
  }
}

function readOrigin(
  problems: string[],
  json: Readonly<Record<string, unknown>>,
  at: (field: string) => string,
): PriceOrigin {
  const { source, as_of: asOf, valid_days: validDays = PRICE_VALID_DAYS } = json;
  const isSource = typeof source === "string" && source.trim() !== "";
  if (!isSource) problems.push(`${at("source")}: say where the prices come from, such as a page or an order form.`);
  const isDay =
    typeof asOf === "string" && /^\d{4}-\d{2}-\d{2}$/.test(asOf) && parseInstant(`${asOf}T00:00:00Z`) !== null;
  if (!isDay) problems.push(`${at("as_of")}: write the day on which the prices were read, such as "2026-11-01".`);
  const isCount =
    typeof validDays === "number" && Number.isInteger(validDays) && validDays >= 1 && validDays <= PRICE_VALID_DAYS_MAX;
  if (!isCount) problems.push(`${at("valid_days")}: write a whole number of days from 1 to ${PRICE_VALID_DAYS_MAX}.`);
  return {
    source: isSource ? source : "",
    asOf: isDay ? asOf : "",
    validDays: isCount ? validDays : PRICE_VALID_DAYS,
  };
}

function readOperation(reading: Reading, origin: PriceOrigin, operation: string, json: unknown, path: string): void {
  if (!isName(operation)) {
    reading.problems.push(`${path}: the name of an operation has 1 to ${PRICE_NAME_CHARS_MAX} characters.`);
    return;
  }
  if (!isRecord(json) || Object.keys(json).length === 0) {
    reading.problems.push(`${path}: write an object with a field for every unit that is charged for.`);
    return;
  }
  const units = reading.operations.get(operation) ?? new Map<string, UnitPrices>();
  reading.operations.set(operation, units);
  for (const [unit, written] of Object.entries(json)) {
    const where = member(path, unit);
    if (!isName(unit)) {
      reading.problems.push(`${where}: the name of a unit has 1 to ${PRICE_NAME_CHARS_MAX} characters.`);
    } else if (units.has(unit)) {
      reading.problems.push(`${where}: the unit is priced twice. Write it in one of the objects only.`);
    } else {
      units.set(unit, { ...origin, byQualifier: readUnit(reading, written, where) });
    }
  }
}

function readUnit(reading: Reading, json: unknown, path: string): ReadonlyMap<string, MicroUsd | null> {
  const prices = new Map<string, MicroUsd | null>();
  if (!isRecord(json)) {
    reading.count += 1;
    prices.set(ANY_QUALIFIER, readPrice(reading.problems, json, path));
    return prices;
  }
  const entries = Object.entries(json);
  if (entries.length === 0) reading.problems.push(`${path}: write at least one price.`);
  for (const [qualifier, written] of entries) {
    const where = member(path, qualifier);
    reading.count += 1;
    if (!isName(qualifier)) {
      reading.problems.push(`${where}: a qualifier has 1 to ${PRICE_NAME_CHARS_MAX} characters.`);
    } else if (qualifier.startsWith("+")) {
      reading.problems.push(`${where}: write the first digits of telephone numbers without the plus.`);
    } else {
      prices.set(qualifier, written === null ? null : readPrice(reading.problems, written, where));
    }
  }
  return prices;
}

function readPrice(problems: string[], json: unknown, path: string): MicroUsd | null {
  if (typeof json !== "string") {
    problems.push(`${path}: write US dollars for one unit as text, such as "0.0083".`);
    return null;
  }
  const price = parseUsd(json);
  if (price === null) {
    problems.push(
      /^\d+\.\d{7,}$/.test(json)
        ? `${path}: ${shown(json)} has more than six decimals. Keybrake counts millionths of a dollar: round it up.`
        : `${path}: ${shown(json)} is not a price. Write US dollars with a point and no sign, such as "0.0083".`,
    );
    return null;
  }
  if (price > PRICE_MAX) {
    problems.push(`${path}: ${shown(json)} is more than a million dollars for one unit. Check the price.`);
    return null;
  }
  return price;
}

function isRecord(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function isName(text: string): boolean {
  return text.trim() === text && text !== "" && text.length <= PRICE_NAME_CHARS_MAX;
}

function member(path: string, name: string): string {
  if (!/^[A-Za-z_]\w*$/.test(name) || name.length > PRICE_NAME_CHARS_MAX) return `${path}[${shown(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}
