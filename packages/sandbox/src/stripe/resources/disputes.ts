// Disputes: a customer's bank takes the money back (no call does that, so the control plane makes one), and the account fights
// or concedes. What was withheld is lost when it concedes: then it counts as paid out.

import { noSuchObject, refusedByState } from "../errors.ts";
import type { Charge, Dispute } from "../objects.ts";
import { template } from "../objects.ts";
import type { Call, Handler, World } from "../world.ts";
import { equalTo, found, list } from "./shared.ts";

const WEEK_SECONDS: number = 7 * 86_400;
/** docs.stripe.com/disputes: in the US 15.00 a dispute; here it only makes the balance look real. */
const FEE_MINOR = 1500;

/** `amount` undefined: the whole charge. */
export function openDispute(world: World, charge: Charge, amount: number | undefined): Dispute {
  const origin = world.charges.originOf(charge.id);
  if (origin === undefined) throw noSuchObject("charge", charge.id, "charge");
  const most = charge.amount_captured - charge.amount_refunded;
  const disputed = amount ?? most;
  if (charge.disputed === true || disputed < 1 || disputed > most) {
    throw refusedByState(`Charge ${charge.id} has ${most} left that could be disputed, once.`, null, "amount");
  }
  const id = world.newId("dp_1");
  const { currency } = charge;
  const transaction = world.book(
    origin,
    "adjustment",
    { currency, objectId: id },
    -disputed,
    FEE_MINOR,
    "Chargeback withdrawal",
  );
  const dispute = {
    ...template("dispute"),
    id,
    object: "dispute",
    amount: disputed,
    balance_transactions: [world.balanceTransactions.find(transaction) ?? null],
    charge: charge.id,
    created: world.seconds(),
    currency,
    evidence_details: {
      due_by: world.seconds() + WEEK_SECONDS,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    is_charge_refundable: false,
    payment_intent: charge.payment_intent,
    reason: "fraudulent",
    status: "needs_response",
  } as Dispute;
  charge.disputed = true;
  world.disputes.add(dispute, origin);
  world.emit(origin, "charge.dispute.created", dispute);
  return dispute;
}

const close: Handler = (call, [id = ""]) => concede(call, found(call.world.disputes, id, "dispute"));

function concede(call: Call, dispute: Dispute): Dispute {
  const { world, origin } = call;
  if (dispute.status !== "needs_response") {
    throw refusedByState("This dispute is already closed.", null, null);
  }
  dispute.status = "lost";
  world.recordLost(origin, {
    kind: "dispute",
    direction: "paid_out",
    amount: dispute.amount,
    currency: dispute.currency,
    objectId: dispute.id,
    chargeId: dispute.charge,
    paymentIntentId: dispute.payment_intent,
  });
  world.emit(origin, "charge.dispute.closed", dispute);
  return dispute;
}

function ofCharge(call: Call, charge: string): Dispute {
  for (const { object } of call.world.disputes.oldestFirst()) if (object.charge === charge) return object;
  throw noSuchObject("dispute", charge, "dispute");
}

export const disputes: Readonly<Record<string, Handler>> = {
  "GET disputes": (call) =>
    list(call, call.world.disputes, "/v1/disputes", equalTo(call.params, "charge", "payment_intent")),
  "GET disputes/*": (call, [id = ""]) => found(call.world.disputes, id, "dispute"),
  "POST disputes/*/close": close,
  "GET charges/*/dispute": (call, [charge = ""]) => ofCharge(call, charge),
  "POST charges/*/dispute/close": (call, [charge = ""]) => concede(call, ofCharge(call, charge)),
};
