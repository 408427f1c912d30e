// The flows that the product relies on, driven by the real SDK, and the truth about the money behind them.

import { Stripe } from "stripe";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StripeSandbox } from "./server.ts";
import { startStripeSandbox } from "./server.ts";
import { collected } from "./test-support.ts";

let sandbox: StripeSandbox;
let stripe: Stripe;

beforeEach(async () => {
  sandbox = await startStripeSandbox({ seed: 7 });
  const { port, secretKey } = sandbox;
  stripe = new Stripe(secretKey, { host: "127.0.0.1", port, protocol: "http", maxNetworkRetries: 0, telemetry: false });
});

afterEach(async () => {
  await sandbox.close();
});

const paid = { currency: "usd", payment_method: "pm_card_visa", confirm: true } as const;
const held = { ...paid, capture_method: "manual" } as const;

const idOf = (value: unknown): string => (typeof value === "string" ? value : "not an id");

async function failureOf(promise: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const error: unknown = await promise.then(
    () => new Error("it succeeded"),
    (reason: unknown) => reason,
  );
  if (error instanceof Stripe.errors.StripeError) return error;
  throw error;
}

describe("payment intents", () => {
  test("a confirmed intent collects its amount once and says what it did", async () => {
    const intent = await stripe.paymentIntents.create(
      { ...paid, amount: 1000, metadata: { invoice: "in-1" } },
      { idempotencyKey: "k1" },
    );
    expect(intent).toMatchObject({ status: "succeeded", amount_received: 1000, amount_capturable: 0, livemode: false });
    expect(intent.id).toMatch(/^pi_3\w{23}$/);
    expect(intent.client_secret).toContain(`${intent.id}_secret_`);
    const moved = sandbox.moneyMoved();
    expect(moved.collectedMinor).toEqual(new Map([["usd", 1000n]]));
    expect(moved.charges).toEqual([
      {
        id: intent.latest_charge,
        amountMinor: 1000n,
        currency: "usd",
        order: 1,
        idempotencyKey: "k1",
        paymentIntentId: intent.id,
        account: null,
      },
    ]);
    expect(moved.authorizedMinor.get("usd")).toBe(0n);
  });

  test("create, update, confirm move money only at the confirmation, and by the updated amount", async () => {
    const intent = await stripe.paymentIntents.create({ amount: 1000, currency: "usd" });
    expect(intent.status).toBe("requires_payment_method");
    const updated = await stripe.paymentIntents.update(intent.id, { amount: 1500, payment_method: "pm_card_visa" });
    expect(updated.status).toBe("requires_confirmation");
    expect(collected(sandbox)).toBe(0n);
    expect((await stripe.paymentIntents.confirm(intent.id)).status).toBe("succeeded");
    expect(collected(sandbox)).toBe(1500n);
    expect((await failureOf(stripe.paymentIntents.confirm(intent.id))).code).toBe("payment_intent_unexpected_state");
    expect(collected(sandbox)).toBe(1500n);
  });

  test("manual capture collects only what is captured, and releases the rest", async () => {
    const intent = await stripe.paymentIntents.create({ ...held, amount: 1000 });
    expect(intent).toMatchObject({ status: "requires_capture", amount_capturable: 1000, amount_received: 0 });
    expect(collected(sandbox)).toBe(0n);
    expect(sandbox.moneyMoved().authorizedMinor.get("usd")).toBe(1000n);
    const tooMuch = await failureOf(stripe.paymentIntents.capture(intent.id, { amount_to_capture: 1001 }));
    expect(tooMuch.code).toBe("amount_too_large");
    const captured = await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 400 });
    expect(captured).toMatchObject({ status: "succeeded", amount_received: 400, amount_capturable: 0 });
    expect(collected(sandbox)).toBe(400n);
    expect(sandbox.moneyMoved().authorizedMinor.get("usd")).toBe(0n);
  });

  test("multicapture collects in pieces until the final one", async () => {
    const options = { card: { request_multicapture: "if_available" } } as const;
    const intent = await stripe.paymentIntents.create({ ...held, amount: 1000, payment_method_options: options });
    const first = await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 300, final_capture: false });
    expect(first).toMatchObject({ status: "requires_capture", amount_received: 300, amount_capturable: 700 });
    const second = await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 200 });
    expect(second).toMatchObject({ status: "succeeded", amount_received: 500 });
    expect(collected(sandbox)).toBe(500n);
    expect(sandbox.moneyMoved().charges).toHaveLength(1);
    expect(sandbox.moneyMoved().authorizedMinor.get("usd")).toBe(0n);
  });

  test("without multicapture a capture cannot be left open", async () => {
    const intent = await stripe.paymentIntents.create({ ...held, amount: 1000 });
    const error = await failureOf(
      stripe.paymentIntents.capture(intent.id, { amount_to_capture: 300, final_capture: false }),
    );
    expect(error.param).toBe("final_capture");
    expect(collected(sandbox)).toBe(0n);
  });

  test("overcapture collects more than was authorised, if it was asked for", async () => {
    const options = { card: { request_overcapture: "if_available" } } as const;
    const intent = await stripe.paymentIntents.create({ ...held, amount: 1000, payment_method_options: options });
    expect((await failureOf(stripe.paymentIntents.capture(intent.id, { amount_to_capture: 1201 }))).code).toBe(
      "amount_too_large",
    );
    const captured = await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 1200 });
    expect(captured).toMatchObject({ amount: 1000, amount_received: 1200, status: "succeeded" });
    expect(collected(sandbox)).toBe(1200n);
    expect(sandbox.moneyMoved().authorizedMinor.get("usd")).toBe(0n);
  });

  test("increment_authorization takes the new total, not the increment", async () => {
    const options = { card: { request_incremental_authorization: "if_available" } } as const;
    const intent = await stripe.paymentIntents.create({ ...held, amount: 1000, payment_method_options: options });
    const raised = await stripe.paymentIntents.incrementAuthorization(intent.id, { amount: 1600 });
    expect(raised).toMatchObject({ amount: 1600, amount_capturable: 1600 });
    await failureOf(stripe.paymentIntents.incrementAuthorization(intent.id, { amount: 1600 }));
    await stripe.paymentIntents.capture(intent.id);
    expect(collected(sandbox)).toBe(1600n);
    const plain = await stripe.paymentIntents.create({ ...held, amount: 1000 });
    const error = await failureOf(stripe.paymentIntents.incrementAuthorization(plain.id, { amount: 2000 }));
    expect(error.code).toBe("payment_intent_unexpected_state");
  });

  test("cancel ends an open intent for good and moves nothing", async () => {
    const intent = await stripe.paymentIntents.create({ ...held, amount: 1000 });
    const canceled = await stripe.paymentIntents.cancel(intent.id, { cancellation_reason: "duplicate" });
    expect(canceled).toMatchObject({ status: "canceled", amount_capturable: 0, cancellation_reason: "duplicate" });
    const error = await failureOf(stripe.paymentIntents.capture(intent.id));
    expect(error.code).toBe("payment_intent_unexpected_state");
    expect(sandbox.moneyMoved()).toMatchObject({ charges: [], authorizedMinor: new Map([["usd", 0n]]) });
  });

  test("a decline is a 402 that carries the open intent, which can still be paid", async () => {
    const error = await failureOf(
      stripe.paymentIntents.create({ ...paid, amount: 1000, payment_method: "pm_card_chargeDeclined" }),
    );
    expect(error).toBeInstanceOf(Stripe.errors.StripeCardError);
    expect(error).toMatchObject({ statusCode: 402, code: "card_declined", decline_code: "generic_decline" });
    const intent = error.payment_intent;
    expect(intent?.status).toBe("requires_payment_method");
    expect(error.charge).toBe(intent?.latest_charge);
    expect(collected(sandbox)).toBe(0n);
    const retried = await stripe.paymentIntents.confirm(intent?.id ?? "", { payment_method: "pm_card_visa" });
    expect(retried.status).toBe("succeeded");
    expect(collected(sandbox)).toBe(1000n);
  });

  test("a browser that knows the client secret can pay an open intent, and nothing else", async () => {
    const intent = await stripe.paymentIntents.create({ amount: 1000, currency: "usd" });
    const browser = new Stripe(sandbox.publishableKey, {
      host: "127.0.0.1",
      port: sandbox.port,
      protocol: "http",
      maxNetworkRetries: 0,
    });
    await failureOf(browser.paymentIntents.confirm(intent.id, { payment_method: "pm_card_visa" }));
    expect((await failureOf(browser.paymentIntents.list())).code).toBe("secret_key_required");
    expect(collected(sandbox)).toBe(0n);
    const secret = { client_secret: intent.client_secret ?? "" };
    const confirmed = await browser.paymentIntents.confirm(intent.id, { ...secret, payment_method: "pm_card_visa" });
    expect(confirmed.status).toBe("succeeded");
    expect(collected(sandbox)).toBe(1000n);
  });

  test("authentication waits in requires_action until the customer has acted; off session it is a decline", async () => {
    const intent = await stripe.paymentIntents.create({
      ...paid,
      amount: 1000,
      payment_method: "pm_card_authenticationRequired",
    });
    expect(intent.status).toBe("requires_action");
    expect(collected(sandbox)).toBe(0n);
    sandbox.advance(intent.id);
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe("succeeded");
    expect(collected(sandbox)).toBe(1000n);
    const alone = { ...paid, amount: 1000, payment_method: "pm_card_authenticationRequired", off_session: true };
    expect((await failureOf(stripe.paymentIntents.create(alone))).code).toBe("authentication_required");
  });

  test.each([
    ["succeed", "succeeded", 1000n],
    ["fail", "requires_payment_method", 0n],
  ] as const)("a bank payment is processing until the bank answers: %s", async (outcome, status, money) => {
    const intent = await stripe.paymentIntents.create({ ...paid, amount: 1000, payment_method: "pm_bank_processing" });
    expect(intent.status).toBe("processing");
    expect(collected(sandbox)).toBe(0n);
    sandbox.advance(intent.id, outcome);
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe(status);
    expect(collected(sandbox)).toBe(money);
  });

  test("amount_to_confirm is what is taken", async () => {
    const intent = await stripe.paymentIntents.create({
      amount: 5000,
      currency: "usd",
      payment_method: "pm_card_visa",
    });
    await stripe.paymentIntents.confirm(intent.id, { amount_to_confirm: 2000 });
    expect(collected(sandbox)).toBe(2000n);
  });
});

describe("charges and refunds", () => {
  test("a charge collects at once, or on capture", async () => {
    const now = await stripe.charges.create({ amount: 700, currency: "usd", source: "tok_visa" });
    expect(now).toMatchObject({ status: "succeeded", captured: true, amount_captured: 700 });
    const later = await stripe.charges.create({ amount: 900, currency: "usd", source: "tok_visa", capture: false });
    expect(later.captured).toBe(false);
    expect(collected(sandbox)).toBe(700n);
    await stripe.charges.capture(later.id, { amount: 500 });
    expect(collected(sandbox)).toBe(1200n);
    expect((await failureOf(stripe.charges.capture(later.id))).code).toBe("charge_already_captured");
  });

  test("a declined charge collects nothing and is a card error", async () => {
    const error = await failureOf(
      stripe.charges.create({ amount: 700, currency: "usd", source: "tok_chargeDeclined" }),
    );
    expect(error).toMatchObject({ type: "StripeCardError", code: "card_declined", statusCode: 402 });
    expect(error.charge).toMatch(/^ch_/);
    expect(collected(sandbox)).toBe(0n);
  });

  test("a customer's card is charged by default", async () => {
    const customer = await stripe.customers.create({ email: "a@example.com", source: "tok_visa" });
    const charge = await stripe.charges.create({ amount: 700, currency: "usd", customer: customer.id });
    expect(charge.customer).toBe(customer.id);
    expect(collected(sandbox)).toBe(700n);
  });

  test("a refund pays out what remains by default, and never more than was collected", async () => {
    const intent = await stripe.paymentIntents.create({ ...paid, amount: 1000 });
    const part = await stripe.refunds.create({ payment_intent: intent.id, amount: 300 });
    expect(part).toMatchObject({ amount: 300, currency: "usd", status: "succeeded", charge: intent.latest_charge });
    expect((await failureOf(stripe.refunds.create({ payment_intent: intent.id, amount: 701 }))).statusCode).toBe(400);
    const rest = await stripe.refunds.create({ charge: idOf(intent.latest_charge) });
    expect(rest.amount).toBe(700);
    expect((await failureOf(stripe.refunds.create({ payment_intent: intent.id }))).code).toBe(
      "charge_already_refunded",
    );
    expect(sandbox.moneyMoved().paidOutMinor).toEqual(new Map([["usd", 1000n]]));
    expect(sandbox.moneyMoved().collectedMinor).toEqual(new Map([["usd", 1000n]]));
    expect((await stripe.charges.retrieve(idOf(intent.latest_charge))).refunded).toBe(true);
  });

  test("a partly captured intent gives back no more than was captured", async () => {
    const intent = await stripe.paymentIntents.create({ ...held, amount: 1000 });
    await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 400 });
    expect((await stripe.refunds.create({ payment_intent: intent.id })).amount).toBe(400);
  });

  test("only a refund that waits for the customer can be cancelled, and it has paid out nothing", async () => {
    const intent = await stripe.paymentIntents.create({
      ...paid,
      amount: 1000,
      payment_method: "pm_sandbox_refundRequiresAction",
    });
    const refund = await stripe.refunds.create({ payment_intent: intent.id });
    expect(refund.status).toBe("requires_action");
    expect((await stripe.refunds.cancel(refund.id)).status).toBe("canceled");
    expect(sandbox.moneyMoved().paidOutMinor.size).toBe(0);
    const again = await stripe.refunds.create({ payment_intent: intent.id });
    sandbox.advance(again.id);
    expect(sandbox.moneyMoved().paidOutMinor.get("usd")).toBe(1000n);
    expect((await failureOf(stripe.refunds.cancel(again.id))).statusCode).toBe(400);
  });

  test.each(["refund", "refunds"])("the old alias charges/{id}/%s pays out and is seen to", async (alias) => {
    const charge = await stripe.charges.create({ amount: 700, currency: "usd", source: "tok_visa" });
    await stripe.rawRequest("POST", `/v1/charges/${charge.id}/${alias}`, { amount: 200 });
    expect(sandbox.moneyMoved().paidOutMinor.get("usd")).toBe(200n);
  });

  test("payouts and transfers that get this far are seen to move money", async () => {
    await stripe.payouts.create({ amount: 500, currency: "usd" });
    await stripe.transfers.create({ amount: 300, currency: "usd", destination: "acct_123" });
    expect(sandbox.moneyMoved().paidOutMinor.get("usd")).toBe(800n);
    expect(sandbox.moneyMoved().movements.map((movement) => movement.kind)).toEqual(["payout", "transfer"]);
  });
});

describe("the rest of the account", () => {
  test("customers, products, prices and payment methods live and die", async () => {
    const customer = await stripe.customers.create({ name: "Ada", metadata: { a: "1", b: "2" } });
    const updated = await stripe.customers.update(customer.id, { name: "Ada L.", metadata: { a: "", c: "3" } });
    expect(updated).toMatchObject({ name: "Ada L.", metadata: { b: "2", c: "3" } });
    const method = await stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id });
    expect((await stripe.customers.listPaymentMethods(customer.id)).data.map(({ id }) => id)).toEqual([method.id]);
    const intent = await stripe.paymentIntents.create({
      amount: 1000,
      currency: "usd",
      customer: customer.id,
      payment_method: method.id,
      confirm: true,
    });
    expect(intent.payment_method).toBe(method.id);
    await failureOf(
      stripe.paymentIntents.create({ amount: 1000, currency: "usd", payment_method: method.id, confirm: true }),
    );
    expect((await stripe.paymentMethods.detach(method.id)).customer).toBeNull();
    const product = await stripe.products.create({
      name: "Seat",
      default_price_data: { currency: "usd", unit_amount: 900 },
    });
    const price = await stripe.prices.create({
      currency: "usd",
      unit_amount: 1900,
      recurring: { interval: "month" },
      product: product.id,
    });
    expect(price).toMatchObject({ type: "recurring", unit_amount: 1900, product: product.id });
    expect((await stripe.prices.update(price.id, { active: false })).active).toBe(false);
    await failureOf(stripe.products.del(product.id));
    expect((await stripe.customers.del(customer.id)).deleted).toBe(true);
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ deleted: true });
  });

  test("every change leaves an event that names the request and its idempotency key", async () => {
    const intent = await stripe.paymentIntents.create({ ...paid, amount: 1000 }, { idempotencyKey: "for-events" });
    const events = await stripe.events.list({ types: ["payment_intent.created", "payment_intent.succeeded"] });
    expect(events.data.map(({ type }) => type)).toEqual(["payment_intent.succeeded", "payment_intent.created"]);
    expect(events.data[0]?.request).toEqual({ id: intent.lastResponse.requestId, idempotency_key: "for-events" });
    // An event is a snapshot: what came later does not change it.
    expect(events.data[1]?.data.object).toMatchObject({ id: intent.id, status: "requires_confirmation" });
  });

  test("the balance follows the money", async () => {
    await stripe.paymentIntents.create({ ...paid, amount: 1000 });
    const balance = await stripe.balance.retrieve();
    expect(balance.available[0]).toMatchObject({ amount: 1000 - 59, currency: "usd" });
  });

  test("auto-pagination returns every object once, newest first", async () => {
    const made: string[] = [];
    for (let i = 0; i < 25; i += 1) made.push((await stripe.customers.create({ email: `${i % 2}@example.com` })).id);
    const seen: string[] = [];
    for await (const customer of stripe.customers.list({ limit: 10 })) seen.push(customer.id);
    expect(seen).toEqual(made.toReversed());
    const page = await stripe.customers.list({ limit: 3, ending_before: seen[10] ?? "" });
    expect(page).toMatchObject({ has_more: true });
    expect(page.data.map(({ id }) => id)).toEqual(seen.slice(7, 10));
    expect((await stripe.customers.list({ email: "1@example.com", limit: 100 })).data).toHaveLength(12);
  });

  test("search finds by field and by metadata, page by page", async () => {
    for (let i = 0; i < 5; i += 1) {
      await stripe.paymentIntents.create({
        ...paid,
        amount: 1000 + i,
        metadata: { run: i % 2 === 0 ? "even" : "odd" },
      });
    }
    const found: number[] = [];
    const query = "status:'succeeded' AND metadata['run']:'even' AND amount>1000";
    for await (const intent of stripe.paymentIntents.search({ query, limit: 1 })) found.push(intent.amount);
    expect(found).toEqual([1004, 1002]);
    expect((await stripe.paymentIntents.search({ query: "-metadata['run']:'odd'" })).data).toHaveLength(3);
    expect((await failureOf(stripe.paymentIntents.search({ query: "status = succeeded" }))).param).toBe("query");
  });

  test("expand replaces ids by objects, in lists too, and refuses what cannot be expanded", async () => {
    const customer = await stripe.customers.create({ name: "Ada" });
    const intent = await stripe.paymentIntents.create({ ...paid, amount: 1000, customer: customer.id });
    const whole = await stripe.paymentIntents.retrieve(intent.id, {
      expand: ["latest_charge.balance_transaction", "customer", "payment_method"],
    });
    expect(whole.latest_charge).toMatchObject({
      object: "charge",
      balance_transaction: { object: "balance_transaction", amount: 1000 },
    });
    expect(whole.customer).toMatchObject({ name: "Ada" });
    expect(whole.payment_method).toMatchObject({ object: "payment_method", card: { last4: "4242" } });
    const listed = await stripe.paymentIntents.list({ expand: ["data.latest_charge"] });
    expect(listed.data[0]?.latest_charge).toMatchObject({ object: "charge" });
    expect((await stripe.paymentIntents.retrieve(intent.id)).latest_charge).toBe(intent.latest_charge);
    await failureOf(stripe.paymentIntents.retrieve(intent.id, { expand: ["nonsense"] }));
  });

  test("an upload arrives whole", async () => {
    const data = Buffer.from("a,b\n1,2\n\u0000\u00ff", "latin1");
    const file = await stripe.files.create({
      purpose: "dispute_evidence",
      file: { data, name: "evidence.csv", type: "text/csv" },
    });
    expect(file).toMatchObject({
      object: "file",
      size: data.length,
      filename: "evidence.csv",
      purpose: "dispute_evidence",
    });
  });

  test("a connected account has objects and keys of its own", async () => {
    const options = { idempotencyKey: "same", stripeAccount: "acct_1" };
    const theirs = await stripe.paymentIntents.create({ ...paid, amount: 1000 }, options);
    const ours = await stripe.paymentIntents.create({ ...paid, amount: 1000 }, { idempotencyKey: "same" });
    expect(theirs.id).not.toBe(ours.id);
    await failureOf(stripe.paymentIntents.retrieve(theirs.id));
    expect(sandbox.moneyMoved().charges.map(({ account }) => account)).toEqual(["acct_1", null]);
  });
});

test("the same seed gives the same ids", async () => {
  await using other = await startStripeSandbox({ seed: 7 });
  const twin = new Stripe(other.secretKey, {
    host: "127.0.0.1",
    port: other.port,
    protocol: "http",
    maxNetworkRetries: 0,
    telemetry: false,
  });
  const [a, b] = [await stripe.customers.create({}), await twin.customers.create({})];
  expect(a.id).toBe(b.id);
});
