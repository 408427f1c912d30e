/**
 * Twilio tells the price of a message only some minutes after it was sent. The real client sends one through a whole Keybrake; then the
 * clocks of vendor and Keybrake go on, and the call is settled to what the vendor has published, with its evidence, and the difference is
 * free again.
 */
import { startTwilioSandbox, type TwilioSandbox } from "@keybrake/sandbox";
import { readConfig, startServer, type RunningServer } from "@keybrake/server";
import { TestClock } from "@keybrake/testing";
import twilio from "twilio";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ADMIN_API_KEY, temporaryDirectory, type IssuedKey, type Json } from "./support/keybrake.ts";

const MINUTE_MS = 60_000;

let sandbox: TwilioSandbox;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let clock: TestClock;
let server: RunningServer;

async function start(): Promise<RunningServer> {
  const environment = {
    KEYBRAKE_PORT: "0",
    KEYBRAKE_DATA_DIR: directory.path,
    KEYBRAKE_BOOTSTRAP_API_KEY: ADMIN_API_KEY,
    KEYBRAKE_SANDBOX: "off",
    KEYBRAKE_RATES_FEED: "off",
    KEYBRAKE_TWILIO_BASE_URL: sandbox.url,
    KEYBRAKE_LOG_LEVEL: "error",
  };
  return startServer(readConfig(environment), "test", clock.now);
}

beforeEach(async () => {
  sandbox = await startTwilioSandbox();
  directory = await temporaryDirectory();
  clock = new TestClock();
  server = await start();
});

afterEach(async () => {
  await server.stop();
  await sandbox.close();
  await directory[Symbol.asyncDispose]();
});

async function api<Body = Json>(method: string, path: string, body?: unknown): Promise<Body> {
  const answer = await fetch(server.url + path, {
    method,
    headers: { authorization: `Bearer ${ADMIN_API_KEY}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const json: unknown = await answer.json();
  expect(answer.ok, JSON.stringify(json)).toBe(true);
  return json as Body;
}

interface TwilioKey extends IssuedKey {
  readonly account_sid: string;
}

async function issue(): Promise<TwilioKey> {
  const [account_sid = "", secret = ""] = sandbox.secretKey.split(":");
  await api("POST", "/vault/credentials", { vendor: "twilio", name: "main", secret, account_sid });
  return api<TwilioKey>("POST", "/vault/keys", {
    vendor: "twilio",
    total_usd_cap: "1",
    allowed_endpoints: ["messages.create", "messages.fetch"],
    expires_in: "30d",
  });
}

function client(key: TwilioKey): ReturnType<typeof twilio> {
  const made = twilio(key.account_sid, key.vault_key);
  made.api.baseUrl = `${server.url}/twilio`;
  return made;
}

interface Row {
  readonly outcome: string;
  readonly estimate_usd: string;
  readonly cost_usd: string | null;
  readonly held_usd: string;
  readonly vendor_object_id: string;
}

async function onlyRow(key: TwilioKey): Promise<Row> {
  const { data } = await api<{ data: Row[] }>("GET", `/audit/calls?key_id=${key.key_id}`);
  const [row] = data.filter(({ vendor_object_id }) => vendor_object_id !== null);
  if (row === undefined) throw new Error("the call has no row");
  return row;
}

async function until<T>(ask: () => Promise<T>, isDone: (value: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    const value = await ask();
    if (isDone(value) || tries === 200) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Both clocks: the vendor's, after which it publishes, and ours, after which we ask. */
function advance(ms: number): void {
  sandbox.advanceClock(ms);
  clock.advance(ms);
}

const SMS = { to: "+14155550123", from: "+14155550100", body: "x".repeat(400) };

test("a message whose price is null at first is settled to the published price minutes later, and the difference is free again", async () => {
  const key = await issue();
  const message = await client(key).messages.create(SMS);
  expect(message.price).toBeNull();

  const before = await onlyRow(key);
  expect(before).toMatchObject({ outcome: "held", vendor_object_id: message.sid });
  expect(Number(before.held_usd)).toBeGreaterThan(0);
  const [held] = (await api<TwilioKey>("GET", `/vault/keys/${key.key_id}`)).budgets;
  expect(held).toMatchObject({ settled_usd: "0", held_usd: before.held_usd });

  // A minute later the vendor has not published it: asked, and nothing has changed.
  advance(MINUTE_MS);
  const asked = (): number =>
    sandbox.journal().filter((request) => request.method === "GET" && request.path.includes(message.sid)).length;
  await until(
    async () => asked(),
    (count) => count > 0,
  );
  expect(await onlyRow(key)).toEqual(before);

  advance(10 * MINUTE_MS);
  const after = await until(
    () => onlyRow(key),
    (row) => row.outcome !== "held",
  );
  const { billedMicroUsd, pendingMicroUsd } = sandbox.moneyMoved();
  expect(pendingMicroUsd).toBe(0n);
  expect(after).toMatchObject({ outcome: "settled", held_usd: "0", estimate_usd: before.estimate_usd });
  expect(BigInt(Math.round(Number(after.cost_usd) * 1_000_000))).toBe(billedMicroUsd);
  expect(Number(after.cost_usd)).toBeLessThan(Number(before.held_usd));
  const [settled] = (await api<TwilioKey>("GET", `/vault/keys/${key.key_id}`)).budgets;
  expect(settled).toMatchObject({ settled_usd: after.cost_usd, held_usd: "0" });
  expect(Number(settled?.remaining_usd)).toBeCloseTo(1 - Number(after.cost_usd), 9);
});

test("what was still without a price when Keybrake stopped is asked for after the next start", async () => {
  const key = await issue();
  const message = await client(key).messages.create(SMS);
  await server.stop();
  advance(10 * MINUTE_MS);
  server = await start();
  const after = await until(
    () => onlyRow(key),
    (row) => row.outcome !== "held",
  );
  expect(after).toMatchObject({ outcome: "settled", vendor_object_id: message.sid });
});

test("a revoked key's last message is settled too", async () => {
  const key = await issue();
  await client(key).messages.create(SMS);
  await api("DELETE", `/vault/keys/${key.key_id}`);
  advance(10 * MINUTE_MS);
  expect(
    await until(
      () => onlyRow(key),
      (row) => row.outcome !== "held",
    ),
  ).toMatchObject({ outcome: "settled" });
});

test("the caller's own look at the message settles it at once", async () => {
  const key = await issue();
  const message = await client(key).messages.create(SMS);
  sandbox.advanceClock(10 * MINUTE_MS);
  const seen = await client(key).messages(message.sid).fetch();
  expect(seen.price).toMatch(/^-0\.\d+$/);
  const { data } = await api<{ data: Row[] }>("GET", `/audit/calls?key_id=${key.key_id}`);
  const created = data.find(({ estimate_usd }) => estimate_usd !== null);
  expect(created).toMatchObject({ outcome: "settled", held_usd: "0", cost_usd: (-Number(seen.price)).toString() });
});
