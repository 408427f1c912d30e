// Stripe's v2 as far as the sandbox serves it, the answers that hand out secrets, and the methods beside GET and POST.

import { Stripe } from "stripe";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RawAnswer } from "../shared/test-support.ts";
import type { StripeSandbox } from "./server.ts";
import { startStripeSandbox } from "./server.ts";
import { CHARGE_TEN_USD, collected, done, errorOf, moneyOf, raw } from "./test-support.ts";

const PLANTED = "plantedByThisTest4711";
const JSON_TYPE = { "Content-Type": "application/json" };

let sandbox: StripeSandbox;
let stripe: Stripe;

beforeEach(async () => {
  sandbox = await startStripeSandbox({ seed: 7, plantedSecret: PLANTED });
  const { port, secretKey } = sandbox;
  stripe = new Stripe(secretKey, { host: "127.0.0.1", port, protocol: "http", maxNetworkRetries: 0, telemetry: false });
});

afterEach(async () => {
  await sandbox.close();
});

const PAYMENT = {
  amount: { value: 1500, currency: "usd" },
  from: { financial_account: "fa_1", currency: "usd" },
  to: { recipient: "acct_1Seller", payout_method: "usba_1" },
};

const postJson = async (
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawAnswer> =>
  await raw(sandbox, "POST", path, { body: JSON.stringify(body), headers: { ...JSON_TYPE, ...headers } });

describe("v2", () => {
  test("an outbound payment pays out its amount, once for one key, and cancelling gives nothing back to the truth", async () => {
    const payment = await stripe.v2.moneyManagement.outboundPayments.create(PAYMENT, { idempotencyKey: "k1" });
    expect(payment).toMatchObject({ status: "processing", amount: { value: 1500, currency: "usd" } });
    await stripe.v2.moneyManagement.outboundPayments.create(PAYMENT, { idempotencyKey: "k1" });
    expect(moneyOf(sandbox, 1)).toEqual(["paid_out at_once 1500 usd"]);
    expect(moneyOf(sandbox, 2)).toEqual([]);
    expect(sandbox.moneyMoved().paidOutMinor.get("usd")).toBe(1500n);
    const canceled = await stripe.v2.moneyManagement.outboundPayments.cancel(payment.id);
    expect(canceled.status).toBe("canceled");
    expect(sandbox.moneyMoved().paidOutMinor.get("usd")).toBe(1500n);
    const again = await raw(sandbox, "POST", `/v2/money_management/outbound_payments/${payment.id}/cancel`);
    expect(errorOf(again)).toMatchObject({ type: "already_canceled", code: "already_canceled" });
  });

  const refused: Readonly<Record<string, [body: unknown, headers: Readonly<Record<string, string>>]>> = {
    "a form's content type": [PAYMENT, { "Content-Type": "application/x-www-form-urlencoded" }],
    "an amount that is a fraction": [{ ...PAYMENT, amount: { value: 1.5, currency: "usd" } }, {}],
    "an amount of nothing": [{ ...PAYMENT, amount: { value: 0, currency: "usd" } }, {}],
    "a negative amount": [{ ...PAYMENT, amount: { value: -5, currency: "usd" } }, {}],
    "an unknown currency": [{ ...PAYMENT, amount: { value: 5, currency: "zzz" } }, {}],
    "no recipient": [{ ...PAYMENT, to: {} }, {}],
    "a field that nobody knows": [{ ...PAYMENT, value: 5 }, {}],
    "another currency": [{ ...PAYMENT, to: { ...PAYMENT.to, currency: "eur" } }, {}],
    "a list": [[PAYMENT], {}],
  };

  test.each(Object.entries(refused))("%s is a 400 with type and code, and pays nothing", async (_, [body, headers]) => {
    const answer = await postJson("/v2/money_management/outbound_payments", body, headers);
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toMatchObject({
      type: expect.any(String),
      code: expect.any(String),
      message: expect.any(String),
    });
    expect(sandbox.moneyMoved().movements).toEqual([]);
  });

  test("v1 refuses JSON as v2 refuses forms", async () => {
    const answer = await postJson("/v1/payment_intents", { amount: 1000, currency: "usd" });
    expect(answer.status).toBe(400);
  });

  test("digits in a text are a number too", async () => {
    const body = { ...PAYMENT, amount: { value: "1500", currency: "usd" } };
    expect((await postJson("/v2/money_management/outbound_payments", body)).status).toBe(200);
    expect(moneyOf(sandbox, 1)).toEqual(["paid_out at_once 1500 usd"]);
  });

  test("a request that failed after its work, sent again with its key, is answered and not done twice", async () => {
    sandbox.misbehave({ action: "500_after_work", times: 1 });
    const headers = { "Idempotency-Key": "k1" };
    expect((await postJson("/v2/money_management/outbound_payments", PAYMENT, headers)).status).toBe(500);
    expect((await postJson("/v2/money_management/outbound_payments", PAYMENT, headers)).status).toBe(200);
    expect(sandbox.moneyMoved().movements).toHaveLength(1);
  });

  test("lists come in pages with relative links, which the SDK follows", async () => {
    for (let i = 0; i < 5; i += 1) {
      const endpoint = { url: `https://example.com/${i}` };
      const made = { name: `d${i}`, type: "webhook_endpoint", event_payload: "thin", enabled_events: ["*"] } as const;
      await stripe.v2.core.eventDestinations.create({ ...made, enabled_events: ["*"], webhook_endpoint: endpoint });
    }
    const page = await raw(sandbox, "GET", "/v2/core/event_destinations?limit=2");
    expect(page.json.next_page_url).toMatch(/^\/v2\/core\/event_destinations\?limit=2&page=\w+$/);
    expect(page.json.previous_page_url).toBeNull();
    const names: string[] = [];
    for await (const destination of stripe.v2.core.eventDestinations.list({ limit: 2 })) names.push(destination.name);
    expect(names).toEqual(["d4", "d3", "d2", "d1", "d0"]);
  });

  test("a meter event is recorded and moves nothing", async () => {
    const event = await stripe.v2.billing.meterEvents.create({
      event_name: "calls",
      payload: { value: "3", customer: "cus_1" },
    });
    expect(event).toMatchObject({ object: "v2.billing.meter_event", event_name: "calls" });
    expect(sandbox.moneyMoved().movements).toEqual([]);
  });

  test("what is not there is a 404 with a code, and what is not served an unrecognised URL", async () => {
    const missing = await raw(sandbox, "GET", "/v2/core/event_destinations/ed_none");
    expect([missing.status, errorOf(missing).code]).toEqual([404, "not_found"]);
    for (const path of ["/v2/core/accounts", "/v2/core/event_destinations/", "/v2//core/event_destinations", "/v2/"]) {
      expect((await raw(sandbox, "GET", path)).status, path).toBe(404);
    }
    expect((await raw(sandbox, "GET", "/v2/core/event_destinations", { key: null })).status).toBe(401);
  });

  test("a gullible sandbox follows a crooked path to v2", async () => {
    await using gullible = await startStripeSandbox({ gullible: true });
    const headers = JSON_TYPE;
    const crooked = "/v1/x/../../v2/money_management//outbound_payments";
    expect((await raw(gullible, "POST", crooked, { body: JSON.stringify(PAYMENT), headers })).status).toBe(200);
    expect(gullible.moneyMoved().movements).toHaveLength(1);
    expect((await raw(sandbox, "POST", crooked, { body: JSON.stringify(PAYMENT), headers })).status).not.toBe(200);
    expect(sandbox.moneyMoved().movements).toEqual([]);
  });
});

describe("secrets", () => {
  const holds = (answer: { readonly body: Buffer }): boolean =>
    sandbox.secrets().some((secret) => answer.body.includes(secret));

  test("a webhook endpoint shows its secret when it is made, and never again", async () => {
    const body = "url=https://example.com&enabled_events[]=charge.failed";
    const made = await raw(sandbox, "POST", "/v1/webhook_endpoints", { body });
    expect(made.json.secret).toBe(`whsec_${PLANTED}`);
    expect(holds(await raw(sandbox, "GET", `/v1/webhook_endpoints/${String(made.json.id)}`))).toBe(false);
    expect(holds(await raw(sandbox, "GET", "/v1/webhook_endpoints"))).toBe(false);
  });

  test("an ephemeral key is a secret", async () => {
    const customer = await done(sandbox, "POST", "/v1/customers");
    const made = await raw(sandbox, "POST", "/v1/ephemeral_keys", { body: `customer=${customer.id}` });
    expect(made.json.secret).toBe(`ek_test_${PLANTED}`);
  });

  test("an issued card shows its number and cvc only to those who ask for them", async () => {
    expect(holds(await raw(sandbox, "GET", "/v1/issuing/cards/ic_1Any"))).toBe(false);
    expect(holds(await raw(sandbox, "GET", "/v1/issuing/cards"))).toBe(false);
    for (const query of ["expand[]=number&expand[]=cvc", "expand%5B0%5D=number", "expand[0]=number"]) {
      const shown = await raw(sandbox, "GET", `/v1/issuing/cards/ic_1Any?${query}`);
      expect(holds(shown), query).toBe(true);
      expect(shown.json.cvc).toBe(query.includes("cvc") ? "913" : undefined);
    }
    expect((await raw(sandbox, "GET", "/v1/issuing/cards/ic_1Any?expand[]=cardholder")).status).toBe(400);
  });

  test("an event destination shows its signing secret only where it is included", async () => {
    const destination = {
      name: "d",
      type: "webhook_endpoint",
      event_payload: "thin",
      enabled_events: ["*"],
      webhook_endpoint: { url: "https://example.com" },
    };
    const plain = await postJson("/v2/core/event_destinations", destination);
    expect(plain.json.webhook_endpoint).toEqual({ signing_secret: null, url: null });
    const include = ["webhook_endpoint.signing_secret"];
    const shown = await postJson("/v2/core/event_destinations", { ...destination, include });
    expect(shown.json.webhook_endpoint).toEqual({ signing_secret: `whsec_${PLANTED}`, url: null });
    const path = `/v2/core/event_destinations/${String(plain.json.id)}`;
    expect(holds(await raw(sandbox, "GET", path))).toBe(false);
    expect(holds(await raw(sandbox, "GET", `${path}?include[0]=webhook_endpoint.signing_secret`))).toBe(true);
    const list = "/v2/core/event_destinations?include[]=webhook_endpoint.signing_secret";
    expect(holds(await raw(sandbox, "GET", list))).toBe(true);
  });

  test("a test can plant another one, from outside too", async () => {
    const body = JSON.stringify({ planted_secret: "another0815" });
    expect((await raw(sandbox, "POST", "/_sandbox/secrets", { body })).json).toEqual({
      secrets: ["whsec_another0815", "ek_test_another0815", "4000009990001987"],
    });
    const made = await raw(sandbox, "POST", "/v1/webhook_endpoints", {
      body: "url=https://example.com&enabled_events[0]=*",
    });
    expect(made.json.secret).toBe("whsec_another0815");
    expect(() => sandbox.plantSecret("too short".slice(0, 3))).toThrow(TypeError);
    expect((await raw(sandbox, "POST", "/_sandbox/secrets", { body: "{}" })).status).toBe(400);
  });
});

describe("methods", () => {
  test("HEAD is GET without a body, and does no work of its own", async () => {
    const charge = await done(sandbox, "POST", "/v1/payment_intents", CHARGE_TEN_USD);
    const got = await raw(sandbox, "GET", `/v1/payment_intents/${charge.id}`);
    const head = await raw(sandbox, "HEAD", `/v1/payment_intents/${charge.id}`);
    expect(head.status).toBe(200);
    expect(head.body).toHaveLength(0);
    expect(head.headers["content-length"]).toBe(got.headers["content-length"]);
    expect((await raw(sandbox, "HEAD", "/v1/payment_intents/pi_none")).status).toBe(404);
    expect((await raw(sandbox, "HEAD", "/v2/core/event_destinations")).status).toBe(200);
    expect((await raw(sandbox, "HEAD", "/v1/balance", { key: null })).status).toBe(401);
  });

  test("HEAD where only POST is served does nothing", async () => {
    const answer = await raw(sandbox, "HEAD", `/v1/payment_intents/pi_1/confirm?${CHARGE_TEN_USD}`);
    expect(answer.status).toBe(404);
    expect(collected(sandbox)).toBe(0n);
  });

  test("OPTIONS says what is allowed, to anybody, and does nothing", async () => {
    const answer = await raw(sandbox, "OPTIONS", `/v1/payment_intents?${CHARGE_TEN_USD}`, { key: null });
    expect(answer.status).toBe(200);
    expect(answer.headers.allow).toBe("GET, HEAD, POST, DELETE, OPTIONS");
    expect(answer.body).toHaveLength(0);
    expect(collected(sandbox)).toBe(0n);
  });
});
