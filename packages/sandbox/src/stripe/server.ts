// The fake Stripe: its options, its truth about money, and the engine behind the sandboxes' common server.

import type { JsonObject } from "../shared/json.ts";
import { seededRandom } from "../shared/random.ts";
import type { Sandbox, SandboxOptions } from "../shared/sandbox.ts";
import type { SandboxParts } from "../shared/server.ts";
import { SandboxServer, seedOf } from "../shared/server.ts";
import { stripeControl } from "./control.ts";
import { Engine } from "./engine.ts";
import type { PaymentIntentStatus, Refund } from "./objects.ts";
import type { MovedCharge, Movement } from "./truth.ts";

/** Clearly fake, and shaped so that nothing mistakes it for a real key. */
export const SANDBOX_SECRET_KEY = "sk_test_keybrakeSandboxFakeMoneyOnly0000000000";
export const SANDBOX_PUBLISHABLE_KEY = "pk_test_keybrakeSandboxFakeMoneyOnly0000000000";

export interface StripeSandboxOptions extends SandboxOptions {
  /** Further keys of the same account, as when a key is being rotated. */
  readonly otherSecretKeys?: readonly string[];
  /** Every error repeats the whole Authorization value, in its message and in a header. Default false. */
  readonly echoSecretInErrors?: boolean;
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
  const now = options.now ?? Date.now;
  const engine = new Engine({
    now,
    ids: seededRandom(seed, 1),
    requestIds: seededRandom(seed, 3),
    secretKeys: [secretKey, ...(options.otherSecretKeys ?? [])],
    publishableKey: SANDBOX_PUBLISHABLE_KEY,
    gullible: options.gullible ?? false,
    echoSecretInErrors: options.echoSecretInErrors ?? false,
    objectsMax: limits.objectsPerKind ?? 100_000,
    eventsMax: limits.events ?? 20_000,
    idempotencyKeysMax: limits.idempotencyKeys ?? 50_000,
    movementsMax: limits.movements ?? 200_000,
  });
  const sandbox = new RunningStripe(options, engine, { secretKey, seed, now });
  await sandbox.listen();
  return sandbox;
}

class RunningStripe extends SandboxServer implements StripeSandbox {
  readonly publishableKey: string = SANDBOX_PUBLISHABLE_KEY;
  readonly #engine: Engine;

  constructor(options: SandboxOptions, engine: Engine, parts: Omit<SandboxParts, "vendor" | "control">) {
    super(options, {
      ...parts,
      vendor: engine,
      control: (operation, query, body) => stripeControl(this, operation, query, body),
    });
    this.#engine = engine;
  }

  moneyMoved(): MoneyMoved {
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
