// Subscriptions: the first invoice is collected at once, and each further one by the clock, for ever, unless somebody ends it.
// That no request bounds what it collects is the point of having it here.

import { StripeFailure, invalidParameter, missingParameter, refusedByState } from "../errors.ts";
import type { JsonObject } from "../../shared/json.ts";
import { textOf } from "../../shared/json.ts";
import type { Invoice, Subscription } from "../objects.ts";
import { template } from "../objects.ts";
import { Params } from "../params.ts";
import type { Origin } from "../shelf.ts";
import type { Call, Handler, World } from "../world.ts";
import { requireCustomer } from "./customers.ts";
import {
  addInvoice,
  addItemLine,
  addPricedLine,
  discard,
  finalizeInvoice,
  methodFor,
  payInvoice,
  pendingItems,
  refreshDraft,
  scheduleAdvance,
  tryToPay,
} from "./invoices.ts";
import { requirePaymentMethod } from "./payment-methods.ts";
import type { Priced } from "./pricing.ts";
import { periodEnd, pricedLine } from "./pricing.ts";
import { equalTo, found, list, metadata, oneOf } from "./shared.ts";

const DAY_SECONDS = 86_400;
const BEHAVIOURS = ["allow_incomplete", "default_incomplete", "error_if_incomplete", "pending_if_incomplete"] as const;
const METHODS = ["charge_automatically", "send_invoice"] as const;

export interface Starting {
  readonly customer: string;
  readonly recurring: readonly Priced[];
  readonly once: readonly Priced[];
  readonly collectionMethod: "charge_automatically" | "send_invoice";
  readonly methodId: string | null;
  readonly trialEnd: number | null;
  readonly behaviour: (typeof BEHAVIOURS)[number];
  readonly cancelAtPeriodEnd: boolean;
  readonly metadata: { readonly [key: string]: string };
  readonly declineAnyway: boolean;
}

/** What each subscription charges every period, and the request that answers for it. */
const terms = new WeakMap<Subscription, { readonly recurring: readonly Priced[]; readonly origin: Origin }>();

const create: Handler = (call) => {
  const { params, world } = call;
  const customer = requireCustomer(call, params.requiredText("customer"), "customer", 400);
  const recurring = linesOf(call, "items", true);
  if (recurring.length === 0) throw missingParameter("items");
  const trialDays = params.integer("trial_period_days");
  const trialEnd = params.text("trial_end") === "now" ? undefined : params.integer("trial_end");
  const method = params.text("default_payment_method");
  return start(world, call.origin, {
    customer: customer.id,
    recurring,
    once: linesOf(call, "add_invoice_items", false),
    collectionMethod: oneOf(params, "collection_method", METHODS) ?? "charge_automatically",
    methodId: method === undefined ? null : requirePaymentMethod(call, method, "default_payment_method", 400).id,
    trialEnd: trialDays === undefined ? (trialEnd ?? null) : world.seconds() + trialDays * DAY_SECONDS,
    behaviour: oneOf(params, "payment_behavior", BEHAVIOURS) ?? "allow_incomplete",
    cancelAtPeriodEnd: params.boolean("cancel_at_period_end") ?? false,
    metadata: metadata(params),
    declineAnyway: call.declineAnyway,
  });
};

function linesOf(call: Call, name: string, recurs: boolean): readonly Priced[] {
  return call.params.list(name).map((item, at) => {
    const priced = item instanceof Params ? pricedLine(call, item, `${name}[${at}]`) : undefined;
    if (priced === undefined) throw missingParameter(`${name}[${at}][price]`);
    if ((priced.recurring !== null) !== recurs) {
      const message = `The price specified is set to \`type=${recurs ? "one_time" : "recurring"}\` but this field only accepts prices with \`type=${recurs ? "recurring" : "one_time"}\`.`;
      throw invalidParameter(message, null, `${name}[${at}][price]`);
    }
    return priced;
  });
}

export function start(world: World, origin: Origin, starting: Starting): Subscription {
  const first = starting.recurring[0];
  if (first === undefined || first.recurring === null) throw missingParameter("items");
  const now = world.seconds();
  const end = starting.trialEnd ?? periodEnd(now, first.recurring.interval, first.recurring.count);
  const id = world.newId("sub_1");
  const subscription = {
    ...template("subscription"),
    id,
    object: "subscription",
    billing_cycle_anchor: starting.trialEnd ?? now,
    billing_cycle_anchor_config: null,
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: starting.cancelAtPeriodEnd ? end : null,
    cancel_at_period_end: starting.cancelAtPeriodEnd,
    canceled_at: null,
    collection_method: starting.collectionMethod,
    created: now,
    currency: first.currency,
    customer: starting.customer,
    default_payment_method: starting.methodId,
    ended_at: null,
    items: itemsOf(world, id, starting.recurring, now, end),
    latest_invoice: null,
    metadata: starting.metadata,
    next_pending_invoice_item_invoice: null,
    pause_collection: null,
    pending_invoice_item_interval: null,
    pending_update: null,
    start_date: now,
    status: starting.trialEnd === null ? "active" : "trialing",
    transfer_data: null,
    trial_end: starting.trialEnd,
    trial_start: starting.trialEnd === null ? null : now,
  } as Subscription;
  terms.set(subscription, { recurring: starting.recurring, origin });
  const invoice = bill(world, origin, subscription, {
    priced: starting.trialEnd === null ? [...starting.recurring, ...starting.once] : starting.once,
    reason: "subscription_create",
  });
  if (subscription.collection_method === "send_invoice") {
    world.open(origin, "collected", invoice.amount_due, invoice.currency, invoice.id);
    scheduleAdvance(world, invoice, undefined);
  } else payFirst(world, origin, subscription, invoice, starting);
  world.subscriptions.add(subscription, origin);
  world.emit(origin, "customer.subscription.created", subscription);
  world.later(end, () => renew(world, subscription, end));
  return subscription;
}

function payFirst(
  world: World,
  origin: Origin,
  subscription: Subscription,
  invoice: Invoice,
  starting: Starting,
): void {
  const methodId = methodFor(world, invoice);
  if (methodId === null && invoice.amount_due > 0 && starting.behaviour !== "default_incomplete") {
    discard(world, origin, invoice);
    const message =
      "This customer has no attached payment source or default payment method. Please consider adding a default payment method.";
    throw refusedByState(message, "resource_missing", null);
  }
  finalizeInvoice(world, origin, invoice);
  if (invoice.status === "paid") return;
  if (starting.behaviour !== "default_incomplete") {
    try {
      payInvoice(world, origin, invoice, { when: "at_once", methodId, declineAnyway: starting.declineAnyway });
      return;
    } catch (error) {
      if (!(error instanceof StripeFailure)) throw error;
      if (starting.behaviour === "error_if_incomplete") {
        discard(world, origin, invoice);
        throw error;
      }
    }
  }
  subscription.status = "incomplete";
  world.open(origin, "collected", invoice.amount_remaining, invoice.currency, invoice.id);
}

function itemsOf(world: World, id: string, recurring: readonly Priced[], start: number, end: number): JsonObject {
  const data = recurring.map((priced) => ({
    ...template("subscription_item"),
    id: world.newId("si_"),
    object: "subscription_item",
    created: world.seconds(),
    current_period_end: end,
    current_period_start: start,
    price: world.prices.find(priced.priceId ?? "") ?? null,
    quantity: priced.quantity,
    subscription: id,
  }));
  return {
    object: "list",
    data,
    has_more: false,
    total_count: data.length,
    url: `/v1/subscription_items?subscription=${id}`,
  };
}

interface Billing {
  readonly priced: readonly Priced[];
  readonly reason: "subscription_create" | "subscription_cycle" | "subscription_update" | "manual";
}

/** A draft with the period's lines and, as at Stripe, with what was pending for the customer. */
function bill(world: World, origin: Origin, subscription: Subscription, billing: Billing): Invoice {
  const { customer, currency, id, collection_method } = subscription;
  const parent = {
    quote_details: null,
    subscription_details: { metadata: {}, subscription: id },
    type: "subscription_details",
  };
  const invoice = addInvoice(world, origin, {
    customer,
    currency,
    autoAdvance: true,
    given: {
      billing_reason: billing.reason,
      collection_method,
      default_payment_method: subscription.default_payment_method,
      parent,
      subscription: id,
    },
  });
  for (const priced of billing.priced) addPricedLine(world, invoice, origin, priced, { subscription: id });
  for (const item of pendingItems(world, customer, currency)) addItemLine(world, invoice, item);
  refreshDraft(world, invoice);
  subscription.latest_invoice = invoice.id;
  return invoice;
}

/** At the end of a period; the invoice stays a draft for an hour and is then collected (docs.stripe.com/billing/invoices/subscription). */
function renew(world: World, subscription: Subscription, ended: number): void {
  const known = terms.get(subscription);
  const cycle = known?.recurring[0]?.recurring;
  if (known === undefined || cycle === undefined || cycle === null) return;
  if (subscription.status !== "active" && subscription.status !== "trialing" && subscription.status !== "past_due")
    return;
  if (subscription.cancel_at_period_end) {
    end(world, known.origin, subscription);
    return;
  }
  const next = periodEnd(ended, cycle.interval, cycle.count);
  subscription.status = "active";
  subscription.items = itemsOf(world, subscription.id, known.recurring, ended, next);
  const invoice = bill(world, known.origin, subscription, { priced: known.recurring, reason: "subscription_cycle" });
  scheduleAdvance(world, invoice, undefined);
  world.emit(known.origin, "customer.subscription.updated", subscription);
  world.later(next, () => renew(world, subscription, next));
}

function end(world: World, origin: Origin, subscription: Subscription): void {
  subscription.status = "canceled";
  subscription.canceled_at = world.seconds();
  subscription.ended_at = world.seconds();
  world.emit(origin, "customer.subscription.deleted", subscription);
}

/** New items count from the next period; with `proration_behavior=always_invoice` what is dearer is collected at once. */
const update: Handler = (call, [id = ""]) => {
  const { params, world, origin } = call;
  const subscription = requireSubscription(call, id);
  if (subscription.status === "canceled") {
    throw refusedByState("A canceled subscription can only update its metadata.", null, null);
  }
  const items = linesOf(call, "items", true);
  const prorates = oneOf(params, "proration_behavior", ["always_invoice", "create_prorations", "none"] as const);
  subscription.metadata = metadata(params, subscription.metadata);
  subscription.cancel_at_period_end = params.boolean("cancel_at_period_end") ?? subscription.cancel_at_period_end;
  const method = params.text("default_payment_method");
  if (method !== undefined) {
    subscription.default_payment_method = requirePaymentMethod(call, method, "default_payment_method", 400).id;
  }
  if (items.length > 0) {
    const before = sum(terms.get(subscription)?.recurring ?? []);
    terms.set(subscription, { recurring: items, origin });
    const first = items[0];
    const more = sum(items) - before;
    if (prorates === "always_invoice" && more > 0 && first !== undefined) {
      const priced = [{ ...first, amount: more, quantity: 1, unitAmountDecimal: String(more) }];
      const invoice = bill(world, origin, subscription, { priced, reason: "subscription_update" });
      finalizeInvoice(world, origin, invoice);
      world.open(origin, "collected", invoice.amount_remaining, invoice.currency, invoice.id);
      if (invoice.status === "open" && !tryToPay(world, origin, invoice, "at_once")) subscription.status = "past_due";
    }
  }
  world.emit(origin, "customer.subscription.updated", subscription);
  return subscription;
};

function sum(lines: readonly Priced[]): number {
  return lines.reduce((total, line) => total + line.amount, 0);
}

/** `invoice_now` collects what is pending; without it nothing more is charged. */
const cancel: Handler = (call, [id = ""]) => {
  const { params, world, origin } = call;
  const subscription = requireSubscription(call, id);
  if (subscription.status === "canceled") throw refusedByState(`No such active subscription: '${id}'`, null, null);
  if (
    params.boolean("invoice_now") === true &&
    pendingItems(world, subscription.customer, subscription.currency).length > 0
  ) {
    const invoice = bill(world, origin, subscription, { priced: [], reason: "manual" });
    finalizeInvoice(world, origin, invoice);
    world.open(origin, "collected", invoice.amount_remaining, invoice.currency, invoice.id);
    if (invoice.status === "open") tryToPay(world, origin, invoice, "at_once");
  }
  end(world, origin, subscription);
  return subscription;
};

function requireSubscription(call: Call, id: string): Subscription {
  return found(call.world.subscriptions, id, "id");
}

export const subscriptions: Readonly<Record<string, Handler>> = {
  "POST subscriptions": create,
  "GET subscriptions": (call) => {
    const status = call.params.text("status");
    const keep = equalTo(call.params, "customer", "collection_method");
    const wanted = (one: Subscription): boolean =>
      status === "all" || (status === undefined ? one.status !== "canceled" : textOf(one.status) === status);
    return list(call, call.world.subscriptions, "/v1/subscriptions", (one) => keep(one) && wanted(one));
  },
  "GET subscriptions/*": (call, [id = ""]) => requireSubscription(call, id),
  "POST subscriptions/*": update,
  "DELETE subscriptions/*": cancel,
};
