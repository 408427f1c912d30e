// One account's state: its objects, its events, its balance. Handlers change a world; nothing else does.
// It reads no clock and no randomness of its own: both are passed in, so that a seed and a clock replay a run.

import type { TestMethod } from "./cards.ts";
import type { JsonObject } from "../shared/json.ts";
import type {
  Charge,
  Customer,
  PaymentIntent,
  PaymentMethod,
  PlainObject,
  Price,
  Product,
  Refund,
  StripeObject,
} from "./objects.ts";
import { API_VERSION } from "./objects.ts";
import type { Params } from "./params.ts";
import type { Random } from "../shared/random.ts";
import type { Origin } from "./shelf.ts";
import { Shelf } from "./shelf.ts";
import type { MovementFacts, Truth } from "./truth.ts";

/** One request as a handler sees it. */
export interface Call {
  readonly world: World;
  readonly params: Params;
  readonly origin: Origin;
  /** A fault rule wants this attempt declined, whatever the payment method. */
  readonly declineAnyway: boolean;
}

export type Handler = (call: Call, ids: readonly string[]) => JsonObject;

export interface WorldOptions {
  readonly account: string | null;
  readonly now: () => number;
  readonly random: Random;
  readonly truth: Truth;
  readonly objectsMax: number;
  readonly eventsMax: number;
}

export class World {
  readonly account: string | null;
  readonly #now: () => number;
  readonly #random: Random;
  readonly #truth: Truth;
  readonly #methodsMax: number;
  readonly paymentIntents: Shelf<PaymentIntent>;
  readonly charges: Shelf<Charge>;
  readonly refunds: Shelf<Refund>;
  readonly customers: Shelf<Customer>;
  readonly paymentMethods: Shelf<PaymentMethod>;
  readonly products: Shelf<Product>;
  readonly prices: Shelf<Price>;
  readonly balanceTransactions: Shelf<PlainObject>;
  readonly events: Shelf<PlainObject>;
  readonly files: Shelf<PlainObject>;
  readonly payouts: Shelf<PlainObject>;
  readonly transfers: Shelf<PlainObject>;
  /** Deleted customers still answer, with `deleted: true`. */
  readonly deletedCustomers: Set<string> = new Set<string>();
  /** How a stored payment method or card behaves, by its id. */
  readonly #methods = new Map<string, TestMethod>();
  readonly #balance = new Map<string, number>();
  readonly #increments = new Map<string, number>();

  constructor(options: WorldOptions) {
    this.account = options.account;
    this.#now = options.now;
    this.#random = options.random;
    this.#truth = options.truth;
    const max = options.objectsMax;
    this.#methodsMax = max;
    this.paymentIntents = new Shelf("payment_intent", max);
    this.charges = new Shelf("charge", max);
    this.refunds = new Shelf("refund", max);
    this.customers = new Shelf("customer", max);
    this.paymentMethods = new Shelf("PaymentMethod", max);
    this.products = new Shelf("product", max);
    this.prices = new Shelf("price", max);
    this.balanceTransactions = new Shelf("balance transaction", max);
    this.events = new Shelf("event", options.eventsMax);
    this.files = new Shelf("file", max);
    this.payouts = new Shelf("payout", max);
    this.transfers = new Shelf("transfer", max);
  }

  /** Seconds since the epoch, as Stripe's `created` is. */
  seconds(): number {
    return Math.floor(this.#now() / 1000);
  }

  /** `pi_3...`, `cus_...`: what follows the prefix has the length that Stripe's ids have. */
  newId(prefix: string): string {
    return `${prefix}${this.#random.text(prefix === "cus_" || prefix === "prod_" ? 14 : 23)}`;
  }

  rememberMethod(id: string, method: TestMethod): void {
    this.#methods.set(id, method);
    if (this.#methods.size <= this.#methodsMax) return;
    for (const oldest of this.#methods.keys()) {
      this.#methods.delete(oldest);
      return;
    }
  }

  methodOf(id: string): TestMethod | undefined {
    return this.#methods.get(id);
  }

  /** Money really moves here: the truth that tests read, and the balance with its transaction. Returns the transaction. */
  move(origin: Origin, facts: Omit<MovementFacts, "account">, fee: number, description: string | null): string {
    this.#truth.move({ ...facts, account: this.account }, origin, this.#now());
    const sign = facts.direction === "collected" ? 1 : -1;
    const net = sign * facts.amount - fee;
    this.#balance.set(facts.currency, (this.#balance.get(facts.currency) ?? 0) + net);
    const created = this.seconds();
    const type = facts.kind === "capture" ? "charge" : facts.kind;
    const details = {
      amount: fee,
      application: null,
      currency: facts.currency,
      description: "Stripe processing fees",
      type: "stripe_fee",
    };
    const transaction = {
      id: this.newId("txn_3"),
      object: "balance_transaction",
      amount: sign * facts.amount,
      available_on: created,
      balance_type: "payments",
      created,
      currency: facts.currency,
      description,
      exchange_rate: null,
      fee,
      fee_details: fee === 0 ? [] : [details],
      net,
      reporting_category: type,
      source: facts.objectId,
      status: "available",
      type,
    };
    return this.balanceTransactions.add(transaction, origin).id;
  }

  authorize(currency: string, change: number): void {
    this.#truth.authorize(currency, change);
  }

  /** How often a PaymentIntent's authorisation was raised; few intents ever are. */
  incrementsOf(intent: string): number {
    return this.#increments.get(intent) ?? 0;
  }

  countIncrement(intent: string): void {
    this.#increments.set(intent, this.incrementsOf(intent) + 1);
  }

  balance(): readonly (readonly [currency: string, amount: number])[] {
    return [...this.#balance];
  }

  emit(origin: Origin, type: string, object: StripeObject): void {
    const event: PlainObject = {
      id: this.newId("evt_3"),
      object: "event",
      api_version: API_VERSION,
      created: this.seconds(),
      data: { object: { ...object } },
      livemode: false,
      pending_webhooks: 0,
      request: { id: origin.requestId, idempotency_key: origin.idempotencyKey },
      type,
    };
    if (this.account !== null) event.account = this.account;
    this.events.add(event, origin);
  }
}
