// Customers, with the payment method or the card that a request puts on them.

import { noSuchObject } from "../errors.ts";
import type { JsonObject } from "../../shared/json.ts";
import type { Customer } from "../objects.ts";
import { template } from "../objects.ts";
import type { Call, Handler } from "../world.ts";
import { attachTo, describedCard, requirePaymentMethod } from "./payment-methods.ts";
import { equalTo, list, metadata, objectOr, oneOf, searchResult, textOr } from "./shared.ts";

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
    currency: null,
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
  world.emit(origin, "customer.created", customer);
  return customer;
};

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
  customer.balance = params.integer("balance") ?? customer.balance ?? 0;
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

export const customers: Readonly<Record<string, Handler>> = {
  "POST customers": create,
  "GET customers": (call) => list(call, call.world.customers, "/v1/customers", equalTo(call.params, "email")),
  "GET customers/search": (call) => searchResult(call, call.world.customers, "/v1/customers/search"),
  "GET customers/*": get,
  "POST customers/*": update,
  "DELETE customers/*": remove,
};
