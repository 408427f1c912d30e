/** What a key may say beyond endpoints: constraints on parameters, ceilings for what has no bound, accounts; and what a vendor's account is. */
import { resend, stripe, twilio } from "@keybrake/vendors";
import { beforeEach, describe, expect, test } from "vitest";
import { World, type Body } from "./test-support.ts";

const ACCOUNT = `AC${"0123456789abcdef".repeat(2)}`;
const TOKEN = "fedcba9876543210fedcba9876543210";

let world: World;

beforeEach(async () => {
  world = new World({ vendors: [stripe, twilio, resend] });
  await world.addCredential();
  await world.make("POST", "/vault/credentials", {
    body: { vendor: "twilio", name: "main", secret: TOKEN, account_sid: ACCOUNT },
  });
  await world.make("POST", "/vault/credentials", {
    body: { vendor: "resend", name: "main", secret: "re_12345678_0123456789012345678901234" },
  });
});

async function refused(more: Body, as?: string): Promise<Body> {
  const body = { vendor: "stripe", total_usd_cap: 50, allowed_endpoints: ["**"], ...more };
  const answer = await world.send("POST", "/vault/keys", { body, ...(as === undefined ? {} : { as }) });
  expect(answer.status, answer.text).toBeGreaterThanOrEqual(400);
  return { status: answer.status, ...answer.body["error"] };
}

describe("constraints", () => {
  test("are kept as they were given, and shown", async () => {
    const constraints = {
      "payment_intents.create": {
        amount: { max: 50_000 },
        currency: { in: ["usd", "eur"] },
        customer: { in: ["cus_1"] },
      },
      "POST /v1/refunds": { amount: { min: 1, optional: true } },
    };
    const key = await world.issue({ constraints });
    expect(key["constraints"]).toEqual({
      "payment_intents.create": {
        amount: { max: "50000" },
        currency: { in: ["usd", "eur"] },
        customer: { in: ["cus_1"] },
      },
      "POST /v1/refunds": { amount: { min: "1", optional: true } },
    });
    const shown = await world.make("GET", `/vault/keys/${key["key_id"]}`);
    expect(shown["constraints"]).toEqual(key["constraints"]);
  });

  test.each<[string, string, Body]>([
    ["stripe", "on what stands in a path", { "customers.retrieve": { customer: { in: ["cus_1"] } } }],
    ["twilio", "on a number's beginning", { "messages.create": { To: { prefix: "+1" } } }],
    [
      "resend",
      "on a sender's domain, also in a batch",
      {
        "emails.send": { from: { domain_in: ["example.com"] } },
        "emails.batch.send": { from: { domain_in: ["example.com"] } },
      },
    ],
  ])("of %s: %s", async (vendor, _, constraints) => {
    const key = await world.issue({ vendor, allowed_endpoints: ["**"], constraints });
    expect(key["constraints"]).toEqual(constraints);
  });

  test("on a parameter that the operation does not have are refused, with the names that it has", async () => {
    const said = await refused({ constraints: { "payment_intents.create": { amuont: { max: 1 } } } });
    expect(said).toMatchObject({
      status: 400,
      code: "invalid_field",
      field: 'constraints["payment_intents.create"].amuont',
    });
    expect(said["message"]).toContain("amount");
    expect(said["known"]).toContain("currency");
  });

  test("on a pattern that also meets operations without the parameter are refused at every vendor", async () => {
    const constraints = { "emails.*": { from: { domain_in: ["example.com"] } } };
    const said = await refused({ vendor: "resend", constraints });
    expect(said).toMatchObject({ status: 400, code: "invalid_field" });
  });

  test("on a pattern of which one operation has no such parameter are refused, and name that operation", async () => {
    const said = await refused({ constraints: { "payment_intents.*": { amount: { max: 1 } } } });
    expect(said["message"]).toMatch(/^payment_intents\.\w+ has no parameter "amount"/);
  });

  test.each<[string, Body]>([
    ["on an operation that does not exist", { "payment_intents.creates": { amount: { max: 1 } } }],
    ["on a route that no operation has", { "POST /v1/nowhere": { amount: { max: 1 } } }],
    ["on no pattern", { "POST nowhere": { amount: { max: 1 } } }],
    ["without a condition", { "payment_intents.create": { amount: {} } }],
    ["with only optional", { "payment_intents.create": { amount: { optional: true } } }],
    ["with a condition that does not exist", { "payment_intents.create": { amount: { maximum: 1 } } }],
    ["with a number that is none", { "payment_intents.create": { amount: { max: "many" } } }],
    ["with an empty list", { "payment_intents.create": { currency: { in: [] } } }],
    ["with a domain that is none", { "payment_intents.create": { receipt_email: { domain_in: ["@example.com"] } } }],
  ])("%s are refused", async (_, constraints) => {
    expect((await refused({ constraints }))["status"]).toBe(400);
  });
});

describe("ceilings for what has no bound", () => {
  test("are kept and shown", async () => {
    const key = await world.issue({ allow_unbounded: { "subscriptions.create": { max_usd_per_call: "20" } } });
    expect(key["allow_unbounded"]).toEqual({ "subscriptions.create": { max_usd_per_call: "20" } });
  });

  test("may be given to what has a bound in most requests and none in some", async () => {
    const given = { "calls.create": { max_usd_per_call: "2.5" } };
    const key = await world.issue({ vendor: "twilio", allowed_endpoints: ["calls.create"], allow_unbounded: given });
    expect(key["allow_unbounded"]).toEqual(given);
  });

  test.each<[string, Body, string]>([
    ["what does not exist", { "subscriptions.make": { max_usd_per_call: 1 } }, "subscriptions."],
    ["what reads", { "customers.list": { max_usd_per_call: 1 } }, "per_call_usd_cap"],
    ["what hands out a secret", { "ephemeral_keys.create": { max_usd_per_call: 1 } }, "secret-bearing"],
    ["a pattern", { "subscriptions.*": { max_usd_per_call: 1 } }, "patterns are not taken"],
  ])("are refused for %s", async (_, allow_unbounded, says) => {
    const said = await refused({ allow_unbounded });
    expect(said).toMatchObject({ status: 400, code: "invalid_field" });
    expect(said["message"]).toContain(says);
  });

  test("are beyond what an API key with ceilings may give", async () => {
    const as = await world.apiKey(["issue"], { daily_usd_cap: 10 });
    const more = {
      daily_usd_cap: 5,
      total_usd_cap: undefined,
      allow_unbounded: { "subscriptions.create": { max_usd_per_call: 1 } },
    };
    expect(await refused(more, as)).toMatchObject({ status: 403, code: "ceiling_exceeded", field: "allow_unbounded" });
  });
});

describe("a vendor's account", () => {
  test("is stood for by one of the key's own, the same whenever it is asked for", async () => {
    const key = await world.issue({ vendor: "twilio", allowed_endpoints: ["messages.*"] });
    expect(key["account_sid"]).toMatch(/^AC[0-9a-f]{32}$/);
    expect(key["account_sid"]).not.toBe(ACCOUNT);
    expect((await world.make("GET", `/vault/keys/${key["key_id"]}`))["account_sid"]).toBe(key["account_sid"]);
    const other = await world.issue({ vendor: "twilio", allowed_endpoints: ["messages.*"] });
    expect(other["account_sid"]).not.toBe(key["account_sid"]);
    expect((await world.issue())["account_sid"]).toBeNull();
  });

  test.each<[string, Body]>([
    ["without an account", { secret: TOKEN }],
    ["with an account that is none", { secret: TOKEN, account_sid: "AC1" }],
    ["with two accounts", { secret: `${ACCOUNT}:${TOKEN}`, account_sid: `AC${"f".repeat(32)}` }],
    ["with a secret that is none", { secret: "short", account_sid: ACCOUNT }],
  ])("must be known for a credential: %s it is refused", async (_, more) => {
    const answer = await world.send("POST", "/vault/credentials", {
      body: { vendor: "twilio", name: "other", ...more },
    });
    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain(TOKEN);
  });

  test("may be part of the secret", async () => {
    const made = await world.make("POST", "/vault/credentials", {
      body: { vendor: "twilio", name: "whole", secret: `${ACCOUNT}:${TOKEN}` },
    });
    expect(made["account_id"]).toBe(ACCOUNT);
  });

  test("stays the credential's when its secret is replaced", async () => {
    const { data } = await world.make("GET", "/vault/credentials");
    const id = String(data.find((each: Body) => each["vendor"] === "twilio")["id"]);
    const same = await world.send("POST", `/vault/credentials/${id}/rotate`, { body: { secret: "a".repeat(32) } });
    expect(same.status).toBe(200);
    const other = await world.send("POST", `/vault/credentials/${id}/rotate`, {
      body: { secret: `AC${"f".repeat(32)}:${TOKEN}` },
    });
    expect(other.status).toBe(400);
  });
});

describe("the operations", () => {
  test("of all vendors are listed with class, directions, host and reason, and filtered", async () => {
    const all = (await world.make("GET", "/vault/operations"))["data"] as Body[];
    expect(all.length).toBe(705 + 1564 + 146);
    const find = (name: string): Body | undefined => all.find((each) => each["operation"] === name);
    expect(find("payment_intents.create")).toMatchObject({
      vendor: "stripe",
      class: "money",
      directions: ["collected"],
    });
    expect(find("payment_intents.create")).not.toHaveProperty("host");
    expect(find("files.create")).toMatchObject({ host: "files.stripe.com" });
    expect(find("verify.verifications.create")).toMatchObject({
      vendor: "twilio",
      host: "verify.twilio.com",
      path: "/verify/v2/Services/{ServiceSid}/Verifications",
    });
    expect(find("emails.send")).toMatchObject({ vendor: "resend", method: "POST", path: "/emails" });
    const unbounded = (await world.make("GET", "/vault/operations?vendor=resend&class=unbounded"))["data"] as Body[];
    expect(unbounded.length).toBeGreaterThan(0);
    expect(unbounded.every((each) => each["vendor"] === "resend" && each["class"] === "unbounded")).toBe(true);
    for (const each of all) expect(each["operation"]).toMatch(/^[a-z0-9_]+(?:\.[a-z0-9_]+)+$/);
  });
});

describe("what a key may still do", () => {
  test("is told to whoever shows it, in the form that its vendor's SDK has it in", async () => {
    const key = await world.issue({ vendor: "twilio", allowed_endpoints: ["messages.*"] });
    const basic = (pair: string): Promise<number> =>
      world
        .send("GET", "/vault/self", { as: null, headers: { authorization: `Basic ${btoa(pair)}` } })
        .then(({ status }) => status);
    expect(await basic(`${key["account_sid"]}:${key["vault_key"]}`)).toBe(200);
    expect(await basic(`${key["vault_key"]}:`)).toBe(200);
    expect(await basic(`${key["account_sid"]}:nothing`)).toBe(401);
    for (const authorization of ["Basic", "Basic ####", "Basic A", "Basic QQ=="])
      expect((await world.send("GET", "/vault/self", { as: null, headers: { authorization } })).status).toBe(401);
  });
});
