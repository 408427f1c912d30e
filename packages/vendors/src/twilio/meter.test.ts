import { microUsd } from "@keybrake/core";
import type { Estimate, Meter, VendorCall } from "@keybrake/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { followUp, meter } from "./meter.ts";
import { operations } from "./operations.ts";
import {
  ACCOUNT,
  answerOf,
  CALL,
  callJson,
  callOf,
  CALLS,
  CHECKS,
  credentialOf,
  errorJson,
  MESSAGE,
  messageJson,
  MESSAGES,
  moneyOf,
  PARTICIPANTS,
  pricingOf,
  SUB_ACCOUNT,
  VERIFICATIONS,
} from "./test-support.ts";

const HELD: Estimate = {
  kind: "money",
  direction: "usage",
  amount: null,
  exposure: microUsd(50_000n),
  object: null,
  rateDate: null,
};
const NOTHING: Estimate = { kind: "nothing" };

const SEND = callOf(MESSAGES, { To: "+14155552671", From: "+15005550006", Body: "Hello" });
const DIAL = callOf(CALLS, { To: "+14155552671", From: "+15005550006", Twiml: "<Response/>" });
const READ = callOf(`GET /2010-04-01/Accounts/${ACCOUNT}/Messages/${MESSAGE}.json`);
const READ_CALL = callOf(`GET /2010-04-01/Accounts/${ACCOUNT}/Calls/${CALL}.json`);

function told(call: VendorCall, status: number, json: unknown, estimate: Estimate = HELD): Meter {
  return meter(call, answerOf(status, json), pricingOf(), estimate).meter;
}

const OPEN = { kind: "object", moved: 0n, final: false, declined: false, amount: null, askAgainMs: 15_000 };

describe("a message that was taken", () => {
  it("stays open until its price is published", () => {
    expect(told(SEND, 201, messageJson())).toEqual({ ...OPEN, id: MESSAGE });
    expect(told(READ, 200, messageJson({ status: "delivered" }), NOTHING)).toEqual({ ...OPEN, id: MESSAGE });
  });

  it.each([
    ["in dollars", "-0.00750", "USD", 7_500n],
    ["in dollars of the small kind", "-0.2", "usd", 200_000n],
    ["nothing", "0", "USD", 0n],
    ["below a millionth, which counts as one", "-0.0000001", "USD", 1n],
    ["in another currency, at the reference rate", "-0.01", "EUR", 12_500n],
    ["in a currency without small coins", "-1.5", "JPY", 12_500n],
  ])("cost, once it is known, what it says: %s", (_, price, unit, moved) => {
    const json = messageJson({ status: "delivered", price, price_unit: unit });
    expect(told(READ, 200, json, NOTHING)).toMatchObject({ kind: "object", id: MESSAGE, moved, final: true });
    expect(told(SEND, 201, json)).toMatchObject({ kind: "object", id: MESSAGE, moved, final: true });
  });

  it("costs nothing once it is canceled, and may yet cost a fee when it failed", () => {
    const cancel = callOf(`POST /2010-04-01/Accounts/${ACCOUNT}/Messages/${MESSAGE}.json`, { Status: "canceled" });
    expect(told(cancel, 200, messageJson({ status: "canceled" }), NOTHING)).toMatchObject({ moved: 0n, final: true });
    for (const status of ["failed", "undelivered"])
      expect(told(READ, 200, messageJson({ status }), NOTHING)).toMatchObject({ moved: 0n, final: false });
  });

  it.each([
    ["that is cut off", undefined],
    ["that is no JSON", "<html>"],
    ["without an id", messageJson({ sid: null })],
    ["of another kind", messageJson({ sid: CALL })],
    ["with a price that is none", messageJson({ price: "free" })],
    ["with a price in nothing", messageJson({ price: "-0.0075", price_unit: null })],
    ["with a price in an unknown currency", messageJson({ price: "-0.0075", price_unit: "ZZZ" })],
  ])("is unknown by an answer %s", (_, json) => {
    expect(told(SEND, 201, json)).toMatchObject({ kind: "unknown" });
  });

  it("is not told by an answer about another one", () => {
    expect(told(READ, 200, messageJson({ sid: `SM${"f".repeat(32)}`, price: "-0.0075" }), NOTHING)).toEqual({
      kind: "nothing",
    });
  });

  it("is followed also where a ceiling is all that bounds it", () => {
    const template = callOf(MESSAGES, { To: "+14155552671", ContentSid: "HX1" });
    expect(told(template, 201, messageJson())).toEqual({ ...OPEN, id: MESSAGE });
  });

  it("whose links are shortened counts as what was held, because its price does not tell them", () => {
    const shortened = callOf(MESSAGES, { To: "+14155552671", Body: "https://a.example", ShortenUrls: "true" });
    expect(told(shortened, 201, messageJson())).toMatchObject({ kind: "spent" });
    expect(told(shortened, 201, { status: "queued" })).toMatchObject({ kind: "unknown" });
  });
});

describe("a call", () => {
  it("stays open until its price is published, whoever asks", () => {
    expect(told(DIAL, 201, callJson())).toEqual({ ...OPEN, id: CALL });
    const done = callJson({ status: "completed", price: "-0.02800" });
    expect(told(READ_CALL, 200, done, NOTHING)).toMatchObject({ id: CALL, moved: 28_000n, final: true });
  });

  it.each(["busy", "failed", "no-answer", "canceled"])("costs nothing once it is %s", (status) => {
    expect(told(READ_CALL, 200, callJson({ status }), NOTHING)).toMatchObject({ moved: 0n, final: true });
  });

  it("is not over while it is completed and without a price", () => {
    expect(told(READ_CALL, 200, callJson({ status: "completed" }), NOTHING)).toMatchObject({ final: false });
  });

  it("is its participant's object", () => {
    const join = callOf(PARTICIPANTS, { To: "+14155552671", From: "+15005550006" });
    const answer = answerOf(201, { call_sid: CALL, conference_sid: `CF${"c".repeat(32)}`, status: "queued" });
    expect(meter(join, answer, pricingOf(), HELD)).toMatchObject({
      meter: { ...OPEN, id: CALL },
      vendorObjectId: CALL,
    });
  });

  it.each([
    ["records", { Record: "true" }],
    ["detects machines", { MachineDetection: "Enable" }],
    ["fetches TwiML that may dial", { Url: "https://a.example/" }],
  ])("that %s counts as what was held, because its own price is not all", (_, form) => {
    const call = callOf(CALLS, { To: "+14155552671", ...form });
    expect(told(call, 201, callJson())).toEqual({ kind: "spent", moved: 50_000n, amount: null });
    expect(told(call, 201, "<html>")).toMatchObject({ kind: "unknown" });
  });

  it("that speaks is told by its price, unless speech has one of its own", () => {
    const call = callOf(CALLS, { To: "+14155552671", Twiml: "<Response><Say>Hello</Say></Response>" });
    expect(told(call, 201, callJson()).kind).toBe("object");
    const priced = pricingOf({ "calls.create": { tts: "0.001" } });
    expect(meter(call, answerOf(201, callJson()), priced, HELD).meter.kind).toBe("spent");
  });
});

describe("what never carries a price counts as what was held", () => {
  it.each([
    ["an attempt to verify", callOf(VERIFICATIONS, { To: "+14155552671", Channel: "sms" }), 201],
    ["a look-up", callOf("GET /lookups/v2/PhoneNumbers/+14155552671?Fields=sim_swap"), 200],
    [
      "a flow, at its ceiling",
      callOf(`POST /studio/v2/Flows/FW${"1".repeat(32)}/Executions`, { To: "+14155552671" }),
      201,
    ],
  ] as const)("%s", (_, call, status) => {
    expect(told(call, status, { sid: `VE${"1".repeat(32)}` })).toEqual({ kind: "spent", moved: 50_000n, amount: null });
    expect(told(call, status, undefined)).toMatchObject({ kind: "unknown" });
  });

  it("also a number that is not found, but not a request for one that was refused", () => {
    const look = callOf("GET /lookups/v1/PhoneNumbers/+14155552671?Type=carrier");
    expect(told(look, 404, errorJson(404, 20_404))).toMatchObject({ kind: "spent", moved: 50_000n });
    expect(told(look, 400, errorJson(400))).toEqual({ kind: "definite_no" });
  });
});

describe("the success of a verification", () => {
  const CHECK = callOf(CHECKS, { To: "+14155552671", Code: "123456" });
  const UPDATE = callOf(`${VERIFICATIONS}/VE${"e".repeat(32)}`, { Status: "approved" });

  it("bills only when the answer says that it is approved", () => {
    for (const call of [CHECK, UPDATE]) {
      expect(told(call, 201, { status: "approved", valid: true })).toMatchObject({ kind: "spent", moved: 50_000n });
      expect(told(call, 201, { status: "pending", valid: true })).toMatchObject({ kind: "spent", moved: 50_000n });
      expect(told(call, 201, { status: "pending", valid: false })).toMatchObject({ kind: "spent", moved: 0n });
      expect(told(call, 201, { valid: false })).toMatchObject({ kind: "unknown" });
    }
  });
});

describe("an error", () => {
  it.each([400, 401, 403, 404, 409, 422, 429])("of Twilio's own with %i is a definite no", (status) => {
    expect(told(SEND, status, errorJson(status))).toEqual({ kind: "definite_no" });
    expect(told(DIAL, status, errorJson(status))).toEqual({ kind: "definite_no" });
  });

  it.each([
    [500, errorJson(500)],
    [503, errorJson(503)],
    [408, errorJson(408)],
    [302, {}],
    [400, "<html>Bad request</html>"],
    [403, { message: "Forbidden" }],
    [404, undefined],
  ])("with %i that says nothing of what was done is unknown (%j)", (status, json) => {
    expect(told(SEND, status, json)).toMatchObject({ kind: "unknown" });
  });

  it("of a read is about nothing", () => {
    expect(told(READ, 404, errorJson(404), NOTHING)).toEqual({ kind: "nothing" });
    expect(told(READ, 500, messageJson({ price: "-0.0075" }), NOTHING)).toEqual({ kind: "nothing" });
  });
});

describe("what a row of the audit points to", () => {
  it("is the object and the request, never a replay", () => {
    expect(meter(SEND, answerOf(201, messageJson()), pricingOf(), HELD)).toMatchObject({
      replayed: false,
      vendorRequestId: "RQ1",
      vendorObjectId: MESSAGE,
    });
    expect(meter(SEND, answerOf(400, messageJson()), pricingOf(), HELD).vendorObjectId).toBeNull();
    const list = callOf(`GET /2010-04-01/Accounts/${ACCOUNT}/Messages.json`);
    expect(meter(list, answerOf(200, messageJson()), pricingOf(), NOTHING).vendorObjectId).toBeNull();
  });
});

describe("the price of an object is asked for", () => {
  const asked = (operation: string, object: string, path = "") =>
    followUp(operation, object, credentialOf(), path)?.path ?? null;

  it("in its account, by a read that the table knows", () => {
    const message = `/2010-04-01/Accounts/${ACCOUNT}/Messages/${MESSAGE}.json`;
    const call = `/2010-04-01/Accounts/${ACCOUNT}/Calls/${CALL}.json`;
    expect(asked("messages.create", MESSAGE)).toBe(message);
    expect(asked("calls.create", CALL)).toBe(call);
    expect(asked("conferences.participants.create", CALL)).toBe(call);
    for (const path of [message, call])
      expect(operations.match("GET", path.slice(1).split("/"))?.operation.class).toBe("read");
  });

  it("in the sub-account that its call went to", () => {
    const path = `/2010-04-01/Accounts/${SUB_ACCOUNT}/Messages.json`;
    expect(asked("messages.create", MESSAGE, path)).toBe(
      `/2010-04-01/Accounts/${SUB_ACCOUNT}/Messages/${MESSAGE}.json`,
    );
  });

  it("never for what has none, nor with anything but an id in its path", () => {
    expect(asked("verify.verifications.create", `VE${"1".repeat(32)}`)).toBeNull();
    expect(asked("messages.create", "../../Accounts")).toBeNull();
    expect(followUp("messages.create", MESSAGE, credentialOf({ accountId: null }), "")).toBeNull();
  });
});

describe("whatever the answer is", () => {
  it("the meter never throws, and believes no amount that is negative", () => {
    const calls = [SEND, DIAL, READ, READ_CALL, callOf(CHECKS, { Code: "1" })];
    const body = fc.oneof(
      fc.json(),
      fc
        .record({
          sid: fc.constantFrom(MESSAGE, CALL, "", null),
          price: fc.oneof(fc.string(), fc.double(), fc.constant(null), fc.constant("-0.0075")),
          price_unit: fc.constantFrom("USD", "JPY", "KWD", "ZZZ", null, 7),
          status: fc.constantFrom("delivered", "failed", "canceled", "approved", 3),
        })
        .map((json) => JSON.stringify(json)),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...calls),
        fc.integer({ min: 100, max: 599 }),
        body,
        fc.boolean(),
        (call, status, text, isMoney) => {
          const found = told(call, status, text, isMoney ? HELD : NOTHING);
          if (found.kind === "object" || found.kind === "spent") expect(found.moved).toBeGreaterThanOrEqual(0n);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("a message that is estimated is never told to have cost more than was held, at the list's own prices", () => {
    const held = moneyOf(SEND);
    const found = meter(SEND, answerOf(201, messageJson({ price: "-0.0145" })), pricingOf(), held).meter;
    expect(found).toMatchObject({ kind: "object", moved: held.exposure });
  });
});
