/**
 * What leaves the balance and what comes into it, to and from bank accounts, connected accounts, cardholders and sellers; and what the
 * platform gives back of its fees. Most say their amount; the others act on one object whose amount is looked up.
 */
import type { Direction, Estimate, MinorAmount, Pricing, VendorCall } from "@keybrake/core";
import { isRecord } from "../json.ts";
import {
  amountOf,
  currencyOf,
  find,
  inWords,
  money,
  refuse,
  requiredAmount,
  requiredCurrency,
  single,
  unbounded,
} from "./ask.ts";
import type { Estimator, Steps } from "./ask.ts";
import { ceilDivided, decimalOf, timesUp } from "./decimal.ts";
import { MONEY_RULES } from "./money.ts";
import { readAuthorization, readMovement, readSized } from "./movements.ts";
import type { MovementKind } from "./movements.ts";
import { larger, readCharge, readId, readMinor } from "./objects.ts";
import { rootOf } from "./parameters.ts";

export const BALANCE_ESTIMATORS: readonly (readonly [string, Estimator])[] = [
  ["payouts.create", estimateNamed],
  ["topups.create", estimateNamed],
  ["treasury.inbound_transfers.create", estimateNamed],
  ["treasury.outbound_payments.create", estimateNamed],
  ["treasury.outbound_transfers.create", estimateNamed],
  ["billing.credit_grants.create", estimateNamed],
  ["transfers.create", estimateTransfer],
  ["transfers.reversals.create", partOf("collected", "transfer", "/v1/transfers/{id}")],
  ["application_fees.refund", partOf("paid_out", "application_fee", "/v1/application_fees/{id}")],
  ["application_fees.refunds.create", partOf("paid_out", "application_fee", "/v1/application_fees/{id}")],
  ["payouts.reverse", allOf("collected", "payout", "/v1/payouts/{id}", "payout")],
  [
    "treasury.credit_reversals.create",
    allOf("paid_out", "treasury.received_credit", "/v1/treasury/received_credits/{id}", "received_credit"),
  ],
  [
    "treasury.debit_reversals.create",
    allOf("collected", "treasury.received_debit", "/v1/treasury/received_debits/{id}", "received_debit"),
  ],
  ["billing.credit_grants.update", estimateGrantUpdate],
  ["disputes.close", estimateDispute],
  ["charges.dispute.close", estimateDispute],
  ["climate.orders.create", estimateClimate],
  ["issuing.authorizations.approve", estimateAuthorization],
  ["v2.money_management.outbound_payments.create", estimateV2],
  ["v2.money_management.inbound_transfers.create", estimateV2],
  ["v2.money_management.payout_intents.create", estimateV2],
  ["v2.money_management.payout_intents.update", estimatePayoutIntent],
  ["v2.money_management.payout_intents.confirm", estimatePayoutIntent],
  ["v2.money_management.payout_intents.refresh_fx_quote", estimatePayoutIntent],
];

/** Amount and currency stand in the request, where its rule says. */
function* estimateNamed(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const rule = MONEY_RULES.get(call.operation.name);
  const [direction] = rule?.directions ?? [];
  if (rule?.amount == null || rule.currency === null || direction === undefined)
    return yield* refuse("amount_unknown", `Nothing says where ${call.operation.name} has its amount.`);
  const minor = yield* requiredAmount(call, rule.amount);
  const currency = yield* requiredCurrency(call, rule.currency);
  return money({ direction, asked: { minor, currency } }, pricing);
}

/** With an amount so much; without it all that is left of the object in the path, of which all is held (decisions/0002). */
function partOf(direction: Direction, kind: string, path: string): Estimator {
  return function* (call, pricing): Steps<Estimate> {
    const minor = yield* amountOf(call, "amount");
    const whole = yield* find(path, call.pathParameters["id"], (json) => readWhole(json, kind));
    const { id, currency, amount, back } = whole;
    if (minor !== null) return money({ direction, asked: { minor, currency } }, pricing);
    const most = { minor: amount, currency };
    return money(
      {
        direction,
        asked: { minor: amount > back ? amount - back : 0n, currency },
        most: [most],
        because: [`The request says no amount, so it takes what is left of ${id}: all of it is ${inWords(most)}`],
      },
      pricing,
    );
  };
}

function readWhole(
  json: unknown,
  kind: string,
): { readonly id: string; readonly currency: string; readonly amount: bigint; readonly back: bigint } | null {
  const sized = readSized(json, kind);
  if (sized === null || !isRecord(json)) return null;
  const back = readMinor(kind === "transfer" ? json["amount_reversed"] : json["amount_refunded"]);
  return back === null ? null : { ...sized, back };
}

/** All of an object that a parameter, or else the path, names. */
function allOf(direction: Direction, kind: string, path: string, parameter: string): Estimator {
  return function* (call, pricing): Steps<Estimate> {
    const id = call.pathParameters[parameter] ?? (yield* single(call, parameter));
    const whole = yield* find(path, id, (json) => readSized(json, kind));
    const asked = { minor: whole.amount, currency: whole.currency };
    return money({ direction, asked, because: [`${whole.id} is of ${inWords(asked)}`] }, pricing);
  };
}

/** Without an amount it sends on all of a charge: docs.stripe.com/connect/separate-charges-and-transfers */
function* estimateTransfer(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const minor = yield* amountOf(call, "amount");
  const currency = yield* requiredCurrency(call);
  if (minor !== null) return money({ direction: "paid_out", asked: { minor, currency } }, pricing);
  const source = yield* single(call, "source_transaction");
  if (source === undefined) return yield* refuse("amount_unknown", `${call.operation.name} names no amount.`);
  const charge = yield* find("/v1/charges/{id}", source, readCharge);
  // What a charge came to in another currency is in none of its amounts.
  if (charge.currency !== currency)
    return yield* refuse(
      "amount_unknown",
      `${charge.id} is in ${charge.currency}. To send it on in ${currency}, name an amount.`,
    );
  const asked = { minor: larger(charge.amount, charge.captured), currency };
  return money({ direction: "paid_out", asked, because: [`It sends on ${charge.id} of ${inWords(asked)}`] }, pricing);
}

/** A later end gives its credit anew; words on it do not. */
function* estimateGrantUpdate(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  if (hasOnly(call, ["expand", "metadata"])) return { kind: "nothing" };
  const grant = yield* find("/v1/billing/credit_grants/{id}", call.pathParameters["id"], (json) =>
    readSized(json, "billing.credit_grant"),
  );
  const asked = { minor: grant.amount, currency: grant.currency };
  return money({ direction: "paid_out", asked, because: [`${grant.id} gives ${inWords(asked)} again`] }, pricing);
}

/** What was withheld is lost when nobody fights for it. */
function* estimateDispute(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const { dispute: id, charge } = call.pathParameters;
  const read = (json: unknown): ReturnType<typeof readMovement> => readMovement(json, "dispute");
  const dispute =
    id === undefined
      ? yield* find("/v1/charges/{id}/dispute", charge, (json) => {
          const found = read(json);
          return found === null ? null : { found };
        })
      : { found: yield* find("/v1/disputes/{id}", id, read) };
  return moneyOf("paid_out", dispute.found, pricing);
}

function moneyOf(
  direction: Direction,
  found: NonNullable<ReturnType<typeof readMovement>>,
  pricing: Pricing,
): Estimate {
  const { id, currency, amount, moved, toCome } = found;
  const most = { minor: toCome, currency };
  return money(
    {
      direction,
      asked: { minor: amount, currency },
      most: [most],
      object: { id, moved: { minor: moved, currency } },
      because: [`${id} may still move ${inWords(most)}`],
    },
    pricing,
  );
}

/**
 * The order's total has the seller's fees in it; whether a requested amount has is not said, so they are added in the proportion of the
 * product's price: docs.stripe.com/api/climate/order/create
 */
function* estimateClimate(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const amount = yield* amountOf(call, "amount");
  const tons = yield* single(call, "metric_tons");
  const currency = yield* requiredCurrency(call);
  if (amount !== null && tons !== undefined)
    return yield* refuse("request_ambiguous", "The order names an amount and metric tons. Name one of them.");
  const weight = tons === undefined ? null : decimalOf(tons);
  if (amount === null && (weight === null || weight < 0n))
    return yield* refuse("amount_unknown", "The order names neither an amount nor metric tons that can be read.");
  const product = yield* find("/v1/climate/products/{id}", yield* single(call, "product"), (json) =>
    readClimatePrice(json, currency),
  );
  const { total, subtotal } = product;
  if (amount !== null) {
    const asked = { minor: amount, currency };
    const most = { minor: ceilDivided(amount * total, subtotal), currency };
    const because = [`The request says ${inWords(asked)}`, `With fees it comes to ${inWords(most)}`];
    return money({ direction: "paid_out", asked, most: [most], because }, pricing);
  }
  const asked = { minor: timesUp(weight ?? 0n, decimalOf(String(total)) ?? 0n), currency };
  const because = [`${tons} metric tons of ${product.id} cost ${inWords(asked)}`];
  return money({ direction: "paid_out", asked, because }, pricing);
}

function readClimatePrice(
  json: unknown,
  currency: string,
): { readonly id: string; readonly total: bigint; readonly subtotal: bigint } | null {
  if (!isRecord(json) || json["object"] !== "climate.product") return null;
  const prices = json["current_prices_per_metric_ton"];
  const price = isRecord(prices) && Object.hasOwn(prices, currency) ? prices[currency] : null;
  const id = readId(json["id"]);
  if (!isRecord(price) || id === null) return null;
  const total = readMinor(price["amount_total"]);
  const subtotal = readMinor(price["amount_subtotal"]);
  return total === null || subtotal === null || subtotal === 0n || total < subtotal ? null : { id, total, subtotal };
}

/** `pending_request.amount` is what would be held in addition to what was approved before. */
function* estimateAuthorization(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const minor = yield* amountOf(call, "amount");
  const found = yield* find("/v1/issuing/authorizations/{id}", call.pathParameters["authorization"], readAuthorization);
  const { id, currency, moved, toCome } = found;
  const most = { minor: larger(minor ?? toCome, toCome), currency };
  return money(
    {
      direction: "paid_out",
      asked: { minor: minor ?? toCome, currency },
      most: [most],
      object: { id, moved: { minor: moved, currency } },
      because: [`${id} asks for ${inWords(most)}`],
    },
    pricing,
  );
}

// ------------------------------------------------------------------------------------------------------------------- v2

const EXCHANGED = "the amount is in another currency than the balance, and the rate and its fee are not known before";

/** An amount in the currency of the balance is what moves there; what arrives in another currency does not change that. */
function* estimateV2(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const asked: MinorAmount = {
    minor: yield* requiredAmount(call, "amount[value]"),
    currency: yield* requiredCurrency(call, "amount[currency]"),
  };
  const isIn = call.operation.name === "v2.money_management.inbound_transfers.create";
  const direction = isIn ? "collected" : "paid_out";
  const balance = yield* currencyOf(call, isIn ? "to[currency]" : "from[currency]");
  if (balance !== asked.currency) return unbounded(direction, EXCHANGED);
  return money({ direction, asked }, pricing);
}

const PAYOUT_INTENT: MovementKind = "v2.money_management.payout_intent";

function* estimatePayoutIntent(call: VendorCall, pricing: Pricing): Steps<Estimate> {
  const isUpdate = call.operation.name.endsWith(".update");
  if (isUpdate && hasOnly(call, ["description", "include", "metadata", "statement_descriptor"]))
    return { kind: "nothing" };
  const intent = yield* find("/v2/money_management/payout_intents/{id}", call.pathParameters["id"], (json) => {
    const movement = readMovement(json, PAYOUT_INTENT);
    return movement === null || !isRecord(json) ? null : { ...movement, isExchanged: isExchanged(json) };
  });
  return intent.isExchanged ? unbounded("paid_out", EXCHANGED) : moneyOf("paid_out", intent, pricing);
}

function isExchanged({ amount, from }: Readonly<Record<string, unknown>>): boolean {
  return !isRecord(amount) || !isRecord(from) || amount["currency"] !== from["currency"];
}

/** Roots of parameters that move nothing. */
function hasOnly(call: VendorCall, roots: readonly string[]): boolean {
  return [...call.parameters.keys()].every((name) => roots.includes(rootOf(name)));
}
