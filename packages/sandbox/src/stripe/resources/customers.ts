// Customers, with the payment method or the card that a request puts on them.

import { checkCurrency } from "../currency.ts";
import { missingParameter, noSuchObject } from "../errors.ts";
import { nested, type JsonObject } from "../../shared/json.ts";
import type { Customer, PlainObject } from "../objects.ts";
import { template } from "../objects.ts";
import { positiveInteger } from "../params.ts";
import type { Origin } from "../shelf.ts";
import type { Call, Handler, World } from "../world.ts";
import { attachTo, describedCard, requirePaymentMethod } from "./payment-methods.ts";
import { equalTo, found, list, metadata, objectOr, oneOf, searchResult, textOr } from "./shared.ts";

const PUBLISHED = template("customer");
const SETTINGS: JsonObject = {
  custom_fields: null,
  default_payment_method: null,
  footer: null,
  rendering_options: null,
};
const TEXTS = ["description", "email", "name", "phone"];

const create: Handler = (call) => {
  const { params, world, origin } = call;
  const labels = metadata(params);
  const methodId = params.text("payment_method");
  const method = methodId === undefined ? undefined : requirePaymentMethod(call, methodId, "payment_method", 400);
  const id = world.newId("cus_");
  if (method !== undefined) attachTo(call, method, id);
  const customer = {
    ...PUBLISHED,
    id,
    object: "customer",
    address: objectOr(params, "address", null),
    balance: params.integer("balance") ?? 0,
    created: world.seconds(),
    currency: (params.integer("balance") ?? 0) === 0 ? null : ACCOUNT_CURRENCY,
    default_source: source(call),
    description: textOr(params, "description", null),
    discount: null,
    email: textOr(params, "email", null),
    invoice_prefix: id.slice(-8).toUpperCase(),
    invoice_settings: { ...SETTINGS, ...objectOr(params, "invoice_settings", {}) },
    livemode: false,
    metadata: labels,
    name: textOr(params, "name", null),
    phone: textOr(params, "phone", null),
    preferred_locales: [],
    shipping: objectOr(params, "shipping", null),
    tax_exempt: oneOf(params, "tax_exempt", ["none", "exempt", "reverse", ""] as const) ?? "none",
    test_clock: null,
  } as Customer;
  world.customers.add(customer, origin);
  openBalance(call, owedBy(customer, ACCOUNT_CURRENCY), id);
  world.emit(origin, "customer.created", customer);
  return customer;
};

/** `balance` has the currency of the account: at the sandbox, dollars. */
const ACCOUNT_CURRENCY = "usd";

function openBalance(call: Call, change: number, id: string): void {
  call.world.open(call.origin, change > 0 ? "collected" : "paid_out", Math.abs(change), ACCOUNT_CURRENCY, id);
}

/** `source=tok_visa` puts a card on the customer, which `POST /v1/charges` uses by default. */
function source(call: Call): string | null {
  const given = call.params.get("source");
  if (given === undefined || given === "") return null;
  const id = call.world.newId("card_1");
  call.world.rememberMethod(id, describedCard(given, "source"));
  return id;
}

const update: Handler = (call, [id = ""]) => {
  const { params, world, origin } = call;
  const customer = requireCustomer(call, id, "customer", 404);
  customer.metadata = metadata(params, customer.metadata);
  for (const field of TEXTS) customer[field] = textOr(params, field, customer[field] ?? null);
  for (const field of ["address", "shipping"]) customer[field] = objectOr(params, field, customer[field] ?? null);
  customer.invoice_settings = { ...customer.invoice_settings, ...objectOr(params, "invoice_settings", {}) };
  const before = owedBy(customer, ACCOUNT_CURRENCY);
  const balance = params.integer("balance") ?? before;
  openBalance(call, balance - before, id);
  customer.balance = balance;
  if (balance !== 0) customer.currency ??= ACCOUNT_CURRENCY;
  customer.default_source = source(call) ?? customer.default_source;
  world.emit(origin, "customer.updated", customer);
  return customer;
};

const remove: Handler = (call, [id = ""]) => {
  const customer = requireCustomer(call, id, "customer", 404);
  call.world.customers.delete(id);
  call.world.deletedCustomers.add(id);
  call.world.emit(call.origin, "customer.deleted", customer);
  return { id, object: "customer", deleted: true };
};

const get: Handler = (call, [id = ""]) => {
  if (call.world.deletedCustomers.has(id)) return { id, object: "customer", deleted: true };
  return requireCustomer(call, id, "id", 404);
};

export function requireCustomer(call: Call, id: string, param: string, status: 400 | 404): Customer {
  const customer = call.world.customers.find(id);
  if (customer === undefined) throw noSuchObject("customer", id, param, status);
  return customer;
}

// What a customer owes, or is owed, beside invoices --------------------------------------------------------------------

/** Positive: the next invoice collects it. Negative: the next invoice collects so much less. */
const adjustBalance: Handler = (call, [id = ""]) => {
  const { params, origin, world } = call;
  const customer = requireCustomer(call, id, "customer", 404);
  const amount = params.integer("amount");
  if (amount === undefined) throw missingParameter("amount");
  const currency = checkCurrency(params.requiredText("currency"));
  world.open(origin, amount > 0 ? "collected" : "paid_out", Math.abs(amount), currency, customer.id);
  return changeBalance(world, origin, customer, amount, currency, "adjustment", {
    description: textOr(params, "description", null),
    metadata: metadata(params),
  });
};

export function changeBalance(
  world: World,
  origin: Origin,
  customer: Customer,
  amount: number,
  currency: string,
  type: string,
  given: JsonObject,
): PlainObject {
  const ending = owedBy(customer, currency) + amount;
  customer.currency ??= currency;
  if (currency === ACCOUNT_CURRENCY) customer.balance = ending;
  else customer.invoice_credit_balance = { ...nested(customer, "invoice_credit_balance"), [currency]: -ending };
  const transaction: PlainObject = {
    ...template("customer_balance_transaction"),
    id: world.newId("cbtxn_1"),
    object: "customer_balance_transaction",
    amount,
    created: world.seconds(),
    credit_note: null,
    currency,
    customer: customer.id,
    description: null,
    ending_balance: ending,
    invoice: null,
    metadata: {},
    type,
    ...given,
  };
  return world.customerBalances.add(transaction, origin);
}

/**
 * Negative where the customer has credit. Each currency by itself: what is owed in one is no part of an invoice in another
 * (docs.stripe.com/api/customers/object, `invoice_credit_balance`, whose sign is the other way round).
 */
export function owedBy(customer: Customer, currency: string): number {
  if (currency === ACCOUNT_CURRENCY) return typeof customer.balance === "number" ? customer.balance : 0;
  const credit = nested(customer, "invoice_credit_balance")[currency];
  return typeof credit === "number" ? -credit : 0;
}

/** Stripe's own test helper: a bank transfer from the customer arrives. It is still the customer's money. */
const fundCashBalance: Handler = (call, [id = ""]) => {
  const { params, world } = call;
  const customer = requireCustomer(call, id, "customer", 404);
  const amount = positiveInteger(params, "amount");
  if (amount === undefined) throw missingParameter("amount");
  const currency = checkCurrency(params.requiredText("currency"));
  world.addCash(customer.id, currency, amount);
  return {
    id: world.newId("ccsbtxn_1"),
    object: "customer_cash_balance_transaction",
    created: world.seconds(),
    currency,
    customer: customer.id,
    ending_balance: world.cashOf(customer.id, currency),
    livemode: false,
    net_amount: amount,
    type: "funded",
  };
};

const cashBalance: Handler = (call, [id = ""]) => {
  const customer = requireCustomer(call, id, "customer", 404);
  return {
    object: "cash_balance",
    available: { usd: call.world.cashOf(customer.id, "usd") },
    customer: customer.id,
    livemode: false,
    settings: { reconciliation_mode: "manual", using_merchant_default: false },
  };
};

export const customers: Readonly<Record<string, Handler>> = {
  "POST customers": create,
  "GET customers": (call) => list(call, call.world.customers, "/v1/customers", equalTo(call.params, "email")),
  "GET customers/search": (call) => searchResult(call, call.world.customers, "/v1/customers/search"),
  "GET customers/*": get,
  "POST customers/*": update,
  "DELETE customers/*": remove,
  "GET customers/*/cash_balance": cashBalance,
  "POST test_helpers/customers/*/fund_cash_balance": fundCashBalance,
  "GET customers/*/balance_transactions": (call, [id = ""]) => {
    const url = `/v1/customers/${id}/balance_transactions`;
    return list(call, call.world.customerBalances, url, (transaction) => transaction.customer === id);
  },
  "POST customers/*/balance_transactions": adjustBalance,
  "GET customers/*/balance_transactions/*": (call, [id = "", transactionId = ""]) =>
    found(call.world.customerBalances, transactionId, "transaction", (transaction) => transaction.customer === id),
};
