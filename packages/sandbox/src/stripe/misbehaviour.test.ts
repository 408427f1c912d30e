// Every way to go wrong, and what the money did meanwhile.

import { gunzipSync } from "node:zlib";
import { Stripe } from "stripe";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RawAnswer } from "./test-support.ts";
import type { StripeSandbox } from "./server.ts";
import { startStripeSandbox } from "./server.ts";
import { CHARGE_TEN_USD, collected, errorOf, raw } from "./test-support.ts";

let sandbox: StripeSandbox;

beforeEach(async () => {
  sandbox = await startStripeSandbox({ seed: 42 });
});

afterEach(async () => {
  await sandbox.close();
});

const charge = async (key = "k", signal?: AbortSignal): Promise<RawAnswer> =>
  await raw(sandbox, "POST", "/v1/payment_intents", {
    body: CHARGE_TEN_USD,
    headers: { "Idempotency-Key": key },
    ...(signal === undefined ? {} : { signal }),
  });

describe("lost answers", () => {
  test("reset_before_work: the connection breaks, nothing moved, the key is free", async () => {
    sandbox.misbehave({ action: "reset_before_work", times: 1 });
    await expect(charge()).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(collected(sandbox)).toBe(0n);
    expect((await charge()).headers["idempotent-replayed"]).toBeUndefined();
  });

  test("reset_after_work: the connection breaks, the money moved, the key replays", async () => {
    sandbox.misbehave({ action: "reset_after_work", times: 1 });
    await expect(charge()).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(collected(sandbox)).toBe(1000n);
    expect((await charge()).headers["idempotent-replayed"]).toBe("true");
    expect(collected(sandbox)).toBe(1000n);
  });

  test("hang_after_work: no answer ever, the money moved", async () => {
    sandbox.misbehave({ action: "hang_after_work", times: 1 });
    await expect(charge("k", AbortSignal.timeout(100))).rejects.toMatchObject({ name: "AbortError" });
    expect(collected(sandbox)).toBe(1000n);
    expect((await charge()).status).toBe(200);
  });

  test("a hanging answer does not keep the sandbox from closing", async () => {
    sandbox.misbehave({ action: "hang_after_work" });
    const arrived = Promise.withResolvers<void>();
    sandbox.onRequest(() => arrived.resolve());
    const hanging = expect(charge()).rejects.toThrow();
    await arrived.promise;
    await sandbox.close();
    await hanging;
  });

  test("truncate: the length is promised, half of it comes, the money moved", async () => {
    sandbox.misbehave({ action: "truncate", times: 1 });
    await expect(charge()).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(collected(sandbox)).toBe(1000n);
    expect((await charge()).headers["idempotent-replayed"]).toBe("true");
  });
});

describe("wrong answers", () => {
  test("500_after_work: the money moved, and the key remembers the 500", async () => {
    sandbox.misbehave({ action: "500_after_work", times: 1 });
    const first = await charge();
    expect(first.status).toBe(500);
    expect(errorOf(first).type).toBe("api_error");
    expect(collected(sandbox)).toBe(1000n);
    const replay = await charge();
    expect(replay.status).toBe(500);
    expect(replay.headers["idempotent-replayed"]).toBe("true");
    expect(replay.body.equals(first.body)).toBe(true);
    expect(collected(sandbox)).toBe(1000n);
  });

  test("500_before_work: nothing moved, and the key is free", async () => {
    sandbox.misbehave({ action: "500_before_work", times: 1 });
    expect((await charge()).status).toBe(500);
    expect(collected(sandbox)).toBe(0n);
    expect((await charge()).status).toBe(200);
    expect(collected(sandbox)).toBe(1000n);
  });

  test("500_before_work, stored: nothing ever moves with that key", async () => {
    sandbox.misbehave({ action: "500_before_work", stored: true, times: 1 });
    expect((await charge()).status).toBe(500);
    expect((await charge()).status).toBe(500);
    expect(collected(sandbox)).toBe(0n);
  });

  test("garbage_200: a success that nobody can read, the money moved", async () => {
    sandbox.misbehave({ action: "garbage_200", times: 1 });
    const answer = await charge();
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe("application/json");
    expect(() => JSON.parse(answer.body.toString()) as unknown).toThrow(SyntaxError);
    expect(collected(sandbox)).toBe(1000n);
  });

  test.each([
    [undefined, 1000n],
    [false, 0n],
  ])("html_502 with work %s: a page instead of JSON", async (work, money) => {
    sandbox.misbehave({ action: "html_502", times: 1, ...(work === undefined ? {} : { work }) });
    const answer = await charge();
    expect(answer.status).toBe(502);
    expect(answer.headers["content-type"]).toBe("text/html");
    expect(collected(sandbox)).toBe(money);
  });

  test("redirect: a 307 without work, to where a follower is seen", async () => {
    sandbox.misbehave({ action: "redirect", times: 1 });
    const answer = await charge();
    expect(answer.status).toBe(307);
    expect(answer.headers.location).toBe(`${sandbox.url}/_sandbox/elsewhere`);
    await raw(sandbox, "POST", "/_sandbox/elsewhere", { body: "amount=1" });
    expect(sandbox.journal().at(-1)?.path).toBe("/_sandbox/elsewhere");
    expect(collected(sandbox)).toBe(0n);
  });

  test("409: another request holds the key, nothing moved", async () => {
    sandbox.misbehave({ action: "409", times: 1 });
    const answer = await charge();
    expect(answer.status).toBe(409);
    expect(errorOf(answer).code).toBe("idempotency_key_in_use");
    expect(collected(sandbox)).toBe(0n);
  });

  test.each([
    [false, "rate_limit", "global-rate"],
    [true, "lock_timeout", undefined],
  ])("429: nothing moved and nothing is stored (lock timeout: %s)", async (lockTimeout, code, reason) => {
    sandbox.misbehave({ action: "429", lockTimeout, times: 1 });
    const answer = await charge();
    expect(answer.status).toBe(429);
    expect(errorOf(answer).code).toBe(code);
    expect(answer.headers["stripe-rate-limited-reason"]).toBe(reason);
    expect(collected(sandbox)).toBe(0n);
    expect((await charge()).status).toBe(200);
  });

  test("402: the bank declines a good card, and the intent stays open", async () => {
    sandbox.misbehave({ action: "402", times: 1 });
    const answer = await charge();
    expect(answer.status).toBe(402);
    expect(errorOf(answer)).toMatchObject({
      code: "card_declined",
      payment_intent: { status: "requires_payment_method" },
    });
    expect(collected(sandbox)).toBe(0n);
  });

  test("402 where no bank is asked: nothing is done", async () => {
    sandbox.misbehave({ action: "402", times: 1 });
    expect((await raw(sandbox, "POST", "/v1/customers", { body: "name=a" })).status).toBe(402);
    expect((await raw(sandbox, "GET", "/v1/customers")).json.data).toEqual([]);
  });

  test("delay: the work is done even if the client has gone meanwhile", async () => {
    sandbox.misbehave({ action: "delay", ms: 80, times: 1 });
    await expect(charge("k", AbortSignal.timeout(20))).rejects.toMatchObject({ name: "AbortError" });
    await expect.poll(() => collected(sandbox), { timeout: 2000, interval: 5 }).toBe(1000n);
  });

  test("delay after work: the money has moved while the answer still waits", async () => {
    sandbox.misbehave({ action: "delay", ms: 200, when: "after_work", times: 1 });
    const answer = charge();
    await expect.poll(() => collected(sandbox), { timeout: 2000, interval: 5 }).toBe(1000n);
    expect((await charge()).headers["idempotent-replayed"]).toBe("true");
    expect((await answer).status).toBe(200);
  });

  test("gzip: compressed though nobody asked", async () => {
    sandbox.misbehave({ action: "gzip", times: 1 });
    const answer = await charge();
    expect(answer.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(answer.body).toString()).toContain('"object": "payment_intent"');
  });
});

describe("echo_secret repeats the whole Authorization value", () => {
  test.each([
    ["in an error", {}, 400, 0n],
    ["in an error, cut in two", { split: true }, 400, 0n],
    ["in another error", { status: 500 }, 500, 0n],
    ["in a success", { status: 200 }, 200, 1000n],
    ["in a success, cut in two", { status: 200, split: true }, 200, 1000n],
  ] as const)("%s", async (_name, how, status, money) => {
    sandbox.misbehave({ action: "echo_secret", ...how, times: 1 });
    const answer = await charge();
    expect(answer.status).toBe(status);
    expect(answer.headers["x-sandbox-authorization"]).toBe(`Bearer ${sandbox.secretKey}`);
    expect(answer.body.toString()).toContain(`Bearer ${sandbox.secretKey}`);
    expect(answer.headers["transfer-encoding"]).toBe("split" in how ? "chunked" : undefined);
    expect(collected(sandbox)).toBe(money);
  });

  test("and together with gzip, out of plain sight", async () => {
    sandbox.misbehave({ action: "gzip" });
    sandbox.misbehave({ action: "echo_secret" });
    const answer = await charge();
    expect(answer.body.includes(sandbox.secretKey)).toBe(false);
    expect(gunzipSync(answer.body).toString()).toContain(sandbox.secretKey);
  });
});

describe("which requests a rule hits", () => {
  test("only those that match method, path and idempotency key", async () => {
    sandbox.misbehave({
      action: "500_before_work",
      match: { method: "POST", path: "/v1/payment_intents", idempotencyKey: "bad" },
    });
    sandbox.misbehave({ action: "429", match: { path: /\/search$/ } });
    expect((await charge("good")).status).toBe(200);
    expect((await charge("bad")).status).toBe(500);
    expect((await raw(sandbox, "GET", "/v1/payment_intents")).status).toBe(200);
    expect((await raw(sandbox, "GET", "/v1/payment_intents/search?query=amount%3E1")).status).toBe(429);
  });

  test("only the n-th", async () => {
    sandbox.misbehave({ action: "500_before_work", match: { nth: 2 } });
    expect([(await charge("a")).status, (await charge("b")).status, (await charge("c")).status]).toEqual([
      200, 500, 200,
    ]);
  });

  test("as often as it says, until it is taken away", async () => {
    const remove = sandbox.misbehave({ action: "500_before_work", times: 2 });
    const always = sandbox.misbehave({ action: "429" });
    const statuses = async (): Promise<number[]> => [
      (await charge("a")).status,
      (await charge("b")).status,
      (await charge("c")).status,
    ];
    expect(await statuses()).toEqual([500, 500, 429]);
    always();
    remove();
    expect(await statuses()).toEqual([200, 200, 200]);
    sandbox.misbehave({ action: "429" });
    sandbox.clearMisbehaviour();
    expect((await charge("d")).status).toBe(200);
  });

  test("with a probability, the same ones for the same seed", async () => {
    const run = async (): Promise<number[]> => {
      await using seeded = await startStripeSandbox({ seed: 5, failures: [{ action: "429", probability: 0.5 }] });
      const statuses: number[] = [];
      for (let i = 0; i < 20; i += 1) statuses.push((await raw(seeded, "GET", "/v1/balance")).status);
      return statuses;
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set([200, 429]));
    expect(await run()).toEqual(first);
  });
});

test("the SDK's own retry after a lost answer does not charge twice", async () => {
  const { port, secretKey } = sandbox;
  const stripe = new Stripe(secretKey, {
    host: "127.0.0.1",
    port,
    protocol: "http",
    maxNetworkRetries: 2,
    telemetry: false,
  });
  sandbox.misbehave({ action: "reset_after_work", times: 1 });
  const intent = await stripe.paymentIntents.create({
    amount: 1000,
    currency: "usd",
    payment_method: "pm_card_visa",
    confirm: true,
  });
  expect(intent.status).toBe("succeeded");
  expect(collected(sandbox)).toBe(1000n);
  expect(sandbox.requestCount()).toBe(2);
});
