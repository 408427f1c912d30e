/**
 * Nothing reaches a vendor as something other than what was judged: hundreds of hostile requests, as bytes on a socket, against a vendor
 * that only writes down what arrives. What arrived is then read in every way that a careless server might read it, and all of these
 * readings must be the one that stands in the audit row: this method, this path, at most this much money.
 */
import { createServer, type IncomingMessage } from "node:http";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { connect, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  issueKey,
  startKeybrake,
  temporaryDirectory,
  type IssuedKey,
  type Json,
  type KeybrakeProcess,
} from "./support/keybrake.ts";
import { hostileForms, hostileJson, hostileRequests, type Honest, type HostileRequest } from "./support/hostile.ts";
import { methodsOf, pathsOf, valuesOf, type Arrived } from "./support/lenient.ts";

/** With the account that stands for the vendor's own, where there is one. */
interface Key extends IssuedKey {
  readonly account_sid: string | null;
}

interface Row {
  readonly call_id: string;
  readonly verdict: "allowed" | "refused";
  readonly method: string;
  readonly path: string;
  readonly estimate_usd: string | null;
}

interface Target {
  readonly vendor: string;
  readonly secret: { readonly secret: string; readonly account_sid?: string };
  readonly allowed: readonly string[];
  honest(key: Key): Honest;
  /** Further hostile bodies of this vendor's kind. */
  bodies(honest: Honest): readonly HostileRequest[];
  authorization(key: Key): string;
  /** What one reading of the request could cost at most, in dollars; null where it is about no money. */
  dearest(arrived: Arrived): number | null;
  /** What the vendor answers to the honest request. */
  readonly answer: string;
}

const TARGETS: readonly Target[] = [
  {
    vendor: "stripe",
    secret: { secret: "sk_test_bypass0123456789abcdefghijkl" },
    allowed: ["POST /v1/payment_intents", "GET /v1/customers/*", "GET /v1/balance"],
    honest: () => ({
      method: "POST",
      path: "/v1/payment_intents",
      contentType: "application/x-www-form-urlencoded",
      body: "amount=100&currency=usd",
      costly: { name: "amount", value: "100", more: "999999" },
      forbidden: "/v1/refunds",
      readable: "/v1/customers/cus_1",
      forbiddenHeaders: [
        ["Stripe-Account", "acct_other"],
        ["Stripe-Context", "acct_other"],
      ],
    }),
    bodies: hostileForms,
    authorization: ({ vault_key }) => `Bearer ${vault_key}`,
    dearest: (arrived) => {
      const amounts = [...valuesOf(arrived, "amount")].map(lenientNumber);
      return amounts.length === 0 ? null : Math.max(...amounts) / 100;
    },
    answer: JSON.stringify({
      id: "pi_1",
      object: "payment_intent",
      amount: 100,
      amount_received: 0,
      amount_capturable: 0,
      currency: "usd",
      status: "requires_payment_method",
      latest_charge: null,
    }),
  },
  {
    vendor: "twilio",
    secret: { secret: "bypass00112233445566778899aabbcc", account_sid: `AC${"b1".repeat(16)}` },
    allowed: ["messages.create", "messages.fetch"],
    honest: ({ account_sid }) => ({
      method: "POST",
      path: `/2010-04-01/Accounts/${account_sid}/Messages.json`,
      contentType: "application/x-www-form-urlencoded",
      body: "To=%2B14155550123&From=%2B14155550100&Body=hi",
      costly: { name: "Body", value: "hi", more: "x".repeat(1_500) },
      forbidden: `/2010-04-01/Accounts/${account_sid}/Calls.json`,
      readable: `/2010-04-01/Accounts/${account_sid}/Messages/SM${"1".repeat(32)}.json`,
      forbiddenHeaders: [],
    }),
    bodies: hostileForms,
    authorization: ({ account_sid, vault_key }) =>
      `Basic ${Buffer.from(`${account_sid}:${vault_key}`).toString("base64")}`,
    dearest: (arrived) => {
      const texts = [...valuesOf(arrived, "Body")];
      return texts.length === 0 ? null : Math.max(...texts.map(partsAtLeast)) * SMS_USD;
    },
    answer: JSON.stringify({ sid: `SM${"1".repeat(32)}`, status: "queued", price: null, price_unit: "USD" }),
  },
  {
    vendor: "resend",
    secret: { secret: ["re", "BypassBy", "passBypassBypassBypassBy"].join("_") },
    allowed: ["emails.send", "emails.get"],
    honest: () => ({
      method: "POST",
      path: "/emails",
      contentType: "application/json",
      body: '{"from":"x@a.test","to":"a@b.test","subject":"s","text":"t"}',
      costly: {
        name: "to",
        value: '"a@b.test"',
        more: JSON.stringify(Array.from({ length: 40 }, (_, i) => `${i}@b.test`)),
      },
      forbidden: "/broadcasts",
      readable: "/emails/e_1",
      forbiddenHeaders: [],
    }),
    bodies: hostileJson,
    authorization: ({ vault_key }) => `Bearer ${vault_key}`,
    dearest: ({ target, body }) => {
      const text = decodeURIComponent(target.replaceAll(/%(?![0-9a-f]{2})/gi, "%25")) + body.toString("latin1");
      return (text.match(/@b\.test/g)?.length ?? 0) * MAIL_USD;
    },
    answer: JSON.stringify({ id: "e_1" }),
  },
];

const SMS_USD = 0.01;
const MAIL_USD = 0.001;
/** So that prices are known without asking anybody. */
const PRICES: Readonly<Record<string, Json>> = {
  twilio: {
    "messages.create": { sms_segment: { US: String(SMS_USD) }, carrier_fee_segment: { US: "0" } },
  },
  resend: { "emails.send": { email: String(MAIL_USD) } },
};

/** Parts that nobody could say are fewer. */
function partsAtLeast(text: string): number {
  return Math.max(1, Math.ceil(text.length / 153));
}

/** The largest number that somebody might read out of a text. */
function lenientNumber(text: string): number {
  const digits = text.normalize("NFKC").replaceAll(/[\s,_+]/g, "");
  const read = [Number(digits), Number.parseFloat(digits), Number.parseInt(digits, 10), Number.parseInt(digits, 16)];
  const hex = /^0x/i.test(digits) ? read : read.slice(0, 3);
  return Math.max(0, ...hex.filter((value) => Number.isFinite(value)));
}

const arrived: Arrived[] = [];
let answer = "{}";
const recorder = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const headers = headersOf(request);
    // What Keybrake asks by itself (for the price of a message, later) was sent by nobody here.
    if (headers.get("user-agent") !== "Keybrake")
      arrived.push({ method: request.method ?? "", target: request.url ?? "", headers, body: Buffer.concat(chunks) });
    response.writeHead(200, { "content-type": "application/json" }).end(answer);
  });
});

function headersOf(request: IncomingMessage): Map<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < request.rawHeaders.length; at += 2) {
    const name = (request.rawHeaders[at] ?? "").toLowerCase();
    const before = headers.get(name);
    headers.set(
      name,
      before === undefined ? (request.rawHeaders[at + 1] ?? "") : `${before}\u0000${request.rawHeaders[at + 1]}`,
    );
  }
  return headers;
}

let keybrake: KeybrakeProcess;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
const keys = new Map<string, Key>();

beforeAll(async () => {
  recorder.listen(0, "127.0.0.1");
  await once(recorder, "listening");
  const url = `http://127.0.0.1:${(recorder.address() as AddressInfo).port}`;
  directory = await temporaryDirectory();
  const prices = join(directory.path, "prices");
  await mkdir(prices);
  for (const [vendor, list] of Object.entries(PRICES)) {
    const file = { source: "this test", as_of: new Date().toISOString().slice(0, 10), prices: list };
    await writeFile(join(prices, `${vendor}.json`), JSON.stringify(file));
  }
  const environment: Record<string, string> = {
    KEYBRAKE_SANDBOX: "off",
    KEYBRAKE_RATES_FEED: "off",
    KEYBRAKE_PRICES_DIR: prices,
  };
  for (const { vendor } of TARGETS) environment[`KEYBRAKE_${vendor.toUpperCase()}_BASE_URL`] = url;
  keybrake = await startKeybrake({ dataDirectory: directory.path, environment });
  for (const { vendor, secret, allowed } of TARGETS) {
    const added = await keybrake.api("POST", "/vault/credentials", { vendor, name: "main", ...secret });
    expect(added.status, JSON.stringify(added.body)).toBe(201);
    const issued = await issueKey(keybrake, { vendor, allowed_endpoints: allowed, total_usd_cap: 100_000_000 });
    keys.set(vendor, issued as Key);
  }
});

afterAll(async () => {
  await keybrake.stop();
  await directory[Symbol.asyncDispose]();
  recorder.closeAllConnections();
  recorder.close();
});

/** Sends bytes and waits until the other side is done with them. */
async function send(bytes: string): Promise<string> {
  const socket = connect(keybrake.port, "127.0.0.1");
  const chunks: Buffer[] = [];
  const done = new Promise<void>((resolve) => {
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      socket.setTimeout(60);
    });
    // Nothing more comes: whatever the bytes were, they have been judged.
    socket.setTimeout(1_500, () => socket.destroy());
    socket.on("error", () => {});
    socket.on("close", () => resolve());
  });
  socket.write(Buffer.from(bytes, "latin1"));
  await done;
  return Buffer.concat(chunks).toString("latin1");
}

async function rowsOf(key: Key, known: ReadonlySet<string>): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const query = `key_id=${key.key_id}&limit=500${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`;
    const page: { body: { data: Row[]; next_cursor: string | null } } = await keybrake.api(
      "GET",
      `/audit/calls?${query}`,
    );
    rows.push(...page.body.data);
    cursor = page.body.data.some((row) => known.has(row.call_id)) ? null : page.body.next_cursor;
  } while (cursor !== null);
  return rows.filter((row) => !known.has(row.call_id));
}

describe.each(TARGETS)("$vendor", (target) => {
  test("passes on what was judged, or nothing", { timeout: 600_000 }, async () => {
    const key = keys.get(target.vendor);
    if (key === undefined) throw new Error("the key was not issued");
    answer = target.answer;
    const honest = target.honest(key);
    const corpus = [...hostileRequests(honest), ...target.bodies(honest)];
    const known = new Set<string>();
    const counts = { sent: 0, refused: 0, passed: 0, droppedBefore: 0 };
    const problems: string[] = [];

    const plain: HostileRequest = {
      name: "the honest request",
      bytes: `POST ^${honest.path} HTTP/1.1\r\nHost: keybrake.test\r\nAuthorization: <auth>\r\nUser-Agent: test\r\nContent-Type: ${honest.contentType}\r\nContent-Length: ${Buffer.byteLength(honest.body)}\r\n\r\n${honest.body}`,
    };
    for (const { name, bytes } of [plain, ...corpus]) {
      arrived.length = 0;
      const raw = bytes.replaceAll("<auth>", target.authorization(key)).replaceAll("^", `/${target.vendor}`);
      const said = await send(raw);
      const rows = await rowsOf(key, known);
      for (const row of rows) known.add(row.call_id);
      const passed = rows.filter((row) => row.verdict === "allowed");
      counts.sent += 1;
      if (passed.length > 0) counts.passed += 1;
      else if (rows.length > 0) counts.refused += 1;
      else counts.droppedBefore += 1;
      if (name === plain.name) expect(passed, `the honest request passes: ${said}`).toHaveLength(1);

      // Fewer may arrive: a caller that sends nonsense behind its request is gone before the call has left.
      if (arrived.length > passed.length)
        problems.push(`${name}: ${arrived.length} arrived, ${passed.length} were allowed`);
      for (const [index, request] of arrived.entries()) {
        const row = passed.toReversed()[index];
        if (row === undefined) continue;
        problems.push(...differences(name, request, row, target));
      }
    }
    console.log(
      `${target.vendor}: ${counts.sent} hostile requests: ${counts.refused} refused with a row, ${counts.droppedBefore} turned away ` +
        `before they were a request, ${counts.passed} passed as what was judged`,
    );
    expect(problems).toEqual([]);
  });

  test("has enough of them", () => {
    const key = keys.get(target.vendor);
    if (key === undefined) throw new Error("the key was not issued");
    const honest = target.honest(key);
    expect(
      new Set([...hostileRequests(honest), ...target.bodies(honest)].map(({ bytes }) => bytes)).size,
    ).toBeGreaterThan(200);
  });
});

function differences(name: string, request: Arrived, row: Row, target: Target): string[] {
  const problems: string[] = [];
  const say = (what: string): void => void problems.push(`${name}: ${what} (${request.method} ${request.target})`);
  for (const method of methodsOf(request))
    if (method !== row.method && !(method === "HEAD" && row.method === "HEAD")) say(`could be read as a ${method}`);
  for (const path of pathsOf(request)) if (path !== row.path) say(`could be read as ${path}, judged was ${row.path}`);
  const dearest = target.dearest(request);
  const held = row.estimate_usd === null ? 0 : Number(row.estimate_usd);
  if (row.method === "POST" && dearest !== null && dearest > held + 1e-9)
    say(`could move $${dearest}, held was $${held}`);
  const authorization = request.headers.get("authorization") ?? "";
  if (authorization.includes("\0") || authorization.includes(keys.get(target.vendor)?.vault_key ?? "?"))
    say("carried the caller's authorization");
  for (const [header] of target.honest(keys.get(target.vendor) as Key).forbiddenHeaders)
    for (const seen of request.headers.keys())
      if (seen.replaceAll(/[^a-z]/g, "-").trim() === header.toLowerCase()) say(`carried ${seen}`);
  for (const seen of request.headers.keys()) if (seen.startsWith("keybrake-")) say(`carried ${seen}`);
  if (request.headers.has("transfer-encoding") && request.headers.has("content-length")) say("has two framings");
  return problems;
}
