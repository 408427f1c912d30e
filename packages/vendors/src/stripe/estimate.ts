/**
 * What a call to Stripe can move at most, before it is sent: from its parameters, or from a look-up of the object that it acts
 * on. An amount that cannot be found, read or priced is a refusal, never a guess. Here are payments and what is given back of them; the
 * rest is in estimate-bills.ts (invoices) and estimate-balance.ts (out of the balance and into it).
 */
import type { Estimate, LookUpAnswer, MinorAmount, Pricing, VendorCall } from "@keybrake/core";
import { isRecord } from "../json.ts";
import {
  amountOf,
  answered,
  currencyOf,
  find,
  found,
  idOf,
  inWords,
  money,
  refuse,
  requiredAmount,
  requiredCurrency,
  single,
  unbounded,
} from "./ask.ts";
import type { Estimator, Steps } from "./ask.ts";
import { BALANCE_ESTIMATORS } from "./estimate-balance.ts";
import { BILL_ESTIMATORS } from "./estimate-bills.ts";
import { larger, readCharge, readId, readPaymentIntent } from "./objects.ts";
import type { PaymentIntent } from "./objects.ts";
import { rootOf } from "./parameters.ts";

export const ESTIMATORS: ReadonlyMap<string, Estimator> = new Map<string, Estimator>([
  ["charges.create", estimateCreate],
  ["charges.capture", estimateChargeCapture],
  ["payment_intents.create", estimateCreate],
  ["payment_intents.update", estimateUpdate],
  ["payment_intents.confirm", estimateConfirm],
  ["payment_intents.capture", estimateCapture],
  ["payment_intents.increment_authorization", estimateIncrement],
  ["payment_intents.apply_customer_balance", estimateCustomerBalance],
  ["payment_intents.verify_microdeposits", estimateMicrodeposits],
  ["terminal.readers.process_payment_intent", estimateOnReader],
  ["terminal.readers.collect_payment_method", estimateOnReader],
  ["terminal.readers.confirm_payment_intent", estimateConfirmOnReader],
  ["refunds.create", estimateRefund],
  ["charges.refund", estimateRefundOfPath],
  ["charges.refunds.create", estimateRefundOfPath],
  ["terminal.readers.refund_payment", estimateRefund],
  ...BILL_ESTIMATORS,
  ...BALANCE_ESTIMATORS,
]);

export function estimate(call: VendorCall, pricing: Pricing, lookUps: readonly LookUpAnswer[]): Estimate {
  const { operation } = call;
  if (operation.class === "read" || operation.class === "free") return { kind: "nothing" };
  if (operation.class === "unbounded")
    return unbounded(operation.directions[0] ?? "usage", operation.reason ?? "no request says what it costs");
  const estimator = ESTIMATORS.get(operation.name) ?? estimateNothingKnown;
  return answered(estimator(call, pricing), lookUps);
}

function* estimateNothingKnown(call: VendorCall): Steps<Estimate> {
  return yield* refuse("amount_unknown", `Nothing says what ${call.operation.name} can move.`);
}

// -------------------------------------------------------------------------------------------------------------- payments

/** A new PaymentIntent or charge: the amount that it names, confirmed and captured or not, because it may be later. */
function* estimateCreate(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const minor = yield* requiredAmount(call, "amount");
  const currency = yield* requiredCurrency(call);
  return money({ direction: "collected", asked: { minor, currency } }, pricing);
}

function* estimateConfirm(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const intent = yield* intentOfPath(call);
  const minor = (yield* amountOf(call, "amount_to_confirm")) ?? intent.amount;
  return moneyOfIntent(intent, { minor, currency: intent.currency }, stillToCome(minor, intent), pricing);
}

/** Over-capture takes more than was authorised, where the card allows it: then the larger amount counts. */
function* estimateCapture(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const intent = yield* intentOfPath(call);
  const minor = (yield* amountOf(call, "amount_to_capture")) ?? intent.remaining;
  return moneyOfIntent(intent, { minor, currency: intent.currency }, minor, pricing);
}

/** `amount` is the new total, not the increment: docs.stripe.com/api/payment_intents/increment_authorization */
function* estimateIncrement(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const intent = yield* intentOfPath(call);
  const minor = yield* requiredAmount(call, "amount");
  return moneyOfIntent(intent, { minor, currency: intent.currency }, stillToCome(minor, intent), pricing);
}

/** Without an amount it applies as much of the customer's cash as the PaymentIntent takes. */
function* estimateCustomerBalance(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const intent = yield* intentOfPath(call);
  const minor = (yield* amountOf(call, "amount")) ?? intent.remaining;
  const currency = (yield* currencyOf(call)) ?? intent.currency;
  if (currency !== intent.currency)
    return yield* refuse("amount_unknown", `${intent.id} is in ${intent.currency}, and the request says ${currency}.`);
  return moneyOfIntent(intent, { minor, currency }, minor, pricing);
}

/** The payment goes on once the bank account is verified: docs.stripe.com/api/payment_intents/verify_microdeposits */
function* estimateMicrodeposits(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const intent = yield* intentOfPath(call);
  return moneyOfIntent(
    intent,
    { minor: intent.amount, currency: intent.currency },
    stillToCome(intent.amount, intent),
    pricing,
  );
}

/** Words on a PaymentIntent. Everything else that an update changes can make it payable, dearer or of another currency. */
const UPDATES_OF_WORDS: ReadonlySet<string> = new Set([
  "description",
  "expand",
  "metadata",
  "payment_details",
  "receipt_email",
  "shipping",
  "statement_descriptor",
  "statement_descriptor_suffix",
  "transfer_group",
]);

function* estimateUpdate(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  if ([...call.parameters.keys()].every((name) => UPDATES_OF_WORDS.has(rootOf(name)))) return { kind: "nothing" };
  const intent = yield* intentOfPath(call);
  const minor = (yield* amountOf(call, "amount")) ?? intent.amount;
  const currency = (yield* currencyOf(call)) ?? intent.currency;
  // What was received in another currency says nothing of what may come in the new one.
  const toCome = currency === intent.currency ? stillToCome(minor, intent) : minor;
  return moneyOfIntent(intent, { minor, currency }, toCome, pricing);
}

function* estimateChargeCapture(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const charge = yield* find("/v1/charges/{id}", call.pathParameters["charge"], readCharge);
  const { currency } = charge;
  const minor = (yield* amountOf(call, "amount")) ?? charge.remaining;
  const most = { minor: larger(minor, charge.remaining), currency };
  return money(
    {
      direction: "collected",
      asked: { minor, currency },
      most: [most],
      object: { id: charge.paymentIntentId ?? charge.id, moved: { minor: charge.captured, currency } },
      because: [`${charge.id} may collect ${inWords(most)}`],
    },
    pricing,
  );
}

function* intentOfPath(call: VendorCall): Steps<PaymentIntent> {
  return yield* find("/v1/payment_intents/{id}", call.pathParameters["intent"], readPaymentIntent);
}

/** What is left of a new total. */
function stillToCome(total: bigint, intent: PaymentIntent): bigint {
  return total > intent.received ? total - intent.received : 0n;
}

/** At most what is asked, or what it could collect before: a call that fails leaves the intent as it was. */
function moneyOfIntent(intent: PaymentIntent, asked: MinorAmount, toCome: bigint, pricing: Pricing): Estimate {
  // An intent that is over collects nothing any more: Stripe refuses whatever is asked of it.
  const wanted = { minor: intent.final ? 0n : toCome, currency: asked.currency };
  const open = { minor: intent.remaining, currency: intent.currency };
  const isMore = wanted.currency !== open.currency || wanted.minor > open.minor;
  return money(
    {
      direction: "collected",
      asked,
      most: [wanted, open],
      object: { id: intent.id, moved: { minor: intent.received, currency: intent.currency } },
      because: [
        ...(isMore ? [`${intent.id} could collect ${inWords(open)}`] : []),
        `After the call ${intent.id} may collect ${inWords(isMore ? wanted : open)}`,
      ],
    },
    pricing,
  );
}

// --------------------------------------------------------------------------------------------------------- card readers

const TIPPED = "a tip of any size may be added on the reader; send skip_tipping=true";

/**
 * On a reader that is set to ask for tips, the PaymentIntent is confirmed for an amount with the tip in it, unless the call says not to
 * ask: docs.stripe.com/terminal/features/collecting-tips/on-reader
 */
function* estimateOnReader(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const config = call.operation.name.endsWith("collect_payment_method") ? "collect_config" : "process_config";
  if (call.parameters.get(`${config}[skip_tipping]`) !== "true") return unbounded("collected", TIPPED);
  return yield* moneyOfReader(call, pricing);
}

/** The tip was asked for, or not, when the card was read: the reader still shows that. */
function* estimateConfirmOnReader(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const intentId = yield* single(call, "payment_intent");
  const isUntipped = yield* find("/v1/terminal/readers/{id}", call.pathParameters["reader"], (json) =>
    isRecord(json) && json["object"] === "terminal.reader" ? { skips: skipsTipping(json, intentId) } : null,
  );
  return isUntipped.skips ? yield* moneyOfReader(call, pricing) : unbounded("collected", TIPPED);
}

function skipsTipping({ action }: Readonly<Record<string, unknown>>, intentId: string | undefined): boolean {
  const read = isRecord(action) ? action["collect_payment_method"] : null;
  if (!isRecord(read) || !isRecord(read["collect_config"])) return false;
  const of = read["payment_intent"];
  return read["collect_config"]["skip_tipping"] === true && readId(isRecord(of) ? of["id"] : of) === intentId;
}

function* moneyOfReader(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const id = yield* single(call, "payment_intent");
  const intent = yield* find("/v1/payment_intents/{id}", id, readPaymentIntent);
  const asked = { minor: intent.amount, currency: intent.currency };
  return moneyOfIntent(intent, asked, stillToCome(intent.amount, intent), pricing);
}

// ------------------------------------------------------------------------------------------------------------ given back

const NEITHER = "The refund names neither a charge nor a PaymentIntent.";

/** A refund carries no currency, and without an amount it is all that remains: both are the charge's. */
function* estimateRefund(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const minor = yield* amountOf(call, "amount");
  const charge = yield* single(call, "charge");
  const intent = yield* single(call, "payment_intent");
  if (charge !== undefined && intent !== undefined)
    return yield* refuse("request_ambiguous", "The refund names a charge and a PaymentIntent. Name one of them.");
  if (charge !== undefined) return yield* refundOfCharge(charge, minor, pricing);
  return intent === undefined
    ? yield* refuse("amount_unknown", NEITHER)
    : yield* refundOfIntent(intent, minor, pricing);
}

/** Old aliases have the charge in their path. */
function* estimateRefundOfPath(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const minor = yield* amountOf(call, "amount");
  return yield* refundOfCharge(call.pathParameters["charge"], minor, pricing);
}

function* refundOfCharge(id: string | undefined, minor: bigint | null, pricing: Pricing): Steps<Estimate> {
  const charge = yield* find("/v1/charges/{id}", id, readCharge);
  return refundOf(charge, larger(charge.amount, charge.captured), charge.refunded, minor, pricing);
}

function* refundOfIntent(rawId: string, minor: bigint | null, pricing: Pricing): Steps<Estimate> {
  const id = yield* idOf(rawId);
  const path = `/v1/payment_intents/${id}`;
  // API versions before 2022-11-15 cannot expand the latest charge and answer 400: then the intent alone gives the bound.
  let answer = yield { kind: "look_up", path, query: "expand[]=latest_charge" };
  if (answer.status === 400) answer = yield { kind: "look_up", path, query: "" };
  const intent = yield* found(answer, id, readPaymentIntent);
  const { latestCharge: charge } = intent;
  return charge === null
    ? refundOf(intent, larger(intent.amount, intent.received), 0n, minor, pricing)
    : refundOf(charge, larger(charge.amount, charge.captured), charge.refunded, minor, pricing);
}

/** A refund is a new object, whatever it refunds: two of one charge add up. */
function refundOf(
  { id, currency }: { readonly id: string; readonly currency: string },
  all: bigint,
  refunded: bigint,
  minor: bigint | null,
  pricing: Pricing,
): Estimate {
  if (minor !== null) return money({ direction: "paid_out", asked: { minor, currency } }, pricing);
  // Held is not what is left but all: another refund may be cancelled or fail while this one is on its way, and then this one gives
  // back what that one did not.
  const most = { minor: all, currency };
  return money(
    {
      direction: "paid_out",
      asked: { minor: all > refunded ? all - refunded : 0n, currency },
      most: [most],
      because: [`The request says no amount, so it gives back what is left of ${id}: all of it is ${inWords(most)}`],
    },
    pricing,
  );
}
