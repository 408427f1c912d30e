/**
 * What a call to Stripe can move at most, before it is sent: from its parameters, or from a look-up of the object that it acts
 * on. An amount that cannot be found, read or priced is a refusal, never a guess.
 */
import { currencyProblem, maxUsd, minorUnitDigits, refusal, ZERO_USD } from "@keybrake/core";
import type {
  Direction,
  Estimate,
  LookUpAnswer,
  MinorAmount,
  MoneyEstimate,
  Pricing,
  Refusal,
  RefusalCode,
  VendorCall,
} from "@keybrake/core";
import { quoted } from "../form.ts";
import { larger, readCharge, readCurrency, readId, readPaymentIntent } from "./objects.ts";
import type { Charge, PaymentIntent } from "./objects.ts";
import { readAmount, rootOf } from "./parameters.ts";

type Estimator = (call: VendorCall, pricing: Pricing, lookUps: readonly LookUpAnswer[]) => Estimate;

const ESTIMATORS: ReadonlyMap<string, Estimator> = new Map<string, Estimator>([
  ["charges.create", estimateCreate],
  ["charges.capture", estimateChargeCapture],
  ["payment_intents.create", estimateCreate],
  ["payment_intents.update", estimateUpdate],
  ["payment_intents.confirm", estimateConfirm],
  ["payment_intents.capture", estimateCapture],
  ["payment_intents.increment_authorization", estimateIncrement],
  ["refunds.create", estimateRefund],
]);

export function estimate(call: VendorCall, pricing: Pricing, lookUps: readonly LookUpAnswer[]): Estimate {
  if (call.operation.class === "read" || call.operation.class === "free") return { kind: "nothing" };
  const estimator = ESTIMATORS.get(call.operation.name);
  if (estimator === undefined) return refused("amount_unknown", `Nothing says what ${call.operation.name} can move.`);
  return estimator(call, pricing, lookUps);
}

/** A new PaymentIntent or charge: the amount that it names, confirmed and captured or not, because it may be later. */
function estimateCreate(call: VendorCall, pricing: Pricing): Estimate {
  const amount = readAmount(call.parameters, "amount");
  if (amount.kind === "refused") return amount;
  if (amount.kind === "absent") return refused("amount_unknown", `${call.operation.name} names no amount.`);
  const currency = readRequestedCurrency(call);
  if (currency.kind === "refused") return currency;
  if (currency.kind === "absent") return refused("amount_unknown", `${call.operation.name} names no currency.`);
  const asked = { minor: amount.minor, currency: currency.currency };
  return money("collected", asked, [asked], null, pricing);
}

function estimateConfirm(call: VendorCall, pricing: Pricing, lookUps: readonly LookUpAnswer[]): Estimate {
  return withPaymentIntent(call, lookUps, (intent) => {
    const toConfirm = readAmount(call.parameters, "amount_to_confirm");
    if (toConfirm.kind === "refused") return toConfirm;
    const asked = toConfirm.kind === "absent" ? intent.amount : toConfirm.minor;
    return moneyOfIntent(intent, { minor: asked, currency: intent.currency }, stillToCome(asked, intent), pricing);
  });
}

/** Over-capture takes more than was authorised, where the card allows it: then the larger amount counts. */
function estimateCapture(call: VendorCall, pricing: Pricing, lookUps: readonly LookUpAnswer[]): Estimate {
  return withPaymentIntent(call, lookUps, (intent) => {
    const toCapture = readAmount(call.parameters, "amount_to_capture");
    if (toCapture.kind === "refused") return toCapture;
    const asked = toCapture.kind === "absent" ? intent.remaining : toCapture.minor;
    return moneyOfIntent(intent, { minor: asked, currency: intent.currency }, asked, pricing);
  });
}

/** `amount` is the new total, not the increment: docs.stripe.com/api/payment_intents/increment_authorization */
function estimateIncrement(call: VendorCall, pricing: Pricing, lookUps: readonly LookUpAnswer[]): Estimate {
  return withPaymentIntent(call, lookUps, (intent) => {
    const total = readAmount(call.parameters, "amount");
    if (total.kind === "refused") return total;
    if (total.kind === "absent") return refused("amount_unknown", `${call.operation.name} names no amount.`);
    const asked = { minor: total.minor, currency: intent.currency };
    return moneyOfIntent(intent, asked, stillToCome(total.minor, intent), pricing);
  });
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

function estimateUpdate(call: VendorCall, pricing: Pricing, lookUps: readonly LookUpAnswer[]): Estimate {
  if ([...call.parameters.keys()].every((name) => UPDATES_OF_WORDS.has(rootOf(name)))) return { kind: "nothing" };
  return withPaymentIntent(call, lookUps, (intent) => {
    const amount = readAmount(call.parameters, "amount");
    if (amount.kind === "refused") return amount;
    const currency = readRequestedCurrency(call);
    if (currency.kind === "refused") return currency;
    const asked = {
      minor: amount.kind === "absent" ? intent.amount : amount.minor,
      currency: currency.kind === "absent" ? intent.currency : currency.currency,
    };
    // What was received in another currency says nothing of what may come in the new one.
    const toCome = asked.currency === intent.currency ? stillToCome(asked.minor, intent) : asked.minor;
    return moneyOfIntent(intent, asked, toCome, pricing);
  });
}

function estimateChargeCapture(call: VendorCall, pricing: Pricing, lookUps: readonly LookUpAnswer[]): Estimate {
  return withCharge(call.pathParameters["charge"], lookUps, (charge) => {
    const toCapture = readAmount(call.parameters, "amount");
    if (toCapture.kind === "refused") return toCapture;
    const asked = toCapture.kind === "absent" ? charge.remaining : toCapture.minor;
    const most = larger(asked, charge.remaining);
    return money(
      "collected",
      { minor: asked, currency: charge.currency },
      [{ minor: most, currency: charge.currency }],
      {
        id: charge.paymentIntentId ?? charge.id,
        moved: { minor: charge.captured, currency: charge.currency },
      },
      pricing,
    );
  });
}

const REFUNDED: ReadonlySet<string> = new Set(["charge", "payment_intent"]);

/** A refund carries no currency, and without an amount it is all that remains: both are the charge's. */
function estimateRefund(call: VendorCall, pricing: Pricing, lookUps: readonly LookUpAnswer[]): Estimate {
  const amount = readAmount(call.parameters, "amount");
  if (amount.kind === "refused") return amount;
  for (const name of call.parameters.keys())
    if (name !== rootOf(name) && REFUNDED.has(rootOf(name)))
      return refused(
        "request_ambiguous",
        `The refund says what it refunds as ${quoted(name)}, which is not a single id.`,
      );
  const charge = call.parameters.get("charge");
  const intent = call.parameters.get("payment_intent");
  if (charge !== undefined && intent !== undefined)
    return refused("request_ambiguous", "The refund names a charge and a PaymentIntent. Name one of them.");
  // A refund is a new object, whatever it refunds: two of one charge add up.
  const pay = (currency: string, most: bigint, refunded: bigint): Estimate => {
    if (amount.kind === "amount") {
      const asked = { minor: amount.minor, currency };
      return money("paid_out", asked, [asked], null, pricing);
    }
    // Held is not what is left but all: another refund may be cancelled or fail while this one is on its way, and then this one gives
    // back what that one did not.
    const left = { minor: most > refunded ? most - refunded : 0n, currency };
    return money("paid_out", left, [{ minor: most, currency }], null, pricing);
  };
  const payOf = (found: Charge): Estimate => pay(found.currency, larger(found.amount, found.captured), found.refunded);
  if (charge !== undefined) return withCharge(charge, lookUps, payOf);
  if (intent === undefined) return refused("amount_unknown", "The refund names neither a charge nor a PaymentIntent.");
  // API versions before 2022-11-15 cannot expand the latest charge and answer 400: then the intent alone gives the bound.
  const [first, ...later] = lookUps;
  const answers = first?.status === 400 ? later : lookUps;
  const query = first?.status === 400 ? "" : "expand[]=latest_charge";
  return lookUp(`/v1/payment_intents/`, intent, query, answers, readPaymentIntent, (found) =>
    found.latestCharge === null
      ? pay(found.currency, larger(found.amount, found.received), 0n)
      : payOf(found.latestCharge),
  );
}

// -------------------------------------------------------------------------------------------------------------- look-ups

function withPaymentIntent(
  call: VendorCall,
  lookUps: readonly LookUpAnswer[],
  then: (intent: PaymentIntent) => Estimate,
): Estimate {
  return lookUp("/v1/payment_intents/", call.pathParameters["intent"], "", lookUps, readPaymentIntent, then);
}

function withCharge(
  id: string | undefined,
  lookUps: readonly LookUpAnswer[],
  then: (charge: Charge) => Estimate,
): Estimate {
  return lookUp("/v1/charges/", id, "", lookUps, readCharge, then);
}

/** Asks for the object, and goes on with it once it is there. `prefix` ends in a slash. */
function lookUp<T extends { readonly id: string }>(
  prefix: string,
  rawId: string | undefined,
  query: string,
  answers: readonly LookUpAnswer[],
  read: (json: unknown) => T | null,
  then: (found: T) => Estimate,
): Estimate {
  // The id may come from the body: nothing but an id may get into the path of a request that carries the credential.
  const id = readId(rawId);
  if (id === null) return refused("amount_unknown", `${quoted(rawId ?? "")} is not an object's id.`);
  const [answer] = answers;
  if (answer === undefined) return { kind: "look_up", path: prefix + id, query };
  if (answer.status === 429 || answer.status >= 500)
    return refused("unavailable", `The vendor answered ${answer.status} when it was asked for ${id}.`);
  if (answer.status !== 200)
    return refused("amount_unknown", `The vendor answered ${answer.status} when it was asked for ${id}.`);
  const found = read(answer.json);
  if (found === null || found.id !== id)
    return refused("amount_unknown", `The vendor's answer for ${id} cannot be read.`);
  return then(found);
}

// ----------------------------------------------------------------------------------------------------------------- money

/** What is left of a new total. */
function stillToCome(total: bigint, intent: PaymentIntent): bigint {
  return total > intent.received ? total - intent.received : 0n;
}

/** At most what is asked, or what it could collect before: a call that fails leaves the intent as it was. */
function moneyOfIntent(intent: PaymentIntent, asked: MinorAmount, toCome: bigint, pricing: Pricing): Estimate {
  const exposures = [
    // An intent that is over collects nothing any more: Stripe refuses whatever is asked of it.
    { minor: intent.final ? 0n : toCome, currency: asked.currency },
    { minor: intent.remaining, currency: intent.currency },
  ];
  const moved = { minor: intent.received, currency: intent.currency };
  return money("collected", asked, exposures, { id: intent.id, moved }, pricing);
}

function money(
  direction: Direction,
  asked: MinorAmount,
  exposures: readonly MinorAmount[],
  object: { readonly id: string; readonly moved: MinorAmount } | null,
  pricing: Pricing,
): Estimate {
  const problem = currencyProblem(asked.currency, asked.minor);
  if (problem !== null)
    return refused(minorUnitDigits(asked.currency) === undefined ? "currency_unpriced" : "amount_unknown", problem);
  let exposure = ZERO_USD;
  let rateDate: MoneyEstimate["rateDate"] = null;
  for (const amount of exposures) {
    const conversion = pricing.convert(amount);
    if (conversion.kind === "unpriced") return refused("currency_unpriced", conversion.why);
    exposure = maxUsd(exposure, conversion.worstCaseMicroUsd);
    rateDate = conversion.rateDate ?? rateDate;
  }
  let known: MoneyEstimate["object"] = null;
  if (object !== null) {
    const moved = pricing.convert(object.moved);
    if (moved.kind === "unpriced") return refused("currency_unpriced", moved.why);
    known = { id: object.id, movedBefore: moved.referenceMicroUsd };
  }
  return { kind: "money", direction, amount: asked, exposure, object: known, rateDate };
}

type CurrencyRead =
  | { readonly kind: "currency"; readonly currency: string }
  | { readonly kind: "absent" }
  | { readonly kind: "refused"; readonly refusal: Refusal };

function readRequestedCurrency(call: VendorCall): CurrencyRead {
  const text = call.parameters.get("currency");
  if (text === undefined) {
    for (const name of call.parameters.keys())
      if (rootOf(name) === "currency") return refused("request_ambiguous", `currency is sent as ${quoted(name)}.`);
    return { kind: "absent" };
  }
  const currency = readCurrency(text);
  if (currency === null) return refused("currency_unpriced", `The currency ${quoted(text)} is not an ISO code.`);
  return { kind: "currency", currency };
}

function refused(code: RefusalCode, message: string): { readonly kind: "refused"; readonly refusal: Refusal } {
  return { kind: "refused", refusal: refusal(code, message) };
}
