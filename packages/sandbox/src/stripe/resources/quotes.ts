// Quotes: an offer that, once finalised, can be accepted; then it becomes an invoice that is collected by the clock, or a
// subscription where a price recurs. Its PDF is the sandbox's one answer that is not JSON.

import { missingParameter, refusedByState } from "../errors.ts";
import type { JsonObject } from "../../shared/json.ts";
import { nested } from "../../shared/json.ts";
import type { Quote } from "../objects.ts";
import { template } from "../objects.ts";
import { Params } from "../params.ts";
import type { Call, Handler } from "../world.ts";
import { Binary } from "../world.ts";
import { requireCustomer } from "./customers.ts";
import { addInvoice, addPricedLine, refreshDraft, scheduleAdvance } from "./invoices.ts";
import type { Priced } from "./pricing.ts";
import { pricedLine } from "./pricing.ts";
import { equalTo, found, list, metadata, oneOf, textOr } from "./shared.ts";
import { start } from "./subscriptions.ts";

const DAYS_30_SECONDS: number = 30 * 86_400;
const PDF_BYTES = 40_000;
const METHODS = ["charge_automatically", "send_invoice"] as const;

const offered = new WeakMap<Quote, readonly Priced[]>();

const create: Handler = (call) => {
  const { params, world, origin } = call;
  const customerId = params.text("customer");
  const customer = customerId === undefined ? null : requireCustomer(call, customerId, "customer", 400).id;
  const lines = linesOf(call);
  const quote = {
    ...template("quote"),
    id: world.newId("qt_1"),
    object: "quote",
    amount_subtotal: 0,
    amount_total: 0,
    collection_method: oneOf(params, "collection_method", METHODS) ?? "charge_automatically",
    created: world.seconds(),
    currency: lines[0]?.currency ?? "usd",
    customer,
    description: textOr(params, "description", null),
    expires_at: params.integer("expires_at") ?? world.seconds() + DAYS_30_SECONDS,
    from_quote: null,
    invoice: null,
    metadata: metadata(params),
    number: null,
    status: "draft",
    subscription: null,
    transfer_data: null,
  } as Quote;
  price(quote, lines);
  world.quotes.add(quote, origin);
  world.emit(origin, "quote.created", quote);
  return quote;
};

function linesOf(call: Call): readonly Priced[] {
  return call.params.list("line_items").map((item, at) => {
    const priced = item instanceof Params ? pricedLine(call, item, `line_items[${at}]`) : undefined;
    if (priced === undefined) throw missingParameter(`line_items[${at}][price]`);
    return priced;
  });
}

function price(quote: Quote, lines: readonly Priced[]): void {
  offered.set(quote, lines);
  const recurring = totals(lines.filter((line) => line.recurring !== null));
  const cycle = lines.find((line) => line.recurring !== null)?.recurring ?? null;
  quote.amount_total = totals(lines).amount_total;
  quote.amount_subtotal = quote.amount_total;
  quote.computed = {
    recurring: cycle === null ? null : { ...recurring, interval: cycle.interval, interval_count: cycle.count },
    upfront: totals(lines),
  };
}

function totals(lines: readonly Priced[]): {
  readonly amount_subtotal: number;
  readonly amount_total: number;
  readonly total_details: JsonObject;
} {
  const total = lines.reduce((sum, line) => sum + line.amount, 0);
  const details = { amount_discount: 0, amount_shipping: 0, amount_tax: 0 };
  return { amount_subtotal: total, amount_total: total, total_details: details };
}

const update: Handler = (call, [id = ""]) => {
  const { params } = call;
  const quote = inState(call, id, "draft");
  if (params.get("line_items") !== undefined) price(quote, linesOf(call));
  const customer = params.text("customer");
  if (customer !== undefined) quote.customer = requireCustomer(call, customer, "customer", 400).id;
  quote.metadata = metadata(params, quote.metadata);
  quote.description = textOr(params, "description", quote.description ?? null);
  return quote;
};

const finalize: Handler = (call, [id = ""]) => {
  const { world, origin } = call;
  const quote = inState(call, id, "draft");
  if (quote.customer === null) throw missingParameter("customer");
  if ((offered.get(quote) ?? []).length === 0) throw missingParameter("line_items");
  quote.status = "open";
  quote.number = `QT-${id.slice(-8).toUpperCase()}-0001-1`;
  quote.status_transitions = { ...nested(quote, "status_transitions"), finalized_at: world.seconds() };
  world.open(origin, "collected", quote.amount_total, quote.currency, id);
  world.emit(origin, "quote.finalized", quote);
  return quote;
};

const accept: Handler = (call, [id = ""]) => {
  const { world, origin } = call;
  const quote = inState(call, id, "open");
  const lines = offered.get(quote) ?? [];
  const recurring = lines.filter((line) => line.recurring !== null);
  const customer = quote.customer ?? "";
  const collectionMethod = quote.collection_method === "send_invoice" ? "send_invoice" : "charge_automatically";
  if (recurring.length > 0) {
    const subscription = start(world, origin, {
      customer,
      recurring,
      once: lines.filter((line) => line.recurring === null),
      collectionMethod,
      methodId: null,
      trialEnd: null,
      behaviour: "allow_incomplete",
      cancelAtPeriodEnd: false,
      metadata: {},
      declineAnyway: call.declineAnyway,
    });
    quote.subscription = subscription.id;
    quote.invoice = subscription.latest_invoice;
  } else {
    const parent = { quote_details: { quote: id }, subscription_details: null, type: "quote_details" };
    const given = { collection_method: collectionMethod, parent } as const;
    const invoice = addInvoice(world, origin, { customer, currency: quote.currency, autoAdvance: true, given });
    for (const line of lines) addPricedLine(world, invoice, origin, line);
    refreshDraft(world, invoice);
    world.open(origin, "collected", invoice.amount_due, invoice.currency, invoice.id);
    scheduleAdvance(world, invoice, undefined);
    quote.invoice = invoice.id;
  }
  quote.status = "accepted";
  quote.status_transitions = { ...nested(quote, "status_transitions"), accepted_at: world.seconds() };
  world.emit(origin, "quote.accepted", quote);
  return quote;
};

const cancel: Handler = (call, [id = ""]) => {
  const quote = found(call.world.quotes, id, "quote");
  if (quote.status !== "draft" && quote.status !== "open") throw wrongState(quote);
  quote.status = "canceled";
  quote.status_transitions = { ...nested(quote, "status_transitions"), canceled_at: call.world.seconds() };
  call.world.emit(call.origin, "quote.canceled", quote);
  return quote;
};

function inState(call: Call, id: string, status: Quote["status"]): Quote {
  const quote = found(call.world.quotes, id, "quote");
  if (quote.status !== status) throw wrongState(quote);
  return quote;
}

function wrongState(quote: Quote): Error {
  return refusedByState(
    `You cannot do that to a quote with a status of ${quote.status}.`,
    "quote_unexpected_state",
    null,
  );
}

/** Every byte value, so that whoever reads it as text breaks it; the same for the same quote. */
function pdf(quote: Quote): Binary {
  const bytes = Buffer.alloc(PDF_BYTES);
  let seed = 2166136261;
  for (const char of quote.id) seed = Math.imul(seed ^ char.charCodeAt(0), 16777619) >>> 0;
  for (let at = 0; at < bytes.length; at += 1) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    bytes[at] = seed >>> 24;
  }
  bytes.write("%PDF-1.7\n", 0, "latin1");
  bytes.write("\n%%EOF\n", PDF_BYTES - 7, "latin1");
  return new Binary("application/pdf", bytes);
}

export const quotes: Readonly<Record<string, Handler>> = {
  "POST quotes": create,
  "GET quotes": (call) => list(call, call.world.quotes, "/v1/quotes", equalTo(call.params, "customer", "status")),
  "GET quotes/*": (call, [id = ""]) => found(call.world.quotes, id, "quote"),
  "POST quotes/*": update,
  "POST quotes/*/finalize": finalize,
  "POST quotes/*/accept": accept,
  "POST quotes/*/cancel": cancel,
  "GET quotes/*/line_items": (call, [id = ""]) => {
    const quote = found(call.world.quotes, id, "quote");
    const data = (offered.get(quote) ?? []).map((line) => ({
      object: "item",
      amount_total: line.amount,
      currency: line.currency,
      price: call.world.prices.find(line.priceId ?? "") ?? null,
      quantity: line.quantity,
    }));
    return { object: "list", data, has_more: false, url: `/v1/quotes/${id}/line_items` };
  },
  "GET quotes/*/pdf": (call, [id = ""]) => {
    const quote = found(call.world.quotes, id, "quote");
    if (quote.status !== "open" && quote.status !== "accepted") throw wrongState(quote);
    return pdf(quote);
  },
};
