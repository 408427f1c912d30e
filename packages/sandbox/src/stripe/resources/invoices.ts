// Invoices: drafts with lines, finalised, paid, sent, voided; and collected without any call when they advance by themselves
// (docs.stripe.com/invoicing/integration/automatic-advancement-collection: a draft is finalised after one hour, then paid).

import { AUTHENTICATION_REQUIRED, GENERIC_DECLINE, testMethod } from "../cards.ts";
import type { TestMethod } from "../cards.ts";
import { checkCurrency } from "../currency.ts";
import { StripeFailure, cardDeclined, invalidParameter, noSuchObject, refusedByState } from "../errors.ts";
import { nested, textOf } from "../../shared/json.ts";
import type { Customer, Invoice, InvoiceItem, StripeObject } from "../objects.ts";
import { template } from "../objects.ts";
import type { Origin } from "../shelf.ts";
import type { MovedWhen, Share } from "../truth.ts";
import type { Call, Handler, World } from "../world.ts";
import { authorizedCharge, collect, failedCharge } from "./attempt.ts";
import { changeBalance, owedBy, requireCustomer } from "./customers.ts";
import { requirePaymentMethod } from "./payment-methods.ts";
import type { Priced } from "./pricing.ts";
import { pricingOf } from "./pricing.ts";
import { equalTo, list, metadata, oneOf, textOr } from "./shared.ts";

const HOUR_SECONDS = 3600;
const METHODS = ["charge_automatically", "send_invoice"] as const;

// Drafts --------------------------------------------------------------------------------------------------------------

export interface InvoiceFacts {
  readonly customer: string;
  readonly currency: string;
  readonly autoAdvance: boolean;
  readonly given: Partial<Invoice>;
}

export function addInvoice(world: World, origin: Origin, facts: InvoiceFacts): Invoice {
  const created = world.seconds();
  const id = world.newId("in_1");
  const customer = world.customers.find(facts.customer);
  const invoice = {
    ...template("invoice"),
    id,
    object: "invoice",
    amount_due: 0,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: 0,
    attempt_count: 0,
    attempted: false,
    auto_advance: facts.autoAdvance,
    automatically_finalizes_at: facts.autoAdvance ? created + HOUR_SECONDS : null,
    collection_method: "charge_automatically",
    created,
    currency: facts.currency,
    customer: facts.customer,
    customer_address: null,
    customer_email: customer?.email ?? null,
    customer_name: customer?.name ?? null,
    customer_shipping: null,
    default_payment_method: null,
    description: null,
    due_date: null,
    effective_at: null,
    ending_balance: null,
    from_invoice: null,
    hosted_invoice_url: null,
    last_finalization_error: null,
    lines: { object: "list", data: [], has_more: false, url: `/v1/invoices/${id}/lines` },
    metadata: {},
    next_payment_attempt: null,
    number: null,
    parent: null,
    period_end: created,
    period_start: created,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    status: "draft",
    subtotal: 0,
    total: 0,
    webhooks_delivered_at: created,
    ...facts.given,
  } as Invoice;
  world.openBook(invoice, origin);
  world.invoices.add(invoice, origin);
  world.emit(origin, "invoice.created", invoice);
  return invoice;
}

const create: Handler = (call) => {
  const { params, world, origin } = call;
  const customer = requireCustomer(call, params.requiredText("customer"), "customer", 400);
  const subscriptionId = params.text("subscription");
  if (subscriptionId !== undefined && world.subscriptions.find(subscriptionId) === undefined) {
    throw noSuchObject("subscription", subscriptionId, "subscription", 400);
  }
  const behaviour = oneOf(params, "pending_invoice_items_behavior", [
    "include",
    "exclude",
    "include_and_require",
  ] as const);
  const pending = pendingItems(world, customer.id, params.text("currency"));
  const includes = (behaviour !== undefined && behaviour !== "exclude") || subscriptionId !== undefined;
  const currency = checkCurrency(params.text("currency") ?? (includes ? pending[0]?.currency : undefined) ?? "usd");
  const autoAdvance = params.boolean("auto_advance") ?? false;
  const method = params.text("default_payment_method");
  const invoice = addInvoice(world, origin, {
    customer: customer.id,
    currency,
    autoAdvance,
    given: {
      application_fee_amount: params.integer("application_fee_amount") ?? null,
      billing_reason: "manual",
      collection_method: oneOf(params, "collection_method", METHODS) ?? "charge_automatically",
      default_payment_method:
        method === undefined ? null : requirePaymentMethod(call, method, "default_payment_method", 400).id,
      description: textOr(params, "description", null),
      metadata: metadata(params),
    },
  });
  if (includes) for (const item of pending) if (item.currency === currency) addItemLine(world, invoice, item);
  refreshDraft(world, invoice);
  if (autoAdvance) advanceByItself(call, invoice, params.integer("automatically_finalizes_at"));
  else if (includes) world.open(origin, "collected", invoice.amount_due, currency, invoice.id);
  return invoice;
};

/** From here on the clock collects: the request that asked for it answers for that. */
function advanceByItself(call: Call, invoice: Invoice, at: number | undefined): void {
  const { world, origin } = call;
  world.bookOf(invoice).collector = origin;
  world.open(origin, "collected", invoice.amount_due, invoice.currency, invoice.id);
  scheduleAdvance(world, invoice, at);
}

export function scheduleAdvance(world: World, invoice: Invoice, at: number | undefined): void {
  const due = at ?? world.seconds() + HOUR_SECONDS;
  invoice.automatically_finalizes_at = due;
  world.later(due, () => {
    if (!invoice.auto_advance || invoice.automatically_finalizes_at !== due) return;
    const { collector } = world.bookOf(invoice);
    if (invoice.status === "draft") finalizeInvoice(world, collector, invoice);
    if (invoice.status === "open" && invoice.collection_method === "charge_automatically")
      tryToPay(world, collector, invoice, "by_clock");
  });
}

/** A card that is refused by the clock leaves the invoice open: nobody is there to hear of it. */
export function tryToPay(world: World, origin: Origin, invoice: Invoice, when: MovedWhen): boolean {
  try {
    payInvoice(world, origin, invoice, { when, methodId: methodFor(world, invoice), declineAnyway: false });
    return true;
  } catch (error) {
    if (!(error instanceof StripeFailure)) throw error;
    return false;
  }
}

export function pendingItems(world: World, customer: string, currency?: string): readonly InvoiceItem[] {
  return world
    .pendingItemsOf(customer)
    .filter((item) => item.invoice === null && (currency === undefined || item.currency === currency));
}

export function addItemLine(world: World, invoice: Invoice, item: InvoiceItem): void {
  const origin = world.invoiceItems.originOf(item.id);
  if (origin === undefined) return;
  world.assignItem(item, invoice.id);
  const parent = { invoice_item_details: { invoice_item: item.id, proration: false }, type: "invoice_item_details" };
  const { amount, quantity = null, description = null, pricing = null } = item;
  addLine(world, invoice, origin, { amount, quantity, description, pricing, parent, invoice_item: item.id });
}

export function addPricedLine(world: World, invoice: Invoice, origin: Origin, priced: Priced, more: object = {}): void {
  const { amount, quantity } = priced;
  addLine(world, invoice, origin, { amount, quantity, pricing: pricingOf(priced), parent: null, ...more });
}

function addLine(
  world: World,
  invoice: Invoice,
  origin: Origin,
  given: Partial<StripeObject> & { readonly amount: number },
): void {
  const line = {
    ...template("line_item"),
    id: world.newId("il_1"),
    object: "line_item",
    currency: invoice.currency,
    description: null,
    invoice: invoice.id,
    invoice_item: null,
    metadata: {},
    parent: null,
    period: { end: world.seconds(), start: world.seconds() },
    quantity_decimal: null,
    subtotal: given.amount,
    ...given,
  } as StripeObject & { amount: number };
  world.bookOf(invoice).lines.push({ line, origin });
  refreshDraft(world, invoice);
}

/** A draft shows what it would come to if it were finalised now, with what the customer owes or is owed. */
export function refreshDraft(world: World, invoice: Invoice): void {
  if (invoice.status !== "draft") return;
  const lines = world.bookOf(invoice).lines.map(({ line }) => line);
  const total = lines.reduce((sum, line) => sum + line.amount, 0);
  const customer = world.customers.find(invoice.customer);
  invoice.lines = {
    object: "list",
    data: lines.slice(0, 10).map((line) => ({ ...line })),
    has_more: lines.length > 10,
    total_count: lines.length,
    url: `/v1/invoices/${invoice.id}/lines`,
  };
  for (const field of ["subtotal", "subtotal_excluding_tax", "total_excluding_tax"]) invoice[field] = total;
  invoice.total = total;
  invoice.starting_balance = customer === undefined ? 0 : owedBy(customer, invoice.currency);
  invoice.amount_due = Math.max(0, total + invoice.starting_balance);
  invoice.amount_remaining = invoice.amount_due;
}

const update: Handler = (call, [id = ""]) => {
  const { params, world, origin } = call;
  const invoice = requireInvoice(call, id);
  const autoAdvance = params.boolean("auto_advance");
  const changes = ["collection_method", "application_fee_amount"].some((name) => params.get(name) !== undefined);
  if (invoice.status !== "draft" && (changes || (autoAdvance === true && invoice.status !== "open"))) {
    throw refusedByState("Finalized invoices can't be updated in this way.", "invoice_not_editable", null);
  }
  invoice.description = textOr(params, "description", invoice.description ?? null);
  invoice.metadata = metadata(params, invoice.metadata);
  invoice.collection_method = oneOf(params, "collection_method", METHODS) ?? invoice.collection_method;
  const method = params.text("default_payment_method");
  if (method !== undefined) {
    invoice.default_payment_method =
      method === "" ? null : requirePaymentMethod(call, method, "default_payment_method", 400).id;
  }
  if (autoAdvance !== undefined) invoice.auto_advance = autoAdvance;
  if (autoAdvance === true) advanceByItself(call, invoice, params.integer("automatically_finalizes_at"));
  world.emit(origin, "invoice.updated", invoice);
  return invoice;
};

const remove: Handler = (call, [id = ""]) => {
  const invoice = requireInvoice(call, id);
  if (invoice.status !== "draft") {
    throw refusedByState("You can only delete draft invoices. Void it instead.", "invoice_not_editable", null);
  }
  discard(call.world, call.origin, invoice);
  call.world.emit(call.origin, "invoice.deleted", invoice);
  return { id, object: "invoice", deleted: true };
};

/** As if it had never been: its items wait for another invoice, and the customer's balance is as before. */
export function discard(world: World, origin: Origin, invoice: Invoice): void {
  for (const { line } of world.bookOf(invoice).lines) {
    const item = world.invoiceItems.find(textOf(line.invoice_item));
    if (item !== undefined) world.assignItem(item, null);
  }
  giveBalanceBack(world, origin, invoice);
  invoice.status = "void";
  invoice.amount_remaining = 0;
  invoice.auto_advance = false;
  world.invoices.delete(invoice.id);
}

function giveBalanceBack(world: World, origin: Origin, invoice: Invoice): void {
  const customer = world.customers.find(invoice.customer);
  const used = invoice.ending_balance === null ? 0 : invoice.ending_balance - invoice.starting_balance;
  if (customer === undefined || used === 0) return;
  changeBalance(world, origin, customer, -used, invoice.currency, "unapplied_from_invoice", { invoice: invoice.id });
}

// Finalised -----------------------------------------------------------------------------------------------------------

const finalize: Handler = (call, [id = ""]) => {
  const { params, world, origin } = call;
  const invoice = draftInvoice(call, requireInvoice(call, id));
  const autoAdvance = params.boolean("auto_advance");
  if (autoAdvance !== undefined) invoice.auto_advance = autoAdvance;
  finalizeInvoice(world, origin, invoice);
  // Its page can be paid from here on; one that advances by itself is collected now.
  world.open(origin, "collected", invoice.amount_remaining, invoice.currency, id);
  if (invoice.status === "open" && invoice.auto_advance && invoice.collection_method === "charge_automatically") {
    tryToPay(world, origin, invoice, "at_once");
  }
  return invoice;
};

export function finalizeInvoice(world: World, origin: Origin, invoice: Invoice): void {
  refreshDraft(world, invoice);
  const customer = world.customers.find(invoice.customer);
  invoice.status = "open";
  invoice.automatically_finalizes_at = null;
  invoice.effective_at = world.seconds();
  invoice.number = `${textOf(customer?.invoice_prefix)}-${String(world.invoices.size).padStart(4, "0")}`;
  invoice.hosted_invoice_url = `https://invoice.stripe.com/i/acct_sandbox/test_${invoice.id}`;
  invoice.invoice_pdf = `https://pay.stripe.com/invoice/acct_sandbox/test_${invoice.id}/pdf`;
  transition(world, invoice, "finalized_at");
  if (customer !== undefined) settleBalance(world, origin, invoice, customer);
  world.emit(origin, "invoice.finalized", invoice);
  if (invoice.amount_remaining === 0) markPaid(world, origin, invoice);
}

/** What the customer owed is in the amount due, what was owed to the customer is used up as far as it went. */
function settleBalance(world: World, origin: Origin, invoice: Invoice, customer: Customer): void {
  const { starting_balance: before, total, currency } = invoice;
  const after = Math.min(0, before + total);
  invoice.ending_balance = after;
  if (after === before) return;
  changeBalance(world, origin, customer, after - before, currency, "applied_to_invoice", { invoice: invoice.id });
}

const pay: Handler = (call, [id = ""]) => {
  const { params, world, origin } = call;
  const invoice = requireInvoice(call, id);
  if (invoice.status === "paid") throw refusedByState("Invoice is already paid", "invoice_already_paid", null);
  if (invoice.status === "void") throw refusedByState("Voided invoices cannot be paid.", "invoice_not_editable", null);
  const given = params.text("payment_method") ?? params.text("source");
  const methodId = given === undefined ? undefined : knownMethod(call, given);
  if (invoice.status === "draft") finalizeInvoice(world, origin, invoice);
  if (invoice.amount_remaining === 0) return invoice;
  if (params.boolean("paid_out_of_band") === true) {
    invoice.amount_paid_off_stripe = invoice.amount_remaining;
    invoice.amount_paid += invoice.amount_remaining;
    markPaid(world, origin, invoice);
    return invoice;
  }
  const how = { when: "at_once", declineAnyway: call.declineAnyway } as const;
  payInvoice(world, origin, invoice, { ...how, methodId: methodId ?? methodFor(world, invoice) });
  return invoice;
};

function knownMethod(call: Call, id: string): string {
  if (call.world.methodOf(id) !== undefined) return id;
  if (id.startsWith("pm_")) return requirePaymentMethod(call, id, "payment_method", 400).id;
  throw noSuchObject("source", id, "source", 400);
}

/** The payment method that an invoice is collected with when none is named, or null. */
export function methodFor(world: World, invoice: Invoice): string | null {
  const customer = world.customers.find(invoice.customer);
  const byCustomer = customer === undefined ? "" : textOf(customer.invoice_settings.default_payment_method);
  const found = invoice.default_payment_method ?? (byCustomer === "" ? customer?.default_source : byCustomer);
  return found === undefined || found === "" ? null : found;
}

export interface Paying {
  readonly when: MovedWhen;
  readonly methodId: string | null;
  readonly declineAnyway: boolean;
}

/** Collects what remains, or throws what a caller would hear and leaves the invoice open. */
export function payInvoice(world: World, origin: Origin, invoice: Invoice, paying: Paying): void {
  const { methodId, when } = paying;
  const method: TestMethod | undefined =
    methodId === null ? undefined : (world.methodOf(methodId) ?? testMethod(methodId));
  if (methodId === null || method === undefined) {
    const message =
      "There is no `default_payment_method` set on this Customer or Invoice. Please set one prior to paying this Invoice.";
    throw refusedByState(message, "resource_missing", null);
  }
  invoice.attempted = true;
  invoice.attempt_count = Number(textOf(invoice.attempt_count)) + 1;
  const attempt = {
    amount: invoice.amount_remaining,
    currency: invoice.currency,
    method,
    methodId,
    paymentIntent: null,
    given: {
      application_fee_amount: invoice.application_fee_amount ?? null,
      customer: invoice.customer,
      description: `Payment for Invoice ${textOf(invoice.number)}`,
    },
  };
  const { behaviour } = method;
  if (paying.declineAnyway || behaviour.kind === "declines" || behaviour.kind === "authenticates") {
    const decline =
      behaviour.kind === "declines"
        ? behaviour.decline
        : behaviour.kind === "authenticates" && !paying.declineAnyway
          ? AUTHENTICATION_REQUIRED
          : GENERIC_DECLINE;
    const charge = failedCharge(world, origin, attempt, decline);
    world.emit(origin, "invoice.payment_failed", invoice);
    throw cardDeclined(decline, { charge: charge.id });
  }
  const charge = authorizedCharge(world, origin, attempt);
  const amount = invoice.amount_remaining;
  const shares = when === "by_clock" ? sharesOf(world, origin, invoice) : [];
  collect(world, origin, charge, amount, "charge", { when, shares });
  world.emit(origin, "charge.succeeded", charge);
  world.bookOf(invoice).charge = charge.id;
  invoice.amount_paid += amount;
  markPaid(world, origin, invoice);
}

/** Lines that came after the request that set the clock going were not its doing: whoever added them answers for them. */
function sharesOf(world: World, collector: Origin, invoice: Invoice): readonly Share[] {
  const later: Share[] = [];
  for (const { line, origin } of world.bookOf(invoice).lines) {
    if (origin.order > collector.order && line.amount > 0) later.push({ origin, amount: line.amount });
  }
  return later;
}

function markPaid(world: World, origin: Origin, invoice: Invoice): void {
  invoice.status = "paid";
  invoice.amount_remaining = 0;
  invoice.auto_advance = false;
  transition(world, invoice, "paid_at");
  world.emit(origin, "invoice.paid", invoice);
}

/** Mails a page on which anyone can pay. */
const send: Handler = (call, [id = ""]) => {
  const { world, origin } = call;
  const invoice = requireInvoice(call, id);
  if (invoice.status === "draft") finalizeInvoice(world, origin, invoice);
  if (invoice.status === "open") world.open(origin, "collected", invoice.amount_remaining, invoice.currency, id);
  world.emit(origin, "invoice.sent", invoice);
  return invoice;
};

const voidInvoice: Handler = (call, [id = ""]) => {
  const { world, origin } = call;
  const invoice = openInvoice(call, id);
  giveBalanceBack(world, origin, invoice);
  invoice.status = "void";
  invoice.auto_advance = false;
  invoice.amount_remaining = 0;
  transition(world, invoice, "voided_at");
  world.emit(origin, "invoice.voided", invoice);
  return invoice;
};

const markUncollectible: Handler = (call, [id = ""]) => {
  const invoice = openInvoice(call, id);
  invoice.status = "uncollectible";
  invoice.auto_advance = false;
  transition(call.world, invoice, "marked_uncollectible_at");
  call.world.emit(call.origin, "invoice.marked_uncollectible", invoice);
  return invoice;
};

function transition(world: World, invoice: Invoice, at: string): void {
  invoice.status_transitions = { ...nested(invoice, "status_transitions"), [at]: world.seconds() };
}

// Reading -------------------------------------------------------------------------------------------------------------

export function requireInvoice(call: Call, id: string, status: 400 | 404 = 404): Invoice {
  const invoice = call.world.invoices.find(id);
  if (invoice === undefined) throw noSuchObject("invoice", id, status === 400 ? "invoice" : "id", status);
  refreshDraft(call.world, invoice);
  return invoice;
}

export function draftInvoice(call: Call, invoice: Invoice): Invoice {
  if (invoice.status === "draft") {
    refreshDraft(call.world, invoice);
    return invoice;
  }
  throw refusedByState(
    `This invoice is already finalized, you can't change it (${invoice.status}).`,
    "invoice_not_editable",
    null,
  );
}

function openInvoice(call: Call, id: string): Invoice {
  const invoice = requireInvoice(call, id);
  if (invoice.status === "open" || invoice.status === "uncollectible") return invoice;
  throw invalidParameter(
    `You can only pass in open invoices. This invoice isn't open (${invoice.status}).`,
    "invoice_not_editable",
    null,
  );
}

export const invoices: Readonly<Record<string, Handler>> = {
  "POST invoices": create,
  "GET invoices": (call) => {
    const keep = equalTo(call.params, "customer", "status", "collection_method", "subscription");
    return list(call, call.world.invoices, "/v1/invoices", (invoice) => {
      refreshDraft(call.world, invoice);
      return keep(invoice);
    });
  },
  "GET invoices/*": (call, [id = ""]) => requireInvoice(call, id),
  "POST invoices/*": update,
  "DELETE invoices/*": remove,
  "POST invoices/*/finalize": finalize,
  "POST invoices/*/pay": pay,
  "POST invoices/*/send": send,
  "POST invoices/*/void": voidInvoice,
  "POST invoices/*/mark_uncollectible": markUncollectible,
  "GET invoices/*/lines": (call, [id = ""]) => {
    const invoice = requireInvoice(call, id);
    const data = call.world.bookOf(invoice).lines.map(({ line }) => ({ ...line }));
    return { object: "list", data, has_more: false, url: `/v1/invoices/${id}/lines` };
  },
};
