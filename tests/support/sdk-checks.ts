/** What must hold for every SDK alike. A test file says how its SDK does an act; the guarantees are checked here. */
import { publicCode } from "@keybrake/core";
import {
  headerOf,
  startStripeSandbox,
  type MisbehaviourRule,
  type RecordedRequest,
  type StripeSandboxOptions,
} from "@keybrake/sandbox";
import { expect } from "vitest";
import { auditRows, newestCall } from "./audit.ts";
import { issueKey, type BudgetAnswer, type Json } from "./keybrake.ts";
import { expectedOf, keyFor, type Act, type Provoked, type Said } from "./refusals.ts";
import { collectedCents, type World } from "./vendor.ts";
import { comparable, isLookUp } from "./wire.ts";

const TEN_DOLLARS = 1000;

/** Two vendors with one seed and one clock give the same ids and the same times to the same calls. */
export const SAME_VENDOR: StripeSandboxOptions = { seed: 23, now: () => Date.UTC(2026, 10, 23, 12) };
/** The connected account in which a part of a session takes place. */
export const ACCOUNT = "acct_1";

/** Does one act with a fresh SDK and answers with the typed error that it raised, or null. */
export type Caller = (
  world: World,
  token: string,
  act: Act,
  options?: { readonly idempotencyKey?: string; readonly port?: number },
) => Promise<Said | null>;

/** One answer of the SDK, by the name of the step that asked for it. */
export type Step = readonly [step: string, answer: unknown];

export interface Session {
  readonly steps: readonly Step[];
  readonly received: readonly RecordedRequest[];
}

// ------------------------------------------------------------------------------------------------------ the same session

/** The vendor received the same, and the SDK was told the same. */
export function checkSame(direct: Session, through: Session): void {
  expect(through.steps).toEqual(direct.steps);

  const forwarded = through.received.filter((request) => !isLookUp(request));
  expect(forwarded.map(comparable)).toEqual(direct.received.map(comparable));
  // The length is counted again; it must come out as it was, and stand where it stood: on requests with a body.
  for (const request of forwarded) {
    const length = headerOf(request, "content-length");
    if (length !== undefined) expect(Number(length)).toBe(request.body.length);
  }
  // Every key that the SDK made up stayed: none was put in its place.
  for (const request of forwarded) expect(headerOf(request, "idempotency-key") ?? "").not.toMatch(/^keybrake-/);

  const lookUps = through.received.filter(isLookUp);
  expect(lookUps.length).toBeGreaterThan(0);
  for (const request of lookUps) {
    expect(request.method).toBe("GET");
    expect(request.body).toHaveLength(0);
    expect(request.path).toMatch(/^\/v1\/(?:payment_intents|charges)\/\w+(?:\?expand\[\]=latest_charge)?$/);
  }
}

/** One row a call, in order; nothing refused; and the books say what really moved. */
export async function checkBooks(world: World, keyId: string, through: Session): Promise<void> {
  const rows = (await auditRows(world.keybrake, `key_id=${keyId}`)).reverse();
  const forwarded = through.received.filter((request) => !isLookUp(request));
  expect(rows.map((row) => `${String(row["method"])} ${String(row["path"])}`)).toEqual(
    forwarded.map((request) => `${request.method} ${request.path.split("?")[0]}`),
  );
  expect(rows.filter((row) => row["verdict"] !== "allowed")).toEqual([]);
  expect(rows.filter((row) => row["outcome"] === "unknown")).toEqual([]);
  expect(rows.filter((row) => row["replayed"] === true && row["cost_usd"] !== "0")).toEqual([]);
  const { collectedMinor, paidOutMinor } = world.sandbox.moneyMoved();
  const moved = Number(collectedMinor.get("usd") ?? 0n) + Number(paidOutMinor.get("usd") ?? 0n);
  expect((await budgetOf(world, keyId)).settled).toBe(moved / 100);
}

async function budgetOf(world: World, keyId: string): Promise<{ readonly settled: number; readonly held: number }> {
  const { body } = await world.keybrake.api<{ budgets: readonly BudgetAnswer[] }>("GET", `/vault/keys/${keyId}`);
  const budget = body.budgets[0];
  return { settled: Number(budget?.settled_usd), held: Number(budget?.held_usd) };
}

// --------------------------------------------------------------------------------------------------------------- refusals

function receivedSince(world: World, count: number): readonly RecordedRequest[] {
  return world.sandbox.journal().filter((request) => request.order > count && !isLookUp(request));
}

/** The SDK raised its typed error, and asked once: the audit has one row a call that arrived. */
export async function checkRaisedOnce(world: World, provoked: Provoked, caller: Caller): Promise<void> {
  const { keybrake, sandbox } = world;
  const { key, token } = await keyFor(world, provoked);
  if (provoked.first !== undefined) expect(await caller(world, token, provoked.first)).toBeNull();
  const since = await newestCall(keybrake);
  const before = sandbox.requestCount();
  const behave = provoked.sandbox === undefined ? null : sandbox.misbehave(provoked.sandbox);
  const said = await caller(world, token, provoked.act);
  behave?.();

  const code = publicCode(provoked.code);
  expect(said).toMatchObject(expectedOf(provoked.code));
  expect(said?.message.startsWith(`${code}: `), said?.message).toBe(true);
  const rows = await auditRows(keybrake, "", since);
  expect(rows).toHaveLength(1);
  const isKnown = provoked.code !== "vault_key_invalid";
  expect(rows[0]).toMatchObject({ call_id: said?.requestId, key_id: isKnown ? key.key_id : null });
  // What left before it went wrong left once; everything else left never.
  expect(receivedSince(world, before)).toHaveLength(rows[0]?.["verdict"] === "allowed" ? 1 : 0);
  expect(rows[0]?.["verdict"]).toBe(provoked.sandbox === undefined ? "refused" : "allowed");
  if (provoked.sandbox === undefined) expect(rows[0]?.["refusal"]).toBe(provoked.code);
}

// ------------------------------------------------------------------------------------------------- nothing was forwarded

/**
 * The vendor is not there: every attempt is refused as safe, a row each, and nothing stays held. Then it is there, and the SDK's own
 * retry pays, once. Closes the world's vendor.
 */
export async function checkRetriedSafely(world: World, caller: Caller, retries: number): Promise<void> {
  const key = await issueKey(world.keybrake);
  const { port, secretKey } = world.sandbox;
  await world.sandbox.close();
  const giveUp = async (act: Act, code: string): Promise<void> => {
    const away = await issueKey(world.keybrake);
    const said = await caller(world, away.vault_key, act);
    expect(said).toMatchObject({ error: "APIError", status: 503, code });
    const rows = await auditRows(world.keybrake, `key_id=${away.key_id}`);
    expect(rows).toHaveLength(retries + 1);
    expect(rows[0]).toMatchObject({ call_id: said?.requestId });
    expect(await budgetOf(world, away.key_id)).toEqual({ settled: 0, held: 0 });
  };
  await Promise.all([
    giveUp("charge $10", "vendor_unreachable"),
    giveUp("confirm a PaymentIntent that is not there", "unavailable"),
  ]);

  const since = await newestCall(world.keybrake);
  const paying = retries === 0 ? null : caller(world, key.vault_key, "charge $10");
  if (paying !== null)
    while ((await auditRows(world.keybrake, "", since)).length === 0)
      await new Promise((resolve) => setTimeout(resolve, 10));
  await using back = await startStripeSandbox({ port, secretKey });
  // An SDK that does not retry has told its program that asking again is safe.
  expect(await (paying ?? caller(world, key.vault_key, "charge $10"))).toBeNull();
  expect(back.moneyMoved().charges).toHaveLength(1);
  expect(await budgetOf(world, key.key_id)).toEqual({ settled: 10, held: 0 });
}

// ---------------------------------------------------------------------------------------------------------- never twice

export interface Misfortune {
  readonly what: string;
  readonly rule: MisbehaviourRule;
  /** How often the card was charged when the SDK is done. */
  readonly charges: 0 | 1;
}

const POSTS = { match: { method: "POST" }, times: 1 } as const;

export const MISFORTUNES: readonly Misfortune[] = [
  { what: "the vendor resets before the work", rule: { action: "reset_before_work", ...POSTS }, charges: 0 },
  { what: "the vendor resets after the work", rule: { action: "reset_after_work", ...POSTS }, charges: 1 },
  { what: "the vendor resets again and again", rule: { action: "reset_after_work" }, charges: 1 },
  { what: "the answer is cut off", rule: { action: "truncate", ...POSTS }, charges: 1 },
  { what: "the answer is no JSON", rule: { action: "garbage_200", ...POSTS }, charges: 1 },
  { what: "a page comes in place of the answer", rule: { action: "html_502", ...POSTS }, charges: 1 },
  { what: "a 500 before the work, which the SDK retries", rule: { action: "500_before_work", ...POSTS }, charges: 1 },
  { what: "a 500 after the work, which the SDK retries", rule: { action: "500_after_work", ...POSTS }, charges: 1 },
  { what: "a 409, which the SDK retries", rule: { action: "409", ...POSTS }, charges: 1 },
];

/** Whatever goes wrong at the vendor, one call of the SDK charges once at most, and the books cover it. */
export async function checkNeverTwice(world: World, { rule, charges }: Misfortune, caller: Caller): Promise<void> {
  const { sandbox } = world;
  const key = await issueKey(world.keybrake, { total_usd_cap: 100 });
  const [requests, cents] = [sandbox.requestCount(), collectedCents(sandbox)];
  sandbox.misbehave(rule);
  await caller(world, key.vault_key, "charge $10");
  sandbox.clearMisbehaviour();

  expect(collectedCents(sandbox) - cents).toBe(charges * TEN_DOLLARS);
  const { settled, held } = await budgetOf(world, key.key_id);
  expect(settled + held).toBe(10);
  // All that was sent for it was sent under one idempotency key.
  const keys = receivedSince(world, requests).map((request) => headerOf(request, "idempotency-key"));
  expect(keys.length).toBeGreaterThan(0);
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toMatch(/[0-9a-f-]{36}$/);
}

/** The answer got lost; the program asks again under the key that it had chosen, and learns what happened without paying again. */
export async function checkAskedAgain(world: World, caller: Caller, idempotencyKey: string): Promise<void> {
  const { sandbox } = world;
  const key = await issueKey(world.keybrake, { total_usd_cap: 10 });
  const cents = collectedCents(sandbox);
  sandbox.misbehave({ action: "reset_after_work", ...POSTS });
  const lost = await caller(world, key.vault_key, "charge $10", { idempotencyKey });
  expect(lost).toMatchObject({ error: "APIError", status: 502, code: "outcome_unknown" });
  expect(await caller(world, key.vault_key, "charge $10", { idempotencyKey })).toBeNull();
  expect(collectedCents(sandbox) - cents).toBe(TEN_DOLLARS);
  const { settled, held } = await budgetOf(world, key.key_id);
  expect(settled + held).toBe(10);
}

/** The answer got lost between Keybrake and the SDK: its own retry is answered from the vendor's memory, also at a full cap. */
export async function checkLostOnTheNearSide(
  world: World,
  line: { readonly port: number; readonly lost: number; loseAnswers(count: number): void },
  caller: Caller,
): Promise<void> {
  const { sandbox } = world;
  const key = await issueKey(world.keybrake, { total_usd_cap: 10 });
  const [cents, lostBefore] = [collectedCents(sandbox), line.lost];
  line.loseAnswers(1);
  expect(await caller(world, key.vault_key, "charge $10", { port: line.port })).toBeNull();
  expect(line.lost - lostBefore).toBe(1);
  expect(collectedCents(sandbox) - cents).toBe(TEN_DOLLARS);
  const rows: Json[] = await auditRows(world.keybrake, `key_id=${key.key_id}`);
  expect(rows.map((row) => [row["replayed"], row["cost_usd"]])).toEqual([
    [true, "0"],
    [false, "10"],
  ]);
  expect(await budgetOf(world, key.key_id)).toEqual({ settled: 10, held: 0 });
}
