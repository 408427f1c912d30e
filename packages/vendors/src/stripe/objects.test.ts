import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { larger, readCharge, readCurrency, readId, readPaymentIntent, readRefund } from "./objects.ts";
import { readJson } from "../json.ts";
import { chargeJson, intentJson, refundJson } from "./test-support.ts";

const NUMBERS_THAT_ARE_NONE: readonly (readonly [string, unknown])[] = [
  ["missing", undefined],
  ["null", null],
  ["text", "10000"],
  ["below nothing", -1],
  ["a fraction", 100.5],
  ["beyond what a double holds", 2 ** 53 + 2],
  ["longer than any amount", 1e12],
  ["no number", Number.NaN],
  ["endless", Number.POSITIVE_INFINITY],
  ["true", true],
  ["an object", { value: 1 }],
];

describe("a PaymentIntent", () => {
  it.each<[string, Record<string, unknown>, { received: bigint; remaining: bigint; final: boolean }]>([
    ["that waits for a card may collect all of it", {}, { received: 0n, remaining: 10_000n, final: false }],
    [
      "that is being paid may collect all of it",
      { status: "processing" },
      { received: 0n, remaining: 10_000n, final: false },
    ],
    [
      "that waits for the customer may too",
      { status: "requires_action" },
      { received: 0n, remaining: 10_000n, final: false },
    ],
    [
      "that waits for its capture may collect what was authorised",
      { status: "requires_capture", amount_capturable: 10_000 },
      { received: 0n, remaining: 10_000n, final: false },
    ],
    [
      "that was authorised for more may collect more",
      { status: "requires_capture", amount_capturable: 12_000 },
      { received: 0n, remaining: 12_000n, final: false },
    ],
    [
      "that was captured in part may collect the rest",
      { status: "requires_capture", amount_capturable: 4_000, amount_received: 6_000 },
      { received: 6_000n, remaining: 4_000n, final: false },
    ],
    [
      "that was paid is over",
      { status: "succeeded", amount_received: 10_000 },
      { received: 10_000n, remaining: 0n, final: true },
    ],
    [
      "of which a part was captured and the rest given back is over",
      { status: "succeeded", amount_received: 6_000 },
      { received: 6_000n, remaining: 0n, final: true },
    ],
    [
      "that was captured beyond its amount is over",
      { status: "succeeded", amount_received: 12_000 },
      { received: 12_000n, remaining: 0n, final: true },
    ],
    [
      "that succeeded and still has something to capture is not over",
      { status: "succeeded", amount_received: 6_000, amount_capturable: 4_000 },
      { received: 6_000n, remaining: 4_000n, final: false },
    ],
    ["that was cancelled is over", { status: "canceled" }, { received: 0n, remaining: 0n, final: true }],
    [
      "that was cancelled after a part keeps that part",
      { status: "canceled", amount_received: 6_000 },
      { received: 6_000n, remaining: 0n, final: true },
    ],
    [
      "of a status from the future is not over",
      { status: "requires_prayer" },
      { received: 0n, remaining: 10_000n, final: false },
    ],
    [
      "of a status in capitals is not over",
      { status: "SUCCEEDED", amount_received: 10_000 },
      { received: 10_000n, remaining: 0n, final: false },
    ],
    [
      "of an old version that does not tell what is capturable may collect all of it",
      { amount_capturable: undefined },
      { received: 0n, remaining: 10_000n, final: false },
    ],
  ])("%s", (_, more, expected) => {
    expect(readPaymentIntent(intentJson(more))).toMatchObject(expected);
  });

  it.each([
    ["requires_payment_method", true],
    ["requires_source", true],
    ["requires_action", false],
    ["requires_capture", false],
    ["processing", false],
  ])("of the status %s waits for another card: %s", (status, waits) => {
    expect(readPaymentIntent(intentJson({ status }))?.waitsForPaymentMethod).toBe(waits);
  });

  it("shows its charge only where that was asked for", () => {
    expect(readPaymentIntent(intentJson({ latest_charge: "ch_1" }))?.latestCharge).toBeNull();
    expect(readPaymentIntent(intentJson({ latest_charge: chargeJson() }))?.latestCharge?.id).toBe("ch_1");
  });

  it.each<readonly [string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["text", "pi_1"],
    ["a list", [intentJson()]],
    ["a list of Stripe's", { object: "list", data: [intentJson()] }],
    ["an object of no kind", intentJson({ object: undefined })],
    ["a charge", chargeJson()],
    ["one without an id", intentJson({ id: undefined })],
    ["one whose id is a path", intentJson({ id: "../charges/ch_1" })],
    ["one without a currency", intentJson({ currency: undefined })],
    ["one whose currency is none", intentJson({ currency: "usdt" })],
    ["one without a status", intentJson({ status: undefined })],
    ["one that is paid and has received nothing", intentJson({ status: "succeeded" })],
    ...NUMBERS_THAT_ARE_NONE.map(([name, amount]) => [`one whose amount is ${name}`, intentJson({ amount })] as const),
    ...NUMBERS_THAT_ARE_NONE.map(
      ([name, received]) => [`one that received ${name}`, intentJson({ amount_received: received })] as const,
    ),
    ...NUMBERS_THAT_ARE_NONE.slice(1).map(
      ([name, capturable]) =>
        [`one of which ${name} can be captured`, intentJson({ amount_capturable: capturable })] as const,
    ),
  ])("is not %s", (_, json) => {
    expect(readPaymentIntent(json)).toBeNull();
  });
});

describe("a charge", () => {
  it.each<[string, Record<string, unknown>, { captured: bigint; remaining: bigint; final: boolean }]>([
    ["that was paid is over", {}, { captured: 10_000n, remaining: 0n, final: true }],
    ["that was captured in part is over", { amount_captured: 4_000 }, { captured: 4_000n, remaining: 0n, final: true }],
    [
      "that is only authorised may be captured",
      { captured: false, amount_captured: 0 },
      { captured: 0n, remaining: 10_000n, final: false },
    ],
    [
      "whose authorisation was given back is over",
      { captured: false, amount_captured: 0, refunded: true, amount_refunded: 10_000 },
      { captured: 0n, remaining: 0n, final: true },
    ],
    [
      "that failed is over",
      { status: "failed", captured: false, amount_captured: 0 },
      { captured: 0n, remaining: 0n, final: true },
    ],
    [
      "that is pending has collected nothing yet, and may",
      { status: "pending" },
      { captured: 0n, remaining: 10_000n, final: false },
    ],
    [
      "that an old version calls paid has not ended for us",
      { status: "paid" },
      { captured: 0n, remaining: 10_000n, final: false },
    ],
    [
      "of an old version counts as captured in full",
      { amount_captured: undefined },
      { captured: 10_000n, remaining: 0n, final: true },
    ],
    [
      "that was refunded has collected all the same",
      { amount_refunded: 10_000, refunded: true },
      { captured: 10_000n, remaining: 0n, final: true },
    ],
    // Only the PaymentIntent can tell whether there is more to come.
    [
      "of a PaymentIntent is never over",
      { payment_intent: "pi_1" },
      { captured: 10_000n, remaining: 0n, final: false },
    ],
    [
      "of a PaymentIntent that failed is not over either",
      { payment_intent: "pi_1", status: "failed", captured: false, amount_captured: 0 },
      { captured: 0n, remaining: 10_000n, final: false },
    ],
    [
      "captured beyond its amount leaves nothing",
      { amount_captured: 12_000 },
      { captured: 12_000n, remaining: 0n, final: true },
    ],
  ])("%s", (_, more, expected) => {
    expect(readCharge(chargeJson(more))).toMatchObject(expected);
  });

  it("is followed under its PaymentIntent, expanded or not", () => {
    expect(readCharge(chargeJson({ payment_intent: "pi_1" }))?.paymentIntentId).toBe("pi_1");
    expect(readCharge(chargeJson({ payment_intent: intentJson() }))?.paymentIntentId).toBe("pi_1");
    expect(readCharge(chargeJson({ payment_intent: undefined }))?.paymentIntentId).toBeNull();
  });

  it.each<readonly [string, unknown]>([
    ["a PaymentIntent", intentJson()],
    ["something else with all its fields", chargeJson({ object: "dispute" })],
    ["one whose PaymentIntent cannot be read", chargeJson({ payment_intent: { object: "payment_intent" } })],
    ["one whose PaymentIntent is a path", chargeJson({ payment_intent: "pi/1" })],
    ["one that does not say whether it was captured", chargeJson({ captured: undefined })],
    ["one that says so in words", chargeJson({ captured: "false" })],
    ["one without a status", chargeJson({ status: null })],
    ["one that is captured and has captured nothing", chargeJson({ amount_captured: 0 })],
    ...NUMBERS_THAT_ARE_NONE.map(([name, amount]) => [`one whose amount is ${name}`, chargeJson({ amount })] as const),
    ...NUMBERS_THAT_ARE_NONE.map(
      ([name, refunded]) => [`one that refunded ${name}`, chargeJson({ amount_refunded: refunded })] as const,
    ),
    ...NUMBERS_THAT_ARE_NONE.slice(1).map(
      ([name, captured]) => [`one that captured ${name}`, chargeJson({ amount_captured: captured })] as const,
    ),
  ])("is not %s", (_, json) => {
    expect(readCharge(json)).toBeNull();
  });
});

describe("a refund", () => {
  it.each<[string, unknown, { paidOut: bigint; final: boolean } | null]>([
    ["that succeeded was paid", "succeeded", { paidOut: 10_000n, final: true }],
    ["that is pending may still be", "pending", { paidOut: 0n, final: false }],
    ["that waits for the customer may still be", "requires_action", { paidOut: 0n, final: false }],
    ["that failed was not", "failed", { paidOut: 0n, final: true }],
    ["that was cancelled was not", "canceled", { paidOut: 0n, final: true }],
    ["of no status cannot be told", null, null],
    ["of a status from the future cannot be told", "queued", null],
  ])("%s", (_, status, expected) => {
    const refund = readRefund(refundJson({ status }));
    if (expected === null) expect(refund).toBeNull();
    else expect(refund).toMatchObject(expected);
  });

  it.each(NUMBERS_THAT_ARE_NONE)("is none whose amount is %s", (_, amount) => {
    expect(readRefund(refundJson({ amount }))).toBeNull();
  });
});

describe("whatever JSON comes", () => {
  const readers = [readPaymentIntent, readCharge, readRefund];

  it("is read or not, and never throws", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        for (const read of readers) expect(read(json)).toBeNull();
      }),
    );
  });

  it("with one field made nonsense never says that less has moved, or that more is over", () => {
    const states = [
      intentJson({ status: "requires_capture", amount_capturable: 4_000, amount_received: 6_000 }),
      intentJson({ status: "succeeded", amount_received: 10_000 }),
      intentJson({ status: "processing" }),
    ];
    const nonsense = fc.oneof(fc.jsonValue(), fc.constantFrom(undefined, -1, 0.5, 2 ** 53, "10000", "canceled!"));
    fc.assert(
      fc.property(
        fc.constantFrom(...states),
        fc.constantFrom("id", "object", "currency", "latest_charge", "metadata", "amount", "amount_capturable"),
        nonsense,
        (json, field, value) => {
          const [before, after] = [readPaymentIntent(json), readPaymentIntent({ ...json, [field]: value })];
          if (before === null || after === null) return;
          expect(after.received).toBe(before.received);
          if (field === "amount" || field === "amount_capturable") return;
          expect(after.final).toBe(before.final);
          expect(after.remaining).toBe(before.remaining);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("small readings:", () => {
  it.each([
    ["pi_1", "pi_1"],
    ["acct_1ABC", "acct_1ABC"],
    ["", null],
    ["pi_1/confirm", null],
    ["..", null],
    ["pi_1?x=1", null],
    ["pi_1%2F", null],
    ["pi_1\n", null],
    ["pi-1", null],
    ["p\u0456_1", null],
    ["x".repeat(256), null],
    [1, null],
    [undefined, null],
  ])("the id %j is %j", (text, id) => {
    expect(readId(text)).toBe(id);
  });

  it.each([
    ["usd", "usd"],
    ["USD", "usd"],
    ["uSd", "usd"],
    ["us", null],
    ["usdt", null],
    [" usd", null],
    ["usd\n", null],
    ["\u212ard", null],
    ["", null],
    [null, null],
  ])("the currency %j is %j", (text, currency) => {
    expect(readCurrency(text)).toBe(currency);
  });

  it("a body's JSON is there, or it is not", () => {
    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
    expect(readJson(bytes('{"a":[1]}'))).toEqual({ a: [1] });
    for (const text of ["", "{", '{"a":1}}', "<html>", "NaN", '{"a":01}'])
      expect(readJson(bytes(text))).toBeUndefined();
    expect(readJson(null)).toBeUndefined();
    expect(readJson(new Uint8Array([0x22, 0xff, 0x22]))).toBeUndefined();
    expect(readJson(new Uint8Array([0xef, 0xbb, 0xbf, 0x31]))).toBeUndefined();
  });

  it("of two amounts the larger counts", () => {
    expect([larger(1n, 2n), larger(2n, 1n), larger(2n, 2n)]).toEqual([2n, 2n, 2n]);
  });
});
