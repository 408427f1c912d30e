// The fake Stripe: its options, its truth about money, and the engine behind the sandboxes' common server.

import { SandboxClock } from "../shared/clock.ts";
import type { JsonObject } from "../shared/json.ts";
import { seededRandom } from "../shared/random.ts";
import type { Sandbox, SandboxOptions } from "../shared/sandbox.ts";
import type { SandboxParts } from "../shared/server.ts";
import { SandboxServer, seedOf } from "../shared/server.ts";
import { stripeControl } from "./control.ts";
import { Engine } from "./engine.ts";
import type { PaymentIntentStatus, Refund } from "./objects.ts";
import { SANDBOX_CARD_NUMBER } from "./resources/secrets.ts";
import type { MovedCharge, Movement, RequestMoney } from "./truth.ts";

/** Clearly fake, and shaped so that nothing mistakes it for a real key. */
export const SANDBOX_SECRET_KEY = "sk_test_keybrakeSandboxFakeMoneyOnly0000000000";
export const SANDBOX_PUBLISHABLE_KEY = "pk_test_keybrakeSandboxFakeMoneyOnly0000000000";

/** What stands in every secret that the sandbox hands out, where a test plants none of its own. */
const PLANTED_SECRET = "keybrakeSandboxPlantedSecret000000";
const PLANTED_SHAPE = /^[A-Za-z0-9]{8,200}$/;

export interface StripeSandboxOptions extends SandboxOptions {
  /** Further keys of the same account, as when a key is being rotated. */
  readonly otherSecretKeys?: readonly string[];
  /** Every error repeats the whole Authorization value, in its message and in a header. Default false. */
  readonly echoSecretInErrors?: boolean;
  /** Letters and digits that stand in every secret handed out (`whsec_...`, `ek_test_...`), so that a test can look for them. */
  readonly plantedSecret?: string;
  /** How much is kept; the oldest leave first. Totals of moved money are exact whatever leaves. */
  readonly limits?: {
    readonly objectsPerKind?: number;
    readonly events?: number;
    readonly idempotencyKeys?: number;
    readonly movements?: number;
  };
}

export interface PaymentIntentFacts {
  readonly id: string;
  readonly amountMinor: bigint;
  readonly receivedMinor: bigint;
  readonly capturableMinor: bigint;
  readonly currency: string;
  readonly status: PaymentIntentStatus;
  /** The request that created it. */
  readonly order: number;
  readonly idempotencyKey: string | null;
  readonly account: string | null;
}

export interface RefundFacts {
  readonly id: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly status: Refund["status"];
  readonly chargeId: string;
  readonly paymentIntentId: string | null;
  readonly order: number;
  readonly idempotencyKey: string | null;
  readonly account: string | null;
}

/** The truth about the sandbox's money. Directions are never netted. */
export interface MoneyMoved {
  readonly collectedMinor: ReadonlyMap<string, bigint>;
  readonly paidOutMinor: ReadonlyMap<string, bigint>;
  /** On hold on customers' cards, neither captured nor released. */
  readonly authorizedMinor: ReadonlyMap<string, bigint>;
  /** Charges that really collected something, in order. */
  readonly charges: readonly MovedCharge[];
  /** Every PaymentIntent that exists, paid or not. */
  readonly paymentIntents: readonly PaymentIntentFacts[];
  readonly refunds: readonly RefundFacts[];
  readonly movements: readonly Movement[];
  /** False when details were dropped for the sake of a limit; the totals are exact even then. */
  readonly whole: boolean;
}

export interface StripeSandbox extends Sandbox {
  /** What a browser has: may confirm a PaymentIntent whose client secret it knows. */
  readonly publishableKey: string;
  moneyMoved(): MoneyMoved;
  /**
   * What the request in this place (from 1, as in the journal) did to money: what it moved at once, what the clock or a bank moved
   * on account of it since, and what it left for a later call that need not say how much. Empty where it did nothing. Never counts
   * the same money twice; cheap. The sum of a direction's rows is what an estimate of that request must reach.
   *
   * ```ts
   * for (const { direction, when, amountMinor, currency } of sandbox.moneyMovedBy(order)) ...
   * ```
   */
  moneyMovedBy(order: number): readonly RequestMoney[];
  /** Milliseconds since the epoch, by the sandbox's clock. */
  now(): number;
  /** Lets time pass, in milliseconds: invoices advance, subscriptions renew, payouts arrive, idempotency keys are forgotten. */
  advanceClock(ms: number): void;
  /** The customer's bank disputes a charge, or `amountMinor` of it. Returns the dispute. */
  dispute(chargeId: string, amountMinor?: number): JsonObject;
  /** From now on this stands in every secret handed out. */
  plantSecret(text: string): void;
  /** Every secret that answers can contain now, whole: none of them may be seen by whoever may not have it. */
  secrets(): readonly string[];
  /** Ends what waits for a customer or a bank: `requires_action`, `processing`, pending refunds. Returns the object. */
  advance(id: string, outcome?: "succeed" | "fail"): JsonObject;
}

/**
 * Starts a fake Stripe on 127.0.0.1.
 *
 * ```ts
 * await using sandbox = await startStripeSandbox();
 * sandbox.misbehave({ action: "500_after_work", match: { method: "POST", path: "/v1/payment_intents" }, times: 1 });
 * ```
 */
export async function startStripeSandbox(options: StripeSandboxOptions = {}): Promise<StripeSandbox> {
  const seed = seedOf(options);
  const limits = options.limits ?? {};
  const secretKey = options.secretKey ?? SANDBOX_SECRET_KEY;
  const clock = new SandboxClock(options.now ?? Date.now);
  const now = (): number => clock.now();
  const plantedSecret = options.plantedSecret ?? PLANTED_SECRET;
  checkPlanted(plantedSecret);
  const engine = new Engine({
    now,
    ids: seededRandom(seed, 1),
    requestIds: seededRandom(seed, 3),
    secretKeys: [secretKey, ...(options.otherSecretKeys ?? [])],
    publishableKey: SANDBOX_PUBLISHABLE_KEY,
    gullible: options.gullible ?? false,
    echoSecretInErrors: options.echoSecretInErrors ?? false,
    plantedSecret,
    objectsMax: limits.objectsPerKind ?? 100_000,
    eventsMax: limits.events ?? 20_000,
    idempotencyKeysMax: limits.idempotencyKeys ?? 50_000,
    movementsMax: limits.movements ?? 200_000,
  });
  const sandbox = new RunningStripe(options, engine, clock, { secretKey, seed, now });
  await sandbox.listen();
  return sandbox;
}

function checkPlanted(text: string): void {
  if (!PLANTED_SHAPE.test(text)) throw new TypeError("a planted secret is 8 to 200 letters and digits");
}

class RunningStripe extends SandboxServer implements StripeSandbox {
  readonly publishableKey: string = SANDBOX_PUBLISHABLE_KEY;
  readonly #engine: Engine;
  readonly #clock: SandboxClock;

  constructor(
    options: SandboxOptions,
    engine: Engine,
    clock: SandboxClock,
    parts: Omit<SandboxParts, "vendor" | "control">,
  ) {
    super(options, {
      ...parts,
      vendor: engine,
      control: (operation, query, body) => stripeControl(this, operation, query, body),
    });
    this.#engine = engine;
    this.#clock = clock;
  }

  override reset(): void {
    this.#clock.reset();
    super.reset();
  }

  now(): number {
    return this.#clock.now();
  }

  advanceClock(ms: number): void {
    this.#clock.advance(ms);
    this.#engine.tick();
  }

  dispute(chargeId: string, amountMinor?: number): JsonObject {
    return this.#engine.dispute(chargeId, amountMinor);
  }

  plantSecret(text: string): void {
    checkPlanted(text);
    this.#engine.plantedSecret = text;
  }

  secrets(): readonly string[] {
    const planted = this.#engine.plantedSecret;
    return [`whsec_${planted}`, `ek_test_${planted}`, SANDBOX_CARD_NUMBER];
  }

  moneyMovedBy(order: number): readonly RequestMoney[] {
    this.#engine.tick();
    return this.#engine.truth.moneyBy(order);
  }

  moneyMoved(): MoneyMoved {
    this.#engine.tick();
    const { truth } = this.#engine;
    const paymentIntents: PaymentIntentFacts[] = [];
    const refunds: RefundFacts[] = [];
    for (const world of this.#engine.worlds()) {
      for (const { object, origin } of world.paymentIntents.oldestFirst()) {
        paymentIntents.push({
          id: object.id,
          amountMinor: BigInt(object.amount),
          receivedMinor: BigInt(object.amount_received),
          capturableMinor: BigInt(object.amount_capturable),
          currency: object.currency,
          status: object.status,
          order: origin.order,
          idempotencyKey: origin.idempotencyKey,
          account: world.account,
        });
      }
      for (const { object, origin } of world.refunds.oldestFirst()) {
        refunds.push({
          id: object.id,
          amountMinor: BigInt(object.amount),
          currency: object.currency,
          status: object.status,
          chargeId: object.charge,
          paymentIntentId: object.payment_intent,
          order: origin.order,
          idempotencyKey: origin.idempotencyKey,
          account: world.account,
        });
      }
    }
    return {
      collectedMinor: new Map(truth.collectedMinor),
      paidOutMinor: new Map(truth.paidOutMinor),
      authorizedMinor: new Map(truth.authorizedMinor),
      charges: truth.charges(),
      paymentIntents,
      refunds,
      movements: truth.movements(),
      whole: truth.whole(),
    };
  }

  advance(id: string, outcome: "succeed" | "fail" = "succeed"): JsonObject {
    return this.#engine.advance(id, outcome);
  }
}
