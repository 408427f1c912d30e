// What really happened to money at the sandbox, kept apart from the objects that answers are made of: tests compare the
// product's ledger and its estimates with this. Totals are exact for ever; the details are bounded and say so when they are no
// longer whole. For every request there is a short account of what it moved, and of what it left for later.

import type { Origin } from "./shelf.ts";

export type MoneyDirection = "collected" | "paid_out";

type MovementKind =
  | "charge"
  | "capture"
  | "refund"
  | "payout"
  | "payout_reversal"
  | "transfer"
  | "transfer_reversal"
  | "application_fee_refund"
  | "topup"
  | "dispute"
  | "outbound_payment";

/** Moved while a request ran; or without any: a clock, a bank or a customer brought it about. */
export type MovedWhen = "at_once" | "by_clock";

export interface Movement {
  /** The place of the movement among all movements, from 1. */
  readonly sequence: number;
  readonly kind: MovementKind;
  readonly direction: MoneyDirection;
  readonly when: MovedWhen;
  readonly amountMinor: bigint;
  readonly currency: string;
  /** The charge, refund, payout, transfer, ... that moved. */
  readonly objectId: string;
  readonly chargeId: string | null;
  readonly paymentIntentId: string | null;
  /** The `Stripe-Account` it happened on; null is the account of the key. */
  readonly account: string | null;
  /** The request that moved it, or that set the clock going: its place among all requests and its idempotency key. */
  readonly order: number;
  readonly idempotencyKey: string | null;
  readonly requestId: string;
  /** Milliseconds since the epoch, by the sandbox's clock. */
  readonly at: number;
}

export type MovementFacts = Pick<
  Movement,
  "kind" | "direction" | "currency" | "objectId" | "chargeId" | "paymentIntentId" | "account"
> & { readonly amount: number; readonly when?: MovedWhen };

/** What one request did to money in one direction. The rows of a request never count the same money twice. */
export interface RequestMoney {
  readonly direction: MoneyDirection;
  /**
   * `at_later_call`: nothing has moved, but a later call can move it without saying how much. That call has rows of its own; this
   * one stays, as it stays when the object is cancelled. When the clock moves the money instead, the row becomes `by_clock`.
   */
  readonly when: MovedWhen | "at_later_call";
  readonly amountMinor: bigint;
  readonly currency: string;
  /** The object that moved, or that a later call can move. */
  readonly objectId: string;
}

/** A part of a movement that another request answers for than the one that brought the movement about. */
export interface Share {
  readonly origin: Origin;
  readonly amount: number;
}

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
  readonly #byOrder = new Map<number, RequestMoney[]>();
  #sequence = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** `shares`: what others' requests have put into it; their rows show it, and the row of `origin` only the rest. */
  move(facts: MovementFacts, origin: Origin, at: number, shares: readonly Share[] = []): void {
    const { amount, when = "at_once", ...described } = facts;
    const rest = { ...described, when };
    const amountMinor = BigInt(amount);
    this.#sequence += 1;
    let own = amount;
    for (const share of shares) {
      const part = Math.min(own, share.amount);
      own -= part;
      this.#answerFor(share.origin, rest, BigInt(part));
    }
    this.#answerFor(origin, rest, BigInt(own));
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

  /** A later call on the object can move so much more, without saying how much. */
  open(
    origin: Origin,
    money: { readonly direction: MoneyDirection; readonly amount: number; readonly currency: string },
    objectId: string,
  ): void {
    if (money.amount <= 0) return;
    const { direction, currency } = money;
    const amountMinor = BigInt(money.amount);
    this.#rowsOf(origin.order).push({ direction, when: "at_later_call", amountMinor, currency, objectId });
  }

  /** What the request in that place did, in the order in which it did it. Empty where it moved nothing. */
  moneyBy(order: number): readonly RequestMoney[] {
    return [...(this.#byOrder.get(order) ?? [])];
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

  /** What has moved no longer waits for a later call. */
  #answerFor(
    origin: Origin,
    moved: Pick<Movement, "direction" | "when" | "currency" | "objectId">,
    amountMinor: bigint,
  ): void {
    if (amountMinor === 0n) return;
    const { direction, when, currency, objectId } = moved;
    let rows = this.#rowsOf(origin.order);
    let left = amountMinor;
    rows = rows.flatMap((row) => {
      if (row.when !== "at_later_call" || row.direction !== direction || row.currency !== currency) return [row];
      const taken = row.amountMinor < left ? row.amountMinor : left;
      left -= taken;
      return row.amountMinor === taken ? [] : [{ ...row, amountMinor: row.amountMinor - taken }];
    });
    rows.push({ direction, when, amountMinor, currency, objectId });
    this.#byOrder.set(origin.order, rows);
  }

  #rowsOf(order: number): RequestMoney[] {
    const known = this.#byOrder.get(order);
    if (known !== undefined) return known;
    const rows: RequestMoney[] = [];
    this.#byOrder.set(order, rows);
    if (this.#byOrder.size > this.#max) {
      for (const oldest of this.#byOrder.keys()) {
        this.#byOrder.delete(oldest);
        break;
      }
    }
    return rows;
  }

  /** False once details were left out for the sake of the bound; the totals never are. */
  whole(): boolean {
    return this.#sequence === this.#movements.length;
  }
}

function add(totals: Map<string, bigint>, currency: string, amount: bigint): void {
  totals.set(currency, (totals.get(currency) ?? 0n) + amount);
}
