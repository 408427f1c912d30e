import { Fault, type Store } from "@keybrake/core";
import { makeKey, MemoryStore, moneyRequest, newId, TestClock, usd } from "@keybrake/testing";
import { stripe } from "@keybrake/vendors";
import * as fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { contract, ROUTE_NAMES, type RouteName } from "./contract.ts";
import {
  ADMIN,
  LIVE_SECRET,
  sha256,
  TEST_SECRET,
  World,
  type Answer,
  type Body,
  type Content,
  type Sent,
} from "./test-support.ts";

const HOUR_MS = 3_600_000;

let world: World;
beforeEach(() => {
  world = new World();
});

/** A good request to every route, and what must be there for it. */
async function requests(to: World): Promise<{ readonly [Name in RouteName]: readonly [path: string, body?: unknown] }> {
  await to.addCredential("main");
  const rotated = await to.addCredential("rotated");
  const removed = await to.addCredential("removed");
  const key = await to.issue();
  const apiKey = await to.make("POST", "/vault/api-keys", { body: { name: "revoked", scopes: ["read"] } });
  const callId = await admitted(to, String(key["key_id"]));
  return {
    issueKey: ["/vault/keys", { vendor: "stripe", total_usd_cap: 50, allowed_endpoints: ["GET /v1/**"] }],
    listKeys: ["/vault/keys"],
    getKey: [`/vault/keys/${key["key_id"]}`],
    patchKey: [`/vault/keys/${key["key_id"]}`, { total_usd_cap: 60 }],
    revokeKey: [`/vault/keys/${key["key_id"]}`],
    getSelf: ["/vault/self"],
    listOperations: ["/vault/operations"],
    listPrices: ["/vault/prices"],
    refreshPrices: ["/vault/prices/refresh"],
    addCredential: ["/vault/credentials", { vendor: "stripe", name: "another", secret: TEST_SECRET }],
    listCredentials: ["/vault/credentials"],
    patchCredential: [`/vault/credentials/${rotated["id"]}`, { default: true }],
    rotateCredential: [`/vault/credentials/${rotated["id"]}/rotate`, { secret: TEST_SECRET }],
    removeCredential: [`/vault/credentials/${removed["id"]}`],
    createApiKey: ["/vault/api-keys", { name: "another", scopes: ["read"] }],
    listApiKeys: ["/vault/api-keys"],
    revokeApiKey: [`/vault/api-keys/${apiKey["id"]}`],
    listCalls: ["/audit/calls"],
    getCall: [`/audit/calls/${callId}`],
    getHealth: ["/healthz"],
    getReadiness: ["/readyz"],
    getOpenApi: ["/openapi.json"],
  };
}

async function admitted(to: World, keyId: string): Promise<string> {
  const view = (await to.memory.listKeys({}, { limit: 500, cursor: null })).rows.find(({ key }) => key.id === keyId);
  const request = moneyRequest(view?.key ?? makeKey(to.clock.now()), to.clock.now(), usd(10));
  await to.memory.admit([request]);
  return request.call.callId;
}

describe("who may do what", () => {
  const OPENS: { readonly [Name in RouteName]: "everybody" | "a vault key" | readonly string[] } = {
    issueKey: ["issue", "admin"],
    listKeys: ["issue", "read", "admin"],
    getKey: ["issue", "read", "admin"],
    patchKey: ["issue", "operate", "admin"],
    revokeKey: ["issue", "operate", "admin"],
    getSelf: "a vault key",
    listOperations: ["issue", "read", "operate", "admin"],
    listPrices: ["issue", "read", "operate", "admin"],
    refreshPrices: ["admin"],
    addCredential: ["admin"],
    listCredentials: ["read", "admin"],
    patchCredential: ["admin"],
    rotateCredential: ["admin"],
    removeCredential: ["admin"],
    createApiKey: ["admin"],
    listApiKeys: ["admin"],
    revokeApiKey: ["admin"],
    listCalls: ["read", "admin"],
    getCall: ["read", "admin"],
    getHealth: "everybody",
    getReadiness: "everybody",
    getOpenApi: "everybody",
  };

  for (const name of ROUTE_NAMES) {
    const { method, status } = contract[name];
    const opens = OPENS[name];

    for (const scope of ["issue", "read", "operate", "admin"])
      test(`${name} with the scope ${scope}`, async () => {
        const [path, body] = (await requests(world))[name];
        const answer = await world.send(method, path, { body, as: await world.apiKey([scope]) });
        if (opens === "a vault key") expect(answer).toMatchObject({ status: 401 });
        else if (opens === "everybody" || opens.includes(scope))
          // An issue key without a prefix meets only what it issued, and it issued nothing here.
          expect(answer.status).toBe(scope === "issue" && /\{key_id\}/.test(contract[name].path) ? 404 : status);
        else expect(answer).toMatchObject({ status: 403, body: { error: { code: "scope_missing" } } });
      });

    test(`${name} without a key, with a key that nobody issued, with a revoked one, with a vault key`, async () => {
      const [path, body] = (await requests(world))[name];
      const revoked = await world.make("POST", "/vault/api-keys", { body: { name: "gone", scopes: ["admin"] } });
      await world.make("DELETE", `/vault/api-keys/${revoked["id"]}`);
      const vaultKey = String((await world.issue())["vault_key"]);
      const codes: unknown[] = [];
      for (const as of [null, "kbapik123", "sk_live_foreign", String(revoked["api_key"]), vaultKey]) {
        const answer = await world.send(method, path, { body, as });
        codes.push(answer.status === 401 ? answer.body["error"].code : answer.status);
      }
      const refused = [
        "api_key_missing",
        "api_key_invalid",
        "api_key_invalid",
        "api_key_revoked",
        "vault_key_not_accepted",
      ];
      if (opens === "everybody") expect(codes).toEqual([status, status, status, status, status]);
      else if (opens === "a vault key")
        expect(codes).toEqual([
          "vault_key_invalid",
          "vault_key_invalid",
          "vault_key_invalid",
          "vault_key_invalid",
          200,
        ]);
      else expect(codes).toEqual(refused);
    });
  }

  test("nothing of a request is looked at before it is known who asks", async () => {
    const answer = await world.send("POST", "/vault/keys?x=1", { as: null, raw: "{" });
    expect(answer.status).toBe(401);
  });

  test("operate raises caps and revokes, and cannot issue", async () => {
    await world.addCredential();
    const key = await world.issue();
    const as = await world.apiKey(["operate"]);
    expect(
      (await world.send("PATCH", `/vault/keys/${key["key_id"]}`, { as, body: { total_usd_cap: 9000 } })).body,
    ).toMatchObject({
      budgets: [{ limit_usd: "9000" }],
    });
    expect((await world.send("GET", `/vault/keys/${key["key_id"]}`, { as })).status).toBe(403);
    expect((await world.send("DELETE", `/vault/keys/${key["key_id"]}`, { as })).status).toBe(200);
  });

  test("an issuer with a label prefix reads, changes and revokes the keys of the prefix, and the others are not there", async () => {
    await world.addCredential();
    const as = await world.apiKey(["issue"], { agent_run_label_prefix: "team-a/" });
    const ours = await world.issue({ agent_run_label: "team-a/1" });
    const theirs = await world.issue({ agent_run_label: "team-b/1" });
    await world.issue();
    const nowhere = await world.send("GET", "/vault/keys/key_nowhere", { as });
    for (const [method, body] of [["GET"], ["PATCH", { total_usd_cap: 1 }], ["DELETE"]] as const) {
      const hidden = await world.send(method, `/vault/keys/${theirs["key_id"]}`, { as, body });
      expect(hidden).toMatchObject({ status: 404, text: nowhere.text });
      expect((await world.send(method, `/vault/keys/${ours["key_id"]}`, { as, body })).status).toBe(200);
    }
    expect((await world.memory.listKeys({ status: "revoked" }, { limit: 9, cursor: null })).rows).toHaveLength(1);
    const ids = async (query: string): Promise<unknown[]> =>
      (await world.make("GET", `/vault/keys${query}`, { as }))["data"].map((key: Body) => key["key_id"]);
    expect(await ids("")).toEqual([ours["key_id"]]);
    expect(await ids("?agent_run_label_prefix=team-")).toEqual([ours["key_id"]]);
    expect(await ids("?agent_run_label_prefix=team-b")).toEqual([]);
    expect(await ids("?agent_run_label=team-b%2F1")).toEqual([]);
  });

  test("an issuer without a label prefix meets only the keys that it issued", async () => {
    await world.addCredential();
    const as = await world.apiKey(["issue"]);
    const own = await world.issue({}, as);
    const other = await world.issue();
    expect((await world.make("GET", "/vault/keys", { as }))["data"]).toHaveLength(1);
    expect((await world.send("GET", `/vault/keys/${own["key_id"]}`, { as })).status).toBe(200);
    expect((await world.send("GET", `/vault/keys/${other["key_id"]}`, { as })).status).toBe(404);
    expect((await world.send("DELETE", `/vault/keys/${other["key_id"]}`, { as })).status).toBe(404);
  });
});

describe("issuing a key", () => {
  beforeEach(async () => {
    await world.addCredential();
  });

  test("the answer shows the token once, and the store keeps only its hash", async () => {
    const key = await world.issue({ expires_in: "8h", agent_run_label: "run 1" });
    expect(key).toMatchObject({
      base_url: "http://127.0.0.1:4747/stripe",
      expires_at: "2026-11-24T17:30:00.000Z",
      budgets: [{ window: "total", limit_usd: "50", settled_usd: "0", held_usd: "0", remaining_usd: "50" }],
      credential: { name: "main" },
      livemode: false,
      issued_by: "bootstrap",
    });
    expect(key["vault_key"]).toMatch(/^kbtest/);
    expect((await world.memory.findKey(sha256(key["vault_key"])))?.id).toBe(key["key_id"]);
    const shown = await world.send("GET", `/vault/keys/${key["key_id"]}`);
    expect({ ...shown.body, vault_key: key["vault_key"] }).toEqual(key);
    await world.send("GET", "/vault/keys");
  });

  test("a key of a live credential says so in its token", async () => {
    await world.addCredential("real", LIVE_SECRET);
    const key = await world.issue({ credential: "real" });
    expect(key).toMatchObject({ livemode: true, vault_key: expect.stringMatching(/^kblive/) });
  });

  test("the key itself may ask what is left, and nobody else may ask as it", async () => {
    const key = await world.issue();
    const as = String(key["vault_key"]);
    await admitted(world, String(key["key_id"]));
    const self = await world.send("GET", "/vault/self", { as });
    expect(self.body).toMatchObject({ key_id: key["key_id"], budgets: [{ held_usd: "10", remaining_usd: "40" }] });
    await world.make("DELETE", `/vault/keys/${key["key_id"]}`);
    expect((await world.send("GET", "/vault/self", { as })).body["error"].code).toBe("vault_key_revoked");
    const short = await world.issue({ expires_in: "1h" });
    world.clock.advance(HOUR_MS);
    expect((await world.send("GET", "/vault/self", { as: String(short["vault_key"]) })).body["error"].code).toBe(
      "vault_key_expired",
    );
  });

  test.each<[string, Body, string]>([
    ["a key without a cap must say so", { total_usd_cap: undefined }, "caps"],
    ["a per-call cap alone is no cap", { total_usd_cap: undefined, per_call_usd_cap: 5 }, "caps"],
    ["uncapped and capped contradict each other", { uncapped: true }, "uncapped"],
    ["an allowlist is required", { allowed_endpoints: undefined }, "allowed_endpoints"],
    ["an empty allowlist", { allowed_endpoints: [] }, "allowed_endpoints"],
    ["an operation that does not exist", { allowed_endpoints: ["refunds.creat"] }, "allowed_endpoints[0]"],
    ["a pattern that cannot be read", { allowed_endpoints: ["**", "post /v1"] }, "allowed_endpoints[1]"],
    ["a pattern longer than any path", { allowed_endpoints: [`POST /${"**/*/".repeat(6)}a`] }, "allowed_endpoints[0]"],
    ["a vendor that nobody knows", { vendor: "acme" }, "vendor"],
    ["a credential that nobody added", { credential: "gone" }, "credential"],
    ["an expiry that has passed", { expires_at: "2020-01-01T00:00:00Z" }, "expires_at"],
    ["two expiries", { expires_at: "2027-01-01T00:00:00Z", expires_in: "1h" }, "expires_at"],
    ["a length of time without a unit", { expires_in: "8" }, "expires_in"],
    ["a cap of text that is no money", { daily_usd_cap: "ten" }, "daily_usd_cap"],
    ["a negative cap", { daily_usd_cap: -1 }, "daily_usd_cap"],
    ["a cap with seven decimals", { daily_usd_cap: "0.1234567" }, "daily_usd_cap"],
    ["a cap that is true", { daily_usd_cap: true }, "daily_usd_cap"],
    ["a cap in a list, without its limit", { caps: [{ window: "day" }] }, "caps[0].limit_usd"],
    ["a window that does not exist", { caps: [{ window: "year", limit_usd: 1 }] }, "caps[0].window"],
    ["a limit of the wrong type", { caps: [{ window: "day", limit_usd: {} }] }, "caps[0].limit_usd"],
    ["a field that does not exist in a cap", { caps: [{ window: "day", limit_usd: 1, per: 2 }] }, "caps[0].per"],
    ["a field that does not exist", { dayly_usd_cap: 5 }, "dayly_usd_cap"],
    [
      "a direction twice",
      { caps: [{ window: "day", limit_usd: 1, directions: ["usage", "usage"] }] },
      "caps[0].directions",
    ],
    ["a time zone that does not exist", { time_zone: "Mars/Olympus" }, "time_zone"],
    ["an invisible character in a label", { agent_run_label: "a\u200bb" }, "agent_run_label"],
    ["a run without its id", { temporal: { workflow_id: "w" } }, "temporal.run_id"],
    ["a rate limit of nothing", { rate_limit: { calls: 0, per: "hour" } }, "rate_limit.calls"],
    ["a rate limit of half a call", { rate_limit: { calls: 0.5, per: "hour" } }, "rate_limit.calls"],
  ])("%s, and the answer names the field", async (_what, more, field) => {
    const body = { vendor: "stripe", total_usd_cap: 50, allowed_endpoints: ["**"], ...more };
    const answer = await world.send("POST", "/vault/keys", { body });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "invalid_field", field } } });
    expect(answer.body["error"].message).toMatch(/\.$/);
    expect((await world.memory.listKeys({}, { limit: 1, cursor: null })).rows).toEqual([]);
  });

  test("a mistyped operation is answered with the near ones", async () => {
    const answer = await world.send("POST", "/vault/keys", {
      body: { vendor: "stripe", total_usd_cap: 50, allowed_endpoints: ["refunds.creat"] },
    });
    expect(answer.body["error"]).toMatchObject({
      near: expect.arrayContaining(["refunds.create"]),
      message: expect.stringContaining("Did you mean refunds.create"),
    });
  });
});

describe("a stolen issue key hands out no more than its ceilings", () => {
  const CEILINGS = {
    vendors: ["stripe"],
    credentials: ["main"],
    agent_run_label_prefix: "billing/",
    allowed_endpoints: ["POST /v1/payment_intents", "GET /v1/customers/**", "refunds.*"],
    daily_usd_cap: "100",
    total_usd_cap: "500",
    per_call_usd_cap: "50",
    expires_in: "8h",
  };
  let thief: string;
  beforeEach(async () => {
    await world.addCredential();
    await world.addCredential("other", LIVE_SECRET);
    thief = await world.apiKey(["issue"], CEILINGS);
  });

  /** Written apart from the code that it checks: what a person would look at in the answer. */
  function expectWithin(key: Body): void {
    const all = ["collected", "paid_out", "usage"];
    const whole = (window: string): Body | undefined =>
      key["budgets"].find(
        (each: Body) => each["window"] === window && all.every((one) => each["directions"].includes(one)),
      );
    expect(Number(whole("day")?.["limit_usd"])).toBeLessThanOrEqual(100);
    expect(Number(whole("total")?.["limit_usd"])).toBeLessThanOrEqual(500);
    expect(key["per_call_usd_cap"]).not.toBeNull();
    expect(Number(key["per_call_usd_cap"])).toBeLessThanOrEqual(50);
    expect(key["uncapped"]).toBe(false);
    expect(key["agent_run_label"]).toMatch(/^billing\//);
    expect(key["vendor"]).toBe("stripe");
    expect(key["credential"].name).toBe("main");
    expect(Date.parse(key["expires_at"]) - Date.parse(key["created_at"])).toBeLessThanOrEqual(8 * HOUR_MS);
    expect(key["on_decline"]).toBe("keep");
    expect(key["accounts"]).toEqual([]);
    for (const pattern of key["allowed_endpoints"])
      expect(pattern).toMatch(/^(POST \/v1\/payment_intents|GET \/v1\/customers\/.*|refunds\..*|.* \/v1\/refunds.*)$/);
  }

  test("what is left out is filled from the ceilings", async () => {
    const key = await world.make("POST", "/vault/keys", { as: thief, body: {} });
    expect(key).toMatchObject({
      vendor: "stripe",
      credential: { name: "main" },
      agent_run_label: "billing/",
      allowed_endpoints: CEILINGS.allowed_endpoints,
      per_call_usd_cap: "50",
    });
    expect(key["budgets"].map((each: Body) => [each["window"], each["limit_usd"]])).toEqual([
      ["day", "100"],
      ["total", "500"],
    ]);
    expectWithin(key);
  });

  test("a cap over one direction leaves the ceiling over all of them in place", async () => {
    const caps = [{ window: "day", limit_usd: 1, directions: ["usage"] }];
    expectWithin(await world.make("POST", "/vault/keys", { as: thief, body: { caps } }));
  });

  test("a per-call cap of null is the ceiling", async () => {
    expectWithin(await world.make("POST", "/vault/keys", { as: thief, body: { per_call_usd_cap: null } }));
  });

  const TRICKS: readonly [what: string, body: Body, field: string, when: "POST" | "PATCH" | "both"][] = [
    ["no cap at all", { uncapped: true }, "uncapped", "POST"],
    ["a higher daily cap", { daily_usd_cap: "100.000001" }, "daily_usd_cap", "both"],
    ["a higher total cap", { total_usd_cap: 501 }, "total_usd_cap", "both"],
    ["a higher per-call cap", { per_call_usd_cap: 51 }, "per_call_usd_cap", "both"],
    ["no per-call cap", { per_call_usd_cap: null }, "per_call_usd_cap", "PATCH"],
    ["a higher cap an hour", { caps: [{ window: "hour", limit_usd: 101 }] }, "caps[0]", "POST"],
    ["a higher cap a month", { caps: [{ window: "month", limit_usd: 501 }] }, "caps[0]", "POST"],
    [
      "a higher daily cap over one direction",
      { caps: [{ window: "day", limit_usd: 101, directions: ["paid_out"] }] },
      "caps[0]",
      "POST",
    ],
    ["everything", { allowed_endpoints: ["**"] }, "allowed_endpoints[0]", "both"],
    ["every POST", { allowed_endpoints: ["POST /v1/**"] }, "allowed_endpoints[0]", "both"],
    ["any method of an allowed path", { allowed_endpoints: ["* /v1/payment_intents"] }, "allowed_endpoints[0]", "both"],
    [
      "one bad pattern behind a good one",
      { allowed_endpoints: ["refunds.create", "charges.create"] },
      "allowed_endpoints[1]",
      "both",
    ],
    ["a label outside of the prefix", { agent_run_label: "billin" }, "agent_run_label", "both"],
    ["another letter case of the prefix", { agent_run_label: "Billing/1" }, "agent_run_label", "both"],
    ["no label", { agent_run_label: null }, "agent_run_label", "PATCH"],
    ["a longer life", { expires_in: "9h" }, "expires_at", "both"],
    ["a longer life, by date", { expires_at: "2027-01-01T00:00:00Z" }, "expires_at", "both"],
    ["another credential", { credential: "other" }, "credential", "POST"],
    ["a credential that does not exist", { credential: "nobody" }, "credential", "POST"],
    ["accounts", { accounts: ["acct_1"] }, "accounts", "POST"],
    ["holds that end on a decline", { on_decline: "release" }, "on_decline", "both"],
  ];

  test.each(TRICKS.filter(([, , , when]) => when !== "PATCH"))("POST: %s", async (_what, body, field) => {
    const answer = await world.send("POST", "/vault/keys", { as: thief, body });
    expect(answer).toMatchObject({ status: 403, body: { error: { code: "ceiling_exceeded", field } } });
    expect((await world.memory.listKeys({}, { limit: 1, cursor: null })).rows).toEqual([]);
  });

  test.each(TRICKS.filter(([, , , when]) => when !== "POST"))("PATCH: %s", async (_what, body, field) => {
    const key = await world.make("POST", "/vault/keys", { as: thief, body: {} });
    const answer = await world.send("PATCH", `/vault/keys/${key["key_id"]}`, { as: thief, body });
    expect(answer).toMatchObject({ status: 403, body: { error: { code: "ceiling_exceeded", field } } });
    expectWithin(await world.make("GET", `/vault/keys/${key["key_id"]}`));
  });

  test("whether another credential exists cannot be told from the refusal", async () => {
    const refused = async (credential: string): Promise<string> =>
      (await world.send("POST", "/vault/keys", { as: thief, body: { credential } })).text.replaceAll(credential, "X");
    expect(await refused("other")).toBe(await refused("nobody"));
  });

  test("many small extensions are one long life", async () => {
    const { key_id: id } = await world.make("POST", "/vault/keys", { as: thief, body: { expires_in: "4h" } });
    world.clock.advance(3 * HOUR_MS);
    expect((await world.send("PATCH", `/vault/keys/${id}`, { as: thief, body: { expires_in: "5h" } })).status).toBe(
      200,
    );
    world.clock.advance(4 * HOUR_MS);
    expect((await world.send("PATCH", `/vault/keys/${id}`, { as: thief, body: { expires_in: "2h" } })).status).toBe(
      403,
    );
    world.clock.advance(HOUR_MS);
    expect((await world.send("PATCH", `/vault/keys/${id}`, { as: thief, body: { expires_in: "1h" } })).status).toBe(
      409,
    );
  });

  test("a key that an administrator made bigger can be made smaller, and not bigger", async () => {
    const { key_id: id } = await world.issue({
      agent_run_label: "billing/big",
      total_usd_cap: undefined,
      daily_usd_cap: 5000,
      allowed_endpoints: ["**", "GET /v1/**"],
      accounts: ["acct_1"],
    });
    const patch = async (body: Body): Promise<number> =>
      (await world.send("PATCH", `/vault/keys/${id}`, { as: thief, body })).status;
    expect(await patch({ daily_usd_cap: 4000 })).toBe(200);
    expect(await patch({ daily_usd_cap: 4001 })).toBe(403);
    expect(await patch({ allowed_endpoints: ["GET /v1/**"] })).toBe(200);
    expect(await patch({ allowed_endpoints: ["**"] })).toBe(403);
  });

  test("who was revoked while a body was held back makes nothing with it", async () => {
    const { promise: gate, resolve: letGo } = Promise.withResolvers<void>();
    const text = JSON.stringify({ agent_run_label: "billing/late", allowed_endpoints: ["POST /v1/payment_intents"] });
    const raw = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await gate;
        controller.enqueue(new TextEncoder().encode(text));
        controller.close();
      },
    });
    const late = world.send("POST", "/vault/keys", { as: thief, raw });
    const list = await world.send("GET", "/vault/api-keys");
    for (const each of list.body["data"] as { id: string; created_at: string | null }[])
      if (each.created_at !== null) await world.send("DELETE", `/vault/api-keys/${each.id}`);
    letGo();
    expect(await late).toMatchObject({ status: 401, body: { error: { code: "api_key_revoked" } } });
  });

  test("operate beside issue reaches all keys and stays bound by the ceilings", async () => {
    const as = await world.apiKey(["issue", "operate"], { total_usd_cap: 100 });
    const { key_id: id } = await world.issue();
    expect((await world.send("PATCH", `/vault/keys/${id}`, { as, body: { total_usd_cap: 101 } })).status).toBe(403);
    expect((await world.send("PATCH", `/vault/keys/${id}`, { as, body: { total_usd_cap: 100 } })).status).toBe(200);
  });

  /** One time in ten something that must not be; without many good ones nothing would be issued at all. */
  const mostly = (good: readonly unknown[], bad: readonly unknown[]): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...good) }, { weight: 1, arbitrary: fc.constantFrom(...bad) });
  const dollars = (ceiling: number): fc.Arbitrary<unknown> =>
    mostly(
      [0, 0.5, "1", ceiling, `${ceiling}.000000`, ceiling - 0.01],
      [ceiling + 0.000001, ceiling * 2, -1, null, true],
    );
  const good = [
    "POST /v1/payment_intents",
    "GET /v1/customers/*",
    "GET /v1/customers/**",
    "refunds.*",
    "* /v1/refunds",
  ];
  const patch = fc.record(
    {
      daily_usd_cap: dollars(100),
      total_usd_cap: dollars(500),
      per_call_usd_cap: dollars(50),
      allowed_endpoints: fc.array(mostly(good, ["**", "POST /v1/*", "charges.create", "GET /v1/**"]), {
        minLength: 1,
        maxLength: 3,
      }),
      expires_in: mostly(["1h", "3h", "8h"], ["9h", "52w", "0h"]),
      agent_run_label: mostly(["billing/", "billing/x"], ["billing", "Billing/x", "", null]),
      on_decline: mostly(["keep"], ["release"]),
      rate_limit: mostly([null, { calls: 1, per: "hour" }], [1]),
    },
    { requiredKeys: [] },
  );
  const cap = fc.record({
    window: fc.constantFrom("hour", "day", "week", "month", "total"),
    limit_usd: mostly([1, 100], [101, 500, 501]),
    directions: fc.constantFrom(["usage"], ["collected", "paid_out"], ["collected", "paid_out", "usage"]),
  });
  const more = fc.record(
    {
      uncapped: mostly([false], [true]),
      credential: mostly(["main"], ["other"]),
      accounts: mostly([[]], [["acct_1"]]),
      time_zone: fc.constantFrom("UTC", "Pacific/Kiritimati"),
      caps: fc.array(cap, { maxLength: 2 }),
    },
    { requiredKeys: [] },
  );

  test("whatever is issued and however it is changed, the key stays within", async () => {
    let issued = 0;
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(
        patch,
        more,
        fc.array(fc.tuple(patch, fc.nat(3 * HOUR_MS)), { maxLength: 5 }),
        async (one, two, patches) => {
          const key = await world.send("POST", "/vault/keys", { as: thief, body: { ...one, ...two } });
          expect(key.status).toBeLessThan(500);
          if (key.status !== 201) return;
          issued++;
          expectWithin(key.body);
          const path = `/vault/keys/${key.body["key_id"]}`;
          for (const [body, later] of patches) {
            world.clock.advance(later);
            const answer = await world.send("PATCH", path, { as: thief, body });
            expect(answer.status).toBeLessThan(500);
            if (answer.status === 200) changed++;
            expectWithin(await world.make("GET", path));
          }
        },
      ),
      { numRuns: 400 },
    );
    // Some of both were let through, else this has shown nothing.
    expect(issued).toBeGreaterThan(20);
    expect(changed).toBeGreaterThan(20);
  });

  test("allowlists that are slow to compare do not hold up everybody else", async () => {
    const as = await world.apiKey(["issue"], { daily_usd_cap: 100 });
    const slow = Array.from({ length: 100 }, (_, i) => `* /${"**/*/*/".repeat(3)}b${i}`);
    const key = await world.make("POST", "/vault/keys", {
      as,
      body: { vendor: "stripe", allowed_endpoints: slow },
    });
    const started = performance.now();
    const answer = await world.send("PATCH", `/vault/keys/${key["key_id"]}`, {
      as,
      body: { allowed_endpoints: slow.toReversed() },
    });
    expect(answer.status).toBe(200);
    expect(performance.now() - started).toBeLessThan(300);
  });
});

describe("changing a key", () => {
  beforeEach(async () => {
    await world.addCredential();
  });

  test("two changes at once both count: neither writes back what it had read before the other", async () => {
    const key = await world.issue({ total_usd_cap: 500, daily_usd_cap: 100 });
    const path = `/vault/keys/${key["key_id"]}`;
    await Promise.all([
      world.send("PATCH", path, { body: { daily_usd_cap: 1 } }),
      world.send("PATCH", path, { body: { total_usd_cap: 2 } }),
    ]);
    expect((await world.make("GET", path))["budgets"].map((each: Body) => each["limit_usd"])).toEqual(["1", "2"]);
  });

  test.each<[string, Body, number, string | undefined]>([
    ["nothing", {}, 400, undefined],
    ["an unknown field", { caps: [{ window: "total", limit_usd: 1, time_zone: "UTC" }] }, 400, "caps[0].time_zone"],
    ["the credential", { credential: "main" }, 400, "credential"],
    ["accounts", { accounts: [] }, 400, "accounts"],
    ["uncapped", { uncapped: true }, 400, "uncapped"],
    ["a cap that the key has not", { daily_usd_cap: 5 }, 400, "daily_usd_cap"],
    ["one cap twice", { total_usd_cap: 5, caps: [{ window: "total", limit_usd: 6 }] }, 400, "caps[0]"],
  ])("%s cannot be changed", async (_what, body, status, field) => {
    const key = await world.issue();
    const answer = await world.send("PATCH", `/vault/keys/${key["key_id"]}`, { body });
    expect(answer.status).toBe(status);
    expect(answer.body["error"].field).toBe(field);
  });

  test("a dead key stays dead", async () => {
    const [revoked, expired] = [await world.issue(), await world.issue({ expires_in: "1h" })];
    await world.make("DELETE", `/vault/keys/${revoked["key_id"]}`);
    world.clock.advance(HOUR_MS);
    for (const key of [revoked, expired]) {
      const answer = await world.send("PATCH", `/vault/keys/${key["key_id"]}`, { body: { expires_in: "8h" } });
      expect(answer).toMatchObject({ status: 409, body: { error: { code: "key_not_active" } } });
    }
  });
});

describe("revoking a key", () => {
  test("the key is dead before its calls are turned away, and that before the answer; also the second time", async () => {
    await world.addCredential();
    const key = await world.issue();
    const path = `/vault/keys/${key["key_id"]}`;
    world.drain = async () => {
      world.clock.advance(1_500);
      return 3;
    };
    const first = await world.send("DELETE", path);
    expect(first).toMatchObject({ status: 200, body: { status: "revoked", in_flight_calls: 3 } });
    world.drain = async () => 0;
    const second = await world.send("DELETE", path);
    expect(second).toMatchObject({ status: 200, body: { status: "revoked", in_flight_calls: 0 } });
    expect(second.body["revoked_at"]).toBe(first.body["revoked_at"]);
    expect(world.steps).toEqual(["drained dead", "drained dead"]);
  });

  test("a revocation waits for no change of the same key", async () => {
    await world.addCredential();
    const key = await world.issue();
    const path = `/vault/keys/${key["key_id"]}`;
    const patch = world.memory.patchKey.bind(world.memory);
    const entered = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    world.memory.patchKey = async (...given) => {
      entered.resolve();
      await held.promise;
      return patch(...given);
    };
    const changing = world.send("PATCH", path, { body: { expires_in: "48h" } });
    await entered.promise;
    expect((await world.send("DELETE", path)).body["status"]).toBe("revoked");
    held.resolve();
    expect((await changing).body["status"]).toBe("revoked");
  });
});

describe("credentials", () => {
  test("the first is the default, another can become it, and one that goes leaves it to nobody of another mode", async () => {
    const first = await world.addCredential("one");
    expect(first).toMatchObject({ default: true, livemode: false, sandbox: false, account_id: null });
    const second = await world.addCredential("two", LIVE_SECRET, { account_sid: "acct_2" });
    expect(second).toMatchObject({ default: false, livemode: true, account_id: "acct_2" });
    expect(await world.make("PATCH", `/vault/credentials/${second["id"]}`, { body: { default: true } })).toMatchObject({
      default: true,
    });
    expect(await world.make("DELETE", `/vault/credentials/${second["id"]}`)).toMatchObject({ default: false });
    expect((await world.make("GET", "/vault/credentials"))["data"]).toMatchObject([
      { id: first["id"], default: false },
    ]);
    expect(world.forgotten).toEqual([second["id"]]);
    expect((await world.send("DELETE", `/vault/credentials/${second["id"]}`)).status).toBe(404);
  });

  test("a key of a removed credential is shown without its name", async () => {
    const credential = await world.addCredential();
    const key = await world.issue();
    await world.make("DELETE", `/vault/credentials/${credential["id"]}`);
    expect(await world.make("GET", `/vault/keys/${key["key_id"]}`)).toMatchObject({
      credential: { id: credential["id"], name: null },
    });
  });

  test("a name is taken once, also by two who ask at the same time, and is free again after a removal", async () => {
    const body = { vendor: "stripe", name: "main", secret: TEST_SECRET };
    const answers = await Promise.all([1, 2, 3].map(() => world.send("POST", "/vault/credentials", { body })));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body["error"]).toMatchObject({
      code: "name_taken",
      field: "name",
    });
    const [one] = (await world.make("GET", "/vault/credentials"))["data"];
    await world.make("DELETE", `/vault/credentials/${one.id}`);
    expect((await world.send("POST", "/vault/credentials", { body })).status).toBe(201);
  });

  test("a secret that does not say which mode it is counts as live", async () => {
    expect(await world.addCredential("odd", "sk_org_some_other_form")).toMatchObject({ livemode: true });
  });

  test("a rotation keeps the credential and makes the next call read the new secret", async () => {
    const credential = await world.addCredential();
    const sealed = await world.memory.sealedSecret(credential["id"]);
    world.clock.advance(HOUR_MS);
    const secret = "sk_test_51TheNewSecretOfTheTests";
    const rotated = await world.make("POST", `/vault/credentials/${credential["id"]}/rotate`, { body: { secret } });
    expect(rotated).toEqual({ ...credential, rotated_at: "2026-11-24T10:30:00.000Z" });
    expect(await world.memory.sealedSecret(credential["id"])).not.toEqual(sealed);
    expect(world.forgotten).toEqual([credential["id"]]);
    expect(world.logged()).not.toContain(secret);
  });

  test("the opened secret is forgotten also when the store did not say whether it took the rotation", async () => {
    const credential = await world.addCredential();
    world.memory.rotateCredential = async () => {
      throw new Fault("store_unavailable", "The journal cannot be written: full.");
    };
    const answer = await world.send("POST", `/vault/credentials/${credential["id"]}/rotate`, {
      body: { secret: TEST_SECRET },
    });
    expect(answer.status).toBe(503);
    expect(world.forgotten).toEqual([credential["id"]]);
  });

  test("test keys never turn into live ones, nor live ones into test ones", async () => {
    for (const [name, first, second] of [
      ["test", TEST_SECRET, LIVE_SECRET],
      ["live", LIVE_SECRET, TEST_SECRET],
      ["odd", TEST_SECRET, "sk_org_some_other_form"],
    ] as const) {
      const credential = await world.addCredential(name, first);
      const answer = await world.send("POST", `/vault/credentials/${credential["id"]}/rotate`, {
        body: { secret: second },
      });
      expect(answer).toMatchObject({ status: 409, body: { error: { code: "livemode_differs" } } });
      expect(answer.text).not.toContain(second);
    }
  });

  test("the sandbox's credential is not rotated", async () => {
    const id = newId("cred", world.clock.now()) as Parameters<Store["sealedSecret"]>[0];
    const credential = {
      id,
      vendor: "stripe",
      name: "sandbox",
      livemode: false,
      sandbox: true,
      accountId: null,
      isDefault: true,
      createdAt: world.clock.now(),
      rotatedAt: null,
      removedAt: null,
    };
    await world.memory.addCredential(credential, new Uint8Array(1), makeKey(world.clock.now()).issuedBy);
    const answer = await world.send("POST", `/vault/credentials/${id}/rotate`, { body: { secret: TEST_SECRET } });
    expect(answer).toMatchObject({ status: 409, body: { error: { code: "sandbox_credential" } } });
    // A real one takes over as the default.
    expect(await world.addCredential()).toMatchObject({ default: true });
  });

  test.each<[string, Body, string]>([
    ["a publishable key", { secret: "pk_live_51NotASecretAtAllButStill" }, "secret"],
    ["a secret with a line break", { secret: "sk_live_51Broken\nInTheMiddle" }, "secret"],
    ["a secret that is a whole file", { secret: "sk_live_".padEnd(5000, "x") }, "secret"],
    ["no secret", { secret: "" }, "secret"],
    ["a secret that is a number", { secret: 12345678 }, "secret"],
    ["a name like an id", { name: "cred_1" }, "name"],
    ["an unknown vendor", { vendor: "acme" }, "vendor"],
    ["both words for the account", { account_id: "a", account_sid: "a" }, "account_sid"],
  ])("%s is refused by the field's name, and the secret is not repeated", async (_what, more, field) => {
    const body: Body = { vendor: "stripe", name: "main", secret: TEST_SECRET, ...more };
    const answer = await world.send("POST", "/vault/credentials", { body });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "invalid_field", field } } });
    if (body["secret"] !== "") expect(answer.text).not.toContain(String(body["secret"]).slice(0, 16));
    expect(await world.memory.listCredentials()).toEqual([]);
  });
});

describe("API keys", () => {
  test("ceilings come back as they were given, and the list begins with the bootstrap key", async () => {
    const ceilings = { daily_usd_cap: "10.5", expires_in: "8h", allowed_endpoints: ["refunds.*"] };
    const created = await world.make("POST", "/vault/api-keys", {
      body: { name: "worker", scopes: ["issue"], ceilings: { ...ceilings, daily_usd_cap: 10.5 } },
    });
    expect(created).toMatchObject({ name: "worker", ceilings, status: "active" });
    const list = (await world.make("GET", "/vault/api-keys"))["data"];
    expect(list).toMatchObject([
      { id: "bootstrap", scopes: ["admin"], created_at: null },
      { id: created["id"], scopes: ["issue"] },
    ]);
  });

  test("a revoked key opens nothing from then on; the bootstrap key is no record", async () => {
    const as = await world.apiKey(["read"]);
    const id = (await world.make("GET", "/vault/api-keys"))["data"][1].id;
    expect(await world.make("DELETE", `/vault/api-keys/${id}`)).toMatchObject({ status: "revoked" });
    expect(await world.make("DELETE", `/vault/api-keys/${id}`)).toMatchObject({ status: "revoked" });
    expect((await world.send("GET", "/vault/keys", { as })).body["error"].code).toBe("api_key_revoked");
    const bootstrap = await world.send("DELETE", "/vault/api-keys/bootstrap");
    expect(bootstrap).toMatchObject({ status: 409, body: { error: { code: "bootstrap_key" } } });
  });

  test("where there is no bootstrap key, none is listed and none opens anything", async () => {
    const bare = new World({ bootstrapApiKey: null });
    expect((await bare.send("GET", "/vault/api-keys")).status).toBe(401);
    expect((await bare.send("GET", "/vault/api-keys", { as: "null" })).status).toBe(401);
  });

  test.each<[string, Body, string]>([
    ["no scope", { scopes: [] }, "scopes"],
    ["a scope twice", { scopes: ["read", "read"] }, "scopes"],
    ["a scope that does not exist", { scopes: ["root"] }, "scopes[0]"],
    ["ceilings that would not bind", { scopes: ["admin", "issue"], ceilings: { daily_usd_cap: 1 } }, "ceilings"],
    ["ceilings over nothing issued", { scopes: ["operate"], ceilings: { daily_usd_cap: 1 } }, "ceilings"],
    ["ceilings that name none", { ceilings: {} }, "ceilings"],
    ["an unknown ceiling", { ceilings: { weekly_usd_cap: 1 } }, "ceilings.weekly_usd_cap"],
    ["an unknown vendor", { ceilings: { vendors: ["stripe", "acme"] } }, "ceilings.vendors[1]"],
    [
      "an unknown operation",
      { ceilings: { allowed_endpoints: ["**", "refund.create"] } },
      "ceilings.allowed_endpoints[1]",
    ],
    ["a ceiling that is no money", { ceilings: { daily_usd_cap: "1,000" } }, "ceilings.daily_usd_cap"],
  ])("%s, and the answer names the field", async (_what, more, field) => {
    const answer = await world.send("POST", "/vault/api-keys", {
      body: { name: "worker", scopes: ["issue"], ...more },
    });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "invalid_field", field } } });
    expect(await world.memory.listApiKeys()).toEqual([]);
  });
});

describe("operations and calls", () => {
  test("operations can be asked for by class, and an unknown vendor is named", async () => {
    const money = (await world.make("GET", "/vault/operations?vendor=stripe&class=money"))["data"];
    expect(money.map((each: Body) => each["operation"])).toContain("refunds.create");
    expect(new Set(money.map((each: Body) => each["class"]))).toEqual(new Set(["money"]));
    expect((await world.make("GET", "/vault/operations"))["data"]).toHaveLength(stripe.operations.operations.length);
    expect((await world.send("GET", "/vault/operations?vendor=acme")).body["error"].field).toBe("vendor");
  });

  test("pages of calls follow each other, and every filter is a condition", async () => {
    await world.addCredential();
    const key = await world.issue({ agent_run_label: "a/1" });
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift(await admitted(world, String(key["key_id"])));
    const found: string[] = [];
    let cursor = "";
    do {
      const page: Body = await world.make("GET", `/audit/calls?limit=2${cursor}`);
      found.push(...page["data"].map((row: Body) => row["call_id"]));
      cursor = page["next_cursor"] === null ? "" : `&cursor=${page["next_cursor"]}`;
    } while (cursor !== "");
    expect(found).toEqual(ids);
    const count = async (query: string): Promise<number> =>
      (await world.make("GET", `/audit/calls?${query}`))["data"].length;
    expect(await count("agent_run_label=a%2F1&outcome=held&verdict=allowed&vendor=stripe")).toBe(5);
    expect(await count(`key_id=${key["key_id"]}&from=2026-11-24T00:00:00Z&to=2026-11-25T00:00:00%2B00:00`)).toBe(5);
    expect(await count("agent_run_label_prefix=b")).toBe(0);
    expect(await count("to=2026-11-24T00:00:00Z")).toBe(0);
    expect(await count("workflow_id=w")).toBe(0);
    expect(await world.make("GET", `/audit/calls/${ids[0]}`)).toMatchObject({ estimate_usd: "10", held_usd: "10" });
    expect((await world.send("GET", "/audit/calls/call_nowhere")).status).toBe(404);
  });

  test.each<[string, string]>([
    ["limit=0", "limit"],
    ["limit=501", "limit"],
    ["limit=1e2", "limit"],
    ["limit=", "limit"],
    ["cursor=%00", "cursor"],
    ["cursor=elsewhere", "cursor"],
    ["verdict=maybe", "verdict"],
    ["from=yesterday", "from"],
    ["lable=x", "lable"],
    ["kind=problem", "kind"],
    ["__proto__=x", "__proto__"],
    ["vendor=stripe&vendor=stripe", "vendor"],
    ["vendor=stripe&%76endor=acme", "vendor"],
    ["agent_run_label", "agent_run_label"],
  ])("the query ?%s is refused by the parameter's name", async (query, field) => {
    const answer = await world.send("GET", `/audit/calls?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { error: { field } } });
  });

  test("a query that is not UTF-8 is refused, and one where none is taken", async () => {
    expect((await world.send("GET", "/audit/calls?vendor=%ff")).body["error"].code).toBe("invalid_query");
    expect((await world.send("GET", "/vault/credentials?vendor=stripe")).body["error"].field).toBe("vendor");
    expect((await world.send("GET", "/healthz?probe=1", { as: null })).status).toBe(200);
  });
});

describe("bodies", () => {
  const post = (sent: Sent): Promise<Answer> => world.send("POST", "/vault/keys", sent);

  test.each<[string, Content, string]>([
    ["a key twice", '{"total_usd_cap": 5, "total_usd_cap": 500}', "invalid_json"],
    ["a key twice, once in escapes", '{"uncapped": false, "uncappe\\u0064": true}', "invalid_json"],
    ["bytes that are not UTF-8", Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), "invalid_json"],
    ["half a surrogate pair", '{"agent_run_label": "\\ud800"}', "invalid_json"],
    ["NaN", '{"total_usd_cap": NaN}', "invalid_json"],
    ["Infinity", '{"total_usd_cap": -Infinity}', "invalid_json"],
    ["a number without end", '{"total_usd_cap": 1e999}', "invalid_json"],
    ["a number that would change by being read", '{"total_usd_cap": 9007199254740993}', "invalid_json"],
    ["two values", "{}{}", "invalid_json"],
    ["a comment", '{/* */"total_usd_cap": 5}', "invalid_json"],
    ["half of a value", '{"total_usd_cap":', "invalid_json"],
    ["nesting without end", "[".repeat(10_000), "invalid_json"],
    ["nothing", "", "invalid_json"],
    ["a list", "[]", "invalid_body"],
    ["null", "null", "invalid_body"],
    ["text", '"{}"', "invalid_body"],
    ["a problem of ours", '{"kind": "problem", "status": 200}', "invalid_field"],
    ["__proto__", '{"__proto__": {"uncapped": true}}', "invalid_field"],
    ["constructor", '{"constructor": {}}', "invalid_field"],
  ])("%s is refused with a sentence", async (_what, raw, code) => {
    const answer = await post({ raw });
    expect(answer).toMatchObject({ status: 400, body: { error: { code } } });
  });

  test("a body of more than 64 KiB is refused as soon as it is, also when nobody says how long it is", async () => {
    expect((await post({ raw: `"${"x".repeat(65_536)}"` })).status).toBe(400);
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 16_384;
        controller.enqueue(new Uint8Array(16_384).fill(0x20));
      },
    });
    expect((await post({ raw: endless })).body["error"].code).toBe("body_too_large");
    expect(sent).toBeLessThan(200_000);
  });

  test("a compressed body is refused, not unpacked", async () => {
    expect((await post({ raw: "{}", headers: { "content-encoding": "gzip" } })).status).toBe(400);
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", "Application/JSON; charset=utf-8", "text/json"])(
    "JSON is read whatever content type it came with: %j",
    async (type) => {
      await world.addCredential();
      const body = { vendor: "stripe", total_usd_cap: 1, allowed_endpoints: ["**"] };
      expect((await post({ body, headers: { "content-type": type } })).status).toBe(201);
    },
  );

  test("a browser that asks first, as it must before it sends an API key for a page, is told no", async () => {
    const asked = await world.send("OPTIONS", "/vault/keys", {
      headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
    });
    expect(asked.status).toBe(405);
    expect([...asked.headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
  });

  test("the name of an unknown field is repeated only in part", async () => {
    const answer = await post({ body: { ["x".repeat(5_000)]: 1 } });
    expect(answer.status).toBe(400);
    expect(answer.text.length).toBeLessThan(500);
  });

  test("no body whatever is a fault of ours", async () => {
    await world.addCredential();
    const bodied = ROUTE_NAMES.filter((name) => contract[name].body !== null);
    const paths = await requests(new World());
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...bodied), fc.jsonValue({ maxDepth: 3 }), async (name, value) => {
        const [path, good] = paths[name];
        for (const body of [value, mixed(good, value)]) {
          const answer = await world.send(contract[name].method, path, { body });
          expect(answer.status).toBeLessThan(500);
        }
      }),
      { numRuns: 300 },
    );
    expect(world.log.filter(({ event }) => event === "api_failed")).toEqual([]);
  });

  /** The good body with each of its fields in turn replaced, whichever the value's size picks. */
  function mixed(good: unknown, value: unknown): unknown {
    const names = Object.keys(good ?? {});
    const name = names[JSON.stringify(value).length % names.length] ?? "";
    return { ...(good as Body), [name]: value };
  }
});

describe("the front door", () => {
  test("what is not in the contract does not exist", async () => {
    for (const path of [
      "/",
      "/vault",
      "/vault/keys/",
      "//vault/keys",
      "/vault/keys/a/b",
      "/VAULT/keys",
      "/vault/keys%2F",
    ])
      expect((await world.send("GET", path)).body["error"].code, path).toBe("not_found");
  });

  test("an id that cannot be one is not found, whatever it is made of", async () => {
    for (const id of ["%ff", "%00", "__proto__", "constructor", "..%2f..", "a".repeat(5_000), "%F0%9F%92%B8", "'--"])
      for (const path of ["/vault/keys/", "/vault/credentials/", "/vault/api-keys/"])
        expect((await world.send("DELETE", `${path}${id}`)).body["error"].code, id).toBe("not_found");
  });

  test("another method is answered with those that there are", async () => {
    const answer = await world.send("PUT", "/vault/keys/key_1", { as: null, body: {} });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("GET, HEAD, PATCH, DELETE");
    expect((await world.send("DELETE", "/vault/keys")).headers.get("allow")).toBe("POST, GET, HEAD");
    expect((await world.send("OPTIONS", "/vault/keys", { as: null })).status).toBe(405);
  });

  test("HEAD answers as GET does, without the body", async () => {
    expect((await world.send("HEAD", "/healthz", { as: null })).status).toBe(200);
    expect((await world.send("HEAD", "/vault/keys", { as: null })).status).toBe(401);
    expect((await world.send("HEAD", "/vault/keys/key_1")).status).toBe(404);
    expect((await world.send("HEAD", "/vault/credentials/cred_1")).status).toBe(405);
  });

  test("no page of another origin is let in", async () => {
    const answer = await world.send("GET", "/vault/keys", { headers: { origin: "https://evil.example" } });
    expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  });
});

describe("when something fails", () => {
  test("health says that the process answers, readiness whether calls can be decided", async () => {
    expect((await world.send("GET", "/readyz", { as: null })).body).toEqual({
      status: "ready",
      version: "1.2.3",
      recovered_unknown: 0,
    });
    await world.memory.close();
    expect(await world.send("GET", "/readyz", { as: null })).toMatchObject({
      status: 503,
      body: { error: { code: "not_ready", message: "The store is closed." } },
    });
    expect((await world.send("GET", "/healthz", { as: null })).body).toEqual({ status: "ok", version: "1.2.3" });
  });

  test("a store that cannot write is 503 with its own sentence, and nothing is half done", async () => {
    await world.addCredential();
    await world.memory.close();
    const body = { vendor: "stripe", total_usd_cap: 1, allowed_endpoints: ["**"] };
    expect(await world.send("POST", "/vault/keys", { body })).toMatchObject({
      status: 503,
      body: { error: { code: "store_unavailable", message: "The store is closed." } },
    });
    expect(world.logged()).toContain("api_unavailable");
  });

  test("a fault of ours is 500 with a plain sentence; the log says where, and not what was being worked on", async () => {
    const broken = new World({
      vault: {
        seal(secret) {
          throw new TypeError(`cannot seal\n    at ${secret}`);
        },
      },
    });
    const body = { vendor: "stripe", name: "main", secret: LIVE_SECRET };
    const answer = await broken.send("POST", "/vault/credentials", { body });
    expect(answer).toMatchObject({ status: 500, body: { error: { code: "internal" } } });
    expect(answer.text).not.toContain("seal");
    expect(broken.logged()).toContain('"problem":"TypeError"');
    expect(broken.logged()).toContain("credentials.ts");
  });

  test("who changed what is in the log, who looked is not", async () => {
    await world.addCredential();
    await world.send("GET", "/vault/keys");
    expect(world.log).toEqual([
      { level: "info", event: "api_request", route: "addCredential", by: "bootstrap", status: 201, ms: 0 },
    ]);
  });

  test("a clock that goes back brings no expired key back to life", async () => {
    await world.addCredential();
    const key = await world.issue({ expires_in: "1h" });
    world.clock.advance(HOUR_MS);
    expect(await world.make("GET", `/vault/keys/${key["key_id"]}`)).toMatchObject({ status: "expired" });
    world.clock.advance(-HOUR_MS);
    expect(await world.make("GET", `/vault/keys/${key["key_id"]}`)).toMatchObject({ status: "expired" });
    const answer = await world.send("PATCH", `/vault/keys/${key["key_id"]}`, { body: { expires_in: "8h" } });
    expect(answer.status).toBe(409);
  });

  test("an answer to a fault that is no Error is still an answer", async () => {
    const clock = new TestClock();
    const store = new MemoryStore({ now: clock.now });
    store.listCredentials = () => {
      // oxlint-disable-next-line typescript/only-throw-error -- what a library might do
      throw "not an error";
    };
    const odd = new World({ store });
    expect((await odd.send("GET", "/vault/credentials")).status).toBe(500);
  });
});

describe("the OpenAPI document", () => {
  test("has every route of the contract, with its errors and its key", async () => {
    const document = (await world.send("GET", "/openapi.json", { as: null })).body;
    expect(document).toMatchObject({
      openapi: "3.1.0",
      info: { version: "1.2.3" },
      servers: [{ url: "http://127.0.0.1:4747" }],
    });
    for (const name of ROUTE_NAMES) {
      const { method, path, access, status } = contract[name];
      const operation = document["paths"][path]?.[method.toLowerCase()];
      expect(operation?.operationId, name).toBe(name);
      const statuses = Object.keys(operation.responses);
      expect(statuses).toContain(String(status));
      if (access.kind !== "open") expect(statuses).toEqual(expect.arrayContaining(["400", "401", "503"]));
      if (access.kind === "api_key") {
        expect(statuses).toContain("403");
        expect(operation.security.map((each: Body) => each["apiKey"][0]).sort()).toEqual(
          [...new Set(access.scopes)].sort(),
        );
      }
      expect(operation.requestBody === undefined, name).toBe(contract[name].body === null);
    }
    expect(Object.values<Body>(document["paths"]).flatMap((each) => Object.keys(each))).toHaveLength(
      ROUTE_NAMES.length,
    );
  });

  test("every reference leads somewhere, and every named schema is used", async () => {
    const document = (await world.send("GET", "/openapi.json", { as: null })).body;
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)].map(([, to]) => to ?? "");
    expect(references.length).toBeGreaterThan(50);
    const resolve = (to: string): unknown =>
      to
        .slice(2)
        .split("/")
        .reduce<Body | undefined>((at, part) => at?.[part], document);
    expect(references.filter((to) => !to.startsWith("#/") || resolve(to) === undefined)).toEqual([]);
    const names = Object.keys(document["components"].schemas);
    expect(names.filter((name) => !references.includes(`#/components/schemas/${name}`))).toEqual([]);
    expect(names).toEqual(
      expect.arrayContaining(["IssueKeyRequest", "VaultKey", "Credential", "Error", "UsdInput", "Usd"]),
    );
    expect(JSON.stringify(document)).not.toContain("$defs");
  });

  test("path and query parameters are described", async () => {
    const document = (await world.send("GET", "/openapi.json", { as: null })).body;
    const parameters = document["paths"]["/audit/calls"].get.parameters;
    expect(parameters.map((each: Body) => each["name"])).toEqual(
      expect.arrayContaining(["workflow_id", "from", "cursor"]),
    );
    expect(parameters.every((each: Body) => each["in"] === "query" && each["required"] === false)).toBe(true);
    expect(parameters.find((each: Body) => each["name"] === "limit").schema).toMatchObject({
      type: "integer",
      maximum: 500,
    });
    expect(document["paths"]["/vault/keys/{key_id}"].get.parameters).toEqual([
      { name: "key_id", in: "path", required: true, schema: { type: "string" } },
    ]);
  });
});

test("the bootstrap key is compared by its hash, whole", async () => {
  for (const as of [ADMIN.slice(0, -1), `${ADMIN}x`, sha256(ADMIN), ADMIN.toUpperCase()]) {
    const answer = await world.api.fetch(
      new Request("http://127.0.0.1/vault/keys", { headers: { authorization: `Bearer ${as}` } }),
    );
    expect(answer.status).toBe(401);
  }
});
