// Idempotency keys, as docs.stripe.com/api/idempotent_requests has them.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RawAnswer, RawOptions } from "./test-support.ts";
import type { StripeSandbox } from "./server.ts";
import { startStripeSandbox } from "./server.ts";
import { CHARGE_TEN_USD, collected, errorOf, raw } from "./test-support.ts";

let sandbox: StripeSandbox;
let now = 0;

beforeEach(async () => {
  now = Date.UTC(2026, 10, 24);
  sandbox = await startStripeSandbox({ now: () => now });
});

afterEach(async () => {
  await sandbox.close();
});

const keyed = async (key: string, body = CHARGE_TEN_USD, options: RawOptions = {}): Promise<RawAnswer> =>
  await raw(sandbox, "POST", "/v1/payment_intents", {
    body,
    ...options,
    headers: { "Idempotency-Key": key, ...options.headers },
  });

test("a replay is the first answer byte for byte, marked, and moves nothing", async () => {
  const first = await keyed("k");
  const replay = await keyed("k");
  expect(replay.status).toBe(200);
  expect(replay.body.equals(first.body)).toBe(true);
  expect(replay.headers["idempotent-replayed"]).toBe("true");
  expect(first.headers["idempotent-replayed"]).toBeUndefined();
  expect(replay.headers["idempotency-key"]).toBe("k");
  expect(replay.headers["request-id"]).not.toBe(first.headers["request-id"]);
  expect(replay.headers["original-request"]).toBe(first.headers["request-id"]);
  expect(collected(sandbox)).toBe(1000n);
});

test("the same parameters written differently are the same request", async () => {
  const first = await keyed("k");
  const replay = await keyed("k", "confirm=true&payment%5Fmethod=pm_card_visa&currency=usd&amount=1000");
  expect(replay.body.equals(first.body)).toBe(true);
  expect(collected(sandbox)).toBe(1000n);
});

test("a decline is stored: the same key never tries the card again", async () => {
  const body = CHARGE_TEN_USD.replace("pm_card_visa", "pm_card_chargeDeclined");
  const first = await keyed("k", body);
  const replay = await keyed("k", body);
  expect([first.status, replay.status]).toEqual([402, 402]);
  expect(replay.body.equals(first.body)).toBe(true);
  expect(sandbox.moneyMoved().paymentIntents).toHaveLength(1);
});

test("a refusal by an object's state is stored, because the endpoint had begun", async () => {
  const charge = await raw(sandbox, "POST", "/v1/charges", { body: "amount=700&currency=usd&source=tok_visa" });
  const refund = async (key: string, body: string): Promise<RawAnswer> =>
    await raw(sandbox, "POST", "/v1/refunds", { body, headers: { "Idempotency-Key": key } });
  await refund("a", `charge=${String(charge.json.id)}`);
  const refusal = await refund("b", `charge=${String(charge.json.id)}`);
  expect(errorOf(refusal).code).toBe("charge_already_refunded");
  expect((await refund("b", `charge=${String(charge.json.id)}`)).headers["idempotent-replayed"]).toBe("true");
});

test("a parameter error is not stored: the key is still free", async () => {
  expect((await keyed("k", "amount=1&currency=usd")).status).toBe(400);
  expect((await keyed("k")).status).toBe(200);
});

describe("the same key for another request is a 400 idempotency_error", () => {
  test.each([
    ["another amount", "/v1/payment_intents", CHARGE_TEN_USD.replace("1000", "2000"), "same parameters"],
    ["another endpoint", "/v1/customers", "name=a", "same endpoint"],
  ])("%s", async (_name, path, body, words) => {
    await keyed("k");
    const answer = await raw(sandbox, "POST", path, { body, headers: { "Idempotency-Key": "k" } });
    expect(answer.status).toBe(400);
    expect(errorOf(answer).type).toBe("idempotency_error");
    expect(errorOf(answer).message).toContain(words);
    expect(collected(sandbox)).toBe(1000n);
  });
});

test("while the first request runs, the second gets 409, and afterwards the replay", async () => {
  sandbox.misbehave({ action: "delay", ms: 150, times: 1 });
  const arrived = Promise.withResolvers<void>();
  const stop = sandbox.onRequest(() => arrived.resolve());
  const first = keyed("k");
  await arrived.promise;
  stop();
  const second = await keyed("k");
  expect(second.status).toBe(409);
  expect(errorOf(second).code).toBe("idempotency_key_in_use");
  expect((await first).status).toBe(200);
  expect((await keyed("k")).headers["idempotent-replayed"]).toBe("true");
  expect(collected(sandbox)).toBe(1000n);
});

test("after 24 hours a key is new again, and charges again", async () => {
  await keyed("k");
  now += 24 * 60 * 60 * 1000 - 1;
  expect((await keyed("k")).headers["idempotent-replayed"]).toBe("true");
  now += 1;
  expect((await keyed("k")).headers["idempotent-replayed"]).toBeUndefined();
  expect(collected(sandbox)).toBe(2000n);
});

test("two secret keys of one account share their idempotency keys", async () => {
  await using rotating = await startStripeSandbox({ otherSecretKeys: ["sk_test_next0000"] });
  const headers = { "Idempotency-Key": "k" };
  await raw(rotating, "POST", "/v1/payment_intents", { body: CHARGE_TEN_USD, headers });
  const other = await raw(rotating, "POST", "/v1/payment_intents", {
    body: CHARGE_TEN_USD,
    headers,
    key: "sk_test_next0000",
  });
  expect(other.headers["idempotent-replayed"]).toBe("true");
});

test("a key that is too long is refused", async () => {
  expect((await keyed("x".repeat(256))).status).toBe(400);
  expect((await keyed("x".repeat(255))).status).toBe(200);
});
