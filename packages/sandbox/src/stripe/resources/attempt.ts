// One attempt to take a customer's money, shared by PaymentIntents and charges. `collect` is the only place where money
// comes in, `release` the only one where an authorisation ends without it.

import type { TestMethod } from "../cards.ts";
import { methodDetails } from "../cards.ts";
import type { Decline } from "../errors.ts";
import type { JsonObject } from "../../shared/json.ts";
import type { Charge } from "../objects.ts";
import { nested } from "../../shared/json.ts";
import { template } from "../objects.ts";
import type { Origin } from "../shelf.ts";
import type { MovedWhen, Share } from "../truth.ts";
import type { World } from "../world.ts";
import { addFee, sendOn } from "./transfers.ts";

const PUBLISHED = template("charge");
const PUBLISHED_CARD = nested(nested(PUBLISHED, "payment_method_details"), "card");
const NO_ADDRESS: JsonObject = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };
const BILLING: JsonObject = { address: NO_ADDRESS, email: null, name: null, phone: null, tax_id: null };

export interface Attempt {
  readonly amount: number;
  readonly currency: string;
  readonly method: TestMethod;
  readonly methodId: string;
  readonly paymentIntent: string | null;
  /** Fields the caller chose: customer, description, metadata, shipping, ... */
  readonly given: JsonObject;
  readonly features?: { readonly overcapture: number; readonly multicapture: boolean; readonly incremental: boolean };
}

const available = (yes: boolean): JsonObject => ({ status: yes ? "available" : "unavailable" });

/** Every attempt leaves a charge, failed ones too. What it says about money is set by the functions below. */
function addCharge(world: World, origin: Origin, attempt: Attempt, facts: Partial<Charge>): Charge {
  const { method } = attempt;
  const id = world.newId(method.type === "card" ? "ch_3" : "py_3");
  const features = attempt.features ?? { overcapture: attempt.amount, multicapture: false, incremental: false };
  const details = {
    ...methodDetails(method, PUBLISHED_CARD),
    amount_authorized: attempt.amount,
    incremental_authorization: available(features.incremental),
    installments: null,
    multicapture: available(features.multicapture),
    overcapture: {
      maximum_amount_capturable: features.overcapture,
      status: features.overcapture > attempt.amount ? "available" : "unavailable",
    },
    three_d_secure: null,
  };
  const charge = {
    ...PUBLISHED,
    id,
    object: "charge",
    amount: attempt.amount,
    amount_captured: 0,
    amount_refunded: 0,
    balance_transaction: null,
    billing_details: BILLING,
    calculated_statement_descriptor: "KEYBRAKE SANDBOX",
    captured: false,
    created: world.seconds(),
    currency: attempt.currency,
    customer: null,
    description: null,
    livemode: false,
    metadata: {},
    outcome: {
      advice_code: null,
      network_advice_code: null,
      network_decline_code: null,
      network_status: "approved_by_network",
      reason: null,
      risk_level: "normal",
      seller_message: "Payment complete.",
      type: "authorized",
    },
    paid: true,
    payment_intent: attempt.paymentIntent,
    payment_method: attempt.methodId,
    payment_method_details: {
      [method.type]: method.type === "card" ? details : methodDetails(method, {}),
      type: method.type,
    },
    receipt_url: `https://pay.stripe.com/receipts/payment/${id}`,
    refunded: false,
    refunds: null,
    shipping: null,
    source: null,
    status: "succeeded",
    transfer_data: null,
    ...attempt.given,
    ...facts,
  } as Charge & { refunds?: null };
  delete charge.refunds;
  return world.charges.add(charge, origin);
}

export function authorizedCharge(world: World, origin: Origin, attempt: Attempt): Charge {
  world.authorize(attempt.currency, attempt.amount);
  return addCharge(world, origin, attempt, {});
}

export function pendingCharge(world: World, origin: Origin, attempt: Attempt): Charge {
  const charge = addCharge(world, origin, attempt, { status: "pending", paid: false });
  world.emit(origin, "charge.pending", charge);
  return charge;
}

export function failedCharge(world: World, origin: Origin, attempt: Attempt, decline: Decline): Charge {
  const charge = addCharge(world, origin, attempt, failure(decline));
  world.emit(origin, "charge.failed", charge);
  return charge;
}

export function failure(decline: Decline): Partial<Charge> {
  return {
    status: "failed",
    paid: false,
    failure_code: decline.code,
    failure_message: decline.message,
    outcome: {
      advice_code: "try_again_later",
      network_advice_code: null,
      network_decline_code: "01",
      network_status: "declined_by_network",
      reason: decline.declineCode === "" ? decline.code : decline.declineCode,
      risk_level: "normal",
      seller_message: "The bank did not return any further details with this decline.",
      type: "issuer_declined",
    },
  };
}

/** Money moves from the customer's card to the account: `amount` of what the charge has authorised. */
export function collect(
  world: World,
  origin: Origin,
  charge: Charge,
  amount: number,
  kind: "charge" | "capture",
  how: { readonly when?: MovedWhen; readonly shares?: readonly Share[] } = {},
): void {
  const { when = "at_once", shares = [] } = how;
  world.authorize(charge.currency, -Math.min(amount, charge.amount - charge.amount_captured));
  charge.amount_captured += amount;
  charge.captured = true;
  const { id: objectId, currency, payment_intent: paymentIntentId } = charge;
  const facts = {
    kind,
    direction: "collected",
    when,
    amount,
    currency,
    objectId,
    chargeId: objectId,
    paymentIntentId,
  } as const;
  // 2.9 % + 30: what Stripe takes from a US card; here it only makes the balance look real.
  const fee = Math.round((amount * 29) / 1000) + 30;
  const description = typeof charge.description === "string" ? charge.description : null;
  charge.balance_transaction = world.move(origin, facts, fee, description, shares);
  addFee(world, origin, charge);
  sendOn(world, origin, charge, amount, when);
}

/** What was authorised and not captured goes back to the customer; no money has moved. */
export function release(world: World, charge: Charge): void {
  world.authorize(charge.currency, -Math.max(0, charge.amount - charge.amount_captured));
}
