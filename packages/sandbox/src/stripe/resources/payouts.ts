// Between the balance and the own bank account: payouts, their cancellation and reversal, and top-ups. They are here so that a
// request that should never have got this far is seen to arrive, and its money to move.

import { checkCurrency } from "../currency.ts";
import { missingParameter, noSuchObject, refusedByState } from "../errors.ts";
import type { Payout, Topup } from "../objects.ts";
import { template } from "../objects.ts";
import { positiveInteger } from "../params.ts";
import type { Call, Handler } from "../world.ts";
import { equalTo, list, metadata, oneOf, textOr } from "./shared.ts";

const DAY_SECONDS = 86_400;
const NO_CHARGE = { chargeId: null, paymentIntentId: null } as const;

const createPayout: Handler = (call) => {
  const { params, world, origin } = call;
  const amount = positiveInteger(params, "amount");
  if (amount === undefined) throw missingParameter("amount");
  const currency = checkCurrency(params.requiredText("currency"));
  const created = world.seconds();
  const id = world.newId("po_1");
  const payout = {
    ...template("payout"),
    id,
    object: "payout",
    amount,
    arrival_date: created + 2 * DAY_SECONDS,
    automatic: false,
    balance_transaction: null,
    created,
    currency,
    description: textOr(params, "description", null),
    destination: textOr(params, "destination", "ba_1KeybrakeSandbox"),
    metadata: metadata(params),
    method: oneOf(params, "method", ["standard", "instant"] as const) ?? "standard",
    original_payout: null,
    reconciliation_status: "not_applicable",
    reversed_by: null,
    status: "pending",
    trace_id: null,
  } as Payout;
  const facts = { kind: "payout", direction: "paid_out", amount, currency, objectId: id, ...NO_CHARGE } as const;
  payout.balance_transaction = world.move(origin, facts, 0, "STRIPE PAYOUT");
  world.payouts.add(payout, origin);
  world.emit(origin, "payout.created", payout);
  world.later(created + 2 * DAY_SECONDS, () => {
    if (payout.status !== "pending") return;
    payout.status = "paid";
    world.emit(origin, "payout.paid", payout);
  });
  return payout;
};

/** What had not left yet stays: the balance is as before, and the truth, which never nets, still says that it was sent. */
const cancelPayout: Handler = (call, [id = ""]) => {
  const { world, origin } = call;
  const payout = requirePayout(call, id);
  if (payout.status !== "pending") {
    throw refusedByState(
      `Payouts can only be canceled while pending; ${id} is ${payout.status}.`,
      "payouts_not_allowed",
      null,
    );
  }
  payout.status = "canceled";
  world.book(origin, "payout_cancel", { currency: payout.currency, objectId: id }, payout.amount, 0, null);
  world.emit(origin, "payout.canceled", payout);
  return payout;
};

/** Only what has arrived can be taken back from the bank account. */
const reversePayout: Handler = (call, [id = ""]) => {
  const { params, world, origin } = call;
  const payout = requirePayout(call, id);
  if (payout.status !== "paid" || payout.reversed_by !== null || payout.amount < 0) {
    throw refusedByState(
      `Payout ${id} cannot be reversed: it is ${payout.status}.`,
      "payout_reconciliation_not_ready",
      null,
    );
  }
  const { amount, currency } = payout;
  const reversalId = world.newId("po_1");
  const facts = { kind: "payout_reversal", direction: "collected", amount, currency, objectId: reversalId } as const;
  const reversal = {
    ...payout,
    id: reversalId,
    amount: -amount,
    balance_transaction: world.move(origin, { ...facts, ...NO_CHARGE }, 0, "STRIPE PAYOUT REVERSAL"),
    created: world.seconds(),
    metadata: metadata(params),
    original_payout: id,
    status: "pending",
  } as Payout;
  payout.reversed_by = reversalId;
  world.payouts.add(reversal, origin);
  world.emit(origin, "payout.created", reversal);
  return reversal;
};

const updatePayout: Handler = (call, [id = ""]) => {
  const payout = requirePayout(call, id);
  payout.metadata = metadata(call.params, payout.metadata);
  return payout;
};

function requirePayout(call: Call, id: string): Payout {
  const payout = call.world.payouts.find(id);
  if (payout === undefined) throw noSuchObject("payout", id, "payout");
  return payout;
}

// Top-ups -------------------------------------------------------------------------------------------------------------

const createTopup: Handler = (call) => {
  const { params, world, origin } = call;
  const amount = positiveInteger(params, "amount");
  if (amount === undefined) throw missingParameter("amount");
  const currency = checkCurrency(params.requiredText("currency"));
  const created = world.seconds();
  const id = world.newId("tu_1");
  const facts = { kind: "topup", direction: "collected", amount, currency, objectId: id, ...NO_CHARGE } as const;
  const topup = {
    ...template("topup"),
    id,
    object: "topup",
    amount,
    balance_transaction: world.move(origin, facts, 0, "TOPUP"),
    created,
    currency,
    description: textOr(params, "description", null),
    expected_availability_date: created + DAY_SECONDS,
    metadata: metadata(params),
    source: null,
    statement_descriptor: textOr(params, "statement_descriptor", null),
    status: "pending",
    transfer_group: textOr(params, "transfer_group", null),
  } as Topup;
  world.topups.add(topup, origin);
  world.emit(origin, "topup.created", topup);
  world.later(created + DAY_SECONDS, () => {
    if (topup.status !== "pending") return;
    topup.status = "succeeded";
    world.emit(origin, "topup.succeeded", topup);
  });
  return topup;
};

const cancelTopup: Handler = (call, [id = ""]) => {
  const { world, origin } = call;
  const topup = requireTopup(call, id);
  if (topup.status !== "pending") {
    throw refusedByState(`Top-ups can only be canceled while pending; ${id} is ${topup.status}.`, null, null);
  }
  topup.status = "canceled";
  world.book(origin, "topup_reversal", { currency: topup.currency, objectId: id }, -topup.amount, 0, null);
  world.emit(origin, "topup.canceled", topup);
  return topup;
};

function requireTopup(call: Call, id: string): Topup {
  const topup = call.world.topups.find(id);
  if (topup === undefined) throw noSuchObject("topup", id, "topup");
  return topup;
}

export const payouts: Readonly<Record<string, Handler>> = {
  "POST payouts": createPayout,
  "GET payouts": (call) => list(call, call.world.payouts, "/v1/payouts", equalTo(call.params, "status", "destination")),
  "GET payouts/*": (call, [id = ""]) => requirePayout(call, id),
  "POST payouts/*": updatePayout,
  "POST payouts/*/cancel": cancelPayout,
  "POST payouts/*/reverse": reversePayout,
  "POST topups": createTopup,
  "GET topups": (call) => list(call, call.world.topups, "/v1/topups", equalTo(call.params, "status", "amount")),
  "GET topups/*": (call, [id = ""]) => requireTopup(call, id),
  "POST topups/*/cancel": cancelTopup,
};
