import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { microUsd } from "@keybrake/core";
import type { Estimate, MeterReading, MoneyEstimate, VendorAnswer } from "@keybrake/core";
import { meter } from "./meter.ts";
import { answerOf, callOf, chargeJson, intentJson, pricing, refundJson } from "./test-support.ts";

const CREATE = "POST /v1/payment_intents";
const UPDATE = "POST /v1/payment_intents/pi_1";
const CONFIRM = "POST /v1/payment_intents/pi_1/confirm";
const CAPTURE = "POST /v1/payment_intents/pi_1/capture";
const CHARGE = "POST /v1/charges";
const CHARGE_CAPTURE = "POST /v1/charges/ch_1/capture";
const REFUND = "POST /v1/refunds";

function held(object: string | null = null, direction: MoneyEstimate["direction"] = "collected"): MoneyEstimate {
  return {
    kind: "money",
    direction,
    amount: { minor: 10_000n, currency: "usd" },
    exposure: microUsd(100_000_000n),
    object: object === null ? null : { id: object, movedBefore: microUsd(0n) },
    rateDate: null,
  };
}

/** The estimate that such a call was admitted with. */
function estimateOf(line: string): Estimate {
  if (line.startsWith("GET") || line.endsWith("/cancel")) return { kind: "nothing" };
  if (line === REFUND) return held(null, "paid_out");
  if (line === CHARGE_CAPTURE) return held("ch_1");
  return held(line === CREATE || line === CHARGE ? null : "pi_1");
}

function readingOf(line: string, answer: VendorAnswer, estimate: Estimate = estimateOf(line)): MeterReading {
  return meter(callOf(line), answer, pricing, estimate);
}

/** `"pi_1 has moved 100000000, final"`: what the tests below say in one line. */
function said(line: string, answer: VendorAnswer, estimate: Estimate = estimateOf(line)): string {
  const { meter: told } = readingOf(line, answer, estimate);
  if (told.kind === "unknown") expect(told.why).toMatch(/^[A-Z].*\.$/);
  if (told.kind !== "object") return told.kind;
  return `${told.id} has moved ${told.moved}${told.final ? ", final" : ""}${told.declined ? ", declined" : ""}`;
}

const paid = intentJson({ status: "succeeded", amount_received: 10_000, latest_charge: "ch_1" });
const capturable = intentJson({ status: "requires_capture", amount_capturable: 10_000 });

describe("an answer settles what it shows:", () => {
  it.each<[string, string, unknown, string]>([
    ["a payment that was made", CREATE, paid, "pi_1 has moved 100000000, final"],
    ["a payment that waits for its card", CREATE, intentJson(), "pi_1 has moved 0"],
    ["a payment that waits for the customer", CONFIRM, intentJson({ status: "requires_action" }), "pi_1 has moved 0"],
    ["a payment that is on its way", CONFIRM, intentJson({ status: "processing" }), "pi_1 has moved 0"],
    ["a payment that waits for its capture", CONFIRM, capturable, "pi_1 has moved 0"],
    [
      "a part captured, the rest given back",
      CAPTURE,
      intentJson({ status: "succeeded", amount_received: 6_000 }),
      "pi_1 has moved 60000000, final",
    ],
    [
      "a part captured, the rest still capturable",
      CAPTURE,
      intentJson({ status: "requires_capture", amount_received: 6_000, amount_capturable: 4_000 }),
      "pi_1 has moved 60000000",
    ],
    [
      "more captured than was authorised",
      CAPTURE,
      intentJson({ status: "succeeded", amount_received: 12_000 }),
      "pi_1 has moved 120000000, final",
    ],
    [
      "a payment in another currency, at the reference rate",
      CREATE,
      intentJson({ status: "succeeded", amount_received: 1_000, currency: "eur" }),
      "pi_1 has moved 12500000, final",
    ],
    ["a charge that was made", CHARGE, chargeJson(), "ch_1 has moved 100000000, final"],
    [
      "a charge that waits for its capture",
      CHARGE,
      chargeJson({ captured: false, amount_captured: 0 }),
      "ch_1 has moved 0",
    ],
    ["a charge that is pending", CHARGE, chargeJson({ status: "pending" }), "ch_1 has moved 0"],
    [
      "a charge captured in part",
      CHARGE_CAPTURE,
      chargeJson({ amount_captured: 4_000 }),
      "ch_1 has moved 40000000, final",
    ],
    ["a refund that was made", REFUND, refundJson(), "re_1 has moved 100000000, final"],
    ["a refund that is pending", REFUND, refundJson({ status: "pending" }), "re_1 has moved 0"],
    ["a refund that failed", REFUND, refundJson({ status: "failed" }), "re_1 has moved 0, final"],
    [
      "a cancellation",
      "POST /v1/payment_intents/pi_1/cancel",
      intentJson({ status: "canceled" }),
      "pi_1 has moved 0, final",
    ],
    ["a look at a payment", "GET /v1/payment_intents/pi_1", paid, "pi_1 has moved 100000000, final"],
    ["a look at a refund", "GET /v1/refunds/re_1", refundJson(), "re_1 has moved 100000000, final"],
    [
      "a look at a charge of a payment, which cannot say that it is over",
      "GET /v1/charges/ch_1",
      chargeJson({ payment_intent: "pi_1" }),
      "pi_1 has moved 100000000",
    ],
    ["words on a payment", UPDATE, paid, "pi_1 has moved 100000000, final"],
  ])("%s", (_, line, json, expected) => {
    expect(said(line, answerOf(200, json))).toBe(expected);
  });

  it("a charge's capture is followed under its PaymentIntent", () => {
    const charge = chargeJson({ payment_intent: "pi_1" });
    expect(said(CHARGE_CAPTURE, answerOf(200, charge), held("pi_1"))).toBe("pi_1 has moved 100000000");
  });

  it("with the amount that was moved, or that may still move", () => {
    const amountOf = (json: unknown): unknown => {
      const told = readingOf(CAPTURE, answerOf(200, json)).meter;
      return told.kind === "object" ? told.amount : null;
    };
    expect(amountOf(capturable)).toEqual({ minor: 10_000n, currency: "usd" });
    expect(amountOf(intentJson({ status: "succeeded", amount_received: 6_000 }))).toEqual({
      minor: 6_000n,
      currency: "usd",
    });
  });
});

describe("no answer makes a hold go that may still be needed:", () => {
  it.each<[string, string, VendorAnswer]>([
    ["a page of HTML", CREATE, answerOf(200, "<html>")],
    ["an empty body", CREATE, answerOf(200, "")],
    ["a body that was cut off", CREATE, answerOf(200, undefined)],
    ["half a body", CREATE, answerOf(200, JSON.stringify(paid).slice(0, -1))],
    ["two bodies", CREATE, answerOf(200, `${JSON.stringify(paid)}{}`)],
    ["null", CREATE, answerOf(200, "null")],
    ["a list", CREATE, answerOf(200, { object: "list", data: [paid] })],
    ["a list in JSON", CREATE, answerOf(200, [paid])],
    ["an event around it", CREATE, answerOf(200, { object: "event", id: "evt_1", data: { object: paid } })],
    ["another kind of object", CREATE, answerOf(200, chargeJson())],
    ["an error with a good status", CREATE, answerOf(200, { error: { type: "card_error" } })],
    ["another PaymentIntent", CONFIRM, answerOf(200, { ...paid, id: "pi_2" })],
    [
      "another PaymentIntent that was cancelled",
      CAPTURE,
      answerOf(200, intentJson({ id: "pi_2", status: "canceled" })),
    ],
    ["another charge", CHARGE_CAPTURE, answerOf(200, chargeJson({ id: "ch_2" }))],
    ["a charge of another PaymentIntent", CHARGE_CAPTURE, answerOf(200, chargeJson({ payment_intent: "pi_2" }))],
    ["an id in capitals", CONFIRM, answerOf(200, { ...paid, id: "PI_1" })],
    ["success with nothing received", CREATE, answerOf(200, { ...paid, amount_received: 0 })],
    ["success with less than nothing received", CREATE, answerOf(200, { ...paid, amount_received: -10_000 })],
    ["success with a fraction received", CREATE, answerOf(200, { ...paid, amount_received: 0.5 })],
    ["success with a text received", CREATE, answerOf(200, { ...paid, amount_received: "0" })],
    ["success with more than anybody has", CREATE, answerOf(200, { ...paid, amount_received: 2 ** 60 })],
    ["success that does not say what was received", CREATE, answerOf(200, { ...paid, amount_received: undefined })],
    ["success of nobody", CREATE, answerOf(200, { ...paid, id: undefined })],
    ["a currency that nobody knows", CREATE, answerOf(200, { ...paid, currency: "zzz" })],
    ["a currency without a rate", CREATE, answerOf(200, { ...paid, currency: "chf" })],
    ["no status at all", CREATE, answerOf(200, { ...paid, status: undefined })],
    ["a captured charge with nothing captured", CHARGE, answerOf(200, chargeJson({ amount_captured: 0 }))],
    ["a refund of no status", REFUND, answerOf(200, refundJson({ status: null }))],
    ["a refund with a fraction", REFUND, answerOf(200, refundJson({ amount: 0.1 }))],
    ["bytes that are no text", CREATE, { status: 200, headers: new Map(), body: new Uint8Array([0xff, 0xfe]) }],
    ["an informational status", CREATE, answerOf(102, paid)],
    ["a redirect", CREATE, answerOf(302, paid)],
    ["not modified", CREATE, answerOf(304, undefined)],
    ["a method that is not allowed", CREATE, answerOf(405, { error: {} })],
    ["a request that came too slowly", CREATE, answerOf(408, { error: {} })],
    ["a dependency of the vendor that failed", CREATE, answerOf(424, { error: {} })],
    ["a failure", CREATE, answerOf(500, { error: { type: "api_error" } })],
    [
      "a failure that shows the payment as cancelled",
      CREATE,
      answerOf(500, { error: { payment_intent: intentJson({ status: "canceled" }) } }),
    ],
    ["a bad gateway", CREATE, answerOf(502, "<html>")],
    ["unavailable", CREATE, answerOf(503, { error: {} })],
    ["a gateway's time limit", CREATE, answerOf(504, undefined)],
    ["a decline that cannot be read", CREATE, answerOf(402, "<html>")],
    ["a decline without an error", CREATE, answerOf(402, { id: "pi_1" })],
    [
      "a decline of another PaymentIntent",
      CONFIRM,
      answerOf(402, { error: { payment_intent: intentJson({ id: "pi_2", status: "canceled" }) } }),
    ],
    ["a decline whose PaymentIntent cannot be read", CONFIRM, answerOf(402, { error: { payment_intent: "pi_1" } })],
    [
      "a decline whose PaymentIntent has an amount in text",
      CONFIRM,
      answerOf(402, { error: { payment_intent: intentJson({ amount: "1" }) } }),
    ],
    [
      "a refused creation whose PaymentIntent cannot be read",
      CREATE,
      answerOf(400, { error: { payment_intent: { id: "pi_1" } } }),
    ],
  ])("%s", (_, line, answer) => {
    expect(said(line, answer)).toBe("unknown");
  });
});

describe("a definite no is", () => {
  it.each([400, 401, 403, 404, 409, 429])("the status %d of an error that is the vendor's own", (status) => {
    for (const line of [CREATE, CONFIRM, CAPTURE, CHARGE, REFUND])
      expect(said(line, answerOf(status, { error: { type: "invalid_request_error" } }))).toBe("definite_no");
  });

  it.each([400, 401, 403, 404, 409, 429])(
    "not a page from something in between, though it has the status %d",
    (status) => {
      for (const body of ["<html>", undefined, paid])
        for (const line of [CREATE, CONFIRM, CAPTURE, CHARGE, REFUND])
          expect(said(line, answerOf(status, body))).toBe("unknown");
    },
  );

  it("a decline of a charge or a refund, which leaves nothing behind", () => {
    const error = { type: "card_error", code: "card_declined", charge: "ch_1" };
    expect(said(CHARGE, answerOf(402, { error }))).toBe("definite_no");
    expect(said(CHARGE, answerOf(402, { error: { ...error, payment_intent: null } }))).toBe("definite_no");
    expect(said(REFUND, answerOf(402, { error: { ...error, payment_intent: paid } }))).toBe("definite_no");
  });

  it("not about the object that a call acts on: that lives on, as it was", () => {
    const error = { code: "payment_intent_unexpected_state", payment_intent: intentJson({ status: "canceled" }) };
    expect(said(CONFIRM, answerOf(400, { error }))).toBe("definite_no");
  });
});

describe("a decline leaves a PaymentIntent that can still be paid:", () => {
  const declined = (more: Record<string, unknown> = {}): unknown => ({
    error: { type: "card_error", payment_intent: intentJson(more) },
  });

  it.each<[string, string, number, unknown, string]>([
    ["when it was made", CREATE, 402, declined(), "pi_1 has moved 0, declined"],
    ["when it was confirmed", CONFIRM, 402, declined(), "pi_1 has moved 0, declined"],
    ["under its old name", CONFIRM, 402, declined({ status: "requires_source" }), "pi_1 has moved 0, declined"],
    // Of a declined increment the first authorisation still stands.
    [
      "when only more of it was declined",
      CAPTURE,
      402,
      declined({ status: "requires_capture", amount_capturable: 10_000 }),
      "pi_1 has moved 0",
    ],
    ["unless it is over", CONFIRM, 402, declined({ status: "canceled" }), "pi_1 has moved 0, final"],
    [
      "what was captured of it before is known",
      CAPTURE,
      402,
      declined({ status: "requires_capture", amount_received: 6_000, amount_capturable: 4_000 }),
      "pi_1 has moved 60000000",
    ],
    [
      "also when it was refused for another reason as it was made",
      CREATE,
      400,
      declined(),
      "pi_1 has moved 0, declined",
    ],
    [
      "also when somebody else held it as it was made",
      CREATE,
      409,
      declined({ status: "requires_confirmation" }),
      "pi_1 has moved 0",
    ],
  ])("%s", (_, line, status, json, expected) => {
    expect(said(line, answerOf(status, json))).toBe(expected);
    expect(readingOf(line, answerOf(status, json)).vendorObjectId).toBe("pi_1");
  });
});

describe("a call that holds nothing", () => {
  it.each<[string, string, VendorAnswer]>([
    ["fails", "GET /v1/payment_intents/pi_1", answerOf(500, undefined)],
    ["is refused", "GET /v1/payment_intents/pi_1", answerOf(404, { error: {} })],
    ["cannot be read", "GET /v1/payment_intents/pi_1", answerOf(200, "<html>")],
    ["shows another object", "GET /v1/payment_intents/pi_1", answerOf(200, { ...paid, id: "pi_2" })],
    ["shows another charge", "GET /v1/charges/ch_1", answerOf(200, chargeJson({ id: "ch_2" }))],
    ["shows another refund", "GET /v1/refunds/re_1", answerOf(200, refundJson({ id: "re_2" }))],
    ["shows a list", "GET /v1/payment_intents", answerOf(200, { object: "list", data: [paid] })],
    ["shows a list that looks like a payment", "GET /v1/payment_intents", answerOf(200, paid)],
    ["shows a search that looks like a payment", "GET /v1/payment_intents/search", answerOf(200, paid)],
    ["shows an event that looks like a payment", "GET /v1/events/evt_1", answerOf(200, paid)],
    ["shows a customer", "GET /v1/customers/cus_1", answerOf(200, { id: "cus_1", object: "customer" })],
  ])("says nothing of money when it %s", (_, line, answer) => {
    expect(said(line, answer)).toBe("nothing");
  });
});

describe("beside the money", () => {
  it("a replay is one where the vendor says so", () => {
    const replayed = (header: string): boolean =>
      readingOf(CREATE, answerOf(200, paid, { "idempotent-replayed": header })).replayed;
    expect(["true", "TRUE", "false", "", "1"].map(replayed)).toEqual([true, true, false, false, false]);
    expect(readingOf(CREATE, answerOf(200, paid)).replayed).toBe(false);
    expect(readingOf(CREATE, answerOf(402, { error: {} }, { "idempotent-replayed": "true" }))).toMatchObject({
      replayed: true,
      meter: { kind: "definite_no" },
    });
  });

  it.each<[string, string | undefined, string | null]>([
    ["is there", "req_1", "req_1"],
    ["is missing", undefined, null],
    ["is empty", "", null],
    ["has a space", "req 1", null],
    ["has a line break", "req_1\n", null],
    ["is endless", "r".repeat(256), null],
  ])("the vendor's request id %s", (_, header, expected) => {
    const headers = header === undefined ? {} : { "request-id": header };
    expect(readingOf(CREATE, answerOf(200, paid, headers)).vendorRequestId).toBe(expected);
  });

  it.each<[string, VendorAnswer, string | null]>([
    ["of an answer", answerOf(200, paid), "pi_1"],
    ["of an answer that is no payment", answerOf(200, { id: "cus_1" }), "cus_1"],
    ["that is no id", answerOf(200, { id: "<script>" }), null],
    ["of an error", answerOf(400, { id: "pi_1", error: {} }), null],
    ["of an unreadable answer", answerOf(200, "<html>"), null],
  ])("the object's id %s", (_, answer, expected) => {
    expect(readingOf(CREATE, answer).vendorObjectId).toBe(expected);
  });
});

describe("whatever comes back", () => {
  const lines = fc.constantFrom(
    CREATE,
    UPDATE,
    CONFIRM,
    CAPTURE,
    CHARGE,
    CHARGE_CAPTURE,
    REFUND,
    "GET /v1/payment_intents/pi_1",
    "GET /v1/charges",
  );
  const status = fc.oneof(fc.constantFrom(200, 201, 400, 402, 409, 500), fc.integer({ min: 100, max: 599 }));

  it("is read without a throw, and nonsense of a good status never ends a hold", () => {
    const json = fc.oneof(
      fc.jsonValue(),
      fc.jsonValue().map((payment_intent) => ({ error: { payment_intent } })),
    );
    fc.assert(
      fc.property(
        lines,
        status,
        fc.oneof(
          json.map((value) => JSON.stringify(value)),
          fc.string({ unit: "binary" }),
        ),
        (line, code, body) => {
          const told = readingOf(line, answerOf(code, body)).meter;
          if (estimateOf(line).kind === "nothing") expect(told.kind).toBe("nothing");
          else if (code !== 402 && ![400, 401, 403, 404, 409, 429].includes(code)) expect(told.kind).toBe("unknown");
        },
      ),
      { numRuns: 500 },
    );
  });

  it("with any field made nonsense never shows less moved than the vendor said, nor more over", () => {
    const objects = fc.constantFrom(
      intentJson({ status: "requires_capture", amount_capturable: 4_000, amount_received: 6_000 }),
      intentJson({ status: "processing" }),
      capturable,
    );
    const fields = fc.constantFrom(
      "id",
      "object",
      "amount",
      "amount_capturable",
      "currency",
      "latest_charge",
      "livemode",
      "client_secret",
    );
    fc.assert(
      fc.property(
        objects,
        fields,
        fc.oneof(fc.jsonValue(), fc.constantFrom(undefined, -1, 0.5, 2 ** 53)),
        (json, field, value) => {
          const told = readingOf(CAPTURE, answerOf(200, { ...json, [field]: value })).meter;
          if (told.kind === "object")
            expect([told.id, told.moved, told.final]).toEqual([
              "pi_1",
              BigInt(Number(json["amount_received"])) * 10_000n,
              false,
            ]);
          else expect(told.kind).toBe("unknown");
        },
      ),
      { numRuns: 500 },
    );
  });
});
