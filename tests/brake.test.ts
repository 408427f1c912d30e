/** The brake itself, through the front door: caps under concurrency, revocation under load, and what the audit says afterwards. */
import { Agent } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditRows } from "./support/audit.ts";
import { issueKey, type BudgetAnswer, type Json } from "./support/keybrake.ts";
import { call, charge, collectedCents, refusalOf, startWorld, type World } from "./support/vendor.ts";

const TEN_DOLLARS = 1000;
/** What the hammering connections send, and nobody else. */
const HAMMERED = "amount=100&currency=usd";

interface KeyAnswer {
  readonly status: string;
  readonly budgets: readonly BudgetAnswer[];
}

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

async function budgetOf(keyId: string): Promise<{ settled: number; held: number; remaining: number }> {
  const { body } = await world.keybrake.api<KeyAnswer>("GET", `/vault/keys/${keyId}`);
  const budget = body.budgets[0];
  return {
    settled: Number(budget?.settled_usd),
    held: Number(budget?.held_usd),
    remaining: Number(budget?.remaining_usd),
  };
}

const rows = (query: string): Promise<Json[]> => auditRows(world.keybrake, query);

describe("a cap holds under concurrency", () => {
  test("200 concurrent charges of $10 on a $500 key: exactly 50 succeed, 150 are refused, never above 500 at any instant", async () => {
    world.sandbox.reset();
    const key = await issueKey(world.keybrake, { total_usd_cap: 500 });
    world.sandbox.misbehave({ action: "delay", ms: 30 });

    const watching = { goesOn: true };
    const sums: number[] = [];
    const watcher = (async () => {
      while (watching.goesOn) {
        const { settled, held } = await budgetOf(key.key_id);
        sums.push(settled + held);
      }
    })();
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => charge(key.base_url, key.vault_key, TEN_DOLLARS)),
    );
    watching.goesOn = false;
    await watcher;

    expect(answers.filter((each) => each.status === 200)).toHaveLength(50);
    const refused = answers.filter((each) => each.status === 429);
    expect(refused).toHaveLength(150);
    expect(new Set(refused.map(refusalOf))).toEqual(new Set(["spend_cap_exceeded"]));
    expect(collectedCents(world.sandbox)).toBe(50_000);
    expect(sums.length).toBeGreaterThan(2);
    expect(Math.max(...sums)).toBeLessThanOrEqual(500);
    expect(await budgetOf(key.key_id)).toEqual({ settled: 500, held: 0, remaining: 0 });

    const audit = await rows(`key_id=${key.key_id}`);
    expect(audit).toHaveLength(200);
    expect(audit.filter((row) => row["outcome"] === "settled" && row["cost_usd"] === "10")).toHaveLength(50);
    expect(audit.filter((row) => row["verdict"] === "refused")).toHaveLength(150);
    world.sandbox.clearMisbehaviour();
  });

  test("a refusal carries its numbers, its advice, and no Retry-After", async () => {
    const key = await issueKey(world.keybrake, { total_usd_cap: 10, daily_usd_cap: 100 });
    expect((await charge(key.base_url, key.vault_key, TEN_DOLLARS)).status).toBe(200);
    const refused = await charge(key.base_url, key.vault_key, 1);
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBeNull();
    expect(refused.headers.get("stripe-should-retry")).toBe("false");
    expect(refused.headers.get("keybrake-call-id")).toMatch(/^call_/);
    expect(refused.body["error"]).toMatchObject({
      code: "spend_cap_exceeded",
      window: "total",
      limit_usd: "10",
      settled_usd: "10",
      held_usd: "0",
      asked_usd: "0.01",
      remaining_usd: "0",
      resets_at: null,
    });
  });

  test("the per-call cap refuses one call and leaves the budget alone", async () => {
    const key = await issueKey(world.keybrake, { total_usd_cap: 100, per_call_usd_cap: "9.99" });
    const refused = await charge(key.base_url, key.vault_key, TEN_DOLLARS);
    expect([refused.status, refusalOf(refused)]).toEqual([403, "per_call_cap_exceeded"]);
    expect((await charge(key.base_url, key.vault_key, 999)).status).toBe(200);
    expect(await budgetOf(key.key_id)).toEqual({ settled: 9.99, held: 0, remaining: 90.01 });
  });
});

describe("retries", () => {
  test("the same request again with the same idempotency key costs nothing, also at a full cap", async () => {
    const before = collectedCents(world.sandbox);
    const key = await issueKey(world.keybrake, { total_usd_cap: 10 });
    const headers = { "idempotency-key": "retry-1" };
    const first = await charge(key.base_url, key.vault_key, TEN_DOLLARS, { headers });
    const again = await charge(key.base_url, key.vault_key, TEN_DOLLARS, { headers });
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body["id"]).toBe(first.body["id"]);
    expect(collectedCents(world.sandbox) - before).toBe(TEN_DOLLARS);
    const [replay, original] = await rows(`key_id=${key.key_id}`);
    expect(replay).toMatchObject({ replayed: true, cost_usd: "0", replay_of: original?.["call_id"] });
    expect(original).toMatchObject({ replayed: false, cost_usd: "10", outcome: "settled" });
  });

  test("a 500 after the work keeps the money held, and the retry under the same key does not charge again", async () => {
    const before = collectedCents(world.sandbox);
    const key = await issueKey(world.keybrake, { total_usd_cap: 20 });
    world.sandbox.misbehave({ action: "500_after_work", match: { path: "/v1/payment_intents" }, times: 1 });
    const headers = { "idempotency-key": "retry-500" };
    const first = await charge(key.base_url, key.vault_key, TEN_DOLLARS, { headers });
    expect(first.status).toBe(500);
    expect(await budgetOf(key.key_id)).toEqual({ settled: 0, held: 10, remaining: 10 });
    await charge(key.base_url, key.vault_key, TEN_DOLLARS, { headers });
    expect(collectedCents(world.sandbox) - before).toBe(TEN_DOLLARS);
    expect(await budgetOf(key.key_id)).toEqual({ settled: 0, held: 10, remaining: 10 });
    expect((await charge(key.base_url, key.vault_key, TEN_DOLLARS + 1)).status).toBe(429);
  });

  test.each([
    ["the connection is reset after the work", { action: "reset_after_work" as const }, 502],
    ["the answer is cut off", { action: "truncate" as const }, 502],
    ["something in between answers with a page", { action: "html_502" as const }, 502],
    ["the answer is no JSON", { action: "garbage_200" as const }, 200],
  ])("%s: the money stays held as unknown", async (_what, rule, status) => {
    const key = await issueKey(world.keybrake, { total_usd_cap: 20 });
    world.sandbox.misbehave({ ...rule, times: 1 });
    const answer = await charge(key.base_url, key.vault_key, TEN_DOLLARS);
    expect(answer.status).toBe(status);
    if (status === 502) expect(refusalOf(answer)).toBe("outcome_unknown");
    expect(await budgetOf(key.key_id)).toEqual({ settled: 0, held: 10, remaining: 10 });
    const [row] = await rows(`key_id=${key.key_id}`);
    expect(row).toMatchObject({ outcome: "unknown", cost_usd: null, held_usd: "10" });
    expect(row?.["why"]).toEqual(expect.any(String));
  });

  test("the connection is reset before the work: nobody can tell, so the money stays held too", async () => {
    const key = await issueKey(world.keybrake, { total_usd_cap: 20 });
    world.sandbox.misbehave({ action: "reset_before_work", times: 1 });
    expect((await charge(key.base_url, key.vault_key, TEN_DOLLARS)).status).toBe(502);
    expect(await budgetOf(key.key_id)).toMatchObject({ held: 10 });
  });
});

describe("an object over its life", () => {
  const intent = (answer: { body: Record<string, unknown> }): string => String(answer.body["id"]);

  test("create holds once; confirm and capture add nothing; a partial capture settles what was captured", async () => {
    const key = await issueKey(world.keybrake, { total_usd_cap: 100 });
    const { base_url: url, vault_key: token } = key;
    const created = await charge(url, token, 5000, { form: { confirm: "false", capture_method: "manual" } });
    expect(created.status).toBe(200);
    expect(await budgetOf(key.key_id)).toMatchObject({ settled: 0, held: 50 });
    expect((await call(url, token, "POST", `/v1/payment_intents/${intent(created)}/confirm`, {})).status).toBe(200);
    expect(await budgetOf(key.key_id)).toMatchObject({ settled: 0, held: 50 });
    const captured = await call(url, token, "POST", `/v1/payment_intents/${intent(created)}/capture`, {
      amount_to_capture: "3000",
    });
    expect(captured.status).toBe(200);
    expect(await budgetOf(key.key_id)).toEqual({ settled: 30, held: 0, remaining: 70 });
  });

  test("a decline keeps its hold while it can still be paid; cancelling releases it", async () => {
    const key = await issueKey(world.keybrake, { total_usd_cap: 100 });
    const { base_url: url, vault_key: token } = key;
    const declined = await charge(url, token, 5000, { form: { payment_method: "pm_card_chargeDeclined" } });
    expect(declined.status).toBe(402);
    expect(await budgetOf(key.key_id)).toMatchObject({ settled: 0, held: 50 });
    const error = declined.body["error"] as { payment_intent: { id: string } };
    const canceled = await call(url, token, "POST", `/v1/payment_intents/${error.payment_intent.id}/cancel`, {});
    expect(canceled.status).toBe(200);
    expect(await budgetOf(key.key_id)).toEqual({ settled: 0, held: 0, remaining: 100 });
  });

  test("a key that says on_decline release gives it back at once", async () => {
    const key = await issueKey(world.keybrake, { total_usd_cap: 100, on_decline: "release" });
    await charge(key.base_url, key.vault_key, 5000, { form: { payment_method: "pm_card_chargeDeclined" } });
    expect(await budgetOf(key.key_id)).toEqual({ settled: 0, held: 0, remaining: 100 });
  });

  test("a refund counts, and gives no budget back", async () => {
    const key = await issueKey(world.keybrake, { total_usd_cap: 100 });
    const { base_url: url, vault_key: token } = key;
    const paid = await charge(url, token, 4000);
    const refund = await call(url, token, "POST", "/v1/refunds", { payment_intent: intent(paid) });
    expect(refund.status).toBe(200);
    expect(await budgetOf(key.key_id)).toEqual({ settled: 80, held: 0, remaining: 20 });
    const [row] = await rows(`key_id=${key.key_id}`);
    expect(row).toMatchObject({ operation: "refunds.create", direction: "paid_out", cost_usd: "40", amount: 4000 });
  });

  test("a payment that was raised elsewhere is held for what it may move, as soon as any answer tells", async () => {
    const key = await issueKey(world.keybrake, { total_usd_cap: 100 });
    const { base_url: url, vault_key: token } = key;
    const created = await charge(url, token, 5000, { form: { confirm: "false" } });
    expect(await budgetOf(key.key_id)).toMatchObject({ held: 50 });
    // By the merchant's own code, past Keybrake.
    const raised = await call(
      world.sandbox.url,
      world.sandbox.secretKey,
      "POST",
      `/v1/payment_intents/${intent(created)}`,
      {
        amount: "12000",
      },
    );
    expect(raised.status).toBe(200);
    await call(url, token, "GET", `/v1/payment_intents/${intent(created)}`);
    expect(await budgetOf(key.key_id)).toEqual({ settled: 0, held: 120, remaining: 0 });
    expect(refusalOf(await charge(url, token, 1))).toBe("spend_cap_exceeded");
    await call(url, token, "POST", `/v1/payment_intents/${intent(created)}/cancel`, {});
    expect(await budgetOf(key.key_id)).toEqual({ settled: 0, held: 0, remaining: 100 });
  });

  test("a refund that names no amount holds all it could give back, also while another refund has taken it all", async () => {
    const key = await issueKey(world.keybrake, { total_usd_cap: 100 });
    const { base_url: url, vault_key: token } = key;
    const paid = await charge(url, token, 5000, { form: { payment_method: "pm_sandbox_refundRequiresAction" } });
    expect(paid.status).toBe(200);
    const first = await call(url, token, "POST", "/v1/refunds", { payment_intent: intent(paid) });
    expect(first.body).toMatchObject({ status: "requires_action" });
    expect(await budgetOf(key.key_id)).toEqual({ settled: 50, held: 50, remaining: 0 });
    // The first may yet be cancelled, and then the second would give back the $50 with nothing held for it.
    const second = await call(url, token, "POST", "/v1/refunds", { payment_intent: intent(paid) });
    expect([second.status, refusalOf(second)]).toEqual([429, "spend_cap_exceeded"]);
  });

  test("an amount in another currency is held with a margin and settled at the reference rate", async () => {
    const key = await issueKey(world.keybrake, { total_usd_cap: 1000 });
    const paid = await charge(key.base_url, key.vault_key, 10_000, { form: { currency: "eur" } });
    expect(paid.status).toBe(200);
    const [row] = await rows(`key_id=${key.key_id}`);
    expect(row).toMatchObject({ currency: "eur", amount: 10_000, outcome: "settled" });
    expect(row?.["rate_date"]).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(Number(row?.["estimate_usd"])).toBeGreaterThan(Number(row?.["cost_usd"]));
  });
});

describe("what never leaves", () => {
  test.each([
    ["an operation that is not known", "POST", "/v1/unheard_of", { amount: "1" }, 403, "operation_unknown"],
    ["an operation without a bound", "POST", "/v1/subscriptions", { customer: "cus_1" }, 403, "operation_unbounded"],
    ["an operation that makes a secret", "POST", "/v1/ephemeral_keys", {}, 403, "operation_exposes_secret"],
    ["a subscription under an old name", "POST", "/v1/customers/cus_1/subscriptions", {}, 403, "operation_unbounded"],
    ["a money call without an amount", "POST", "/v1/payment_intents", { currency: "usd" }, 403, "amount_unknown"],
    [
      "a currency without a rate",
      "POST",
      "/v1/payment_intents",
      { amount: "100", currency: "kwd" },
      403,
      "currency_unpriced",
    ],
    [
      "an invented currency",
      "POST",
      "/v1/payment_intents",
      { amount: "100", currency: "zzz" },
      403,
      "currency_unpriced",
    ],
    [
      "an escape that could be decoded twice",
      "GET",
      "/v1/customers/%252e%252e/balance",
      undefined,
      400,
      "request_ambiguous",
    ],
    ["a path with a doubled slash inside", "GET", "/v1//customers", undefined, 400, "request_ambiguous"],
    ["an encoded slash", "GET", "/v1/customers%2fcus_1", undefined, 400, "request_ambiguous"],
  ] as const)("%s", async (_what, method, path, form, status, code) => {
    const key = await issueKey(world.keybrake);
    const before = world.sandbox.requestCount();
    const answer = await call(key.base_url, key.vault_key, method, path, form);
    expect([answer.status, refusalOf(answer)]).toEqual([status, code]);
    expect(world.sandbox.requestCount()).toBe(before);
    const [row] = await rows(`key_id=${key.key_id}`);
    expect(row).toMatchObject({ verdict: "refused", refusal: code, outcome: "none", http_status: status });
  });

  test("another account, unless the key names it", async () => {
    const before = world.sandbox.requestCount();
    const key = await issueKey(world.keybrake);
    const refused = await charge(key.base_url, key.vault_key, 100, { headers: { "stripe-account": "acct_1" } });
    expect([refused.status, refusalOf(refused)]).toEqual([403, "parameter_not_allowed"]);
    expect(world.sandbox.requestCount()).toBe(before);
    const named = await issueKey(world.keybrake, { accounts: ["acct_1"] });
    expect(
      (await charge(named.base_url, named.vault_key, 100, { headers: { "stripe-account": "acct_1" } })).status,
    ).toBe(200);
  });

  test("what the allowlist does not name, by route or by operation", async () => {
    const key = await issueKey(world.keybrake, { allowed_endpoints: ["GET /v1/customers/*", "refunds.*"] });
    const { base_url: url, vault_key: token } = key;
    expect(refusalOf(await charge(url, token, 100))).toBe("endpoint_not_allowed");
    expect(refusalOf(await call(url, token, "GET", "/v1/customers"))).toBe("endpoint_not_allowed");
    expect(refusalOf(await call(url, token, "GET", "/v1/customers/cus_1/payment_methods"))).toBe(
      "endpoint_not_allowed",
    );
    expect((await call(url, token, "GET", "/v1/customers/cus_none")).status).toBe(404);
  });
});

describe("who may call", () => {
  test.each([
    ["no key", {}],
    ["a mistyped key", { authorization: "Bearer kbtestXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX" }],
    ["the vendor's real secret", { authorization: "Bearer sk_test_keybrakeSandboxFakeMoneyOnly0000000000" }],
    ["an API key", { authorization: "Bearer test-admin-api-key-0123456789abcdef" }],
  ])("%s is answered 401 vault_key_invalid", async (_what, headers) => {
    const before = world.sandbox.requestCount();
    const answer = await fetch(`${world.keybrake.url}/stripe/v1/balance`, { headers });
    expect([answer.status, answer.headers.get("keybrake-refusal")]).toEqual([401, "vault_key_invalid"]);
    expect(((await answer.json()) as { error: { type: string } }).error.type).toBe("invalid_request_error");
    expect(world.sandbox.requestCount()).toBe(before);
  });

  test("an expired key is answered 401 vault_key_expired", async () => {
    const key = await issueKey(world.keybrake, { expires_in: "1s" });
    await expect
      .poll(async () => refusalOf(await call(key.base_url, key.vault_key, "GET", "/v1/balance")), { timeout: 5000 })
      .toBe("vault_key_expired");
  });

  test("at the root the key says which vendor is meant, and user or password of Basic carry it too", async () => {
    const key = await issueKey(world.keybrake);
    const root = await call(world.keybrake.url, key.vault_key, "GET", "/v1/balance");
    expect(root.status).toBe(200);
    for (const pair of [`${key.vault_key}:`, `x:${key.vault_key}`]) {
      const headers = { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
      expect((await fetch(`${key.base_url}/v1/balance`, { headers })).status).toBe(200);
    }
    expect((await call(`${key.base_url}/`, key.vault_key, "GET", "/v1/balance")).status).toBe(200);
  });
});

describe("revocation is now", () => {
  test("once DELETE has answered, the vendor receives nothing more from the key, under 64 hammering connections", async () => {
    const key = await issueKey(world.keybrake, { total_usd_cap: 1_000_000 });
    const other = await issueKey(world.keybrake, { total_usd_cap: 1_000_000 });
    world.sandbox.clearJournal();
    world.sandbox.misbehave({ action: "delay", ms: 5 });
    const orderBefore = world.sandbox.requestCount();
    const agent = new Agent({ connections: 64, pipelining: 1 });
    let firstRefused = false;
    const hammer = async (worker: number): Promise<void> => {
      for (let round = 0; round < 5000; round += 1) {
        const answer = await agent.request({
          origin: world.keybrake.url,
          path: "/stripe/v1/payment_intents",
          method: "POST",
          headers: {
            authorization: `Bearer ${key.vault_key}`,
            "content-type": "application/x-www-form-urlencoded",
            "idempotency-key": `hammer-${worker}-${round}`,
          },
          body: HAMMERED,
        });
        await answer.body.dump();
        if (answer.statusCode === 401) {
          firstRefused = true;
          return;
        }
      }
    };
    const { promise: underWay, resolve: isUnderWay } = Promise.withResolvers<void>();
    const stopCounting = world.sandbox.onRequest((request) => {
      if (request.order > orderBefore + 200) isUnderWay();
    });
    const workers = Array.from({ length: 64 }, (_, worker) => hammer(worker));
    await underWay;
    stopCounting();
    const revoked = await world.keybrake.api("DELETE", `/vault/keys/${key.key_id}`);
    const answeredAt = performance.now();
    expect(revoked.status).toBe(200);
    expect(revoked.body).toMatchObject({ status: "revoked", in_flight_calls: 0 });
    await Promise.all(workers);
    await agent.close();
    expect(firstRefused).toBe(true);
    expect((await charge(other.base_url, other.vault_key, 100)).status).toBe(200);

    const late = world.sandbox
      .journal()
      .filter((request) => request.receivedAtMonotonicMs > answeredAt)
      .filter((request) => request.body.toString() === HAMMERED);
    expect(late).toEqual([]);
    world.sandbox.clearMisbehaviour();

    const again = await world.keybrake.api("DELETE", `/vault/keys/${key.key_id}`);
    expect(again.status).toBe(200);
    expect(again.body["revoked_at"]).toBe(revoked.body["revoked_at"]);
    expect(refusalOf(await charge(key.base_url, key.vault_key, 100))).toBe("vault_key_revoked");
  });
});
