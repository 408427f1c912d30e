// Who may ask, how parameters are read, and what is refused: the edge of the fake vendor, on raw HTTP.

import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { headerOf } from "../shared/journal.ts";
import type { StripeSandbox } from "./server.ts";
import { startStripeSandbox } from "./server.ts";
import { CHARGE_TEN_USD, collected, errorOf, raw } from "./test-support.ts";

let sandbox: StripeSandbox;

beforeEach(async () => {
  sandbox = await startStripeSandbox();
});

afterEach(async () => {
  await sandbox.close();
});

describe("authentication", () => {
  test("Bearer and Basic are both accepted", async () => {
    const basic = `Basic ${Buffer.from(`${sandbox.secretKey}:`).toString("base64")}`;
    expect((await raw(sandbox, "GET", "/v1/balance")).status).toBe(200);
    expect((await raw(sandbox, "GET", "/v1/balance", { key: null, headers: { authorization: basic } })).status).toBe(
      200,
    );
  });

  test("a wrong key is a 401 that shows its last four characters only", async () => {
    const answer = await raw(sandbox, "POST", "/v1/payment_intents", {
      key: "sk_test_somebodyElsesKey9876",
      body: CHARGE_TEN_USD,
    });
    expect(answer.status).toBe(401);
    expect(errorOf(answer)).toMatchObject({ type: "invalid_request_error" });
    expect(answer.body.toString()).toContain("****9876");
    expect(answer.body.toString()).not.toContain("Key9876");
    expect((await raw(sandbox, "GET", "/v1/balance", { key: null })).status).toBe(401);
    expect(collected(sandbox)).toBe(0n);
  });

  test("a second key of the same account works beside the first", async () => {
    await using rotating = await startStripeSandbox({ otherSecretKeys: ["sk_test_next0000"] });
    expect((await raw(rotating, "GET", "/v1/balance", { key: "sk_test_next0000" })).status).toBe(200);
  });

  test("with echoSecretInErrors every error repeats the whole Authorization value", async () => {
    await using loud = await startStripeSandbox({ echoSecretInErrors: true });
    const answer = await raw(loud, "GET", "/v1/charges/ch_nope");
    expect(answer.body.toString()).toContain(`Bearer ${loud.secretKey}`);
    expect(answer.headers["x-sandbox-authorization"]).toBe(`Bearer ${loud.secretKey}`);
  });
});

describe("answers", () => {
  test("carry Stripe's headers and pretty-printed JSON", async () => {
    const answer = await raw(sandbox, "GET", "/v1/balance", { headers: { "Stripe-Version": "2025-01-01.test" } });
    expect(answer.headers["request-id"]).toMatch(/^req_\w{14}$/);
    expect(answer.headers["stripe-version"]).toBe("2025-01-01.test");
    expect(answer.headers["content-type"]).toBe("application/json");
    expect(answer.body.toString()).toBe(JSON.stringify(answer.json, null, 2));
  });

  test("are compressed when that is on and the client accepts it", async () => {
    await using compressing = await startStripeSandbox({ compress: true });
    const zipped = await raw(compressing, "GET", "/v1/balance", { headers: { "Accept-Encoding": "gzip" } });
    expect(zipped.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(zipped.body).toString()).toContain('"object": "balance"');
    expect((await raw(compressing, "GET", "/v1/balance")).headers["content-encoding"]).toBeUndefined();
    const uncompressed = await raw(sandbox, "GET", "/v1/balance", { headers: { "Accept-Encoding": "gzip" } });
    expect(uncompressed.headers["content-encoding"]).toBeUndefined();
  });

  test.each(["/v1/climate/orders", "/v1/payment_intents/", "//v1/charges", "/v1/nonsense", "/v2/core/accounts", "/"])(
    "%s is an unrecognised URL",
    async (path) => {
      const answer = await raw(sandbox, "POST", path, { body: "amount=1000&currency=usd&source=tok_visa" });
      expect(answer.status).toBe(404);
      expect(String(errorOf(answer).message)).toContain(`Unrecognized request URL (POST: ${path})`);
      expect(collected(sandbox)).toBe(0n);
    },
  );

  test("an object that is not there is resource_missing", async () => {
    const answer = await raw(sandbox, "GET", "/v1/payment_intents/pi_nope");
    expect(answer.status).toBe(404);
    expect(errorOf(answer)).toMatchObject({
      code: "resource_missing",
      param: "intent",
      message: "No such payment_intent: 'pi_nope'",
    });
  });
});

describe("parameters", () => {
  const bodies: Readonly<Record<string, [path: string, body: string, headers?: Record<string, string>]>> = {
    "all in the body": ["/v1/payment_intents", CHARGE_TEN_USD],
    "all in the query": [`/v1/payment_intents?${CHARGE_TEN_USD}`, ""],
    "the amount in the query, the rest in the body": [
      "/v1/payment_intents?amount=1000",
      CHARGE_TEN_USD.replace("amount=1000&", ""),
    ],
    "the body wins over the query": ["/v1/payment_intents?amount=99999", CHARGE_TEN_USD],
    "a duplicate: the last one wins": ["/v1/payment_intents", `amount=99999&${CHARGE_TEN_USD}`],
    "names and values percent-encoded": [
      "/v1/payment_intents",
      "%61mount=%31000&currency=%75sd&payment%5Fmethod=pm_card_visa&confirm=true",
    ],
    multipart: [
      "/v1/payment_intents",
      ["amount=1000", "currency=usd", "payment_method=pm_card_visa", "confirm=true"]
        .map(
          (pair) =>
            `--XX\r\nContent-Disposition: form-data; name="${pair.split("=")[0]}"\r\n\r\n${pair.split("=")[1]}\r\n`,
        )
        .join("") + "--XX--\r\n",
      { "Content-Type": "multipart/form-data; boundary=XX" },
    ],
    "chunked, without a length": ["/v1/payment_intents", CHARGE_TEN_USD, { "Transfer-Encoding": "chunked" }],
  };

  test.each(Object.keys(bodies))("are read and merged: %s", async (name) => {
    const [path, body, headers] = bodies[name] ?? ["", ""];
    const answer = await raw(sandbox, "POST", path, { body, ...(headers === undefined ? {} : { headers }) });
    expect(answer.json).toMatchObject({ amount: 1000, status: "succeeded" });
    expect(collected(sandbox)).toBe(1000n);
  });

  test.each(["metadata[a]=1+2&metadata[b]=%2B", "metadata%5Ba%5D=1%202&metadata%5Bb%5D=%2B"])(
    "nested names and + are read: %s",
    async (encoded) => {
      const answer = await raw(sandbox, "POST", "/v1/customers", { body: encoded });
      expect(answer.json.metadata).toEqual({ a: "1 2", b: "+" });
    },
  );

  test.each(["expand[]=customer&expand[]=latest_charge", "expand[0]=customer&expand[1]=latest_charge"])(
    "arrays are read: %s",
    async (encoded) => {
      const answer = await raw(sandbox, "POST", "/v1/payment_intents", { body: `${CHARGE_TEN_USD}&${encoded}` });
      expect(answer.json.latest_charge).toMatchObject({ object: "charge" });
    },
  );

  test("JSON is not what v1 takes", async () => {
    const answer = await raw(sandbox, "POST", "/v1/payment_intents", {
      body: '{"amount":1000}',
      headers: { "Content-Type": "application/json" },
    });
    expect(answer.status).toBe(400);
  });

  const refused: Readonly<Record<string, [body: string, code: string | undefined, param: string]>> = {
    "no amount": ["currency=usd", "parameter_missing", "amount"],
    "no currency": ["amount=1000", "parameter_missing", "currency"],
    "an empty amount": ["amount=&currency=usd", "parameter_invalid_empty", "amount"],
    zero: ["amount=0&currency=usd", "parameter_invalid_integer", "amount"],
    negative: ["amount=-5&currency=usd", "parameter_invalid_integer", "amount"],
    "a fraction": ["amount=10.5&currency=usd", "parameter_invalid_integer", "amount"],
    "a word": ["amount=ten&currency=usd", "parameter_invalid_integer", "amount"],
    "an exponent": ["amount=1e3&currency=usd", "parameter_invalid_integer", "amount"],
    "below the minimum": ["amount=49&currency=usd", "amount_too_small", "amount"],
    "nine digits": ["amount=100000000&currency=usd", "amount_too_large", "amount"],
    "ISK with a fraction": ["amount=550&currency=isk", "invalid_charge_amount_no_decimal_compatible", "amount"],
    "UGX with a fraction": ["amount=50050&currency=ugx", "invalid_charge_amount_no_decimal_compatible", "amount"],
    "a third decimal that is not zero": ["amount=5001&currency=kwd", "parameter_invalid_integer", "amount"],
    "an unknown currency": ["amount=1000&currency=xxx", undefined, "currency"],
    "an unknown parameter": ["amount=1000&currency=usd&amountt=5", "parameter_unknown", "amountt"],
    "an unknown payment method": [
      "amount=1000&currency=usd&payment_method=pm_nope&confirm=true",
      "resource_missing",
      "payment_method",
    ],
    "an unknown customer": ["amount=1000&currency=usd&customer=cus_nope", "resource_missing", "customer"],
  };

  test.each(Object.keys(refused))("are refused with their code and name: %s", async (name) => {
    const [body, code, param] = refused[name] ?? ["", "", ""];
    const answer = await raw(sandbox, "POST", "/v1/payment_intents", { body });
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toMatchObject({ type: "invalid_request_error", param });
    expect(errorOf(answer).code).toBe(code);
    expect(sandbox.moneyMoved().paymentIntents).toEqual([]);
  });

  test.each([
    "amount=500&currency=isk",
    "amount=50&currency=jpy",
    "amount=5000&currency=kwd",
    "amount=1000&currency=USD",
  ])("are accepted: %s", async (body) => {
    expect((await raw(sandbox, "POST", "/v1/payment_intents", { body })).status).toBe(200);
  });
});

describe("a gullible vendor", () => {
  const tricks: readonly [string, string, Record<string, string>?][] = [
    ["POST", "//v1//payment_intents"],
    ["POST", "/v1/balance/../payment_intents"],
    ["POST", "/v1/%2e%2e/v1/payment_intents"],
    ["POST", "/v1%2fpayment_intents/"],
    ["GET", `/v1/payment_intents?${CHARGE_TEN_USD}`, { "X-HTTP-Method-Override": "POST" }],
  ];

  test.each(tricks)("believes %s %s, and the money moves", async (method, path, headers) => {
    await using gullible = await startStripeSandbox({ gullible: true });
    const body = method === "POST" ? CHARGE_TEN_USD : "";
    const answer = await raw(gullible, method, path, { body, ...(headers === undefined ? {} : { headers }) });
    expect(answer.status).toBe(200);
    expect(collected(gullible)).toBe(1000n);
  });
});

describe("the journal", () => {
  test("keeps each request byte for byte, in order", async () => {
    await raw(sandbox, "POST", "/v1/customers?x%5b=1", { body: "name=a%20b", headers: { "X-Odd-CASE": "Yes" } });
    await raw(sandbox, "GET", "/v1/balance");
    const [first, second] = sandbox.journal();
    expect(first).toMatchObject({ order: 1, method: "POST", path: "/v1/customers?x%5b=1" });
    expect(first?.body.toString()).toBe("name=a%20b");
    expect(first?.rawHeaders).toContain("X-Odd-CASE");
    expect(first === undefined ? "" : headerOf(first, "authorization")).toBe(`Bearer ${sandbox.secretKey}`);
    expect(second?.order).toBe(2);
    expect(second?.receivedAtMonotonicMs).toBeGreaterThanOrEqual(first?.receivedAtMonotonicMs ?? Infinity);
  });

  test("keeps only the latest when told how many, and none when off, but always counts", async () => {
    await using short = await startStripeSandbox({ recordRequests: 2 });
    await using off = await startStripeSandbox({ recordRequests: false });
    for (let i = 0; i < 7; i += 1)
      await Promise.all([raw(short, "GET", "/v1/balance"), raw(off, "GET", "/v1/balance")]);
    expect(short.journal().map(({ order }) => order)).toEqual([6, 7]);
    expect(off.journal()).toEqual([]);
    expect([short.requestCount(), off.requestCount()]).toEqual([7, 7]);
  });

  test("a listener sees a request before its work, and its promise holds it back", async () => {
    const gate = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    const stop = sandbox.onRequest((request) => {
      if (request.method !== "POST") return;
      arrived.resolve();
      return gate.promise;
    });
    const answer = raw(sandbox, "POST", "/v1/payment_intents", { body: CHARGE_TEN_USD });
    await arrived.promise;
    expect(collected(sandbox)).toBe(0n);
    gate.resolve();
    expect((await answer).status).toBe(200);
    stop();
  });
});

describe("the limits", () => {
  test("the oldest objects leave, the totals stay exact", async () => {
    await using small = await startStripeSandbox({
      limits: { objectsPerKind: 3, events: 3, movements: 3, idempotencyKeys: 3 },
    });
    for (let i = 0; i < 10; i += 1) await raw(small, "POST", "/v1/payment_intents", { body: CHARGE_TEN_USD });
    const moved = small.moneyMoved();
    expect(moved.collectedMinor.get("usd")).toBe(10_000n);
    expect(moved.paymentIntents).toHaveLength(3);
    expect(moved.whole).toBe(false);
    const page = await raw(small, "GET", "/v1/payment_intents?limit=100");
    expect(page.json).toMatchObject({ has_more: false });
    expect(page.json.data).toHaveLength(3);
  });
});
