/**
 * What one unit costs: by the operator's file, then by Twilio's own price lists (asked for with the key's credential, so discounts
 * are in them), then by the built-in card. Of several cases the dearest counts, and one of them without a price leaves no bound.
 * Lists: https://www.twilio.com/docs/messaging/api/pricing and https://www.twilio.com/docs/voice/pricing
 */
import { ANY_QUALIFIER, PRICE_MAX, ZERO_USD, maxUsd, microUsd, minorUnitDigits, refusal } from "@keybrake/core";
import type { Estimate, LookUpAnswer, MicroUsd, PriceAnswer, Pricing, Refusal } from "@keybrake/core";
import { isRecord } from "../json.ts";
import { priceLine } from "../price-line.ts";
import { countryName, isOfMany, nameOf } from "./destinations.ts";
import type { Destination } from "./destinations.ts";

/** One thing that a call may be: what its price is asked by, the word that counts most first. */
export interface Case {
  readonly qualifiers: readonly string[];
  /** The country whose list says it; null where no list does. */
  readonly iso: string | null;
  /** What a missing price is to be written beside, and what a sentence calls the case; absent: the last qualifier is both. */
  readonly missing?: { readonly qualifier: string; readonly shown: string };
}

/** Of a number that may be in one of several countries, each is a case. */
export function casesOf(e164: string, destination: Destination): readonly Case[] {
  const { isos, prefix } = destination;
  const among = isos.length > 1 ? `, where a number of +${prefix} may be` : "";
  return isos.map((iso) => ({
    qualifiers: [e164.slice(1), iso],
    iso,
    missing: isOfMany(destination)
      ? { qualifier: prefix, shown: nameOf(destination) }
      : { qualifier: iso, shown: `${countryName(iso)} (${iso})${among}` },
  }));
}

export interface UnitPrice {
  readonly each: MicroUsd;
  /** Completes "at $0.01, ...": `by the built-in card of 2026-11-09`. */
  readonly by: string;
  readonly rateDate: string | null;
}

const ANY_CASE: Case = { qualifiers: [], iso: null };

export type PriceFound =
  | { readonly kind: "price"; readonly price: UnitPrice }
  | { readonly kind: "none"; readonly refusal: Refusal };

/** Operations that cost what another one costs, where nobody gives them a price of their own. */
const PRICED_LIKE: ReadonlyMap<string, string> = new Map([
  ["conferences.participants.create", "calls.create"],
  ["lookups.batch.query", "lookups.phone_numbers.fetch"],
  ["verify.verifications.update", "verify.verification_checks.create"],
]);

/** What Twilio's lists said of one unit, by country. */
export type ListPrices = ReadonlyMap<string, ListPrice>;

/** The dearest price of one unit over all cases; `lists` where Twilio publishes it. */
export function priceOf(
  pricing: Pricing,
  operation: string,
  unit: string,
  cases: readonly Case[],
  lists: ListPrices = new Map(),
): PriceFound {
  let dearest: UnitPrice | null = null;
  for (const each of cases) {
    const found = priceOfCase(pricing, operation, unit, each, lists);
    if (found.kind === "none") return found;
    if (dearest === null || found.price.each > dearest.each) dearest = found.price;
  }
  return dearest === null ? none(pricing, operation, unit, ANY_CASE, "") : { kind: "price", price: dearest };
}

function priceOfCase(pricing: Pricing, operation: string, unit: string, each: Case, lists: ListPrices): PriceFound {
  const { qualifiers, iso } = each;
  const file = ask(pricing, "file", operation, unit, qualifiers);
  if (file.kind === "price") return written(file, "by the price file");
  // Whoever wrote that there is no price does not want a list or a card to have one.
  if (file.refuses === true) return none(pricing, operation, unit, each, file.why);
  const list = iso === null ? undefined : lists.get(iso);
  if (list?.kind === "price") return { kind: "price", price: list.price };
  if (list?.kind === "unusable") return { kind: "none", refusal: list.refusal };
  const card = ask(pricing, "card", operation, unit, qualifiers);
  if (card.kind === "price") return written(card, "by the built-in card");
  return none(pricing, operation, unit, each, card.why);
}

function ask(
  pricing: Pricing,
  from: "file" | "card",
  operation: string,
  unit: string,
  qualifiers: readonly string[],
): PriceAnswer {
  const own = pricing.price(from, { operation, unit, qualifiers });
  const like = PRICED_LIKE.get(operation);
  if (own.kind === "price" || own.refuses === true || like === undefined) return own;
  return pricing.price(from, { operation: like, unit, qualifiers });
}

function written({ price, asOf }: Extract<PriceAnswer, { kind: "price" }>, by: string): PriceFound {
  return { kind: "price", price: { each: price, by: `${by} of ${asOf}`, rateDate: null } };
}

/**
 * Whether the file or the card speaks of its price: for what costs something only on some accounts. A file that says that it has
 * none speaks of it too, and then `priceOf` refuses.
 */
export function speaksOf(pricing: Pricing, operation: string, unit: string, cases: readonly Case[]): boolean {
  return cases.some(({ qualifiers }) => {
    const file = ask(pricing, "file", operation, unit, qualifiers);
    return (
      file.kind === "price" ||
      file.refuses === true ||
      ask(pricing, "card", operation, unit, qualifiers).kind === "price"
    );
  });
}

function none(
  pricing: Pricing,
  operation: string,
  unit: string,
  { qualifiers, missing }: Case,
  why: string,
): Extract<PriceFound, { kind: "none" }> {
  const qualifier = missing?.qualifier ?? qualifiers.at(-1) ?? ANY_QUALIFIER;
  const whose = qualifier === ANY_QUALIFIER ? "" : ` for ${missing?.shown ?? qualifier}`;
  const because = why === "" ? "" : ` ${why}`;
  return {
    kind: "none",
    refusal: refusal(
      "price_unknown",
      `Nothing says what one ${unit} of ${operation} costs${whose}.${because} ` +
        priceLine("twilio", operation, unit, qualifier, pricing.now),
      { facts: { operation, unit, qualifier } },
    ),
  };
}

// -------------------------------------------------------------------------------------------------- Twilio's own price lists

const DAY_MS = 86_400_000;
/** Prices change a few times a year; a list of a week ago is better than the built-in card. */
const CACHE = { freshMs: DAY_MS, staleMs: 7 * DAY_MS };
/** The gateway asks no more questions than this before one call. */
const LISTS_MAX = 5;

export type List = "messaging" | "voice";

export type ListPrice =
  | { readonly kind: "price"; readonly price: UnitPrice }
  /** There is a list, and it cannot be relied on: then no card may say less than it does. */
  | { readonly kind: "unusable"; readonly refusal: Refusal };

/**
 * What the lists of all these cases say, or the next question. Not asked where the file decides already, nor for numbers that
 * may be in more countries than can be asked for.
 */
export function readLists(
  list: List,
  pricing: Pricing,
  operation: string,
  unit: string,
  cases: readonly Case[],
  answers: readonly LookUpAnswer[],
): { readonly kind: "lists"; readonly lists: ListPrices } | Extract<Estimate, { kind: "look_up" }> {
  const lists = new Map<string, ListPrice>();
  const open = cases.filter(({ iso, qualifiers }) => {
    const file = ask(pricing, "file", operation, unit, qualifiers);
    return iso !== null && file.kind === "none" && file.refuses !== true;
  });
  if (open.length > LISTS_MAX) return { kind: "lists", lists };
  for (const [index, { iso, qualifiers }] of open.entries()) {
    if (iso === null) continue;
    const answer = answers[index];
    if (answer === undefined)
      return { kind: "look_up", path: `${PATHS[list]}/${iso}`, query: "", cache: CACHE, optional: true };
    // Not answered, not sold there, not allowed to ask: then the card has its turn.
    if (answer.status !== 200) continue;
    const read = readList(list, answer.json, iso, qualifiers[0] ?? "", pricing);
    if (read !== null) lists.set(iso, read);
  }
  return { kind: "lists", lists };
}

const PATHS: Readonly<Record<List, string>> = {
  messaging: "/pricing/v1/Messaging/Countries",
  voice: "/pricing/v2/Voice/Countries",
};

/** The dearest price of a country's list that may apply; null where it has none. `digits`: the number called, without its plus. */
export function readList(list: List, json: unknown, iso: string, digits: string, pricing: Pricing): ListPrice | null {
  const unusable = (code: "price_unknown" | "currency_unpriced", why: string): ListPrice => ({
    kind: "unusable",
    refusal: refusal(code, why),
  });
  const cannotBeRead = unusable("price_unknown", `Twilio's price list of ${iso} cannot be read.`);
  if (!isRecord(json) || json["iso_country"] !== iso) return cannotBeRead;
  const prices = list === "messaging" ? messagePrices(json) : legPrices(json, digits);
  if (prices === null) return cannotBeRead;
  let dearest: MicroUsd | null = null;
  let rateDate: string | null = null;
  for (const price of prices) {
    const usd = usdOf(price, json["price_unit"], pricing, "worst");
    if (usd.kind === "unreadable") return cannotBeRead;
    if (usd.kind === "unpriced") return unusable("currency_unpriced", usd.why);
    if (usd.amount > PRICE_MAX) return cannotBeRead;
    dearest = maxUsd(dearest ?? ZERO_USD, usd.amount);
    rateDate = usd.rateDate ?? rateDate;
  }
  if (dearest === null) return null;
  return { kind: "price", price: { each: dearest, by: "by Twilio's price list for the account", rateDate } };
}

/** Over all carriers and kinds of sender, because neither is known before the message is sent. */
function messagePrices(json: Readonly<Record<string, unknown>>): readonly unknown[] | null {
  const carriers = listOf(json["outbound_sms_prices"]);
  if (carriers === null) return null;
  const found: unknown[] = [];
  for (const carrier of carriers) {
    const prices = isRecord(carrier) ? listOf(carrier["prices"]) : null;
    if (prices === null) return null;
    for (const price of prices) {
      if (!isRecord(price)) return null;
      found.push(price["current_price"]);
    }
  }
  return found.filter(isSaid);
}

/** Of every prefix that fits, whatever the caller's own number is: which of them is applied depends on it. */
function legPrices(json: Readonly<Record<string, unknown>>, digits: string): readonly unknown[] | null {
  const entries = listOf(json["outbound_prefix_prices"]);
  if (entries === null) return null;
  const found: unknown[] = [];
  for (const entry of entries) {
    const prefixes = isRecord(entry) ? listOf(entry["destination_prefixes"]) : null;
    if (!isRecord(entry) || prefixes === null || !prefixes.every(isPrefix)) return null;
    if (prefixes.some((prefix) => digits.startsWith(prefix))) found.push(entry["current_price"]);
  }
  return found.filter(isSaid);
}

function isPrefix(value: unknown): value is string {
  return typeof value === "string" && /^\d{1,15}$/.test(value);
}

/** A list that is not there is an empty one; null for what is none. */
function listOf(value: unknown): readonly unknown[] | null {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : null;
}

/** Of a kind of number that cannot be sent from, some lists have no price. */
function isSaid(price: unknown): boolean {
  return price !== null && price !== undefined;
}

// ------------------------------------------------------------------------------------------------------- amounts of Twilio's

export type UsdRead =
  | { readonly kind: "usd"; readonly amount: MicroUsd; readonly rateDate: string | null }
  | { readonly kind: "unpriced"; readonly why: string }
  | { readonly kind: "unreadable" };

/** Every currency's millionth is counted, because a message costs less than the smallest coin. */
const DECIMALS = 6;

/**
 * A price as Twilio writes it (`"0.0075"`; `"-0.00750"` once it is billed), with its currency, as dollars and without its sign,
 * rounded up. `rate`: with the margin for what is held, or the reference rate for what was billed.
 */
export function usdOf(price: unknown, currency: unknown, pricing: Pricing, rate: "worst" | "reference"): UsdRead {
  const amount = millionths(price);
  if (amount === null || typeof currency !== "string" || !/^[A-Za-z]{3}$/.test(currency)) return { kind: "unreadable" };
  const code = currency.toLowerCase();
  if (code === "usd") return { kind: "usd", amount: microUsd(amount), rateDate: null };
  const digits = minorUnitDigits(code);
  if (digits === undefined)
    return { kind: "unpriced", why: `The currency ${JSON.stringify(currency)} is not one that Keybrake knows.` };
  // As if they were whole minor units, and divided after the conversion: so nothing is rounded before it.
  const conversion = pricing.convert({ minor: amount, currency: code });
  if (conversion.kind === "unpriced") return { kind: "unpriced", why: conversion.why };
  const converted = rate === "worst" ? conversion.worstCaseMicroUsd : conversion.referenceMicroUsd;
  const scale = 10n ** BigInt(DECIMALS - digits);
  return { kind: "usd", amount: microUsd((converted + scale - 1n) / scale), rateDate: conversion.rateDate };
}

function millionths(price: unknown): bigint | null {
  const text = typeof price === "number" ? String(price) : price;
  const match = typeof text === "string" ? /^-?(\d{1,9})(?:\.(\d{1,20}))?$/.exec(text) : null;
  if (match === null) return null;
  const [, whole = "", fraction = ""] = match;
  const kept = BigInt(whole + fraction.slice(0, DECIMALS).padEnd(DECIMALS, "0"));
  return /[1-9]/.test(fraction.slice(DECIMALS)) ? kept + 1n : kept;
}
