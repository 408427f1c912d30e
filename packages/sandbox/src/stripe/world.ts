// One account's state: its objects, its events, its balance. Handlers change a world; nothing else does.
// It reads no clock and no randomness of its own: both are passed in, so that a seed and a clock replay a run.

import type { TestMethod } from "./cards.ts";
import type { JsonObject } from "../shared/json.ts";
import type {
  ApplicationFee,
  Charge,
  CreditNote,
  Customer,
  Dispute,
  Invoice,
  InvoiceItem,
  PaymentIntent,
  PaymentMethod,
  Payout,
  PlainObject,
  Price,
  Product,
  Quote,
  Refund,
  StripeObject,
  Subscription,
  Topup,
  Transfer,
} from "./objects.ts";
import { API_VERSION } from "./objects.ts";
import type { Params } from "./params.ts";
import type { Random } from "../shared/random.ts";
import type { Origin } from "./shelf.ts";
import { Shelf } from "./shelf.ts";
import type { MoneyDirection, MovementFacts, Share, Truth } from "./truth.ts";

/** One request as a handler sees it. */
export interface Call {
  readonly world: World;
  readonly params: Params;
  readonly origin: Origin;
  /** A fault rule wants this attempt declined, whatever the payment method. */
  readonly declineAnyway: boolean;
}

/** An answer that is not JSON. */
export class Binary {
  readonly contentType: string;
  readonly bytes: Buffer;

  constructor(contentType: string, bytes: Buffer) {
    this.contentType = contentType;
    this.bytes = bytes;
  }
}

export type Handler = (call: Call, ids: readonly string[]) => JsonObject | Binary;

export interface WorldOptions {
  readonly account: string | null;
  readonly now: () => number;
  readonly random: Random;
  readonly truth: Truth;
  readonly objectsMax: number;
  readonly eventsMax: number;
  /** The account of the key, where this one is connected to it. */
  readonly platform: World | null;
  /** Text that stands in every secret this account hands out. */
  readonly plantedSecret: () => string;
  /** Runs `work` when the clock has come to `at`, in milliseconds since the epoch. */
  readonly later: (at: number, work: () => void) => void;
}

/** What the sandbox keeps beside an invoice that Stripe does not show. */
export interface InvoiceBook {
  /** Each line with the request that put it there. */
  readonly lines: { readonly line: StripeObject & { amount: number }; readonly origin: Origin }[];
  /** Whoever last asked for it to be collected without a call: that request answers for what the clock collects. */
  collector: Origin;
  /** The charge that paid it. */
  charge: string | null;
}

export class World {
  readonly account: string | null;
  readonly platform: World | null;
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
  readonly payouts: Shelf<Payout>;
  readonly topups: Shelf<Topup>;
  readonly transfers: Shelf<Transfer>;
  readonly transferReversals: Shelf<PlainObject>;
  readonly applicationFees: Shelf<ApplicationFee>;
  readonly feeRefunds: Shelf<PlainObject>;
  readonly invoiceItems: Shelf<InvoiceItem>;
  readonly invoices: Shelf<Invoice>;
  readonly creditNotes: Shelf<CreditNote>;
  readonly customerBalances: Shelf<PlainObject>;
  readonly quotes: Shelf<Quote>;
  readonly subscriptions: Shelf<Subscription>;
  readonly disputes: Shelf<Dispute>;
  readonly webhookEndpoints: Shelf<PlainObject>;
  readonly eventDestinations: Shelf<StripeObject>;
  readonly outboundPayments: Shelf<StripeObject>;
  /** The request after which a bank or a customer, not a call, decides on a PaymentIntent. */
  readonly confirmedBy: WeakMap<PaymentIntent, Origin> = new WeakMap<PaymentIntent, Origin>();
  readonly #books = new WeakMap<Invoice, InvoiceBook>();
  /** Invoice items that wait for an invoice, by customer. */
  readonly #pending = new Map<string, Set<InvoiceItem>>();
  readonly #later: WorldOptions["later"];
  readonly #plantedSecret: () => string;
  /** What customers have sent by bank transfer and no payment has taken yet: customer and currency, minor units. */
  readonly #cash = new Map<string, number>();
  /** Deleted customers still answer, with `deleted: true`. */
  readonly deletedCustomers: Set<string> = new Set<string>();
  /** How a stored payment method or card behaves, by its id. */
  readonly #methods = new Map<string, TestMethod>();
  readonly #balance = new Map<string, number>();
  readonly #increments = new Map<string, number>();

  constructor(options: WorldOptions) {
    this.account = options.account;
    this.platform = options.platform;
    this.#later = options.later;
    this.#plantedSecret = options.plantedSecret;
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
    this.topups = new Shelf("topup", max);
    this.transfers = new Shelf("transfer", max);
    this.transferReversals = new Shelf("transfer_reversal", max);
    this.applicationFees = new Shelf("application_fee", max);
    this.feeRefunds = new Shelf("fee_refund", max);
    this.invoiceItems = new Shelf("invoiceitem", max);
    this.invoices = new Shelf("invoice", max);
    this.creditNotes = new Shelf("credit note", max);
    this.customerBalances = new Shelf("customer balance transaction", max);
    this.quotes = new Shelf("quote", max);
    this.subscriptions = new Shelf("subscription", max);
    this.disputes = new Shelf("dispute", max);
    this.webhookEndpoints = new Shelf("webhook endpoint", max);
    this.eventDestinations = new Shelf("event destination", max);
    this.outboundPayments = new Shelf("outbound payment", max);
  }

  /** Seconds since the epoch, as Stripe's `created` is. */
  seconds(): number {
    return Math.floor(this.#now() / 1000);
  }

  /** Runs `work` when the clock has come to `seconds` since the epoch. */
  later(seconds: number, work: () => void): void {
    this.#later(seconds * 1000, work);
  }

  /** A secret as Stripe hands it out once: after the prefix, what a test can look for. */
  newSecret(prefix: string): string {
    return `${prefix}${this.#plantedSecret()}`;
  }

  bookOf(invoice: Invoice): InvoiceBook {
    const book = this.#books.get(invoice);
    if (book === undefined) throw new Error(`the sandbox has lost the book of ${invoice.id}`);
    return book;
  }

  openBook(invoice: Invoice, origin: Origin): InvoiceBook {
    const book: InvoiceBook = { lines: [], collector: origin, charge: null };
    this.#books.set(invoice, book);
    return book;
  }

  /** Oldest first. */
  pendingItemsOf(customer: string): readonly InvoiceItem[] {
    return [...(this.#pending.get(customer) ?? [])];
  }

  /** The item goes to an invoice, or back to those that wait for one (null). */
  assignItem(item: InvoiceItem, invoice: string | null): void {
    item.invoice = invoice;
    const waiting = this.#pending.get(item.customer) ?? new Set<InvoiceItem>();
    if (invoice === null) waiting.add(item);
    else waiting.delete(item);
    this.#pending.set(item.customer, waiting);
  }

  deleteItem(item: InvoiceItem): void {
    this.#pending.get(item.customer)?.delete(item);
    this.invoiceItems.delete(item.id);
  }

  cashOf(customer: string, currency: string): number {
    return this.#cash.get(`${customer} ${currency}`) ?? 0;
  }

  addCash(customer: string, currency: string, change: number): void {
    this.#cash.set(`${customer} ${currency}`, this.cashOf(customer, currency) + change);
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
  move(
    origin: Origin,
    facts: Omit<MovementFacts, "account">,
    fee: number,
    description: string | null,
    shares: readonly Share[] = [],
  ): string {
    this.#truth.move({ ...facts, account: this.account }, origin, this.#now(), shares);
    const sign = facts.direction === "collected" ? 1 : -1;
    return this.book(
      origin,
      facts.kind === "capture" ? "charge" : facts.kind,
      facts,
      sign * facts.amount,
      fee,
      description,
    );
  }

  /** What the balance has lost already is lost for good: only the truth is told. */
  recordLost(origin: Origin, facts: Omit<MovementFacts, "account">): void {
    this.#truth.move({ ...facts, account: this.account }, origin, this.#now());
  }

  /** The balance alone changes, because money that had moved, or was about to, is back: a cancelled payout, a dispute. */
  book(
    origin: Origin,
    type: string,
    facts: { readonly currency: string; readonly objectId: string },
    amount: number,
    fee: number,
    description: string | null,
  ): string {
    const net = amount - fee;
    this.#balance.set(facts.currency, (this.#balance.get(facts.currency) ?? 0) + net);
    const created = this.seconds();
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
      amount,
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

  /** A later call on the object can move so much more, without saying how much. */
  open(origin: Origin, direction: MoneyDirection, amount: number, currency: string, objectId: string): void {
    this.#truth.open(origin, { direction, amount, currency }, objectId);
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
