// Payment methods: the stored ones, and Stripe's test tokens (`pm_card_visa`), each use of which makes a new one.

import { methodDetails, testMethod } from "../cards.ts";
import type { TestMethod } from "../cards.ts";
import { cardDeclined, invalidParameter, noSuchObject, refusedByState } from "../errors.ts";
import type { JsonObject } from "../../shared/json.ts";
import type { PaymentMethod } from "../objects.ts";
import { nested } from "../../shared/json.ts";
import { template } from "../objects.ts";
import type { Param } from "../params.ts";
import { Params } from "../params.ts";
import type { Call, Handler } from "../world.ts";
import { requireCustomer } from "./customers.ts";
import { equalTo, list, metadata, objectOr } from "./shared.ts";

const PUBLISHED = template("payment_method");
const PUBLISHED_CARD = { ...nested(PUBLISHED, "card"), generated_from: null, wallet: null };
const BILLING: JsonObject = {
  address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
  email: null,
  name: null,
  phone: null,
  tax_id: null,
};

function addPaymentMethod(call: Call, method: TestMethod, given: JsonObject = {}): PaymentMethod {
  const { world } = call;
  const id = world.newId("pm_1");
  const { card: _card, ...rest } = PUBLISHED;
  const object = {
    ...rest,
    id,
    object: "payment_method",
    billing_details: BILLING,
    [method.type]: methodDetails(method, PUBLISHED_CARD),
    created: world.seconds(),
    customer: null,
    livemode: false,
    metadata: {},
    type: method.type,
    ...given,
  } as PaymentMethod;
  world.rememberMethod(id, method);
  return world.paymentMethods.add(object, call.origin);
}

/** The payment method that a request names or describes, if any. */
export function givenPaymentMethod(call: Call): PaymentMethod | undefined {
  const { params } = call;
  const id = params.text("payment_method");
  if (id !== undefined && id !== "") return requirePaymentMethod(call, id, "payment_method", 400);
  const data = params.map("payment_method_data");
  return data === undefined ? undefined : addPaymentMethod(call, describedMethod(data, "payment_method_data"));
}

export function requirePaymentMethod(call: Call, id: string, param: string, status: 400 | 404): PaymentMethod {
  const method = id.startsWith("pm_") ? testMethod(id) : undefined;
  if (method !== undefined) return addPaymentMethod(call, method);
  const stored = call.world.paymentMethods.find(id);
  if (stored === undefined) throw noSuchObject("PaymentMethod", id, param, status);
  return stored;
}

/** `type=card` with `card[number]` or `card[token]`. */
function describedMethod(data: Params, param: string): TestMethod {
  const type = data.requiredText("type");
  if (type === "us_bank_account") return bank();
  if (type !== "card")
    throw invalidParameter(`The sandbox knows card and us_bank_account, not ${type}.`, null, `${param}[type]`);
  return describedCard(data.get("card"), `${param}[card]`);
}

function bank(): TestMethod {
  const method = testMethod("pm_bank_processing");
  if (method === undefined) throw new Error("the table of test payment methods has lost pm_bank_processing");
  return method;
}

export function describedCard(card: Param | undefined, param: string): TestMethod {
  const text = card instanceof Params ? (card.text("token") ?? card.text("number")) : card;
  const method = typeof text === "string" ? testMethod(text) : undefined;
  if (method !== undefined) return method;
  throw invalidParameter(
    "Your card number is incorrect: the sandbox takes Stripe's test cards only.",
    "incorrect_number",
    param,
  );
}

const create: Handler = (call) => {
  const { params } = call;
  const type = params.requiredText("type");
  const method = type === "us_bank_account" ? bank() : describedCard(params.get("card"), "card");
  const billing =
    params.map("billing_details") === undefined ? BILLING : { ...BILLING, ...objectOr(params, "billing_details", {}) };
  return addPaymentMethod(call, method, { billing_details: billing, metadata: metadata(params) });
};

const get: Handler = (call, [id = ""]) => requirePaymentMethod(call, id, "payment_method", 404);

const update: Handler = (call, [id = ""]) => {
  const method = requirePaymentMethod(call, id, "payment_method", 404);
  method.metadata = metadata(call.params, method.metadata);
  method.billing_details = objectOr(call.params, "billing_details", method.billing_details ?? null);
  return method;
};

const attach: Handler = (call, [id = ""]) => {
  const customer = requireCustomer(call, call.params.requiredText("customer"), "customer", 400);
  const method = requirePaymentMethod(call, id, "payment_method", 404);
  attachTo(call, method, customer.id);
  return method;
};

export function attachTo(call: Call, method: PaymentMethod, customer: string): void {
  if (method.customer !== null && method.customer !== customer) {
    throw refusedByState(
      "The payment method you provided has already been attached to a customer.",
      "payment_method_unexpected_state",
      null,
    );
  }
  // Stripe checks a card when it is attached, so one that is always declined cannot be.
  const test = call.world.methodOf(method.id);
  if (test?.behaviour.kind === "declines" && test.attaches !== true) throw cardDeclined(test.behaviour.decline, {});
  method.customer = customer;
  call.world.emit(call.origin, "payment_method.attached", method);
}

const detach: Handler = (call, [id = ""]) => {
  const method = requirePaymentMethod(call, id, "payment_method", 404);
  if (method.customer === null) {
    const message = "The payment method you provided is not attached to a customer so detachment is impossible.";
    throw refusedByState(message, null, null);
  }
  method.customer = null;
  call.world.emit(call.origin, "payment_method.detached", method);
  return method;
};

export const paymentMethods: Readonly<Record<string, Handler>> = {
  "POST payment_methods": create,
  "GET payment_methods": (call) =>
    list(call, call.world.paymentMethods, "/v1/payment_methods", equalTo(call.params, "customer", "type")),
  "GET payment_methods/*": get,
  "POST payment_methods/*": update,
  "POST payment_methods/*/attach": attach,
  "POST payment_methods/*/detach": detach,
  "GET customers/*/payment_methods": (call, [id = ""]) => {
    const customer = requireCustomer(call, id, "customer", 404);
    const type = equalTo(call.params, "type");
    const keep = (method: PaymentMethod): boolean => method.customer === customer.id && type(method);
    return list(call, call.world.paymentMethods, `/v1/customers/${customer.id}/payment_methods`, keep);
  },
  "GET customers/*/payment_methods/*": (call, [id = "", methodId = ""]) => {
    const customer = requireCustomer(call, id, "customer", 404);
    const method = call.world.paymentMethods.find(methodId);
    if (method === undefined || method.customer !== customer.id) {
      throw noSuchObject("PaymentMethod", methodId, "payment_method");
    }
    return method;
  },
};
