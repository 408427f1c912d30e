import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvariantViolation } from "./invariant.ts";
import {
  PRICE_PROBLEMS_MAX,
  PRICE_VALID_DAYS,
  builtInPriceCard,
  isTooOld,
  parsePriceCard,
  priceFrom,
  priceOf,
  refusesPrice,
  whyNotUsable,
} from "./price-card.ts";
import type { PriceCard, PriceOrigin } from "./price-card.ts";
import { parseInstant } from "./time.ts";
import type { Instant } from "./time.ts";

const HEAD = { source: "our order form", as_of: "2026-11-01" };

/** Made-up prices: this is about the card, not about any vendor. */
const CARD: PriceCard = cardOf({
  ...HEAD,
  prices: {
    "messages.create": { sms_segment: { US: "0.0083", GB: "0.05", JE: "0.07", "*": "0.5" }, mms: { US: "0.02" } },
    "calls.create": { minute: { "1": "0.014", "1907": "0.09", "1808": null, "44": "0.1", FR: "0.2", "*": "3" } },
    "emails.send": { email: "0.0009" },
  },
});

function cardOf(json: unknown): PriceCard {
  const read = parsePriceCard(json);
  if (!read.ok) throw new Error(read.problems.join("\n"));
  return read.card;
}

function problemsOf(json: unknown): readonly string[] {
  const read = parsePriceCard(json);
  return read.ok ? [] : read.problems;
}

function time(text: string): Instant {
  const at = parseInstant(text);
  if (at === null) throw new Error(`${text} is no time`);
  return at;
}

describe("a price is found by", () => {
  test.each<[string, string, string, readonly string[], bigint | null]>([
    ["its country", "messages.create", "sms_segment", ["US"], 8_300n],
    ["the star, for every other country", "messages.create", "sms_segment", ["DE"], 500_000n],
    ["the star, when nothing is known", "messages.create", "sms_segment", [], 500_000n],
    ["nothing, without a star", "messages.create", "mms", ["DE"], null],
    ["a plain price, whatever is known", "emails.send", "email", ["anything"], 900n],
    ["the longest prefix of a number", "calls.create", "minute", ["19075551234"], 90_000n],
    ["a shorter prefix, where no longer one fits", "calls.create", "minute", ["14155552671"], 14_000n],
    ["no price, where a longer prefix says that there is none", "calls.create", "minute", ["18085551234", "FR"], null],
    ["the country, where no prefix fits", "calls.create", "minute", ["33123456789", "FR"], 200_000n],
    ["the star, where neither fits", "calls.create", "minute", ["49301234567", "DE"], 3_000_000n],
    ["the qualifier that comes first", "calls.create", "minute", ["FR", "14155552671"], 200_000n],
    ["nothing, for another unit", "calls.create", "second", ["FR"], null],
    ["nothing, for another operation", "calls.update", "minute", ["FR"], null],
    ["nothing, for a name that every object has", "constructor", "toString", ["valueOf"], null],
    ["the country as it is written, not in small letters", "messages.create", "mms", ["us"], null],
  ])("%s", (_, operation, unit, qualifiers, expected) => {
    expect(priceOf(CARD, operation, unit, qualifiers)?.each ?? null).toBe(expected);
  });

  test("it says where it comes from", () => {
    expect(priceOf(CARD, "calls.create", "minute", ["19075551234", "US"])).toEqual({
      each: 90_000n,
      qualifier: "1907",
      source: "our order form",
      asOf: "2026-11-01",
      validDays: PRICE_VALID_DAYS,
    });
  });

  test("digits match the longest prefix on the card, for any card and number", () => {
    const digits = fc.stringMatching(/^\d{1,6}$/);
    fc.assert(
      fc.property(fc.uniqueArray(digits, { minLength: 1 }), fc.stringMatching(/^\d{7,12}$/), (prefixes, number) => {
        const byPrefix = Object.fromEntries(prefixes.map((prefix) => [prefix, `0.${prefix.padStart(6, "0")}`]));
        const card = cardOf({ ...HEAD, prices: { call: { minute: byPrefix } } });
        const fitting = prefixes.filter((prefix) => number.startsWith(prefix)).sort((a, b) => b.length - a.length);
        expect(priceOf(card, "call", "minute", [number])?.qualifier).toBe(fitting[0]);
      }),
    );
  });
});

describe("of several cards", () => {
  const file = cardOf({ ...HEAD, source: "file", prices: { call: { minute: { US: "1", "1907": null } } } });
  const builtIn = cardOf({
    ...HEAD,
    source: "built in",
    prices: { call: { minute: { US: "2", "1907": "3", DE: "4" } } },
  });

  test.each<[string, readonly string[], string | null]>([
    ["the first wins", ["14155552671", "US"], "file"],
    ["the next answers what the first does not know", ["DE"], "built in"],
    ["the first also wins when it says that there is no price", ["19075551234", "US"], null],
    ["none answers what no card knows", ["FR"], null],
  ])("%s", (_, qualifiers, expected) => {
    expect(priceFrom([file, builtIn], "call", "minute", qualifiers)?.source ?? null).toBe(expected);
  });

  test.each<[string, readonly string[], boolean]>([
    ["that a prefix has none", ["19075551234", "US"], true],
    ["nothing of what it prices", ["14155552671", "US"], false],
    ["nothing of what it does not know", ["DE"], false],
    ["nothing of a longer prefix's neighbour", ["1908", "US"], false],
  ])("the first says %s", (_, qualifiers, expected) => {
    expect(refusesPrice(file, "call", "minute", qualifiers)).toBe(expected);
    expect(refusesPrice(file, "call", "second", qualifiers)).toBe(false);
    expect(refusesPrice(cardOf({ ...HEAD, prices: { call: { minute: { "*": null } } } }), "call", "minute", [])).toBe(
      true,
    );
  });
});

describe("a card may be", () => {
  test("a list, each with its own source and date", () => {
    const card = cardOf([
      { source: "a", as_of: "2026-11-01", note: "for people", prices: { call: { minute: "1" } } },
      { source: "b", as_of: "2026-10-01", valid_days: 30, prices: { call: { leg: "2" } } },
    ]);
    expect(priceOf(card, "call", "minute", [])).toMatchObject({ source: "a", asOf: "2026-11-01", validDays: 366 });
    expect(priceOf(card, "call", "leg", [])).toMatchObject({ source: "b", asOf: "2026-10-01", validDays: 30 });
  });

  test("free of charge, and as exact as a millionth of a dollar", () => {
    const card = cardOf({ ...HEAD, prices: { call: { minute: "0.000001", setup: "0" } } });
    expect(priceOf(card, "call", "minute", [])?.each).toBe(1n);
    expect(priceOf(card, "call", "setup", [])?.each).toBe(0n);
  });
});

describe("a mistake is named with its place", () => {
  const priced = (price: unknown): unknown => ({
    ...HEAD,
    prices: { "messages.create": { sms_segment: { US: price } } },
  });

  test.each<[string, unknown, string]>([
    ["not an object", "0.0083", "The file: write an object"],
    ["an empty list", [], "The list is empty"],
    ["null in a list", [null], "[0]: write an object"],
    ["no source", { as_of: "2026-11-01", prices: { call: { minute: "1" } } }, "source: say where"],
    ["an empty source", { ...HEAD, source: " ", prices: { call: { minute: "1" } } }, "source: say where"],
    ["no date", { source: "a", prices: { call: { minute: "1" } } }, "as_of: write the day"],
    [
      "a day that does not exist",
      { ...HEAD, as_of: "2026-02-30", prices: { call: { minute: "1" } } },
      "as_of: write the day",
    ],
    [
      "a time instead of a day",
      { ...HEAD, as_of: "2026-02-01T00:00:00Z", prices: { call: { minute: "1" } } },
      "as_of: write",
    ],
    ["days that are no number", { ...HEAD, valid_days: "30", prices: { call: { minute: "1" } } }, "valid_days: write"],
    ["too many days", { ...HEAD, valid_days: 4000, prices: { call: { minute: "1" } } }, "valid_days: write"],
    [
      "a field that does not exist",
      { ...HEAD, price: {}, prices: { call: { minute: "1" } } },
      "price: there is no such field",
    ],
    ["no prices", HEAD, "prices: write an object"],
    ["no units", { ...HEAD, prices: { call: {} } }, "prices.call: write an object"],
    [
      "no price of a unit",
      { ...HEAD, prices: { call: { minute: {} } } },
      "prices.call.minute: write at least one price",
    ],
    [
      "a plain null",
      { ...HEAD, prices: { call: { minute: null } } },
      "prices.call.minute: write US dollars for one unit as text",
    ],
    ["a number", priced(0.0083), 'prices["messages.create"].sms_segment.US: write US dollars for one unit as text'],
    ["too many decimals", priced("0.0083333"), 'sms_segment.US: "0.0083333" has more than six decimals'],
    ["a minus", priced("-0.0083"), '"-0.0083" is not a price'],
    ["a currency sign", priced("$0.0083"), '"$0.0083" is not a price'],
    ["a comma", priced("0,0083"), '"0,0083" is not a price'],
    ["an exponent", priced("8e-3"), '"8e-3" is not a price'],
    ["a million and a bit", priced("1000000.01"), "more than a million dollars"],
    ["an object deeper down", priced({ US: "1" }), "as text"],
    [
      "a plus before digits",
      { ...HEAD, prices: { call: { minute: { "+1": "1" } } } },
      'prices.call.minute["+1"]: write the first digits',
    ],
    [
      "a space in a name",
      { ...HEAD, prices: { call: { minute: { " US": "1" } } } },
      'prices.call.minute[" US"]: a qualifier has',
    ],
    [
      "a unit in two objects of a list",
      [
        { ...HEAD, prices: { call: { minute: { US: "1" } } } },
        { ...HEAD, prices: { call: { minute: { DE: "1" } } } },
      ],
      "[1].prices.call.minute: the unit is priced twice",
    ],
  ])("%s", (_, json, expected) => {
    const problems = problemsOf(json);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
  });

  test("all of them at once, but not more than can be read", () => {
    const prices = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`call${index}`, { minute: 1 }]));
    expect(problemsOf({ as_of: "x", prices: { call: { minute: 1 } } })).toHaveLength(3);
    expect(problemsOf({ ...HEAD, prices })).toHaveLength(PRICE_PROBLEMS_MAX);
  });

  test("no JSON makes the reader throw", () => {
    const almost = fc.record({ source: fc.jsonValue(), as_of: fc.jsonValue(), prices: fc.jsonValue() });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), almost), (json) => {
        const read = parsePriceCard(json);
        if (!read.ok) expect(read.problems.length).toBeGreaterThan(0);
      }),
    );
  });

  test("a card in the code that is wrong stops everything", () => {
    expect(() => builtInPriceCard([{ ...HEAD, prices: { call: { minute: "cheap" } } }])).toThrow(InvariantViolation);
  });
});

describe("age", () => {
  const origin: PriceOrigin = { source: "a", asOf: "2026-01-01", validDays: 30 };

  test.each<[string, string, boolean]>([
    ["on its day", "2026-01-01T00:00:00Z", false],
    ["at the end of its last day", "2026-01-31T23:59:59.999Z", false],
    ["after its last day", "2026-02-01T00:00:00Z", true],
  ])("%s", (_, now, expected) => {
    expect(isTooOld(origin, time(now))).toBe(expected);
    expect(whyNotUsable(origin, time(now)) !== null).toBe(expected);
  });

  test("a card of a day that has not come prices nothing, but for time zones", () => {
    expect(whyNotUsable(origin, time("2025-12-31T00:00:00Z"))).toBeNull();
    expect(whyNotUsable(origin, time("2025-12-30T23:59:59Z"))).toContain("has not come yet");
  });
});
