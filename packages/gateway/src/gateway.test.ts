/**
 * The steps together, over real sockets: the model store, a sandbox as the vendor, and faults injected into each thing that the
 * gateway depends on. What matters in every case: what reached the vendor, and what is still held.
 */
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from "node:http";
import { connect, type AddressInfo } from "node:net";
import { gunzipSync, gzipSync } from "node:zlib";
import {
  convertToUsd,
  Fault,
  formatId,
  formatToken,
  formatUsd,
  instant,
  parseEcbCsv,
  Secret,
  type AuditRow,
  type Credential,
  type Store,
  type VaultKey,
  type Vendor,
} from "@keybrake/core";
import { startStripeSandbox, type StripeSandbox } from "@keybrake/sandbox";
import { cap, makeKey, MemoryStore, TestClock, usd } from "@keybrake/testing";
import { stripe } from "@keybrake/vendors";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createGateway, LIMITS, type Gateway, type GatewayEvent, type GatewayParts, type Limits } from "./index.ts";

const RATES = parseEcbCsv("Date,USD,JPY\n2026-11-23,1.25,150\n2026-11-20,1.20,150\n2026-11-19,1.20,150\n");
const FORM = "application/x-www-form-urlencoded";
const PAYS = "amount=1000&currency=usd&payment_method=pm_card_visa&payment_method_types[]=card&confirm=true";

interface Bench extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  readonly key: VaultKey;
  readonly store: MemoryStore;
  readonly gateway: Gateway;
  readonly events: GatewayEvent[];
  standing(): Promise<{ settled: string; held: string }>;
  rows(): Promise<readonly AuditRow[]>;
}

interface BenchOptions {
  readonly store?: (store: MemoryStore) => Partial<Store>;
  readonly parts?: Partial<GatewayParts>;
  readonly limits?: Partial<Limits>;
  readonly vendor?: Vendor;
  readonly baseUrl?: string | null;
  readonly key?: Partial<VaultKey>;
}

let sandbox: StripeSandbox;
let toClose: Server[] = [];
beforeEach(async () => {
  sandbox = await startStripeSandbox();
});
afterEach(async () => {
  await sandbox.close();
  for (const server of toClose) {
    server.closeAllConnections();
    server.close();
  }
  toClose = [];
});

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  toClose.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A port that nothing listens on. */
async function nowhere(): Promise<string> {
  const url = await listen(() => {});
  const server = toClose.pop();
  await new Promise((resolve) => server?.close(resolve));
  return url;
}

async function open(options: BenchOptions = {}): Promise<Bench> {
  const clock = new TestClock();
  const store = new MemoryStore({ now: clock.now });
  const token = formatToken("vault_test", randomBytes(128));
  const tokenHash = createHash("sha256").update(token).digest("hex");
  const key = makeKey(clock.now(), { tokenHash, caps: [cap(usd(50), { window: "total" })], ...options.key });
  await store.issueKey(key);
  const credential: Credential = {
    id: key.credentialId,
    vendor: "stripe",
    name: "main",
    livemode: false,
    sandbox: false,
    accountId: null,
    isDefault: true,
    createdAt: clock.now(),
    rotatedAt: null,
    removedAt: null,
  };
  const secret = new Secret(sandbox.secretKey);
  const events: GatewayEvent[] = [];
  const faults = options.store?.(store) ?? {};
  const faulty = new Proxy(store, {
    get(target, name) {
      const planted: unknown = Reflect.get(faults, name);
      if (planted !== undefined) return planted;
      const own: unknown = Reflect.get(target, name);
      return typeof own === "function" ? own.bind(target) : own;
    },
  });
  const gateway = createGateway({
    store: faulty,
    vendors: [options.vendor ?? stripe],
    credentials: { get: () => Promise.resolve({ credential, secret }) },
    baseOf: () => (options.baseUrl === null ? { kind: "off" } : { kind: "at", url: options.baseUrl ?? sandbox.url }),
    price: () => ({ kind: "none", why: "There is no price list." }),
    publicUrl: () => null,
    convert: (amount, now) => convertToUsd(RATES, amount, now),
    newCallId: () => formatId("call", instant(Date.now()), randomBytes(16)),
    log: (event) => events.push(event),
    limits: { ...LIMITS, ...options.limits },
    ...options.parts,
  });
  const url = await listen((request, response) => gateway.handle(request, response));
  return {
    url,
    token,
    key,
    store,
    gateway,
    events,
    async standing() {
      const budget = (await store.getKey(key.id))?.budgets[0];
      return { settled: formatUsd(budget?.settled ?? usd(-1)), held: formatUsd(budget?.held ?? usd(-1)) };
    },
    async rows() {
      return (await store.queryCalls({}, { limit: 100, cursor: null })).rows;
    },
    async [Symbol.asyncDispose]() {
      await gateway.close({ deadlineMs: 0 });
    },
  };
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error("it did not come to that");
}

interface Answered {
  readonly status: number;
  readonly refusal: string | null;
  readonly headers: Headers;
  readonly text: string;
}

async function send(
  bench: Bench,
  line: string,
  body?: string,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const [method = "", path = ""] = line.split(" ");
  const answer = await fetch(`${bench.url}/stripe${path}`, {
    method,
    headers: {
      authorization: `Bearer ${bench.token}`,
      ...(body === undefined ? {} : { "content-type": FORM }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
    redirect: "manual",
  });
  const text = await answer.text();
  return { status: answer.status, refusal: answer.headers.get("keybrake-refusal"), headers: answer.headers, text };
}

const pay = (bench: Bench, headers?: Record<string, string>): Promise<Answered> =>
  send(bench, "POST /v1/payment_intents", PAYS, headers);

describe("a charge", () => {
  test("is held before it leaves, settled when the answer is in, and answered byte for byte", async () => {
    await using bench = await open();
    let heldWhenItArrived = "";
    sandbox.onRequest(async () => {
      heldWhenItArrived = (await bench.standing()).held;
    });
    const answer = await pay(bench);
    expect(answer.status).toBe(200);
    expect(heldWhenItArrived).toBe("10");
    expect(await bench.standing()).toEqual({ settled: "10", held: "0" });
    expect(answer.headers.get("keybrake-call-id")).toBe((await bench.rows())[0]?.call.callId);
    expect(JSON.parse(answer.text)).toMatchObject({ object: "payment_intent", status: "succeeded" });
  });

  test("gets an idempotency key of its call where none was sent, and keeps the caller's where one was", async () => {
    await using bench = await open();
    await pay(bench);
    await pay(bench, { "idempotency-key": "mine" });
    await send(bench, "GET /v1/balance");
    const sent = sandbox.journal().map(({ rawHeaders }) => {
      const at = rawHeaders.findIndex((name) => name.toLowerCase() === "idempotency-key");
      return at === -1 ? null : rawHeaders[at + 1];
    });
    const [, , first] = await bench.rows();
    expect(sent).toEqual([`keybrake-${first?.call.callId}`, "mine", null]);
  });
});

describe("Keybrake-Dry-Run", () => {
  const dry = { "keybrake-dry-run": "true" };

  test("says what would be held, holds nothing, forwards nothing and writes no row", async () => {
    await using bench = await open();
    const answer = await pay(bench, dry);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({
      operation: "payment_intents.create",
      class: "money",
      direction: "collected",
      estimate_usd: "10",
      basis: ["The request says 1000 in usd minor units, which is $10.00 at most."],
      refusal: null,
      budgets: [{ window: "total", limit_usd: "50", held_usd: "0", remaining_usd: "50" }],
    });
    expect(await bench.standing()).toEqual({ settled: "0", held: "0" });
    expect(await bench.rows()).toEqual([]);
    expect(sandbox.journal()).toEqual([]);
  });

  test.each<[string, string, Partial<VaultKey>, string, string | null]>([
    ["the cap", "POST /v1/payment_intents", { caps: [cap(usd(9), { window: "total" })] }, "spend_cap_exceeded", "10"],
    ["the allowlist", "POST /v1/refunds", { allowedEndpoints: ["payment_intents.*"] }, "endpoint_not_allowed", null],
    ["the table", "POST /v1/nothing", {}, "operation_unknown", null],
  ])("says what %s would refuse", async (_, line, key, code, estimate) => {
    await using bench = await open({ key });
    const answer = await send(bench, line, PAYS, dry);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ refusal: { code }, estimate_usd: estimate });
    expect(sandbox.journal()).toEqual([]);
  });

  test("is told only to the holder of a live key", async () => {
    await using bench = await open();
    const other = formatToken("vault_test", randomBytes(128));
    const answer = await pay(bench, { ...dry, authorization: `Bearer ${other}` });
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.text)).not.toHaveProperty("operation");
  });

  test.each(["false", "1", "TRUE", ""])("with the value %j is refused, never taken for a real call", async (value) => {
    await using bench = await open();
    const answer = await pay(bench, { "keybrake-dry-run": value });
    expect([answer.status, answer.refusal]).toEqual([400, "request_ambiguous"]);
    expect(sandbox.journal()).toEqual([]);
  });
});

describe("an operation without a bound", () => {
  const SUBSCRIBE = "customer=cus_1&items[0][price]=price_1";

  test("is refused, and held at its ceiling where the key has one", async () => {
    await using refused = await open();
    const no = await send(refused, "POST /v1/subscriptions", SUBSCRIBE);
    expect([no.status, no.refusal]).toEqual([403, "operation_unbounded"]);
    expect(no.text).toContain("allow_unbounded");

    const allowUnbounded = { "subscriptions.create": { maxPerCall: usd(20) } };
    await using bench = await open({ key: { allowUnbounded } });
    const asked = await send(bench, "POST /v1/subscriptions", SUBSCRIBE, { "keybrake-dry-run": "true" });
    expect(JSON.parse(asked.text)).toMatchObject({ estimate_usd: "20", refusal: null });
    await using poor = await open({ key: { allowUnbounded, caps: [cap(usd(19), { window: "total" })] } });
    const tooMuch = await send(poor, "POST /v1/subscriptions", SUBSCRIBE);
    expect([tooMuch.status, tooMuch.refusal]).toEqual([429, "spend_cap_exceeded"]);
  });
});

describe("constraints", () => {
  const constraints = { "payment_intents.create": { amount: { max: "1000" }, currency: { in: ["usd"] } } };

  test("let through what is within them and refuse the rest before anything is asked or sent", async () => {
    await using bench = await open({ key: { constraints } });
    expect((await pay(bench)).status).toBe(200);
    const more = await send(bench, "POST /v1/payment_intents", PAYS.replace("amount=1000", "amount=1001"));
    expect([more.status, more.refusal]).toEqual([403, "parameter_not_allowed"]);
    const other = await send(bench, "POST /v1/payment_intents", PAYS.replace("usd", "eur"));
    expect([other.status, other.refusal]).toEqual([403, "parameter_not_allowed"]);
    expect(sandbox.journal()).toHaveLength(1);
  });
});

describe("a HEAD", () => {
  test("is judged as the GET that it stands for", async () => {
    await using bench = await open({ key: { allowedEndpoints: ["GET /v1/balance"] } });
    expect(await send(bench, "HEAD /v1/balance")).toMatchObject({ status: 200, refusal: null, text: "" });
    expect((await send(bench, "HEAD /v1/customers")).status).toBe(403);
    expect(sandbox.journal().map(({ method }) => method)).toEqual(["HEAD"]);
  });
});

describe("a file", () => {
  const upload = async (size: number, limits: Partial<Limits> = {}): Promise<{ answer: Answered; got: Buffer }> => {
    const chunks: Buffer[] = [];
    const baseUrl = await listen((request, response) => {
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => response.end('{"id":"file_1","object":"file"}'));
    });
    await using bench = await open({ baseUrl, limits });
    const answer = await send(bench, "POST /v1/files", "x".repeat(size), {
      "content-type": "multipart/form-data; boundary=b",
    });
    return { answer, got: Buffer.concat(chunks) };
  };

  test("passes in pieces, larger than any body that is read", async () => {
    const { answer, got } = await upload(3 * 1024 * 1024);
    expect(answer.status).toBe(200);
    expect(got.equals(Buffer.alloc(3 * 1024 * 1024, "x"))).toBe(true);
  });

  test(
    "that is refused is read away, for callers that write everything before they read",
    { timeout: 20_000 },
    async () => {
      await using bench = await open({ key: { rateLimit: { calls: 1, per: "total" } } });
      await send(bench, "GET /v1/balance");
      const caller = httpRequest(`${bench.url}/stripe/v1/files`, {
        method: "POST",
        headers: { authorization: `Bearer ${bench.token}`, "content-type": "multipart/form-data; boundary=b" },
      });
      const answered = once(caller, "response");
      caller.end(Buffer.alloc(32 * 1024 * 1024, "x"));
      await once(caller, "finish");
      const [answer] = (await answered) as [{ statusCode: number; resume(): void }];
      answer.resume();
      expect(answer.statusCode).toBe(429);
    },
  );

  test("that is too long is turned away", async () => {
    const { answer, got } = await upload(2_000, { streamedBodyBytesMax: 1_000 });
    expect([answer.status, answer.refusal]).toEqual([413, "request_too_large"]);
    expect(got).toHaveLength(0);
  });
});

describe("one key", () => {
  test("that wants every call is turned away before others notice", async () => {
    const reached: (() => void)[] = [];
    const baseUrl = await listen((_request, response) => void reached.push(() => response.end('{"object":"balance"}')));
    await using bench = await open({ baseUrl, limits: { callsPerKeyMax: 2 } });
    const waiting = [1, 2].map(() => send(bench, "GET /v1/balance"));
    await until(() => reached.length === 2);
    const third = await send(bench, "GET /v1/balance");
    expect([third.status, third.refusal]).toEqual([503, "unavailable"]);
    for (const answer of reached) answer();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
    const later = send(bench, "GET /v1/balance");
    await until(() => reached.length === 3);
    reached[2]?.();
    expect((await later).status).toBe(200);
  });

  test("that was revoked in the middle of an upload ends it, and the vendor never has the whole file", async () => {
    let whole = false;
    const baseUrl = await listen((request, response) => {
      request.resume().on("end", () => {
        whole = request.complete;
        response.end("{}");
      });
    });
    await using bench = await open({ baseUrl });
    const file = new ReadableStream({
      async pull(controller) {
        controller.enqueue(new Uint8Array(64 * 1024));
        await new Promise((resolve) => setTimeout(resolve, 5));
      },
    });
    const upload = fetch(`${bench.url}/stripe/v1/files`, {
      method: "POST",
      headers: { authorization: `Bearer ${bench.token}`, "content-type": "multipart/form-data; boundary=b" },
      body: file,
      duplex: "half",
    }).catch(() => null);
    await until(async () => (await bench.rows()).length === 1);
    await bench.store.revokeKey(bench.key.id, bench.key.issuedBy, null);
    expect(await bench.gateway.drainKey(bench.key.id, 5_000)).toBe(0);
    await upload;
    expect(whole).toBe(false);
  });

  test("with a constraint on a file's fields sends none, because nobody reads them", async () => {
    const constraints = { "files.create": { purpose: { in: ["dispute_evidence"], optional: true } } };
    await using bench = await open({ key: { constraints } });
    const answer = await send(bench, "POST /v1/files", "--b--", { "content-type": "multipart/form-data; boundary=b" });
    expect([answer.status, answer.refusal]).toEqual([403, "parameter_not_allowed"]);
  });
});

describe("when a dependency fails, nothing is forwarded, and where it helps the caller may try again", () => {
  const fault = new Fault("store_unavailable", "The journal cannot be written: the disk is full.");
  const never = new Promise<never>(() => {});

  test.each<[string, BenchOptions, number, string]>([
    ["the store cannot find keys", { store: () => ({ findKey: () => Promise.reject(fault) }) }, 503, "unavailable"],
    ["the store cannot write the hold", { store: () => ({ admit: () => Promise.reject(fault) }) }, 503, "unavailable"],
    [
      "the store does not answer",
      { store: () => ({ admit: () => never }), limits: { storeMs: 20 } },
      503,
      "unavailable",
    ],
    [
      "a credential cannot be opened",
      {
        parts: {
          credentials: {
            get: () => Promise.reject(new Fault("credential_unreadable", "A stored credential cannot be opened.")),
          },
        },
      },
      503,
      "unavailable",
    ],
    ["the credential was removed", { parts: { credentials: { get: async () => null } } }, 401, "vault_key_revoked"],
    ["the sandbox is off", { baseUrl: null }, 401, "vault_key_revoked"],
    [
      "there is no rate",
      { parts: { convert: () => ({ kind: "unpriced", why: "The rate table is too old." }) } },
      403,
      "currency_unpriced",
    ],
    ["the gateway is full", { limits: { callsMax: 0 } }, 503, "unavailable"],
  ])("%s", async (_what, options, status, code) => {
    await using bench = await open(options);
    const answer = await pay(bench);
    expect([answer.status, answer.refusal]).toEqual([status, code]);
    expect(answer.headers.get("stripe-should-retry")).toBe(status === 503 ? "true" : "false");
    expect(sandbox.requestCount()).toBe(0);
    expect(await bench.standing()).toEqual({ settled: "0", held: "0" });
  });

  test("a refusal that cannot be written down is answered as unavailable", async () => {
    await using bench = await open({ store: () => ({ refuse: () => Promise.reject(fault) }) });
    const answer = await send(bench, "POST /v1/payouts", "amount=1");
    expect([answer.status, answer.refusal]).toEqual([503, "unavailable"]);
    expect(answer.text).toContain("the disk is full");
  });

  test("a yes that comes too late is taken back", async () => {
    const { promise: gate, resolve: letGo } = Promise.withResolvers<void>();
    await using bench = await open({
      store: (store) => ({
        async admit(requests) {
          const admissions = await store.admit(requests);
          await gate;
          return admissions;
        },
      }),
      limits: { storeMs: 20 },
    });
    expect((await pay(bench)).refusal).toBe("unavailable");
    expect(await bench.standing()).toMatchObject({ held: "10" });
    letGo();
    await expect.poll(() => bench.standing()).toEqual({ settled: "0", held: "0" });
    expect(sandbox.requestCount()).toBe(0);
  });

  test("the vendor cannot be reached: the hold is released", async () => {
    await using bench = await open({ baseUrl: await nowhere() });
    const answer = await pay(bench);
    expect([answer.status, answer.refusal]).toEqual([503, "vendor_unreachable"]);
    expect(await bench.standing()).toEqual({ settled: "0", held: "0" });
    expect((await bench.rows())[0]).toMatchObject({ outcome: "released", verdict: "allowed" });
  });

  test.each([
    ["answers 500", { action: "500_before_work" as const }],
    ["is reset", { action: "reset_before_work" as const }],
    ["answers a page", { action: "html_502" as const, work: false }],
  ])("a look-up %s", async (_what, rule) => {
    await using bench = await open();
    const { id } = JSON.parse((await send(bench, "POST /v1/payment_intents", "amount=1000&currency=usd")).text) as {
      id: string;
    };
    sandbox.misbehave({ ...rule, match: { method: "GET" } });
    const answer = await send(bench, `POST /v1/payment_intents/${id}/confirm`, "payment_method=pm_card_visa");
    expect([answer.status, answer.refusal]).toEqual([503, "unavailable"]);
    expect(sandbox.journal().filter((request) => request.method === "POST")).toHaveLength(1);
  });

  test("our own mistake before the call leaves releases; after it has left it keeps", async () => {
    const broken = (what: "estimate" | "meter"): Vendor => ({
      ...stripe,
      [what]: () => {
        throw new Error("a mistake of ours");
      },
    });
    await using before = await open({ vendor: broken("estimate") });
    expect(await pay(before)).toMatchObject({ status: 503, refusal: "unavailable" });
    expect(sandbox.requestCount()).toBe(0);
    expect(await before.standing()).toEqual({ settled: "0", held: "0" });

    await using after = await open({ vendor: broken("meter") });
    expect(await pay(after)).toMatchObject({ status: 502, refusal: "outcome_unknown" });
    expect(await after.standing()).toEqual({ settled: "0", held: "10" });
    expect((await after.rows())[0]).toMatchObject({ outcome: "unknown", inFlight: false });
    expect(after.events.map((event) => event.event)).toContain("call_broke");
  });
});

describe("what the vendor answers", () => {
  test("a redirect is neither followed nor passed on", async () => {
    await using bench = await open();
    sandbox.misbehave({ action: "redirect" });
    const money = await pay(bench);
    expect([money.status, money.refusal, money.headers.get("location")]).toEqual([502, "outcome_unknown", null]);
    const read = await send(bench, "GET /v1/balance");
    expect([read.status, read.refusal]).toEqual([502, "vendor_answer_unusable"]);
    expect(sandbox.journal().map((request) => request.path)).toEqual(["/v1/payment_intents", "/v1/balance"]);
  });

  test("its own 500 is passed on as it is, and the money stays held", async () => {
    await using bench = await open();
    sandbox.misbehave({ action: "500_after_work" });
    const answer = await pay(bench);
    expect([answer.status, answer.refusal]).toEqual([500, null]);
    expect(await bench.standing()).toEqual({ settled: "0", held: "10" });
  });

  test("a read whose answer is lost can be asked again", async () => {
    await using bench = await open();
    sandbox.misbehave({ action: "reset_after_work" });
    const answer = await send(bench, "GET /v1/balance");
    expect([answer.status, answer.refusal]).toEqual([503, "vendor_unreachable"]);
  });

  test("silence past the time limit is 504 outcome_unknown, and the money stays held", async () => {
    await using bench = await open({ limits: { answerMs: 1_100 } });
    sandbox.misbehave({ action: "hang_after_work" });
    const answer = await pay(bench);
    expect([answer.status, answer.refusal]).toEqual([504, "outcome_unknown"]);
    expect(await bench.standing()).toEqual({ settled: "0", held: "10" });
  });

  const LONG = JSON.stringify({ object: "list", data: "x".repeat(600_000), secret: "SECRET" });
  const long = (encoding: string | null): Promise<string> =>
    listen((request, response) => {
      const secret = request.headers.authorization?.slice("Bearer ".length) ?? "";
      const plain = Buffer.from(LONG.replace("SECRET", secret));
      const body = encoding === "gzip" ? gzipSync(plain, { level: 0 }) : plain;
      response.writeHead(200, {
        "content-type": "application/json",
        ...(encoding === null ? {} : { "content-encoding": encoding }),
        "content-length": body.length,
      });
      response.end(body);
    });

  test.each([null, "gzip", "identity"])(
    "a long answer is streamed, %s, with the secret blanked out",
    async (coding) => {
      await using bench = await open({ baseUrl: await long(coding) });
      const answer = await send(bench, "GET /v1/customers");
      expect(answer.status).toBe(200);
      expect(answer.text.length).toBe(LONG.length - "SECRET".length + sandbox.secretKey.length);
      expect(answer.text).toContain("[redacted]");
      expect(answer.text).not.toContain(sandbox.secretKey);
      expect((await bench.rows())[0]).toMatchObject({ outcome: "none", why: null, inFlight: false });
    },
  );

  test("a long answer whose coding is named in two headers is not taken for a plain one", async () => {
    const twice = await listen((request, response) => {
      const body = gzipSync(LONG.replace("SECRET", request.headers.authorization ?? ""), { level: 0 });
      response.writeHead(200, [
        "Content-Encoding",
        "identity",
        "Content-Encoding",
        "gzip",
        "Content-Type",
        "text/plain",
      ]);
      response.end(body);
    });
    await using bench = await open({ baseUrl: twice });
    const answer = await send(bench, "GET /v1/customers");
    expect([answer.status, answer.refusal]).toEqual([502, "vendor_answer_unusable"]);
  });

  test("a long answer in a coding that cannot be looked into is not passed on", async () => {
    await using bench = await open({ baseUrl: await long("dcb") });
    const answer = await send(bench, "GET /v1/customers");
    expect([answer.status, answer.refusal]).toEqual([502, "vendor_answer_unusable"]);
  });

  test("an answer to money that is too long to be read is unknown", async () => {
    await using bench = await open({ baseUrl: await long(null), limits: { moneyAnswerBytesMax: 1000 } });
    const answer = await pay(bench);
    expect([answer.status, answer.refusal]).toEqual([502, "outcome_unknown"]);
    expect(await bench.standing()).toEqual({ settled: "0", held: "10" });
  });

  test("a compressed answer is passed on compressed, byte for byte", async () => {
    await using bench = await open();
    sandbox.misbehave({ action: "gzip" });
    const chunks: Buffer[] = [];
    const [response] = (await once(
      httpRequest(`${bench.url}/stripe/v1/balance`, { headers: { authorization: `Bearer ${bench.token}` } }).end(),
      "response",
    )) as [IncomingMessage];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    expect(response.headers["content-encoding"]).toBe("gzip");
    expect(JSON.parse(gunzipSync(Buffer.concat(chunks)).toString())).toMatchObject({ object: "balance" });
  });

  test("a header of Keybrake's cannot be forged by the vendor", async () => {
    const forged = await listen((_request, response) => {
      response.writeHead(200, { "keybrake-call-id": "call_forged", "keybrake-refusal": "spend_cap_exceeded" });
      response.end("{}");
    });
    await using bench = await open({ baseUrl: forged });
    const answer = await send(bench, "GET /v1/balance");
    expect(answer.refusal).toBeNull();
    expect(answer.headers.get("keybrake-call-id")).toBe((await bench.rows())[0]?.call.callId);
  });
});

describe("the caller", () => {
  test("who goes away after the call has left changes nothing: it is settled", async () => {
    await using bench = await open();
    const { promise: arrived, resolve: hasArrived } = Promise.withResolvers<void>();
    const { promise: gate, resolve: letGo } = Promise.withResolvers<void>();
    sandbox.onRequest(async () => {
      hasArrived();
      await gate;
    });
    const abort = new AbortController();
    const request = fetch(`${bench.url}/stripe/v1/payment_intents`, {
      method: "POST",
      headers: { authorization: `Bearer ${bench.token}`, "content-type": FORM },
      body: PAYS,
      signal: abort.signal,
    }).catch(() => null);
    await arrived;
    abort.abort();
    await request;
    letGo();
    await expect.poll(() => bench.standing()).toEqual({ settled: "10", held: "0" });
  });

  test("who goes away in the middle of the body leaves a row and nothing else", async () => {
    await using bench = await open();
    const socket = connect(Number(new URL(bench.url).port), "127.0.0.1");
    socket.write(
      `POST /stripe/v1/payment_intents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${bench.token}\r\nContent-Type: ${FORM}\r\nContent-Length: 500\r\n\r\namount=1`,
    );
    await once(socket, "connect");
    socket.end();
    await expect.poll(async () => (await bench.rows())[0]?.refusal).toBe("request_ambiguous");
    expect(sandbox.requestCount()).toBe(0);
    socket.destroy();
  });

  test("with a body beyond the vendor's limit is answered 413, whether or not the length was declared", async () => {
    await using bench = await open({ vendor: { ...stripe, bodyBytesMax: 64 } });
    expect(await pay(bench)).toMatchObject({ status: 413, refusal: "request_too_large" });
    const answer = await fetch(`${bench.url}/stripe/v1/payment_intents`, {
      method: "POST",
      headers: { authorization: `Bearer ${bench.token}`, "content-type": FORM },
      body: new Blob([PAYS]).stream(),
      duplex: "half",
    });
    expect([answer.status, sandbox.requestCount()]).toEqual([413, 0]);
  });

  test("meets the key as it is when the body is whole, not as it was before", async () => {
    const { promise: known, resolve: isKnown } = Promise.withResolvers<void>();
    await using bench = await open({
      store: (store) => ({
        async findKey(tokenHash) {
          const key = await store.findKey(tokenHash);
          setImmediate(isKnown);
          return key;
        },
      }),
    });
    const { promise: gate, resolve: letGo } = Promise.withResolvers<void>();
    const late = fetch(`${bench.url}/stripe/v1/payment_intents`, {
      method: "POST",
      headers: { authorization: `Bearer ${bench.token}`, "content-type": FORM },
      body: new ReadableStream<Uint8Array>({
        async pull(controller) {
          controller.enqueue(new TextEncoder().encode(PAYS.slice(0, 10)));
          await gate;
          controller.enqueue(new TextEncoder().encode(PAYS.slice(10)));
          controller.close();
        },
      }),
      duplex: "half",
    });
    await known;
    await bench.store.patchKey(bench.key.id, { allowedEndpoints: ["refunds.*"] }, bench.key.issuedBy);
    letGo();
    expect((await late).headers.get("keybrake-refusal")).toBe("endpoint_not_allowed");
    expect(sandbox.requestCount()).toBe(0);
  });

  test("is told to come back when the bodies of all calls together are too large", async () => {
    await using bench = await open({ limits: { bodiesBytesMax: PAYS.length + 10 } });
    const { promise: arrived, resolve: hasArrived } = Promise.withResolvers<void>();
    const { promise: gate, resolve: letGo } = Promise.withResolvers<void>();
    const stop = sandbox.onRequest(async () => {
      hasArrived();
      await gate;
    });
    const first = pay(bench);
    await arrived;
    expect(await pay(bench)).toMatchObject({ status: 503, refusal: "unavailable" });
    letGo();
    expect((await first).status).toBe(200);
    stop();
    expect((await pay(bench)).status).toBe(200);
  });

  test("gets no more look-ups than calls, when the key has a rate limit", async () => {
    await using bench = await open({ key: { rateLimit: { calls: 2, per: "hour" } } });
    for (let count = 0; count < 20; count += 1) await send(bench, "POST /v1/payment_intents/pi_none/confirm", "");
    expect(await send(bench, "POST /v1/payment_intents/pi_none/confirm", "")).toMatchObject({
      status: 429,
      refusal: "rate_limited",
    });
    expect(sandbox.requestCount()).toBe(2);
  });

  test("leaves only the beginning of a long path in the audit", async () => {
    await using bench = await open();
    await send(bench, `GET /v1/${"x".repeat(5000)}`);
    expect((await bench.rows())[0]?.call.path).toHaveLength(LIMITS.rowPathLengthMax);
  });

  test("who sends the body in chunks is served like any other", async () => {
    await using bench = await open();
    const answer = await fetch(`${bench.url}/stripe/v1/payment_intents`, {
      method: "POST",
      headers: { authorization: `Bearer ${bench.token}`, "content-type": FORM },
      body: new Blob([PAYS]).stream(),
      duplex: "half",
    });
    expect(answer.status).toBe(200);
    expect(sandbox.journal()[0]?.body.toString()).toBe(PAYS);
  });
});

describe("stopping", () => {
  test("finishes what is on its way and takes nothing new", async () => {
    await using bench = await open();
    const { promise: arrived, resolve: hasArrived } = Promise.withResolvers<void>();
    const { promise: gate, resolve: letGo } = Promise.withResolvers<void>();
    sandbox.onRequest(async () => {
      hasArrived();
      await gate;
    });
    const first = pay(bench);
    await arrived;
    const closed = bench.gateway.close({ deadlineMs: 10_000 });
    expect(await pay(bench)).toMatchObject({ status: 503, refusal: "unavailable" });
    letGo();
    expect((await first).status).toBe(200);
    await closed;
    expect(await bench.standing()).toEqual({ settled: "10", held: "0" });
  });

  test("after the deadline keeps what is still with the vendor as unknown", async () => {
    await using bench = await open();
    sandbox.misbehave({ action: "hang_after_work" });
    const { promise: arrived, resolve: hasArrived } = Promise.withResolvers<void>();
    sandbox.onRequest(() => hasArrived());
    const first = pay(bench);
    await arrived;
    await bench.gateway.close({ deadlineMs: 10 });
    expect(await first).toMatchObject({ status: 502, refusal: "outcome_unknown" });
    expect(await bench.standing()).toEqual({ settled: "0", held: "10" });
  });
});
