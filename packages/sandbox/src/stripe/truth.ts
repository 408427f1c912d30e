// What really happened to money at the sandbox, kept apart from the objects that answers are made of: tests compare the
// product's ledger with this. Totals are exact for ever; the details are bounded and say so when they are no longer whole.

import type { Origin } from "./shelf.ts";

type MoneyDirection = "collected" | "paid_out";

export interface Movement {
  /** The place of the movement among all movements, from 1. */
  readonly sequence: number;
  readonly kind: "charge" | "capture" | "refund" | "payout" | "transfer";
  readonly direction: MoneyDirection;
  readonly amountMinor: bigint;
  readonly currency: string;
  /** The charge, refund, payout or transfer. */
  readonly objectId: string;
  readonly chargeId: string | null;
  readonly paymentIntentId: string | null;
  /** The `Stripe-Account` it happened on; null is the account of the key. */
  readonly account: string | null;
  /** The request that moved it: its place among all requests and its idempotency key. */
  readonly order: number;
  readonly idempotencyKey: string | null;
  readonly requestId: string;
  /** Milliseconds since the epoch, by the sandbox's clock. */
  readonly at: number;
}

export type MovementFacts = Pick<
  Movement,
  "kind" | "direction" | "currency" | "objectId" | "chargeId" | "paymentIntentId" | "account"
> & { readonly amount: number };

export interface MovedCharge {
  readonly id: string;
  /** What was really collected by this charge: the sum of its captures. */
  readonly amountMinor: bigint;
  readonly currency: string;
  /** The request that first collected something. */
  readonly order: number;
  readonly idempotencyKey: string | null;
  readonly paymentIntentId: string | null;
  readonly account: string | null;
}

export class Truth {
  readonly #max: number;
  readonly collectedMinor: Map<string, bigint> = new Map<string, bigint>();
  readonly paidOutMinor: Map<string, bigint> = new Map<string, bigint>();
  /** Authorised on cards, neither captured nor released: money that may still be collected. */
  readonly authorizedMinor: Map<string, bigint> = new Map<string, bigint>();
  readonly #movements: Movement[] = [];
  readonly #charges = new Map<string, MovedCharge>();
  #sequence = 0;

  constructor(max: number) {
    this.#max = max;
  }

  move(facts: MovementFacts, origin: Origin, at: number): void {
    const { amount, ...rest } = facts;
    const amountMinor = BigInt(amount);
    this.#sequence += 1;
    add(rest.direction === "collected" ? this.collectedMinor : this.paidOutMinor, rest.currency, amountMinor);
    if (this.#movements.length < this.#max) {
      this.#movements.push({ ...rest, ...origin, sequence: this.#sequence, amountMinor, at });
    }
    if (rest.direction !== "collected" || rest.chargeId === null) return;
    const known = this.#charges.get(rest.chargeId);
    if (known !== undefined) {
      this.#charges.set(rest.chargeId, { ...known, amountMinor: known.amountMinor + amountMinor });
    } else if (this.#charges.size < this.#max) {
      this.#charges.set(rest.chargeId, {
        id: rest.chargeId,
        amountMinor,
        currency: rest.currency,
        order: origin.order,
        idempotencyKey: origin.idempotencyKey,
        paymentIntentId: rest.paymentIntentId,
        account: rest.account,
      });
    }
  }

  authorize(currency: string, change: number): void {
    add(this.authorizedMinor, currency, BigInt(change));
  }

  movements(): readonly Movement[] {
    return [...this.#movements];
  }

  charges(): readonly MovedCharge[] {
    return [...this.#charges.values()];
  }

  /** False once details were left out for the sake of the bound; the totals never are. */
  whole(): boolean {
    return this.#sequence === this.#movements.length;
  }
}

function add(totals: Map<string, bigint>, currency: string, amount: bigint): void {
  totals.set(currency, (totals.get(currency) ?? 0n) + amount);
}
