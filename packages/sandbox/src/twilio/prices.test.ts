// Finding a price by a number: the longest prefix of the destination, then that of the caller.

import { expect, test } from "vitest";
import { countryOf, voicePrice } from "./prices.ts";

test.each([
  ["+14155550100", "US"],
  ["+14165550100", "CA"],
  ["+18765550100", "JM"],
  ["+447700900123", "GB"],
  ["+12425550100", undefined],
  ["+8613800000000", undefined],
])("%s is in %s", (number, iso) => {
  expect(countryOf(number)?.iso).toBe(iso);
});

test.each([
  ["a call at home", "+14155550100", "+14155550199", 12_500n],
  ["Alaska", "+19075550100", "+14155550199", 87_000n],
  ["a mobile abroad", "+4915112345678", "+14155550199", 41_000n],
  ["the same from a neighbour", "+4915112345678", "+33123456789", 33_000n],
  ["the same from nobody known", "+4915112345678", "client:jo", 41_000n],
  ["a landline abroad", "+493012345678", "+33123456789", 21_000n],
  ["a mobile whose neighbours are named first", "+447700900123", "+33123456789", 29_000n],
  ["an island of +1", "+18763555555", "+14155550199", 420_000n],
])("%s", (_name, to, from, perMinute) => {
  expect(voicePrice(to, from)?.perMinute).toBe(perMinute);
});
