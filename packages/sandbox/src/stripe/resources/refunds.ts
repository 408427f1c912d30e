// Refunds: money going back. The default amount is all that remains; the currency is the charge's.

import { displayAmount } from "../currency.ts";
import { invalidParameter, noSuchObject, refusedByState } from "../errors.ts";
import type { Charge, Refund } from "../objects.ts";
import { template } from "../objects.ts";
import { positiveInteger } from "../params.ts";
import type { Origin } from "../shelf.ts";
import type { MovedWhen } from "../truth.ts";
import type { Call, Handler, World } from "../world.ts";
import { release } from "./attempt.ts";
import { equalTo, list, metadata, oneOf } from "./shared.ts";
import { feeOf, refundFeeOf, reverseForRefund, transferOf } from "./transfers.ts";

const PUBLISHED = template("refund");
const REASONS = ["duplicate", "fraudulent", "requested_by_customer"] as const;

const create: Handler = (call) => {
  const { params, world } = call;
  const chargeId = params.text("charge");
  const intentId = params.text("payment_intent");
  if (chargeId !== undefined && chargeId !== "") {
    const charge = world.charges.find(chargeId);
    if (charge === undefined) throw noSuchObject("charge", chargeId, "charge", 400);
    if (intentId !== undefined && charge.payment_intent !== intentId) {
      throw invalidParameter("The charge does not belong to the PaymentIntent.", null, "charge");
    }
    return refundCharge(call, charge);
  }
  if (intentId === undefined || intentId === "") {
    const message = "One of the following params should be provided for this request: payment_intent or charge.";
    throw invalidParameter(message, null, null);
  }
  const intent = world.paymentIntents.find(intentId);
  if (intent === undefined) throw noSuchObject("payment_intent", intentId, "payment_intent", 400);
  const charge = world.charges.find(intent.latest_charge ?? "");
  if (charge === undefined || charge.amount_captured === 0) {
    const message = `This PaymentIntent (${intentId}) does not have a successful charge to refund.`;
    throw refusedByState(message, "payment_intent_unexpected_state", "payment_intent");
  }
  return refundCharge(call, charge);
};

export function refundCharge(call: Call, charge: Charge): Refund {
  const { params } = call;
  const asked = positiveInteger(params, "amount");
  const reason = oneOf(params, "reason", REASONS) ?? null;
  return refundAmount(call, charge, asked, {
    reason,
    metadata: metadata(params),
    reversesTransfer: params.boolean("reverse_transfer") === true,
    refundsFee: params.boolean("refund_application_fee") === true,
  });
}

interface Refunding {
  readonly reason: string | null;
  readonly metadata: { readonly [key: string]: string };
  readonly reversesTransfer: boolean;
  readonly refundsFee: boolean;
}

/** `asked` undefined: all that remains. */
export function refundAmount(call: Call, charge: Charge, asked: number | undefined, how: Refunding): Refund {
  const { world, origin } = call;
  if (charge.status !== "succeeded") {
    throw refusedByState(
      `Charge ${charge.id} has not succeeded and cannot be refunded.`,
      "charge_not_refundable",
      null,
    );
  }
  if (charge.refunded) {
    throw refusedByState(`Charge ${charge.id} has already been refunded.`, "charge_already_refunded", null);
  }
  const uncaptured = charge.amount_captured === 0;
  const remaining = (uncaptured ? charge.amount : charge.amount_captured) - charge.amount_refunded;
  const amount = asked ?? remaining;
  if (amount > remaining) {
    const [wanted, left] = [displayAmount(amount, charge.currency), displayAmount(remaining, charge.currency)];
    const message = `Refund amount (${wanted}) is greater than unrefunded amount on charge (${left})`;
    throw refusedByState(message, "charge_already_refunded", "amount");
  }
  if (uncaptured && amount !== charge.amount) {
    throw refusedByState("An uncaptured charge can only be refunded in full.", "charge_not_refundable", "amount");
  }
  const transfer = how.reversesTransfer && !uncaptured ? transferOf(world, charge) : undefined;
  const fee = how.refundsFee && !uncaptured ? feeOf(world, charge) : undefined;
  const bank = world.methodOf(charge.payment_method ?? "")?.refunds ?? "succeeds";
  const refund = {
    ...PUBLISHED,
    id: world.newId(charge.id.startsWith("py_") ? "pyr_1" : "re_3"),
    object: "refund",
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: world.seconds(),
    currency: charge.currency,
    metadata: how.metadata,
    payment_intent: charge.payment_intent,
    reason: how.reason,
    status: bank === "pending" ? "pending" : bank === "requires_action" ? "requires_action" : "succeeded",
  } as Refund;
  if (transfer !== undefined) reverseForRefund(world, origin, charge, transfer, refund);
  if (fee !== undefined) refundFeeOf(world, origin, charge, fee, amount);
  world.refunds.add(refund, origin);
  charge.amount_refunded += amount;
  charge.refunded = charge.amount_refunded === (uncaptured ? charge.amount : charge.amount_captured);
  if (uncaptured) voidAuthorization(world, origin, charge);
  else if (refund.status === "requires_action") world.open(origin, "paid_out", amount, refund.currency, refund.id);
  else payOut(world, origin, refund, "at_once");
  world.emit(origin, "refund.created", refund);
  world.emit(origin, "charge.refunded", charge);
  return refund;
}

/** A refund of an authorisation moves nothing: the hold on the customer's card ends. */
function voidAuthorization(world: World, origin: Origin, charge: Charge): void {
  release(world, charge);
  const intent = world.paymentIntents.find(charge.payment_intent ?? "");
  if (intent === undefined) return;
  intent.status = "canceled";
  intent.canceled_at = world.seconds();
  intent.amount_capturable = 0;
  world.emit(origin, "payment_intent.canceled", intent);
}

/** A pending refund has left the balance already; only one that waits for the customer has not. */
function payOut(world: World, origin: Origin, refund: Refund, when: MovedWhen): void {
  const { id, amount, currency, charge, payment_intent } = refund;
  refund.balance_transaction = world.move(
    origin,
    {
      kind: "refund",
      direction: "paid_out",
      when,
      amount,
      currency,
      objectId: id,
      chargeId: charge,
      paymentIntentId: payment_intent,
    },
    0,
    `REFUND FOR CHARGE`,
  );
}

const update: Handler = (call, [id = ""]) => {
  const refund = requireRefund(call, id);
  refund.metadata = metadata(call.params, refund.metadata);
  call.world.emit(call.origin, "refund.updated", refund);
  return refund;
};

const cancel: Handler = (call, [id = ""]) => {
  const refund = requireRefund(call, id);
  if (refund.status !== "requires_action") {
    throw refusedByState(`Refund ${id} has a status of ${refund.status} and cannot be canceled.`, null, null);
  }
  undo(call.world, refund, "canceled");
  call.world.emit(call.origin, "refund.updated", refund);
  return refund;
};

function undo(world: World, refund: Refund, status: "canceled" | "failed"): void {
  refund.status = status;
  const charge = world.charges.find(refund.charge);
  if (charge === undefined) return;
  charge.amount_refunded -= refund.amount;
  charge.refunded = false;
}

/** `pending`, `requires_action` and refunds to a card that will bounce come to their end. */
export function advanceRefund(world: World, id: string, outcome: "succeed" | "fail"): Refund {
  const refund = world.refunds.find(id);
  const origin = world.refunds.originOf(id);
  if (refund === undefined || origin === undefined) throw noSuchObject("refund", id, "refund");
  if (refund.status === "failed" || refund.status === "canceled") {
    throw refusedByState(`There is nothing to advance: the status is ${refund.status}.`, null, null);
  }
  if (outcome === "fail") undo(world, refund, "failed");
  else {
    if (refund.status === "requires_action") payOut(world, origin, refund, "by_clock");
    refund.status = "succeeded";
  }
  world.emit(origin, "refund.updated", refund);
  return refund;
}

function requireRefund(call: Call, id: string): Refund {
  const refund = call.world.refunds.find(id);
  if (refund === undefined) throw noSuchObject("refund", id, "refund");
  return refund;
}

export const refunds: Readonly<Record<string, Handler>> = {
  "POST refunds": create,
  "GET refunds": (call) =>
    list(call, call.world.refunds, "/v1/refunds", equalTo(call.params, "charge", "payment_intent")),
  "GET refunds/*": (call, [id = ""]) => requireRefund(call, id),
  "POST refunds/*": update,
  "POST refunds/*/cancel": cancel,
};
