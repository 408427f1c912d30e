/**
 * Invoices and all that comes to be on one: items, lines, quotes, credit notes, customers' balances. What is on an invoice is followed
 * under the invoice, like an amount under its PaymentIntent: adding a line is held, and finalizing and paying add nothing. An item that
 * waits for an invoice is followed by itself. Where tax is added that nobody can tell before, there is no bound.
 */
import type { Estimate, MinorAmount, Pricing, VendorCall } from "@keybrake/core";
import { quoted } from "../form.ts";
import {
  amountOf,
  currencyOf,
  find,
  found,
  idOf,
  inWords,
  money,
  refuse,
  requiredCurrency,
  signedAmountOf,
  single,
  stop,
  unbounded,
} from "./ask.ts";
import type { Estimator, Steps } from "./ask.ts";
import {
  debtIn,
  readCreditNote,
  readDebts,
  readInvoice,
  readInvoiceItem,
  readInvoiceLine,
  readPrice,
  readWhole,
} from "./bills.ts";
import type { Invoice, InvoiceItem, InvoiceLine } from "./bills.ts";
import { decimalOf, timesUp, wholeUp } from "./decimal.ts";
import { readMovement } from "./movements.ts";
import type { Movement } from "./movements.ts";
import { larger, readId } from "./objects.ts";
import { rootOf } from "./parameters.ts";
import { isRecord } from "../json.ts";

export const BILL_ESTIMATORS: readonly (readonly [string, Estimator])[] = [
  ["invoices.create", estimateInvoice],
  ["invoices.update", estimateInvoiceUpdate],
  ["invoices.finalize", estimateCollection],
  ["invoices.pay", estimatePayment],
  ["invoices.send", estimateCollection],
  ["invoices.add_lines", estimateLines],
  ["invoices.update_lines", estimateLines],
  ["invoices.remove_lines", estimateLines],
  ["invoices.lines.update", estimateLine],
  ["invoiceitems.create", estimateItem],
  ["invoiceitems.update", estimateItemUpdate],
  ["invoiceitems.delete", estimateItemDeletion],
  ["quotes.accept", estimateQuote],
  ["quotes.finalize", estimateQuote],
  ["credit_notes.create", estimateCreditNote],
  ["credit_notes.void", estimateCreditNoteVoid],
  ["customers.balance_transactions.create", estimateBalanceTransaction],
  ["subscriptions.cancel", estimateSubscriptionEnd],
  ["customers.subscriptions.cancel", estimateSubscriptionEnd],
];

// -------------------------------------------------------------------------------------------------------------- invoices

function* invoiceOf(id: string | undefined): Steps<Invoice> {
  return yield* find("/v1/invoices/{id}", id, readInvoice);
}

const TAX_TO_COME = "its tax is still to be calculated";
const TAXED = "what is added to the invoice is taxed, and the tax cannot be known before";

/** What the invoice may collect in the end, with what the call adds to it. */
function collected(invoice: Invoice, added: bigint, pricing: Pricing): Estimate {
  if (invoice.waitsForTax && !invoice.final) return unbounded("collected", TAX_TO_COME);
  const { id, currency } = invoice;
  const asked = { minor: invoice.final ? 0n : invoice.remaining + added, currency };
  return money(
    {
      direction: "collected",
      asked,
      object: { id, moved: { minor: invoice.paid, currency } },
      because: [`${id} may collect ${inWords(asked)}`],
    },
    pricing,
  );
}

function* estimateCollection(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  return collected(yield* invoiceOf(call.pathParameters["invoice"]), 0n, pricing);
}

/** Paid outside of Stripe it moves nothing here. */
function* estimatePayment(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  if ((yield* single(call, "paid_out_of_band")) === "true") return { kind: "nothing" };
  return yield* estimateCollection(call, pricing);
}

const UPDATES_OF_WORDS: ReadonlySet<string> = new Set([
  "account_tax_ids",
  "custom_fields",
  "days_until_due",
  "description",
  "due_date",
  "effective_at",
  "expand",
  "footer",
  "metadata",
  "number",
  "rendering",
  "statement_descriptor",
]);

function* estimateInvoiceUpdate(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const isOfWords = [...call.parameters].every(
    ([name, value]) => UPDATES_OF_WORDS.has(rootOf(name)) || (name === "auto_advance" && value === "false"),
  );
  return isOfWords ? { kind: "nothing" } : yield* estimateCollection(call, pricing);
}

/** https://docs.stripe.com/upgrades: from these API versions on, the two defaults of a new invoice are not to collect. */
const DRAFTS_STAY_SINCE = "2018-11-08";
const ITEMS_WAIT_SINCE = "2022-08-01";

const DEFAULTS_UNKNOWN =
  "without Stripe-Version its defaults are the account's; send auto_advance and pending_invoice_items_behavior";
const COPIED = "it collects by itself what another invoice said; send auto_advance=false";
const OF_SUBSCRIPTION = "an invoice of a subscription collects what the subscription comes to";

/** A draft collects nothing; but it may advance by itself, and sweep in the items that wait for the customer's next invoice. */
function* estimateInvoice(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const advance = yield* single(call, "auto_advance");
  const behaviour = yield* single(call, "pending_invoice_items_behavior");
  if ((yield* single(call, "subscription")) !== undefined) return unbounded("collected", OF_SUBSCRIPTION);
  const version = call.request.headers.get("stripe-version");
  if (version === undefined && (advance === undefined || behaviour === undefined))
    return unbounded("collected", DEFAULTS_UNKNOWN);
  const advances = advance === undefined ? isBefore(version, DRAFTS_STAY_SINCE) : advance !== "false";
  const sweeps = behaviour === undefined ? isBefore(version, ITEMS_WAIT_SINCE) : behaviour !== "exclude";
  const isCopy = [...call.parameters.keys()].some((name) => rootOf(name) === "from_invoice");
  if (!advances && (isCopy || !sweeps)) return { kind: "nothing" };
  if (isCopy) return unbounded("collected", COPIED);
  return yield* sweptUp(call, sweeps, pricing);
}

/** Versions begin with their day, which sorts as text. */
function isBefore(version: string | undefined, day: string): boolean {
  return version === undefined || version.slice(0, day.length) < day;
}

const SWEPT_MAX = "more items wait for it than one look-up shows";

/** What the customer owes, and the items that wait; credits among them are not counted on. */
function* sweptUp(call: VendorCall, sweeps: boolean, pricing: Pricing): Steps<Estimate> {
  for (const root of ["automatic_tax", "default_tax_rates", "shipping_cost"])
    for (const name of call.parameters.keys()) if (rootOf(name) === root) return unbounded("collected", TAXED);
  const customer = yield* idOf(yield* single(call, "customer"));
  const asked = yield* currencyOf(call);
  const debts = yield* find("/v1/customers/{id}", customer, readDebts);
  if (debts.unnamed > 0n && asked === null)
    return yield* refuse("amount_unknown", `${customer} owes something in a currency that is not said. Name one.`);
  const sums = new Map(debts.byCurrency);
  if (asked !== null) sums.set(asked, debtIn(debts, asked));
  if (sweeps) {
    const query = `customer=${customer}&limit=100&pending=true`;
    const answer = yield { kind: "look_up", path: "/v1/invoiceitems", query };
    const list = yield* found(answer, customer, (json) => ({ items: readWhole(json, readInvoiceItem) }));
    if (list.items === null) return unbounded("collected", SWEPT_MAX);
    for (const item of list.items) {
      if (item.isTaxed) return unbounded("collected", TAXED);
      sums.set(item.currency, (sums.get(item.currency) ?? 0n) + larger(item.amount, 0n));
    }
  }
  // An invoice is of one currency, and which one is not always said.
  const most = [...sums]
    .filter(([currency]) => asked === null || currency === asked)
    .map(([currency, minor]) => ({ minor, currency }));
  const [first] = most;
  if (first === undefined)
    return money({ direction: "collected", asked: { minor: 0n, currency: asked ?? "usd" } }, pricing);
  const because = most.map((sum) => `${customer} owes, or has items waiting for, ${inWords(sum)}`);
  return money({ direction: "collected", asked: first, most, because }, pricing);
}

// ------------------------------------------------------------------------------------------------------- items and lines

/** What a line costs; below nothing it is a credit. */
interface Cost {
  readonly minor: bigint;
  readonly currency: string;
}

const PRICES = ["amount", "unit_amount", "unit_amount_decimal", "price", "pricing", "price_data"] as const;

/**
 * What the parameters of one item or line come to: `at` is "" or `lines[0]`. Null: they say nothing of it. `currency` is that of the
 * request or the invoice, `unit` what one unit cost before, for a line of which only the quantity changes.
 */
function* costOf(call: VendorCall, at: string, currency: string | null, unit: string | null): Steps<Cost | null> {
  const named = (name: string): string => (at === "" ? name : `${at}[${name}]`);
  const given = PRICES.filter((name) => hasAny(call, named(name)));
  const [way, another] = given;
  if (way !== undefined && another !== undefined)
    return yield* refuse("request_ambiguous", `${named(way)} and ${named(another)} both say what it costs.`);
  const quantity = yield* quantityOf(call, named);
  if (way === undefined) {
    if (quantity === null) return null;
    if (unit === null || currency === null)
      return yield* refuse("amount_unknown", "Only a quantity is named, and what one unit costs cannot be looked up.");
    return { minor: timesUp(quantity, yield* unitOf(unit)), currency };
  }
  if (way === "amount") {
    if (quantity !== null)
      return yield* refuse("request_ambiguous", `${named("amount")} and a quantity are named. Name a unit's amount.`);
    const minor = yield* signedAmountOf(call, named("amount"));
    return minor === null ? null : { minor, currency: yield* currencyFor(call, currency) };
  }
  const count = quantity ?? (yield* unitOf("1"));
  switch (way) {
    case "unit_amount":
    case "unit_amount_decimal": {
      const text = (yield* single(call, named(way))) ?? "";
      return { minor: timesUp(count, yield* unitOf(text)), currency: yield* currencyFor(call, currency) };
    }
    case "price_data":
      return yield* costOfData(call, (name) => `${named("price_data")}[${name}]`, count);
    case "price":
    case "pricing": // since 2025-03-31 the price stands in it
      return yield* costOfPrice(
        yield* single(call, way === "price" ? named("price") : `${named("pricing")}[price]`),
        count,
      );
  }
}

function hasAny({ parameters }: VendorCall, name: string): boolean {
  return [...parameters.keys()].some((key) => key === name || key.startsWith(`${name}[`));
}

function* currencyFor(call: VendorCall, currency: string | null): Steps<string> {
  return currency ?? (yield* refuse("amount_unknown", `${call.operation.name} names no currency.`));
}

/** Trillionths; not below nothing. */
function* quantityOf(call: VendorCall, named: (name: string) => string): Steps<bigint | null> {
  const whole = yield* single(call, named("quantity"));
  const exact = yield* single(call, named("quantity_decimal"));
  if (whole !== undefined && exact !== undefined)
    return yield* refuse("request_ambiguous", "quantity and quantity_decimal are both named.");
  const text = whole ?? exact;
  if (text === undefined) return null;
  const quantity = decimalOf(text);
  return quantity === null || quantity < 0n
    ? yield* refuse("request_ambiguous", `The quantity is ${quoted(text)}. It is written in plain digits.`)
    : quantity;
}

function* unitOf(text: string): Steps<bigint> {
  return (
    decimalOf(text) ??
    (yield* refuse("request_ambiguous", `A unit's amount is ${quoted(text)}. It is written in plain digits.`))
  );
}

function* costOfData(call: VendorCall, named: (name: string) => string, count: bigint): Steps<Cost> {
  const whole = yield* single(call, named("unit_amount"));
  const exact = yield* single(call, named("unit_amount_decimal"));
  const text = whole ?? exact;
  if (whole !== undefined && exact !== undefined)
    return yield* refuse("request_ambiguous", "price_data says two amounts of a unit.");
  if (text === undefined) return yield* refuse("amount_unknown", "price_data says no amount of a unit.");
  return { minor: timesUp(count, yield* unitOf(text)), currency: yield* requiredCurrency(call, named("currency")) };
}

function* costOfPrice(id: string | undefined, count: bigint): Steps<Cost> {
  const price = yield* find("/v1/prices/{id}", id, readPrice);
  if (price.unitAmount === null)
    return yield* refuse("amount_unknown", `No unit of ${price.id} has one price, so it has no upper bound.`);
  const packs = price.isPacked ? wholeUp(count) : count;
  return { minor: timesUp(packs, yield* unitOf(price.unitAmount)), currency: price.currency };
}

/** How the call changes what is collected; both are not below nothing. */
interface Change {
  readonly more: bigint;
  /** Credit: beyond collecting nothing for it. */
  readonly less: bigint;
}

/** A line that costs `cost` now, and `before` until now (0 for a new one). */
function changeTo(cost: bigint, before: bigint): Change {
  if (cost >= before) return { more: cost - before, less: 0n };
  return { more: 0n, less: cost < 0n ? (before < 0n ? before : 0n) - cost : 0n };
}

const MIXED = "Some lines add to the invoice and others take from it. Send them in two calls.";

/** What is added is held under the invoice; a credit is given away at once. */
function* onInvoice(invoice: Invoice, changes: readonly Change[], pricing: Pricing): Steps<Estimate> {
  const more = changes.reduce((sum, change) => sum + change.more, 0n);
  const less = changes.reduce((sum, change) => sum + change.less, 0n);
  if (more > 0n && less > 0n) return yield* refuse("amount_unknown", MIXED);
  if (less > 0n) return credit({ minor: less, currency: invoice.currency }, pricing);
  if (more === 0n) return { kind: "nothing" };
  if (invoice.isTaxed) return unbounded("collected", TAXED);
  return collected(invoice, more, pricing);
}

function credit(asked: MinorAmount, pricing: Pricing): Estimate {
  const because = [`The request gives away credit of ${inWords(asked)}`];
  return money({ direction: "paid_out", asked, because }, pricing);
}

function* ofInvoice(cost: Cost, invoice: Invoice): Steps<bigint> {
  if (cost.currency !== invoice.currency)
    return yield* refuse("amount_unknown", `${invoice.id} is in ${invoice.currency}, and a line in ${cost.currency}.`);
  return cost.minor;
}

/** An item that names no invoice waits for the customer's next one. */
function* estimateItem(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const id = yield* single(call, "invoice");
  const invoice = id === undefined ? null : yield* invoiceOf(id);
  const currency = (yield* currencyOf(call)) ?? invoice?.currency ?? null;
  const cost = yield* costOf(call, "", currency, null);
  if (cost === null) return yield* refuse("amount_unknown", "The item says neither an amount nor a price.");
  if (invoice !== null) return yield* onInvoice(invoice, [changeTo(yield* ofInvoice(cost, invoice), 0n)], pricing);
  if (cost.minor < 0n) return credit({ minor: -cost.minor, currency: cost.currency }, pricing);
  const asked = { minor: cost.minor, currency: cost.currency };
  return money({ direction: "collected", asked, because: [`The item costs ${inWords(asked)}`] }, pricing);
}

function* itemOf(id: string | undefined): Steps<InvoiceItem> {
  return yield* find("/v1/invoiceitems/{id}", id, readInvoiceItem);
}

function* estimateItemUpdate(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  if (!isPriced(call)) return { kind: "nothing" };
  const item = yield* itemOf(call.pathParameters["invoiceitem"]);
  const cost = yield* costOf(call, "", item.currency, item.unitAmount);
  if (cost === null) return { kind: "nothing" };
  if (cost.currency !== item.currency)
    return yield* refuse("amount_unknown", `${item.id} is in ${item.currency}, and the request says ${cost.currency}.`);
  const change = changeTo(cost.minor, item.amount);
  if (item.invoiceId !== null) {
    const invoice = yield* invoiceOf(item.invoiceId);
    yield* ofInvoice(cost, invoice);
    return yield* onInvoice(invoice, [change], pricing);
  }
  if (change.less > 0n) return credit({ minor: change.less, currency: cost.currency }, pricing);
  // Under its own id it is all of the item that may be collected, as it was or as it will be; a credit that is taken away is more.
  const asked = { minor: larger(larger(cost.minor, item.amount), change.more), currency: cost.currency };
  return pendingItem(item.id, asked, pricing);
}

function pendingItem(id: string, asked: MinorAmount, pricing: Pricing): Estimate {
  return money(
    {
      direction: "collected",
      asked,
      object: { id, moved: { minor: 0n, currency: asked.currency } },
      because: [`The next invoice may collect ${inWords(asked)} for ${id}`],
    },
    pricing,
  );
}

/** Without an item of a credit the invoice collects more. */
function* estimateItemDeletion(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const item = yield* itemOf(call.pathParameters["invoiceitem"]);
  if (item.amount >= 0n) return { kind: "nothing" };
  const more = -item.amount;
  if (item.invoiceId !== null) return yield* onInvoice(yield* invoiceOf(item.invoiceId), [{ more, less: 0n }], pricing);
  const asked = { minor: more, currency: item.currency };
  return money(
    { direction: "collected", asked, because: [`Without ${item.id} invoices collect ${inWords(asked)} more`] },
    pricing,
  );
}

const PRICED_ROOTS: ReadonlySet<string> = new Set([...PRICES, "quantity", "quantity_decimal"]);

function isPriced({ parameters }: VendorCall): boolean {
  return [...parameters.keys()].some((name) => PRICED_ROOTS.has(rootOf(name)));
}

/** The lines that the request names: `lines[0]`, `lines[1]`. */
function* linesOf({ parameters }: VendorCall): Steps<readonly string[]> {
  const lines = new Set<string>();
  for (const name of parameters.keys()) {
    if (rootOf(name) !== "lines") continue;
    const line = /^lines\[[0-9]{1,6}\](?=\[)/.exec(name)?.[0];
    if (line === undefined)
      return yield* refuse("request_ambiguous", `The lines are sent as ${quoted(name)}, which is not a numbered list.`);
    lines.add(line);
  }
  if (lines.size === 0) return yield* refuse("amount_unknown", "The request names no lines.");
  return [...lines];
}

function* estimateLines(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const lines = yield* linesOf(call);
  const invoice = yield* invoiceOf(call.pathParameters["invoice"]);
  const changes: Change[] = [];
  if (call.operation.name === "invoices.add_lines") {
    for (const at of lines) changes.push(yield* newLine(call, at, invoice));
    return yield* onInvoice(invoice, changes, pricing);
  }
  const known = yield* knownLines(invoice);
  for (const at of lines) {
    const line = yield* knownLine(known, yield* single(call, `${at}[id]`));
    const isRemoved = call.operation.name === "invoices.remove_lines";
    changes.push(isRemoved ? changeTo(0n, line.amount) : yield* changedLine(call, at, line, invoice));
  }
  return yield* onInvoice(invoice, changes, pricing);
}

function* newLine(call: VendorCall, at: string, invoice: Invoice): Steps<Change> {
  const itemId = yield* single(call, `${at}[invoice_item]`);
  const item = itemId === undefined ? null : yield* itemOf(itemId);
  const cost = yield* costOf(call, at, invoice.currency, item?.unitAmount ?? null);
  if (cost !== null) return changeTo(yield* ofInvoice(cost, invoice), 0n);
  if (item === null) return yield* refuse("amount_unknown", `${at} says neither an amount nor a price.`);
  return changeTo(yield* ofInvoice({ minor: item.amount, currency: item.currency }, invoice), 0n);
}

function* changedLine(call: VendorCall, at: string, line: InvoiceLine, invoice: Invoice): Steps<Change> {
  const cost = yield* costOf(call, at, invoice.currency, line.unitAmount);
  return cost === null ? { more: 0n, less: 0n } : changeTo(yield* ofInvoice(cost, invoice), line.amount);
}

const LINES_MAX = "the invoice has more lines than one look-up shows";

function* knownLines(invoice: Invoice): Steps<readonly InvoiceLine[]> {
  const answer = yield { kind: "look_up", path: `/v1/invoices/${invoice.id}/lines`, query: "limit=100" };
  const list = yield* found(answer, invoice.id, (json) => ({ lines: readWhole(json, readInvoiceLine) }));
  return list.lines ?? (yield* stop(unbounded("collected", LINES_MAX)));
}

function* knownLine(known: readonly InvoiceLine[], id: string | undefined): Steps<InvoiceLine> {
  const line = known.find((each) => each.id === id);
  return line ?? (yield* refuse("amount_unknown", `The invoice has no line ${quoted(id ?? "")}.`));
}

function* estimateLine(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  if (!isPriced(call)) return { kind: "nothing" };
  const invoice = yield* invoiceOf(call.pathParameters["invoice"]);
  const line = yield* knownLine(yield* knownLines(invoice), call.pathParameters["line_item_id"]);
  return yield* onInvoice(invoice, [yield* changedLine(call, "", line, invoice)], pricing);
}

// -------------------------------------------------------------------------------------------------- quotes, credit, ends

const RECURS = "it starts a subscription, which collects again and again";

/** An accepted quote makes an invoice that collects by itself, together with what the customer owes. */
function* estimateQuote(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const quote = yield* find("/v1/quotes/{id}", call.pathParameters["quote"], readQuote);
  if (quote.recurs) return unbounded("collected", RECURS);
  if (quote.waitsForTax) return unbounded("collected", TAX_TO_COME);
  const { id, currency, amount, moved, toCome, final } = quote;
  const debts = yield* find("/v1/customers/{id}", quote.customer, readDebts);
  const owed = debtIn(debts, currency);
  const most = { minor: final ? 0n : toCome + owed, currency };
  return money(
    {
      direction: "collected",
      asked: { minor: amount + owed, currency },
      most: [most],
      object: { id, moved: { minor: moved, currency } },
      because: [`${id} may collect ${inWords(most)}, with what ${debts.id} owes`],
    },
    pricing,
  );
}

interface Quote extends Movement {
  readonly customer: string | undefined;
  readonly recurs: boolean;
  readonly waitsForTax: boolean;
}

function readQuote(json: unknown): Quote | null {
  const movement = readMovement(json, "quote");
  if (movement === null || !isRecord(json)) return null;
  const { computed, subscription, subscription_schedule: schedule, automatic_tax: tax, customer } = json;
  if (!isRecord(computed) || computed["recurring"] === undefined) return null;
  return {
    ...movement,
    customer: readId(isRecord(customer) ? customer["id"] : customer) ?? undefined,
    recurs: computed["recurring"] !== null || (subscription ?? null) !== null || (schedule ?? null) !== null,
    waitsForTax: isRecord(tax) && tax["enabled"] !== false && tax["status"] !== "complete",
  };
}

/**
 * A note gives back by refund or credit, or lets an open invoice collect less: never more than its amount, and never more than the
 * invoice. Refunds that it only refers to were calls of their own.
 */
function* estimateCreditNote(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const amount = yield* amountOf(call, "amount");
  const refund = (yield* amountOf(call, "refund_amount")) ?? 0n;
  const balance = (yield* amountOf(call, "credit_amount")) ?? 0n;
  const invoice = yield* invoiceOf(yield* single(call, "invoice"));
  const { id, currency, paid, total, remaining } = invoice;
  const whole = larger(larger(total, paid), remaining);
  const asked = { minor: larger(amount ?? whole, refund + balance), currency };
  const because = [amount === null ? `${id} is of ${inWords(asked)}` : `The note is of ${inWords(asked)}`];
  return money({ direction: "paid_out", asked, because }, pricing);
}

/** The open invoice collects the note's amount again. */
function* estimateCreditNoteVoid(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const note = yield* find("/v1/credit_notes/{id}", call.pathParameters["id"], readCreditNote);
  return collected(yield* invoiceOf(note.invoiceId), note.amount, pricing);
}

/** Above nothing it is a debt, which the next invoice collects; below, credit. docs.stripe.com/api/customer_balance_transactions/create */
function* estimateBalanceTransaction(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const minor = yield* signedAmountOf(call, "amount");
  if (minor === null) return yield* refuse("amount_unknown", `${call.operation.name} names no amount.`);
  const currency = yield* requiredCurrency(call);
  return minor < 0n
    ? credit({ minor: -minor, currency }, pricing)
    : money({ direction: "collected", asked: { minor, currency } }, pricing);
}

const LAST_INVOICE = "invoice_now and prorate make a last invoice, or credit, that cannot be known before";

function* estimateSubscriptionEnd(call: VendorCall): Steps<Estimate> {
  for (const name of ["invoice_now", "prorate"]) {
    const value = yield* single(call, name);
    if (value !== undefined && value !== "false") return unbounded("collected", LAST_INVOICE);
  }
  return { kind: "nothing" };
}
