import { parseInstant, priceOf, whyNotUsable } from "@keybrake/core";
import { describe, expect, test } from "vitest";
import { RATE_CARD } from "./rate-card.ts";

describe("the built-in card of Twilio's list prices", () => {
  test.each<[string, string, string, readonly string[], bigint | null]>([
    // https://www.twilio.com/en-us/sms/pricing/us, read on 2026-11-09: $0.0083 and $0.022
    ["a segment to the United States", "messages.create", "sms_segment", ["US"], 8_300n],
    ["an MMS to the United States", "messages.create", "mms", ["US"], 22_000n],
    ["the dearest network's fee", "messages.create", "carrier_fee_segment", ["US"], 6_200n],
    ["a minute to the United States", "calls.create", "minute", ["14155552671", "US"], 14_000n],
    ["no minute to Alaska", "calls.create", "minute", ["19075551234", "US"], null],
    ["no minute to Hawaii", "calls.create", "minute", ["18085551234", "US"], null],
    ["no country that no source states", "messages.create", "sms_segment", ["CA"], null],
    ["no minute abroad", "calls.create", "minute", ["33123456789", "FR"], null],
  ])("%s", (_, operation, unit, qualifiers, expected) => {
    expect(priceOf(RATE_CARD, operation, unit, qualifiers)?.each ?? null).toBe(expected);
  });

  test("every price is of the past, and names its source", () => {
    const released = parseInstant("2026-11-25T00:00:00Z");
    if (released === null) throw new Error("no time");
    for (const units of RATE_CARD.operations.values()) {
      for (const prices of units.values()) {
        expect(prices.source).toMatch(/^https:/);
        expect(whyNotUsable(prices, released)).toBeNull();
      }
    }
  });
});
