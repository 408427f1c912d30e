/**
 * The contract of a store: one suite for every engine. It speaks only through the port, so it would survive a rewrite of any of
 * them; what an engine adds beyond the port (files, faults, crashes of the process) has tests of its own beside it.
 */
import { createHash, randomBytes } from "node:crypto";
import {
  asApiKeyId,
  asBudgetId,
  asCallId,
  asCredentialId,
  asKeyId,
  DIRECTIONS,
  Fault,
  formatId,
  instant,
  microUsd,
  ZERO_USD,
  type Admission,
  type AdmitRequest,
  type ApiKey,
  type AuditRow,
  type CallEnding,
  type CallFilter,
  type CallId,
  type Cap,
  type Credential,
  type CredentialId,
  type Instant,
  type KeyFilter,
  type KeyId,
  type Meter,
  type MicroUsd,
  type Page,
  type PageRequest,
  type RefusedCall,
  type Store,
  type VaultKey,
} from "@keybrake/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestClock } from "./clock.ts";

/** What the suite hands to an engine. */
export interface StoreWorld {
  readonly clock: TestClock;
}

export interface OpenedStore {
  readonly store: Store;
  /** Closes the store and opens it again on the same data. Missing: the engine is `in memory`. */
  readonly reopen?: () => Promise<Store>;
  /** Drops the store without letting it finish, and opens it again on the same data. */
  readonly crash?: () => Promise<Store>;
  /** Closes whatever is open and removes the data. */
  readonly dispose: () => Promise<void>;
}

/** `in memory`: keeps nothing when it is closed, so that part of the contract is not asked of it. */
export type Durability = "durable" | "in memory";

const BY = asApiKeyId("api_test");
const CREDENTIAL = asCredentialId("cred_test");
const DAY_MS = 86_400_000;
const REMEMBERED_MS = DAY_MS;
const FIRST_PAGE: PageRequest = { limit: 100, cursor: null };

export function usd(dollars: number): MicroUsd {
  return microUsd(BigInt(Math.round(dollars * 1_000_000)));
}

export function newId(prefix: "key" | "call" | "cred" | "api", at: Instant): string {
  return formatId(prefix, at, randomBytes(16));
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

export function cap(limit: MicroUsd, more: Partial<Cap> = {}): Cap {
  return { id: asBudgetId("bud_1"), window: "day", limit, timeZone: "UTC", directions: DIRECTIONS, ...more };
}

export function makeKey(at: Instant, more: Partial<VaultKey> = {}): VaultKey {
  const id = asKeyId(newId("key", at));
  return {
    id,
    tokenHash: sha256(id),
    vendor: "stripe",
    credentialId: CREDENTIAL,
    livemode: false,
    sandbox: false,
    label: "billing/run-1",
    temporal: null,
    allowedEndpoints: ["**"],
    caps: [cap(usd(500))],
    perCallCap: null,
    uncapped: false,
    rateLimit: null,
    onDecline: "keep",
    accounts: [],
    constraints: {},
    allowUnbounded: {},
    issuedBy: BY,
    createdAt: at,
    expiresAt: instant(at + 30 * DAY_MS),
    revokedAt: null,
    ...more,
  };
}

interface MoneyOptions {
  readonly object?: { readonly id: string; readonly movedBefore?: MicroUsd };
  readonly idempotencyKey?: string;
  readonly fingerprint?: string;
  readonly direction?: "collected" | "paid_out" | "usage";
}

export function readRequest(key: VaultKey, at: Instant): AdmitRequest {
  return {
    call: {
      callId: asCallId(newId("call", at)),
      keyId: key.id,
      label: key.label,
      temporal: key.temporal,
      activityId: null,
      attempt: null,
      vendor: key.vendor,
      livemode: key.livemode,
      sandbox: key.sandbox,
      operation: "customers.get",
      operationClass: "read",
      method: "GET",
      path: "/v1/customers/cus_1",
      idempotencyKey: null,
    },
    estimate: { kind: "nothing" },
    idempotency: null,
  };
}

export function moneyRequest(key: VaultKey, at: Instant, exposure: MicroUsd, options: MoneyOptions = {}): AdmitRequest {
  const { object, idempotencyKey = null, fingerprint = "f1", direction = "collected" } = options;
  const read = readRequest(key, at);
  return {
    call: {
      ...read.call,
      operation: "payment_intents.create",
      operationClass: "money",
      method: "POST",
      path: "/v1/payment_intents",
      idempotencyKey,
    },
    estimate: {
      kind: "money",
      direction,
      amount: { minor: exposure / 10_000n, currency: "usd" },
      exposure,
      object: object === undefined ? null : { id: object.id, movedBefore: object.movedBefore ?? ZERO_USD },
      rateDate: null,
    },
    idempotency: idempotencyKey === null ? null : { fingerprint, rememberedMs: REMEMBERED_MS },
  };
}

type ObjectFacts = Partial<Omit<Extract<Meter, { kind: "object" }>, "kind" | "amount">>;

export function objectMeter(id: string, moved: MicroUsd, more: ObjectFacts = {}): Meter {
  return {
    kind: "object",
    id,
    moved,
    final: true,
    declined: false,
    amount: { minor: moved / 10_000n, currency: "usd" },
    ...more,
  };
}

export function ending(
  request: AdmitRequest,
  meter: Meter,
  more: Partial<CallEnding> = {},
  replayed = false,
): CallEnding {
  const { callId, keyId } = request.call;
  return {
    callId,
    keyId: keyId ?? asKeyId(""),
    reading: {
      meter,
      replayed,
      vendorRequestId: `req_${callId.slice(-6)}`,
      vendorObjectId: meter.kind === "object" ? meter.id : null,
    },
    why: null,
    httpStatus: meter.kind === "unknown" ? null : 200,
    latencyMs: 12,
    upstreamMs: 10,
    ...more,
  };
}

const UNKNOWN: Meter = { kind: "unknown", why: "the connection was reset" };
const NO: Meter = { kind: "definite_no" };

export function describeStoreContract(
  name: string,
  open: (world: StoreWorld) => Promise<OpenedStore>,
  durability: Durability = "durable",
): void {
  describe(`the store contract: ${name}`, () => {
    let clock: TestClock;
    let opened: OpenedStore;
    let store: Store;

    beforeEach(async () => {
      clock = new TestClock();
      opened = await open({ clock });
      ({ store } = opened);
    });
    afterEach(async () => {
      await opened.dispose();
    });

    async function issue(more: Partial<VaultKey> = {}): Promise<VaultKey> {
      const key = makeKey(clock.now(), more);
      await store.issueKey(key);
      return key;
    }

    async function admitOne(request: AdmitRequest): Promise<Admission> {
      const [admission] = await store.admit([request]);
      if (admission === undefined) throw new Error("one request, one admission");
      return admission;
    }

    /** Admits, and gives the request back to end it with. */
    async function held(request: AdmitRequest): Promise<AdmitRequest> {
      expect((await admitOne(request)).kind).toBe("admitted");
      return request;
    }

    async function refusedWith(request: AdmitRequest): Promise<string> {
      const admission = await admitOne(request);
      return admission.kind === "refused" ? admission.refusal.code : "admitted";
    }

    const end = (
      request: AdmitRequest,
      meter: Meter,
      more: Partial<CallEnding> = {},
      replayed = false,
    ): Promise<void> => store.end([ending(request, meter, more, replayed)]);

    const money = (key: VaultKey, dollars: number, options: MoneyOptions = {}): AdmitRequest =>
      moneyRequest(key, clock.now(), usd(dollars), options);

    async function standing(id: KeyId): Promise<string> {
      const view = await store.getKey(id);
      return (view?.budgets ?? []).map(({ settled, held, remaining }) => `${settled}/${held}/${remaining}`).join(" ");
    }

    /** settled / held / remaining of the only budget, in dollars. */
    async function dollars(id: KeyId): Promise<readonly [number, number, number]> {
      const [budget] = (await store.getKey(id))?.budgets ?? [];
      if (budget === undefined) throw new Error("the key has a budget");
      return [Number(budget.settled) / 1e6, Number(budget.held) / 1e6, Number(budget.remaining) / 1e6];
    }

    async function row(id: CallId): Promise<AuditRow> {
      const found = await store.getCall(id);
      if (found === null) throw new Error(`no row for ${id}`);
      return found;
    }

    async function allPages<Row>(query: (page: PageRequest) => Promise<Page<Row>>, limit: number): Promise<Row[]> {
      const rows: Row[] = [];
      let cursor: string | null = null;
      do {
        const page: Page<Row> = await query({ limit, cursor });
        expect(page.rows.length).toBeLessThanOrEqual(limit);
        rows.push(...page.rows);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return rows;
    }

    const callIds = (rows: readonly AuditRow[]): CallId[] => rows.map(({ call }) => call.callId);

    describe("G1: nothing overshoots", () => {
      test("of 200 concurrent $10 admissions on a $500 key exactly 50 are admitted", async () => {
        const key = await issue();
        const requests = Array.from({ length: 200 }, () => money(key, 10));
        const admissions = await Promise.all(requests.map(admitOne));
        expect(admissions.filter(({ kind }) => kind === "admitted")).toHaveLength(50);
        expect(await dollars(key.id)).toEqual([0, 500, 0]);
        const refused = admissions.find((each) => each.kind === "refused");
        expect(refused?.refusal).toMatchObject({
          code: "spend_cap_exceeded",
          facts: { limit_usd: "500", held_usd: "500", asked_usd: "10", remaining_usd: "0" },
        });
      });

      test("settled and held never exceed the limit while admissions, answers and reads run side by side", async () => {
        const key = await issue({ caps: [cap(usd(100))] });
        let highest = 0n;
        const look = async (): Promise<void> => {
          const [budget] = (await store.getKey(key.id))?.budgets ?? [];
          const used = (budget?.settled ?? 0n) + (budget?.held ?? 0n);
          if (used > highest) highest = used;
        };
        await Promise.all(
          Array.from({ length: 60 }, async (_, index) => {
            const request = money(key, 10);
            if ((await admitOne(request)).kind === "admitted")
              await end(request, index % 3 === 0 ? NO : objectMeter(`pi_${index}`, usd(7)));
            await look();
          }),
        );
        await look();
        expect(highest).toBeLessThanOrEqual(usd(100));
        expect((await dollars(key.id))[1]).toBe(0);
      });

      test("within one batch earlier requests count for later ones", async () => {
        const key = await issue({ caps: [cap(usd(25))] });
        const admissions = await store.admit([money(key, 10), money(key, 10), money(key, 10), money(key, 5)]);
        expect(admissions.map(({ kind }) => kind)).toEqual(["admitted", "admitted", "refused", "admitted"]);
        expect(await dollars(key.id)).toEqual([0, 25, 0]);
      });

      test("a batch may mix keys, and a key that nobody issued is refused in its place", async () => {
        const [one, two] = [await issue(), await issue()];
        const stranger = makeKey(clock.now());
        const admissions = await store.admit([money(one, 10), money(stranger, 10), money(two, 20)]);
        expect(admissions.map(({ kind }) => kind)).toEqual(["admitted", "refused", "admitted"]);
        expect(await dollars(one.id)).toEqual([0, 10, 490]);
        expect(await dollars(two.id)).toEqual([0, 20, 480]);
        expect(await store.getKey(stranger.id)).toBeNull();
      });

      test("a hold must fit every budget that counts its direction", async () => {
        const caps = [
          cap(usd(100)),
          cap(usd(30), { id: asBudgetId("bud_2"), window: "total", directions: ["paid_out"] }),
        ];
        const key = await issue({ caps });
        expect(await refusedWith(money(key, 40, { direction: "paid_out" }))).toBe("spend_cap_exceeded");
        await held(money(key, 20, { direction: "paid_out" }));
        await held(money(key, 80));
        expect(await refusedWith(money(key, 1))).toBe("spend_cap_exceeded");
        expect(await standing(key.id)).toBe(`0/${usd(100)}/0 0/${usd(20)}/${usd(10)}`);
      });

      test("a refused admission leaves neither a hold nor a row", async () => {
        const key = await issue({ perCallCap: usd(5) });
        const request = money(key, 10);
        expect(await refusedWith(request)).toBe("per_call_cap_exceeded");
        expect(await store.getCall(request.call.callId)).toBeNull();
        expect(await dollars(key.id)).toEqual([0, 0, 500]);
      });

      test("a preview says what admission would say, and leaves nothing behind", async () => {
        const key = await issue();
        const refused = await store.preview(money(key, 501));
        expect(refused.refusal?.code).toBe("spend_cap_exceeded");
        const allowed = await store.preview(money(key, 500));
        expect(allowed.refusal).toBeNull();
        expect(allowed.budgets.map(({ remaining }) => remaining)).toEqual([usd(500)]);
        expect(await dollars(key.id)).toEqual([0, 0, 500]);
        expect((await store.queryCalls({}, FIRST_PAGE)).rows).toEqual([]);
        await held(money(key, 500));
        const stranger = await store.preview(money(makeKey(clock.now()), 1));
        expect(stranger.refusal?.code).toBe("vault_key_invalid");
      });

      test("a call that says what it spent is settled at that, once", async () => {
        const key = await issue();
        const request = money(key, 10);
        await held(request);
        await store.end([ending(request, { kind: "spent", moved: usd(4), amount: null })]);
        expect(await dollars(key.id)).toEqual([4, 0, 496]);
        expect((await store.getCall(request.call.callId))?.outcome).toBe("settled");
      });

      test("the vendor's fee stands in the row and in no budget", async () => {
        const key = await issue();
        const request = money(key, 10);
        await held(request);
        const plain = ending(request, objectMeter("pi_1", usd(10)));
        await store.end([{ ...plain, reading: { ...plain.reading, fee: { minor: 59n, currency: "usd" } } }]);
        expect(await dollars(key.id)).toEqual([10, 0, 490]);
        expect((await store.getCall(request.call.callId))?.fee).toEqual({ minor: 59n, currency: "usd" });
      });

      test("a rate limit counts admitted calls of the window", async () => {
        const key = await issue({ rateLimit: { calls: 2, per: "minute" } });
        const request = (): AdmitRequest => readRequest(key, clock.now());
        await held(request());
        await held(request());
        expect(await refusedWith(request())).toBe("rate_limited");
        clock.advance(60_000);
        await held(request());
      });
    });

    describe("G3: a hold ends once", () => {
      test("an admitted call is held until its answer settles it", async () => {
        const key = await issue();
        const request = await held(money(key, 10));
        expect(await row(request.call.callId)).toMatchObject({
          verdict: "allowed",
          outcome: "held",
          inFlight: true,
          held: usd(10),
          cost: 0n,
        });
        await end(request, objectMeter("pi_1", usd(8)));
        expect(await dollars(key.id)).toEqual([8, 0, 492]);
        expect(await row(request.call.callId)).toMatchObject({
          outcome: "settled",
          inFlight: false,
          held: 0n,
          cost: usd(8),
          amount: { minor: 800n, currency: "usd" },
          vendorObjectId: "pi_1",
          httpStatus: 200,
          latencyMs: 12,
          upstreamMs: 10,
        });
      });

      test("a call that ended cannot end again, and the other calls of the batch do end", async () => {
        const key = await issue();
        const [first, second] = [await held(money(key, 10)), await held(money(key, 20))];
        await end(first, objectMeter("pi_1", usd(10)));
        await expect(store.end([ending(first, NO), ending(second, objectMeter("pi_2", usd(20)))])).rejects.toThrow(
          /not on its way/,
        );
        expect(await dollars(key.id)).toEqual([30, 0, 470]);
      });

      test("standing changes before the first await of end", async () => {
        const key = await issue({ caps: [cap(usd(10))] });
        const first = await held(money(key, 10));
        const ended = end(first, NO);
        const second = admitOne(money(key, 10));
        await ended;
        expect((await second).kind).toBe("admitted");
      });

      test("an unknown outcome keeps the hold", async () => {
        const key = await issue();
        const request = await held(money(key, 10));
        await end(request, UNKNOWN);
        expect(await dollars(key.id)).toEqual([0, 10, 490]);
        expect(await row(request.call.callId)).toMatchObject({
          outcome: "unknown",
          why: "the connection was reset",
          held: usd(10),
          inFlight: false,
        });
      });

      test("a call that never left is released, whatever else is said of it", async () => {
        const key = await issue();
        const request = await held(money(key, 10));
        await end(request, UNKNOWN, { notSent: true, why: "nothing was sent" });
        expect(await dollars(key.id)).toEqual([0, 0, 500]);
        expect(await row(request.call.callId)).toMatchObject({ outcome: "released", why: "nothing was sent" });
      });

      test("a read holds nothing and ends as none", async () => {
        const key = await issue();
        const request = await held(readRequest(key, clock.now()));
        await end(request, { kind: "nothing" });
        expect(await row(request.call.callId)).toMatchObject({ outcome: "none", inFlight: false, estimate: null });
      });

      test("a later fact settles what was unknown, and counts in the window of the hold", async () => {
        const key = await issue();
        const request = await held(money(key, 10));
        await end(request, UNKNOWN);
        clock.advance(DAY_MS);
        await held(money(key, 3));
        const evidence = { source: "operator", note: "seen in the vendor's dashboard" };
        const corrected = await store.correct(request.call.callId, {
          settled: usd(10),
          final: true,
          object: null,
          evidence,
        });
        expect(corrected).toMatchObject({ outcome: "settled", cost: usd(10), held: 0n });
        expect(await row(request.call.callId)).toEqual(corrected);
        expect(await dollars(key.id)).toEqual([0, 3, 497]);
      });

      test("a hold that has ended can still be corrected, up and down", async () => {
        const key = await issue();
        const request = await held(money(key, 10));
        await end(request, objectMeter("pi_1", usd(10)));
        const evidence = { source: "webhook", note: "" };
        const { callId } = request.call;
        await store.correct(callId, { settled: usd(12), final: true, object: null, evidence });
        expect(await dollars(key.id)).toEqual([12, 0, 488]);
        await store.correct(callId, { settled: ZERO_USD, final: true, object: null, evidence });
        expect(await dollars(key.id)).toEqual([0, 0, 500]);
        expect(await row(callId)).toMatchObject({ outcome: "released", cost: 0n });
        expect(
          await store.correct(asCallId("call_nobody"), { settled: usd(1), final: true, object: null, evidence }),
        ).toBeNull();
      });
    });

    describe("G4: retries are free", () => {
      const again = { idempotencyKey: "k1" };

      test("a replay is covered by the first call's hold, also on a full budget", async () => {
        const key = await issue({ caps: [cap(usd(10))] });
        const first = await held(money(key, 10, again));
        await end(first, objectMeter("pi_1", usd(10)));
        const replay = await held(money(key, 10, again));
        await end(replay, objectMeter("pi_1", usd(10)), {}, true);
        expect(await dollars(key.id)).toEqual([10, 0, 0]);
        expect(await row(replay.call.callId)).toMatchObject({
          outcome: "none",
          cost: 0n,
          held: 0n,
          replayed: true,
          replayOf: first.call.callId,
        });
      });

      test("another body under the same idempotency key has a hold of its own", async () => {
        const key = await issue();
        await held(money(key, 10, again));
        await held(money(key, 10, { ...again, fingerprint: "f2" }));
        expect(await dollars(key.id)).toEqual([0, 20, 480]);
      });

      test("the hold stays while an identical call is still on its way", async () => {
        const key = await issue();
        const first = await held(money(key, 10, again));
        const second = await held(money(key, 10, again));
        await end(first, NO);
        expect(await dollars(key.id)).toEqual([0, 10, 490]);
        await end(second, NO);
        expect(await dollars(key.id)).toEqual([0, 0, 500]);
      });

      test("a retry after an unknown outcome settles the first call's hold, once", async () => {
        const key = await issue();
        const first = await held(money(key, 10, again));
        await end(first, UNKNOWN);
        const second = await held(money(key, 10, again));
        await end(second, objectMeter("pi_1", usd(10)), {}, true);
        expect(await dollars(key.id)).toEqual([10, 0, 490]);
        expect(await row(first.call.callId)).toMatchObject({ outcome: "settled", cost: usd(10) });
        expect((await row(second.call.callId)).cost).toBe(0n);
      });

      test("a use is forgotten when the vendor may have forgotten it", async () => {
        const key = await issue({ caps: [cap(usd(100), { window: "total" })] });
        await end(await held(money(key, 10, again)), objectMeter("pi_1", usd(10)));
        clock.advance(REMEMBERED_MS);
        await held(money(key, 10, again));
        expect(await dollars(key.id)).toEqual([10, 10, 80]);
      });

      test("the use of a released call covers nothing", async () => {
        const key = await issue();
        await end(await held(money(key, 10, again)), NO);
        await held(money(key, 10, again));
        expect(await dollars(key.id)).toEqual([0, 10, 490]);
      });
    });

    describe("objects are followed", () => {
      /** Creates an intent of $100 that is still open. */
      async function created(key: VaultKey): Promise<AdmitRequest> {
        const request = await held(money(key, 100));
        await end(request, objectMeter("pi_1", ZERO_USD, { final: false }));
        return request;
      }
      const on = (movedBefore: MicroUsd = ZERO_USD): MoneyOptions => ({ object: { id: "pi_1", movedBefore } });

      test("an open object keeps its hold after the answer", async () => {
        const key = await issue();
        const request = await created(key);
        expect(await dollars(key.id)).toEqual([0, 100, 400]);
        expect(await row(request.call.callId)).toMatchObject({ outcome: "held", inFlight: false });
      });

      test("confirm adds nothing, and its answer settles the hold of create", async () => {
        const key = await issue({ caps: [cap(usd(100))] });
        const create = await created(key);
        const confirm = await held(money(key, 100, on()));
        expect(await dollars(key.id)).toEqual([0, 100, 0]);
        await end(confirm, objectMeter("pi_1", usd(100)));
        expect(await dollars(key.id)).toEqual([100, 0, 0]);
        expect(await row(create.call.callId)).toMatchObject({ outcome: "settled", cost: usd(100) });
        expect((await row(confirm.call.callId)).cost).toBe(0n);
      });

      test("raising the amount adds only the difference", async () => {
        const key = await issue();
        await created(key);
        await end(await held(money(key, 130, on())), objectMeter("pi_1", ZERO_USD, { final: false }));
        expect(await dollars(key.id)).toEqual([0, 130, 370]);
        await end(await held(money(key, 130, on())), objectMeter("pi_1", usd(130)));
        expect(await dollars(key.id)).toEqual([130, 0, 370]);
      });

      test("a partial capture settles what was captured and releases the rest", async () => {
        const key = await issue();
        await created(key);
        await end(await held(money(key, 60, on())), objectMeter("pi_1", usd(60)));
        expect(await dollars(key.id)).toEqual([60, 0, 440]);
      });

      test("cancel releases", async () => {
        const key = await issue();
        const create = await created(key);
        const cancel = await held(readRequest(key, clock.now()));
        await end(cancel, objectMeter("pi_1", ZERO_USD));
        expect(await dollars(key.id)).toEqual([0, 0, 500]);
        expect(await row(create.call.callId)).toMatchObject({ outcome: "released", cost: 0n });
      });

      test("a decline keeps the hold, because the object can still be paid", async () => {
        const key = await issue();
        const request = await held(money(key, 100));
        await end(request, objectMeter("pi_1", ZERO_USD, { final: false, declined: true }), { httpStatus: 402 });
        expect(await dollars(key.id)).toEqual([0, 100, 400]);
      });

      test("a decline releases where the key says so", async () => {
        const key = await issue({ onDecline: "release" });
        const request = await held(money(key, 100));
        await end(request, objectMeter("pi_1", ZERO_USD, { final: false, declined: true }), { httpStatus: 402 });
        expect(await dollars(key.id)).toEqual([0, 0, 500]);
        expect(await row(request.call.callId)).toMatchObject({ outcome: "released", httpStatus: 402 });
      });

      test("what was moved before this key touched the object is not its spend", async () => {
        const key = await issue();
        await end(await held(money(key, 40, on(usd(60)))), objectMeter("pi_1", usd(100)));
        expect(await dollars(key.id)).toEqual([40, 0, 460]);
      });
    });

    describe("keys", () => {
      test("a key is found by its token's hash and by its id, and nothing else is found", async () => {
        const key = await issue();
        expect(await store.findKey(key.tokenHash)).toEqual(key);
        expect((await store.getKey(key.id))?.key).toEqual(key);
        expect(await store.findKey(sha256("a guess"))).toBeNull();
        expect(await store.getKey(asKeyId("key_nobody"))).toBeNull();
      });

      test("G5: once revocation has answered, nothing is admitted", async () => {
        const key = await issue();
        const racing = Array.from({ length: 20 }, () => admitOne(money(key, 1)));
        const view = await store.revokeKey(key.id, BY, "done");
        const late = await Promise.all(Array.from({ length: 20 }, () => refusedWith(money(key, 1))));
        expect(new Set(late)).toEqual(new Set(["vault_key_revoked"]));
        expect(view?.key.revokedAt).toBe(clock.now());
        expect((await store.findKey(key.tokenHash))?.revokedAt).toBe(clock.now());
        await Promise.all(racing);
      });

      test("revocation is idempotent and the first time stands; an unknown key is null", async () => {
        const key = await issue();
        const at = clock.now();
        await store.revokeKey(key.id, BY, null);
        clock.advance(5_000);
        expect((await store.revokeKey(key.id, BY, null))?.key.revokedAt).toBe(at);
        expect(await store.revokeKey(asKeyId("key_nobody"), BY, null)).toBeNull();
      });

      test("a revoked key's calls on their way still end", async () => {
        const key = await issue();
        const request = await held(money(key, 10));
        await store.revokeKey(key.id, BY, null);
        await end(request, objectMeter("pi_1", usd(10)));
        expect(await dollars(key.id)).toEqual([10, 0, 490]);
      });

      test("an expired key admits nothing, and extending it lets it go on", async () => {
        const key = await issue({ expiresAt: instant(clock.now() + 1_000) });
        clock.advance(1_000);
        expect(await refusedWith(money(key, 1))).toBe("vault_key_expired");
        await store.patchKey(key.id, { expiresAt: instant(clock.now() + 1_000) }, BY);
        await held(money(key, 1));
      });

      test("a raised cap has room at once, a lowered one refuses at once, and balances stay", async () => {
        const key = await issue({ caps: [cap(usd(10))] });
        await held(money(key, 10));
        expect(await refusedWith(money(key, 5))).toBe("spend_cap_exceeded");
        const raised = await store.patchKey(key.id, { caps: [cap(usd(20))] }, BY);
        expect(raised?.budgets[0]).toMatchObject({ held: usd(10), remaining: usd(10) });
        await held(money(key, 5));
        await store.patchKey(key.id, { caps: [cap(usd(12))] }, BY);
        expect(await refusedWith(money(key, 1))).toBe("spend_cap_exceeded");
        expect(await dollars(key.id)).toEqual([0, 15, 0]);
        expect(await store.patchKey(asKeyId("key_nobody"), { label: "x" }, BY)).toBeNull();
      });

      test("lists are newest first and filtered by label, prefix, vendor, issuer and status", async () => {
        const keys: VaultKey[] = [];
        for (const [index, more] of (
          [
            { label: "billing/a" },
            { label: "billing/b", vendor: "twilio" },
            { label: "other", issuedBy: asApiKeyId("api_other") },
            { label: null },
            { label: "billing", expiresAt: instant(clock.now() + 1_000) },
          ] satisfies Partial<VaultKey>[]
        ).entries()) {
          clock.set(clock.now() + index);
          keys.push(await issue(more));
        }
        const [a, b, other, unlabelled, short] = keys;
        await store.revokeKey(a?.id ?? asKeyId(""), BY, null);
        clock.advance(2_000);
        const list = async (filter: KeyFilter): Promise<(KeyId | undefined)[]> =>
          (await store.listKeys(filter, FIRST_PAGE)).rows.map(({ key }) => key.id);
        expect(await list({})).toEqual([short?.id, unlabelled?.id, other?.id, b?.id, a?.id]);
        expect(await list({ label: "billing/a" })).toEqual([a?.id]);
        expect(await list({ labelPrefix: "billing/" })).toEqual([b?.id, a?.id]);
        expect(await list({ vendor: "twilio" })).toEqual([b?.id]);
        expect(await list({ issuedBy: asApiKeyId("api_other") })).toEqual([other?.id]);
        expect(await list({ status: "revoked" })).toEqual([a?.id]);
        expect(await list({ status: "expired" })).toEqual([short?.id]);
        expect(await list({ status: "active" })).toEqual([unlabelled?.id, other?.id, b?.id]);
        expect(await list({ labelPrefix: "billing/", status: "active", vendor: "twilio" })).toEqual([b?.id]);
        expect(await list({ label: "nobody" })).toEqual([]);
      });

      test("pages of keys are stable while keys arrive, and show balances as they are", async () => {
        const keys: VaultKey[] = [];
        for (let i = 0; i < 7; i++) keys.push(await issue());
        const first = await store.listKeys({}, { limit: 3, cursor: null });
        const late = await issue();
        await held(money(keys[0] ?? late, 10));
        const rest = await allPages(
          (page) => store.listKeys({}, { ...page, cursor: page.cursor ?? first.nextCursor }),
          2,
        );
        expect([...first.rows, ...rest].map(({ key }) => key.id)).toEqual(keys.map(({ id }) => id).reverse());
        expect(rest.at(-1)?.budgets[0]?.held).toBe(usd(10));
      });
    });

    describe("time", () => {
      test("a window that rolls over begins empty, and late facts of the old one do not count in it", async () => {
        const key = await issue({ caps: [cap(usd(10))] });
        const request = await held(money(key, 10));
        clock.advance(DAY_MS);
        expect(await dollars(key.id)).toEqual([0, 0, 10]);
        await held(money(key, 4));
        await end(request, objectMeter("pi_1", usd(10)));
        expect(await dollars(key.id)).toEqual([0, 4, 6]);
        expect((await row(request.call.callId)).cost).toBe(usd(10));
      });

      test("the budget clock never goes back", async () => {
        const key = await issue({ caps: [cap(usd(10))] });
        clock.advance(DAY_MS);
        await held(money(key, 10));
        const reached = store.now();
        clock.advance(-2 * DAY_MS);
        expect(store.now()).toBe(reached);
        expect(await refusedWith(money(key, 1))).toBe("spend_cap_exceeded");
        clock.advance(3 * DAY_MS);
        await held(money(key, 10));
      });
    });

    describe("credentials", () => {
      const SEALED = Uint8Array.from([1, 2, 3, 250]);

      async function add(name: string, more: Partial<Credential> = {}): Promise<CredentialId> {
        const id = asCredentialId(newId("cred", clock.now()));
        await store.addCredential(
          {
            id,
            vendor: "stripe",
            name,
            livemode: false,
            sandbox: false,
            accountId: null,
            isDefault: false,
            createdAt: clock.now(),
            rotatedAt: null,
            removedAt: null,
            ...more,
          },
          SEALED,
          BY,
        );
        return id;
      }
      const defaults = async (): Promise<string[]> =>
        (await store.listCredentials())
          .filter(({ isDefault }) => isDefault)
          .map(({ vendor, name }) => `${vendor} ${name}`);

      test("the first of a vendor is its default", async () => {
        await add("one");
        await add("two");
        await add("calls", { vendor: "twilio" });
        expect(await defaults()).toEqual(["stripe one", "twilio calls"]);
        expect((await store.listCredentials()).map(({ name }) => name)).toEqual(["one", "two", "calls"]);
      });

      test("a sandbox never counts as the first: a real one added later takes its place", async () => {
        await add("sandbox", { sandbox: true });
        expect(await defaults()).toEqual(["stripe sandbox"]);
        await add("real");
        expect(await defaults()).toEqual(["stripe real"]);
        await add("another");
        expect(await defaults()).toEqual(["stripe real"]);
      });

      test("one that is added as the default, or made it, takes over from the other", async () => {
        await add("one");
        const two = await add("two", { isDefault: true });
        expect(await defaults()).toEqual(["stripe two"]);
        const three = await add("three");
        expect((await store.makeDefaultCredential(three, BY))?.isDefault).toBe(true);
        expect(await defaults()).toEqual(["stripe three"]);
        expect((await store.listCredentials()).find(({ id }) => id === two)?.isDefault).toBe(false);
        expect(await store.makeDefaultCredential(asCredentialId("cred_nobody"), BY)).toBeNull();
      });

      test("when the default is removed the oldest that moves the same money becomes it", async () => {
        await add("sandbox", { sandbox: true });
        const one = await add("one");
        const two = await add("two");
        await add("three");
        expect(await store.removeCredential(one, BY)).toMatchObject({
          id: one,
          isDefault: false,
          removedAt: clock.now(),
        });
        expect(await defaults()).toEqual(["stripe two"]);
        await store.removeCredential(two, BY);
        expect(await defaults()).toEqual(["stripe three"]);
        expect((await store.listCredentials()).map(({ name }) => name)).toEqual(["sandbox", "three"]);
      });

      test("when nothing is left that moves the same money the vendor has no default, until one is made it", async () => {
        await add("sandbox", { sandbox: true });
        const inTest = await add("in test");
        const live = await add("live", { livemode: true });
        await store.removeCredential(inTest, BY);
        expect(await defaults()).toEqual([]);
        await store.makeDefaultCredential(live, BY);
        expect(await defaults()).toEqual(["stripe live"]);
        await store.removeCredential(live, BY);
        expect(await defaults()).toEqual([]);
      });

      test("the sealed secret is kept, replaced on rotation and erased on removal", async () => {
        const id = await add("one");
        expect(await store.sealedSecret(id)).toEqual(SEALED);
        clock.advance(1_000);
        const rotated = await store.rotateCredential(id, Uint8Array.from([9]), true, BY);
        expect(rotated).toMatchObject({ livemode: true, rotatedAt: clock.now(), isDefault: true });
        expect(await store.sealedSecret(id)).toEqual(Uint8Array.from([9]));
        await store.removeCredential(id, BY);
        expect(await store.sealedSecret(id)).toBeNull();
        expect(await store.removeCredential(id, BY)).toBeNull();
        expect(await store.rotateCredential(id, SEALED, true, BY)).toBeNull();
      });
    });

    describe("API keys", () => {
      const apiKey = (name: string): ApiKey => ({
        id: asApiKeyId(newId("api", clock.now())),
        name,
        tokenHash: sha256(name),
        scopes: ["issue"],
        ceilings: { vendors: ["stripe"], dailyCap: usd(100), expiresInMs: DAY_MS },
        createdAt: clock.now(),
        revokedAt: null,
      });

      test("an API key is found by its token's hash, with its ceilings, and listed", async () => {
        const [one, two] = [apiKey("one"), apiKey("two")];
        await store.createApiKey(one, BY);
        await store.createApiKey(two, BY);
        expect(await store.findApiKey(one.tokenHash)).toEqual(one);
        expect(await store.findApiKey(sha256("a guess"))).toBeNull();
        expect(await store.listApiKeys()).toEqual([one, two]);
      });

      test("revocation is idempotent and the first time stands; an unknown one is null", async () => {
        const one = apiKey("one");
        await store.createApiKey(one, BY);
        const at = clock.now();
        expect((await store.revokeApiKey(one.id, BY))?.revokedAt).toBe(at);
        clock.advance(1_000);
        expect((await store.revokeApiKey(one.id, BY))?.revokedAt).toBe(at);
        expect((await store.findApiKey(one.tokenHash))?.revokedAt).toBe(at);
        expect(await store.revokeApiKey(asApiKeyId("api_nobody"), BY)).toBeNull();
      });
    });

    describe("G7: the audit is whole", () => {
      const refusedCall = (key: VaultKey | null, more: Partial<RefusedCall["call"]> = {}): RefusedCall => ({
        call: {
          ...readRequest(key ?? makeKey(clock.now()), clock.now()).call,
          ...(key === null ? { keyId: null, label: null, vendor: null } : {}),
          ...more,
        },
        refusal: key === null ? "vault_key_invalid" : "endpoint_not_allowed",
        estimate: null,
        direction: null,
        amount: null,
        latencyMs: 0.4,
      });

      test("refused calls have rows, also those of nobody's key", async () => {
        const key = await issue();
        const [known, unknown] = [refusedCall(key), refusedCall(null)];
        await store.refuse([known, unknown]);
        expect(await row(known.call.callId)).toMatchObject({
          at: clock.now(),
          call: known.call,
          verdict: "refused",
          refusal: "endpoint_not_allowed",
          outcome: "none",
          inFlight: false,
          latencyMs: 0.4,
        });
        expect((await row(unknown.call.callId)).call.keyId).toBeNull();
        expect(await store.getCall(asCallId("call_nobody"))).toBeNull();
      });

      test("calls are newest first and every condition of the filter holds", async () => {
        const run = { namespace: "default", workflowId: "wf-1", runId: "run-1" };
        const a = await issue({ label: "billing/a", temporal: run });
        const b = await issue({ label: "billing/b", vendor: "twilio", temporal: { ...run, runId: "run-2" } });
        const c = await issue({ label: "c", caps: [cap(usd(1))] });
        const first = await held(money(a, 10));
        await end(first, objectMeter("pi_1", usd(10)));
        clock.advance(1_000);
        const second = await held(money(b, 10));
        await end(second, UNKNOWN);
        clock.advance(1_000);
        const third = refusedCall(c);
        await store.refuse([third]);
        const fourth = await held(money(a, 5));
        await end(fourth, NO);
        clock.advance(1_000);
        const fifth = await held(money(c, 1));
        const [one, two, three, four, five] = [first, second, third, fourth, fifth].map(({ call }) => call.callId);

        const list = async (filter: CallFilter): Promise<CallId[]> =>
          callIds((await store.queryCalls(filter, FIRST_PAGE)).rows);
        expect(await list({})).toEqual([five, four, three, two, one]);
        expect(await list({ label: "billing/a" })).toEqual([four, one]);
        expect(await list({ labelPrefix: "billing/" })).toEqual([four, two, one]);
        expect(await list({ keyId: a.id })).toEqual([four, one]);
        expect(await list({ vendor: "twilio" })).toEqual([two]);
        expect(await list({ verdict: "refused" })).toEqual([three]);
        expect(await list({ verdict: "allowed" })).toEqual([five, four, two, one]);
        expect(await list({ outcome: "settled" })).toEqual([one]);
        expect(await list({ outcome: "unknown" })).toEqual([two]);
        expect(await list({ outcome: "held" })).toEqual([five]);
        expect(await list({ outcome: "released" })).toEqual([four]);
        expect(await list({ workflowId: "wf-1" })).toEqual([four, two, one]);
        expect(await list({ runId: "run-2" })).toEqual([two]);
        const middle = (await row(two ?? asCallId(""))).at;
        expect(await list({ from: middle })).toEqual([five, four, three, two]);
        expect(await list({ to: middle })).toEqual([one]);
        expect(await list({ from: middle, to: instant(middle + 1) })).toEqual([two]);
        expect(await list({ from: instant(clock.now() + 1) })).toEqual([]);
        expect(await list({ to: instant(0) })).toEqual([]);
        expect(await list({ keyId: a.id, outcome: "settled", verdict: "allowed", vendor: "stripe" })).toEqual([one]);
        expect(await list({ keyId: a.id, labelPrefix: "billing/", from: middle })).toEqual([four]);
        expect(await list({ keyId: b.id, outcome: "settled" })).toEqual([]);
      });

      test("a prefix is text, not a pattern", async () => {
        const key = await issue({ label: "50%_a" });
        await store.refuse([refusedCall(key)]);
        const count = async (labelPrefix: string): Promise<number> =>
          (await store.queryCalls({ labelPrefix }, FIRST_PAGE)).rows.length;
        expect([
          await count("50%"),
          await count("50%_"),
          await count("5%"),
          await count("%"),
          await count("50_"),
        ]).toEqual([1, 1, 0, 0, 0]);
      });

      test("a prefix finds every label that begins so, whatever character comes next", async () => {
        const labels = [
          "team/",
          "team/a",
          "team/\u{7f}",
          "team/\ud7ff",
          "team/\ue000",
          "team/\u{10FFFF}",
          "team/\u{10FFFF}z",
        ];
        for (const label of labels) await store.refuse([refusedCall(await issue({ label }))]);
        await store.refuse([
          refusedCall(await issue({ label: "team0" })),
          refusedCall(await issue({ label: "team." })),
        ]);
        expect((await store.queryCalls({ labelPrefix: "team/" }, FIRST_PAGE)).rows).toHaveLength(labels.length);
        expect((await store.listKeys({ labelPrefix: "team/" }, FIRST_PAGE)).rows).toHaveLength(labels.length);
        expect((await store.queryCalls({ labelPrefix: "team/\u{10FFFF}" }, FIRST_PAGE)).rows).toHaveLength(2);
        expect((await store.queryCalls({ labelPrefix: "team/\ud7ff" }, FIRST_PAGE)).rows).toHaveLength(1);
      });

      test("pages of calls are stable while rows arrive", async () => {
        const key = await issue();
        const ids: CallId[] = [];
        for (let i = 0; i < 11; i++) {
          const refused = refusedCall(key);
          await store.refuse([refused]);
          ids.push(refused.call.callId);
        }
        const seen: CallId[] = [];
        let cursor: string | null = null;
        do {
          const page: Page<AuditRow> = await store.queryCalls({ keyId: key.id }, { limit: 4, cursor });
          seen.push(...callIds(page.rows));
          cursor = page.nextCursor;
          await store.refuse([refusedCall(key), refusedCall(null)]);
        } while (cursor !== null);
        expect(seen).toEqual(ids.reverse());
      });

      test("a page that is exactly full has no next one", async () => {
        const key = await issue();
        await store.refuse([refusedCall(key), refusedCall(key)]);
        expect((await store.queryCalls({}, { limit: 2, cursor: null })).nextCursor).toBeNull();
        expect((await store.queryCalls({}, { limit: 1, cursor: null })).nextCursor).not.toBeNull();
      });

      test("a cursor that no store gave is a clear fault", async () => {
        await expect(store.queryCalls({}, { limit: 1, cursor: "'; drop table calls" })).rejects.toThrow(Fault);
        await expect(store.listKeys({}, { limit: 1, cursor: "nonsense" })).rejects.toMatchObject({
          code: "cursor_invalid",
        });
      });

      test("a query sees everything that was answered before it was asked", async () => {
        const key = await issue();
        for (let round = 1; round <= 20; round++) {
          const request = await held(money(key, 1));
          expect(callIds((await store.queryCalls({ keyId: key.id }, { limit: 1, cursor: null })).rows)).toEqual([
            request.call.callId,
          ]);
          await end(request, objectMeter(`pi_${round}`, usd(1)));
          expect((await store.queryCalls({ outcome: "settled" }, FIRST_PAGE)).rows).toHaveLength(round);
          expect((await store.listKeys({}, FIRST_PAGE)).rows[0]?.budgets[0]?.settled).toBe(usd(round));
        }
      });

      test("what a call is and costs survives whole, with any text a caller may send", async () => {
        const odd = "a\"b\\c\n\u0000\u{1F4B8}\u2028%_'; --";
        const key = await issue({ label: odd });
        const request = money(key, 10, { idempotencyKey: odd });
        await held({ ...request, call: { ...request.call, activityId: odd, attempt: 3 } });
        await end(request, objectMeter(odd, usd(10)), { why: odd });
        expect(await row(request.call.callId)).toMatchObject({
          call: { ...request.call, activityId: odd, attempt: 3 },
          vendorObjectId: odd,
          why: odd,
          cost: usd(10),
        });
        expect(callIds((await store.queryCalls({ label: odd }, FIRST_PAGE)).rows)).toEqual([request.call.callId]);
      });

      test("the chain verifies and grows", async () => {
        const before = await store.verifyChain();
        expect(before).toMatchObject({ ok: true, problem: null });
        const key = await issue();
        await end(await held(money(key, 10)), objectMeter("pi_1", usd(10)));
        const after = await store.verifyChain();
        expect(after).toMatchObject({ ok: true, problem: null, entries: before.entries + 3 });
        expect(after.head).not.toBe(before.head);
      });
    });

    test("a closed store promises nothing", async () => {
      const key = await issue();
      expect(store.status()).toMatchObject({ accepting: true, why: null, recoveredUnknown: 0 });
      await store.close();
      expect(store.status().accepting).toBe(false);
      await expect(store.admit([money(key, 1)])).rejects.toThrow(Fault);
      await store.close();
    });

    if (durability === "in memory") return;
    describe("what is durable is there again", () => {
      /** A little of everything. Ends with one call on its way. */
      async function live(): Promise<{ key: VaultKey; onItsWay: AdmitRequest; covered: AdmitRequest }> {
        const key = await issue({ rateLimit: { calls: 100, per: "hour" } });
        await end(await held(money(key, 100)), objectMeter("pi_1", ZERO_USD, { final: false }));
        await end(await held(money(key, 7, { idempotencyKey: "k1" })), objectMeter("pi_2", usd(7)));
        await end(await held(money(key, 5, { idempotencyKey: "k2" })), UNKNOWN);
        const onItsWay = await held(money(key, 3, { idempotencyKey: "k3" }));
        const covered = await held(money(key, 3, { idempotencyKey: "k3" }));
        const revoked = await issue({ label: "gone" });
        await store.revokeKey(revoked.id, BY, null);
        await store.addCredential(
          {
            id: CREDENTIAL,
            vendor: "stripe",
            name: "main",
            livemode: true,
            sandbox: false,
            accountId: null,
            isDefault: false,
            createdAt: clock.now(),
            rotatedAt: null,
            removedAt: null,
          },
          Uint8Array.from([7, 7]),
          BY,
        );
        return { key, onItsWay, covered };
      }

      async function again(reopen: (() => Promise<Store>) | undefined): Promise<Store> {
        if (reopen === undefined) throw new Error("a durable engine can be opened again");
        return reopen();
      }

      async function everything(): Promise<unknown> {
        return {
          keys: (await store.listKeys({}, FIRST_PAGE)).rows,
          calls: (await store.queryCalls({}, FIRST_PAGE)).rows,
          credentials: await store.listCredentials(),
          sealed: await store.sealedSecret(CREDENTIAL),
          apiKeys: await store.listApiKeys(),
          chain: await store.verifyChain(),
        };
      }

      test("after close and reopen everything is identical, and the ledger goes on where it was", async () => {
        const { key, onItsWay, covered } = await live();
        await end(onItsWay, NO);
        await end(covered, NO);
        const before = await everything();
        const now = store.now();
        clock.advance(-DAY_MS);
        store = await again(opened.reopen);
        expect(await everything()).toEqual(before);
        expect(store.now()).toBeGreaterThanOrEqual(now);
        expect(store.status()).toMatchObject({ accepting: true, recoveredUnknown: 0 });
        // Objects and idempotency keys are remembered.
        expect(await dollars(key.id)).toEqual([7, 105, 388]);
        await end(await held(money(key, 7, { idempotencyKey: "k1" })), objectMeter("pi_2", usd(7)), {}, true);
        expect(await dollars(key.id)).toEqual([7, 105, 388]);
        const confirm = await held(money(key, 100, { object: { id: "pi_1" } }));
        await end(confirm, objectMeter("pi_1", usd(100)));
        await end(await held(money(key, 5, { idempotencyKey: "k2" })), objectMeter("pi_3", usd(5)), {}, true);
        expect(await dollars(key.id)).toEqual([112, 0, 388]);
      });

      test("an idempotency key that a finding set free is free after reopen too: its next use has a hold of its own", async () => {
        const key = await issue();
        const lost = await held(money(key, 60, { idempotencyKey: "k1" }));
        await end(lost, UNKNOWN);
        const evidence = { source: "operator", note: "the vendor has no such payment" };
        await store.correct(lost.call.callId, { settled: ZERO_USD, final: true, object: null, evidence });
        store = await again(opened.reopen);
        await held(money(key, 60, { idempotencyKey: "k1" }));
        expect(await dollars(key.id)).toEqual([0, 60, 440]);
      });

      test("after a crash every acknowledged hold is there, and calls on their way are kept as unknown", async () => {
        const { key, onItsWay, covered } = await live();
        const before = await dollars(key.id);
        store = await again(opened.crash);
        expect(await dollars(key.id)).toEqual(before);
        expect(store.status().recoveredUnknown).toBe(2);
        for (const { call } of [onItsWay, covered])
          expect(await row(call.callId)).toMatchObject({
            outcome: "unknown",
            inFlight: false,
            why: "Keybrake stopped before the answer was recorded",
          });
        expect((await store.queryCalls({}, FIRST_PAGE)).rows.filter(({ inFlight }) => inFlight)).toEqual([]);
        expect(await store.verifyChain()).toMatchObject({ ok: true });
        // A second crash finds nothing more to recover.
        const after = await everything();
        store = await again(opened.crash);
        expect(await everything()).toEqual(after);
        expect(store.status().recoveredUnknown).toBe(0);
        // The retry of what was unknown finds its hold, and the vendor's replay settles it.
        await end(await held(money(key, 3, { idempotencyKey: "k3" })), objectMeter("pi_9", usd(3)), {}, true);
        expect(await dollars(key.id)).toEqual([10, 105, 385]);
      });
    });
  });
}
