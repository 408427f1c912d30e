// Charges, the older way to take money, with `capture=false`; and the old aliases under /v1/charges/{id}/refund(s).

import { GENERIC_DECLINE, testMethod } from "../cards.ts";
import type { TestMethod } from "../cards.ts";
import { checkChargeAmount, checkCurrency } from "../currency.ts";
import { cardDeclined, invalidParameter, missingParameter, noSuchObject, refusedByState } from "../errors.ts";
import type { Charge } from "../objects.ts";
import { positiveInteger } from "../params.ts";
import type { Call, Handler } from "../world.ts";
import { authorizedCharge, collect, failedCharge, release } from "./attempt.ts";
import { requireCustomer } from "./customers.ts";
import { describedCard } from "./payment-methods.ts";
import { refundCharge } from "./refunds.ts";
import { equalTo, list, metadata, objectOr, searchResult, textOr } from "./shared.ts";

const create: Handler = (call) => {
  const { params, world, origin } = call;
  const amount = positiveInteger(params, "amount");
  if (amount === undefined) throw missingParameter("amount");
  const currency = checkCurrency(params.requiredText("currency"));
  checkChargeAmount(amount, currency, "amount");
  const captureNow = params.boolean("capture") ?? true;
  const customerId = params.text("customer");
  const customer = customerId === undefined ? undefined : requireCustomer(call, customerId, "customer", 400);
  const { method, methodId } = sourceOf(call, customer?.default_source ?? null);
  const attempt = {
    amount,
    currency,
    method,
    methodId,
    paymentIntent: null,
    given: {
      application_fee_amount: params.integer("application_fee_amount") ?? params.integer("application_fee") ?? null,
      customer: customer?.id ?? null,
      description: textOr(params, "description", null),
      metadata: metadata(params),
      receipt_email: textOr(params, "receipt_email", null),
      shipping: objectOr(params, "shipping", null),
      statement_descriptor: textOr(params, "statement_descriptor", null),
      transfer_data: objectOr(params, "transfer_data", null),
      transfer_group: textOr(params, "transfer_group", null),
      source: {
        id: methodId,
        object: "card",
        brand: method.brand,
        country: "US",
        exp_month: 8,
        exp_year: 2030,
        funding: "credit",
        last4: method.last4,
      },
    },
  };
  const behaviour = method.behaviour;
  if (call.declineAnyway || behaviour.kind !== "succeeds") {
    const decline = behaviour.kind === "declines" ? behaviour.decline : GENERIC_DECLINE;
    const charge = failedCharge(world, origin, attempt, decline);
    throw cardDeclined(decline, { charge: charge.id });
  }
  const charge = authorizedCharge(world, origin, attempt);
  if (captureNow) collect(world, origin, charge, amount, "charge");
  else world.open(origin, "collected", amount, currency, charge.id);
  world.emit(origin, "charge.succeeded", charge);
  return charge;
};

function sourceOf(call: Call, defaultSource: string | null): { method: TestMethod; methodId: string } {
  const { params, world } = call;
  const source = params.get("source") ?? params.get("card");
  const id = typeof source === "string" && source !== "" ? source : source === undefined ? defaultSource : undefined;
  if (id === null) {
    throw invalidParameter("Must provide source or customer.", "parameter_missing", "source");
  }
  const known = id === undefined ? undefined : world.methodOf(id);
  if (id !== undefined && known !== undefined) return { method: known, methodId: id };
  const token = id === undefined ? undefined : testMethod(id);
  if (id !== undefined && token === undefined) throw noSuchObject("token", id, "source", 400);
  const method = token ?? describedCard(source, "source");
  const methodId = world.newId("card_1");
  world.rememberMethod(methodId, method);
  return { method, methodId };
}

const update: Handler = (call, [id = ""]) => {
  const charge = requireCharge(call, id, "charge", 404);
  const { params } = call;
  charge.metadata = metadata(params, charge.metadata);
  for (const field of ["description", "receipt_email", "transfer_group"]) {
    charge[field] = textOr(params, field, charge[field] ?? null);
  }
  charge.shipping = objectOr(params, "shipping", charge.shipping ?? null);
  call.world.emit(call.origin, "charge.updated", charge);
  return charge;
};

const capture: Handler = (call, [id = ""]) => {
  const { params, world, origin } = call;
  const charge = requireCharge(call, id, "charge", 404);
  const asked = positiveInteger(params, "amount");
  if (charge.status === "succeeded" && charge.captured) {
    throw refusedByState(`Charge ${id} has already been captured.`, "charge_already_captured", null);
  }
  if (charge.payment_intent !== null) {
    const message = "This charge was created by a PaymentIntent; capture the PaymentIntent instead.";
    throw refusedByState(message, "charge_not_capturable", null);
  }
  if (charge.status !== "succeeded" || charge.refunded) {
    throw refusedByState(`Charge ${id} cannot be captured.`, "charge_not_capturable", null);
  }
  const amount = asked ?? charge.amount;
  if (amount > charge.amount) {
    const message = "The amount to capture must be less than or equal to the amount originally authorized.";
    throw invalidParameter(message, "amount_too_large", "amount");
  }
  collect(world, origin, charge, amount, "capture");
  release(world, charge);
  world.emit(origin, "charge.captured", charge);
  return charge;
};

function requireCharge(call: Call, id: string, param: string, status: 400 | 404): Charge {
  const charge = call.world.charges.find(id);
  if (charge === undefined) throw noSuchObject("charge", id, param, status);
  return charge;
}

export const charges: Readonly<Record<string, Handler>> = {
  "POST charges": create,
  "GET charges": (call) =>
    list(call, call.world.charges, "/v1/charges", equalTo(call.params, "customer", "payment_intent", "transfer_group")),
  "GET charges/search": (call) => searchResult(call, call.world.charges, "/v1/charges/search"),
  "GET charges/*": (call, [id = ""]) => requireCharge(call, id, "charge", 404),
  "POST charges/*": update,
  "POST charges/*/capture": capture,
  // In Stripe's description but in no SDK: they pay out all the same.
  "POST charges/*/refund": (call, [id = ""]) => {
    const charge = requireCharge(call, id, "charge", 404);
    refundCharge(call, charge);
    return charge;
  },
  "POST charges/*/refunds": (call, [id = ""]) => refundCharge(call, requireCharge(call, id, "charge", 404)),
  "GET charges/*/refunds": (call, [id = ""]) => {
    const charge = requireCharge(call, id, "charge", 404);
    return list(call, call.world.refunds, `/v1/charges/${id}/refunds`, (refund) => refund.charge === charge.id);
  },
  "GET charges/*/refunds/*": (call, [id = "", refundId = ""]) => {
    const refund = call.world.refunds.find(refundId);
    if (refund === undefined || refund.charge !== id) throw noSuchObject("refund", refundId, "refund");
    return refund;
  },
};
