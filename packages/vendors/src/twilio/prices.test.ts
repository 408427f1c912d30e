import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { destinationOf } from "./destinations.ts";
import { casesOf, priceOf, readList, readLists, speaksOf, usdOf } from "./prices.ts";
import type { Case, ListPrice } from "./prices.ts";
import { messagingList, pricingOf, voiceList } from "./test-support.ts";

const US: Case = { qualifiers: ["14155552671", "US"], iso: "US" };
const FR: Case = { qualifiers: ["33612345678", "FR"], iso: "FR" };

function each(found: ListPrice | null): bigint | string | null {
  return found === null ? null : found.kind === "price" ? found.price.each : found.refusal.code;
}

describe("a price is", () => {
  it("the file's, then the list's, then the card's", () => {
    const list = readList("messaging", messagingList("US", [["0.008"]]), "US", "1", pricingOf());
    const lists = new Map(list === null ? [] : [["US", list]]);
    const file = pricingOf({ "messages.create": { sms_segment: { US: "0.5" } } });
    const found = (pricing: ReturnType<typeof pricingOf>, given = lists) =>
      priceOf(pricing, "messages.create", "sms_segment", [US], given);
    expect(found(file)).toMatchObject({ price: { each: 500_000n, by: "by the price file of 2026-11-01" } });
    expect(found(pricingOf())).toMatchObject({ price: { each: 8_000n, by: "by Twilio's price list for the account" } });
    expect(found(pricingOf(), new Map())).toMatchObject({ price: { each: 8_300n } });
  });

  it("the dearest of all cases, and none as soon as one has none", () => {
    const pricing = pricingOf({ "messages.create": { sms_segment: { US: "0.01", FR: "0.05" } } });
    expect(priceOf(pricing, "messages.create", "sms_segment", [US, FR])).toMatchObject({ price: { each: 50_000n } });
    const other: Case = { qualifiers: ["4915112345678", "DE"], iso: "DE" };
    expect(priceOf(pricing, "messages.create", "sms_segment", [US, other])).toMatchObject({
      kind: "none",
      refusal: { code: "price_unknown", facts: { qualifier: "DE" } },
    });
    expect(priceOf(pricing, "messages.create", "sms_segment", []).kind).toBe("none");
  });

  it("that of the operation that it is like, where it has none of its own", () => {
    const like = pricingOf({ "calls.create": { minute: "0.5" } });
    expect(speaksOf(like, "conferences.participants.create", "minute", [FR])).toBe(true);
    const own = pricingOf({ "calls.create": { minute: "0.5" }, "conferences.participants.create": { minute: "0.4" } });
    expect(priceOf(own, "conferences.participants.create", "minute", [FR])).toMatchObject({
      price: { each: 400_000n },
    });
    expect(speaksOf(like, "messages.create", "minute", [FR])).toBe(false);
  });
});

describe("where the file says that there is no price", () => {
  const refuses = (pricing: ReturnType<typeof pricingOf>, operation: string, unit: string, cases = [US]) => {
    const list = readList("messaging", messagingList("US", [["0.008"]]), "US", "1", pricingOf());
    const found = priceOf(pricing, operation, unit, cases, new Map(list === null ? [] : [["US", list]]));
    return found.kind === "none" ? found.refusal.code : found.price.by;
  };

  it("neither a list nor the card has one, nor the operation that it is like", () => {
    const file = pricingOf({ "messages.create": { sms_segment: { US: null } } });
    expect(refuses(file, "messages.create", "sms_segment")).toBe("price_unknown");
    expect(refuses(pricingOf(), "messages.create", "sms_segment")).toContain("list");
    const own = pricingOf({
      "calls.create": { minute: "0.5" },
      "conferences.participants.create": { minute: { "1415": null } },
    });
    expect(refuses(own, "conferences.participants.create", "minute")).toBe("price_unknown");
    const like = pricingOf({ "calls.create": { minute: { US: null } } });
    expect(refuses(like, "conferences.participants.create", "minute")).toBe("price_unknown");
  });

  it("no list is asked for", () => {
    const asks = (us: string | null) => {
      const file = pricingOf({ "messages.create": { sms_segment: { US: us, DE: "0.1" } } });
      return readLists("messaging", file, "messages.create", "sms_segment", [US], []).kind;
    };
    expect(asks(null)).toBe("lists");
    expect(readLists("messaging", pricingOf(), "messages.create", "sms_segment", [US], []).kind).toBe("look_up");
  });

  it("it speaks of it all the same, so what costs something on some accounts is not taken for free", () => {
    const file = pricingOf({ "messages.create": { risk_check: { US: null } } });
    expect(speaksOf(file, "messages.create", "risk_check", [US])).toBe(true);
    expect(speaksOf(file, "messages.create", "risk_check", [FR])).toBe(false);
  });
});

describe("a missing price is asked for", () => {
  const asked = (number: string) => {
    const destination = destinationOf(number);
    const found = priceOf(
      pricingOf({ "messages.create": { sms_segment: { GB: "0.04", US: "0.01" } } }),
      "messages.create",
      "sms_segment",
      destination === null ? [] : casesOf(number, destination),
    );
    return found.kind === "none" ? found.refusal : null;
  };

  it("by the country's name beside its code", () => {
    expect(asked("+33612345678")?.message).toContain("costs for France (FR). ");
    expect(asked("+447911123456")?.message).toContain("costs for Guernsey (GG), where a number of +447911 may be. ");
    expect(asked("+447911123456")?.facts).toMatchObject({ qualifier: "GG" });
  });

  it("by the prefix where all countries of +1 share it", () => {
    const tollFree = asked("+18005551234");
    expect(tollFree?.message).toContain("costs for a toll-free number of +1. ");
    expect(tollFree?.message).toContain('{"sms_segment": {"1800": "..."}}');
    expect(tollFree?.facts).toMatchObject({ qualifier: "1800" });
    expect(asked("+19005551234")?.message).toContain("costs for a premium-rate number of +1. ");
  });
});

describe("a list of Twilio's for messages", () => {
  const read = (json: unknown) => each(readList("messaging", json, "US", "14155552671", pricingOf()));

  it("says its dearest current price, whatever carrier and sender it is of", () => {
    expect(read(messagingList("US", [["0.0079", "0.01"], ["0.0073"]]))).toBe(10_000n);
    expect(read(messagingList("US", [["0.00000001"]]))).toBe(1n);
  });

  it("says nothing where it is empty, or has no price for a kind of sender", () => {
    expect(read(messagingList("US", []))).toBeNull();
    expect(read({ ...messagingList("US", []), outbound_sms_prices: null })).toBeNull();
    const one = messagingList("US", [["0.0079"]]);
    const gap = { prices: [{ number_type: "mobile", base_price: null, current_price: null }] };
    expect(read({ ...one, outbound_sms_prices: [gap, ...(one["outbound_sms_prices"] as unknown[])] })).toBe(7_900n);
  });

  it("in another currency is converted with the margin, and refused in one without a rate", () => {
    expect(read(messagingList("US", [["0.0080"]], "EUR"))).toBeGreaterThan(10_000n);
    expect(read(messagingList("US", [["0.0080"]], "GBP"))).toBe("currency_unpriced");
    expect(read(messagingList("US", [["0.0080"]], "ZZZ"))).toBe("currency_unpriced");
  });

  it.each([
    ["of another country", messagingList("FR", [["0.0079"]])],
    ["with a word for a price", messagingList("US", [["0.0079", "free"]])],
    ["with a price that is too high to be one", messagingList("US", [["99999999"]])],
    ["without a currency", { ...messagingList("US", [["0.0079"]]), price_unit: null }],
    ["of another shape", { iso_country: "US", price_unit: "USD", outbound_sms_prices: { carrier: "a" } }],
    ["whose carrier has none of the shape", { iso_country: "US", price_unit: "USD", outbound_sms_prices: ["a"] }],
    ["that is no object", []],
    ["that is nothing", null],
  ])("%s cannot be relied on", (_, json) => {
    expect(read(json)).toBe("price_unknown");
  });

  it("is never below any carrier's price", () => {
    const price = fc.integer({ min: 0, max: 9_999_999 }).map((millionths) => millionths);
    fc.assert(
      fc.property(
        fc.array(fc.array(price, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
        (carriers) => {
          const found = read(
            messagingList(
              "US",
              carriers.map((prices) => prices.map((one) => (one / 1_000_000).toFixed(6))),
            ),
          );
          expect(found).toBe(BigInt(Math.max(...carriers.flat())));
        },
      ),
    );
  });

  it("never throws, whatever it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom("messaging", "voice"), (json, list) => {
        readList(list, json, "US", "1", pricingOf());
        readList(
          list,
          { iso_country: "US", price_unit: "USD", outbound_sms_prices: json, outbound_prefix_prices: json },
          "US",
          "1",
          pricingOf(),
        );
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("a list of Twilio's for calls", () => {
  const read = (json: unknown, digits: string) => each(readList("voice", json, "US", digits, pricingOf()));
  const list = voiceList("US", [
    ["0.013", ["1"]],
    ["0.09", ["1907", "1808"]],
    ["0.5", ["1907"], ["44"]],
    ["0.9", ["33"]],
  ]);

  it("says the dearest of the prefixes that fit, from whatever number", () => {
    expect(read(list, "14155552671")).toBe(13_000n);
    expect(read(list, "18085551234")).toBe(90_000n);
    expect(read(list, "19075551234")).toBe(500_000n);
    expect(read(list, "4915112345678")).toBeNull();
  });

  it("with a prefix that is none cannot be relied on", () => {
    expect(
      read(
        voiceList("US", [
          ["0.013", ["1"]],
          ["0.5", ["+1907"]],
        ]),
        "14155552671",
      ),
    ).toBe("price_unknown");
  });
});

describe("an amount of Twilio's", () => {
  const usd = (price: unknown, currency: unknown = "USD") => {
    const read = usdOf(price, currency, pricingOf(), "reference");
    return read.kind === "usd" ? read.amount : read.kind;
  };

  it.each([
    ["-0.00750", 7_500n],
    ["0.0075", 7_500n],
    [0.0075, 7_500n],
    ["0", 0n],
    ["-0.0000001", 1n],
    ["-12.3456789", 12_345_679n],
  ])("%j is counted up to its millionth", (price, expected) => {
    expect(usd(price)).toBe(expected);
  });

  it.each(["", "free", "1e3", "--1", "1.", ".5", "+1", " 1", "1,5", "1234567890", null, undefined, {}, Number.NaN])(
    "%j is none",
    (price) => {
      expect(usd(price)).toBe("unreadable");
    },
  );

  it("needs a currency, and is rounded only after it was converted", () => {
    expect(usd("-0.0075", null)).toBe("unreadable");
    expect(usd("-0.0075", "dollars")).toBe("unreadable");
    expect(usd("-0.0075", "XYZ")).toBe("unpriced");
    expect(usd("-0.0075", "eur")).toBe(9_375n);
  });
});
