/**
 * What a call to a described vendor can cost or move at most, before it is sent: a price times what the request says, or an amount that
 * it names. What cannot be found or read is a refusal, never a guess.
 */
import {
  addUsd,
  ANY_QUALIFIER,
  formatUsdForPeople,
  MICRO_USD_MAX,
  microUsd,
  minorUnitDigits,
  refusal,
  whyNotUsable,
  ZERO_USD,
} from "@keybrake/core";
import type { Estimate, MicroUsd, Pricing, RefusalCode, VendorCall } from "@keybrake/core";
import { quoted } from "../form.ts";
import type { Cost, DescribedOperation, Measure, Price } from "./description.ts";
import { amountAt, measure, textAt } from "./measure.ts";
import type { Count, Place } from "./measure.ts";

type Refused = Extract<Estimate, { kind: "refused" }>;

export function estimate(described: DescribedOperation | null, call: VendorCall, pricing: Pricing): Estimate {
  const { operation } = call;
  if (operation.class !== "money") return { kind: "nothing" };
  const cost = described?.cost ?? null;
  if (cost === null) return refused("amount_unknown", `Nothing says what ${operation.name} can cost.`);
  return cost.kind === "amount" ? ofAmount(cost, call, pricing) : ofPrices(cost.prices, call, pricing);
}

function ofAmount(cost: Extract<Cost, { kind: "amount" }>, call: VendorCall, pricing: Pricing): Estimate {
  const found = amountAt(cost.amount, call);
  if (found.kind === "absent")
    return refused("amount_unknown", `${call.operation.name} names no amount, or no currency.`);
  if (found.kind === "unreadable") return refused("amount_unknown", found.why);
  if (found.kind === "unpriced") return refused("currency_unpriced", found.why);
  const conversion = pricing.convert(found.amount);
  if (conversion.kind === "unpriced") return refused("currency_unpriced", conversion.why);
  return {
    kind: "money",
    direction: cost.direction,
    amount: found.amount,
    exposure: conversion.worstCaseMicroUsd,
    object: null,
    rateDate: conversion.rateDate,
  };
}

function ofPrices(prices: readonly Price[], call: VendorCall, pricing: Pricing): Estimate {
  let exposure = ZERO_USD;
  let rateDate: string | null = null;
  const basis: string[] = [];
  for (const price of prices) {
    const counted = countOf(price, price.count, call);
    if (counted.kind === "refused") return counted;
    const unit = unitPriceOf(price, call, pricing);
    if (unit.kind === "refused") return unit;
    const cost = costOf(price, counted.count, unit, pricing, "worst");
    if (cost.kind === "refused") return cost;
    exposure = addUsd(exposure, cost.usd);
    rateDate = cost.rateDate ?? rateDate;
    basis.push(cost.basis);
  }
  return { kind: "money", direction: "usage", amount: null, exposure, object: null, rateDate, basis };
}

// ----------------------------------------------------------------------------------------------------------------- count

type CountFound = { readonly kind: "count"; readonly count: Count } | Refused;

/** What is billed for at the least that the vendor bills. `of` null: one for the call. */
export function countOf(price: Price, of: Measure | null, place: Place): CountFound {
  const counted = of === null ? ONE : measure(of, place);
  switch (counted.kind) {
    case "absent":
      return refused("amount_unknown", `The request does not say how many of the unit "${price.unit}" it asks for.`);
    case "unreadable":
      return refused("amount_unknown", `What the unit "${price.unit}" is counted by ${counted.why}.`);
    case "count": {
      const { numerator, denominator } = counted.count;
      if (price.max !== null && numerator > price.max * denominator)
        return refused(
          "amount_unknown",
          `The request asks for more of the unit "${price.unit}" than the ${price.max} that are known.`,
        );
      const isLess = numerator < price.atLeast * denominator;
      return { kind: "count", count: isLess ? { numerator: price.atLeast, denominator: 1n } : counted.count };
    }
  }
}

const ONE = { kind: "count", count: { numerator: 1n, denominator: 1n } } as const;

// ----------------------------------------------------------------------------------------------------------------- price

type UnitPrice = {
  readonly kind: "unit";
  /** Millionths of the currency. */
  readonly each: MicroUsd;
  readonly currency: string;
  readonly by: string;
};

/** By the operator's file, else by the description, which says when and where it was read. */
export function unitPriceOf(price: Price, call: VendorCall, pricing: Pricing): UnitPrice | Refused {
  const { operation } = call;
  const qualifier = qualifierOf(price, call);
  if (qualifier.kind === "refused") return qualifier;
  const qualifiers = qualifier.text === null ? [] : [qualifier.text];
  const query = { operation: operation.name, unit: price.unit, qualifiers };
  const file = pricing.price("file", query);
  if (file.kind === "price")
    return { kind: "unit", each: file.price, currency: "usd", by: `${file.source}, ${file.asOf}` };
  if (price.currency === "usd") {
    const card = pricing.price("card", query);
    if (card.kind === "price")
      return { kind: "unit", each: card.price, currency: "usd", by: `${card.source}, ${card.asOf}` };
    return refused("price_unknown", `${operation.name} has no price for the unit "${price.unit}". ${card.why}`);
  }
  const tooOld = whyNotUsable(price.origin, pricing.now);
  if (tooOld !== null) return refused("price_unknown", tooOld);
  const each = price.list.get(qualifier.text ?? ANY_QUALIFIER) ?? price.list.get(ANY_QUALIFIER);
  if (each === undefined)
    return refused("price_unknown", `${operation.name} has no price for the unit "${price.unit}" in this case.`);
  return { kind: "unit", each, currency: price.currency, by: `${price.origin.source}, ${price.origin.asOf}` };
}

function qualifierOf(
  { by, unit }: Price,
  call: VendorCall,
): { readonly kind: "qualifier"; readonly text: string | null } | Refused {
  if (by === null) return { kind: "qualifier", text: null };
  const text = textAt(by.source, call);
  if (text === undefined)
    return refused("request_ambiguous", `What the price of the unit "${unit}" depends on is not one value.`);
  if (text !== null && text !== "") return { kind: "qualifier", text };
  if (by.otherwise === null)
    return refused("price_unknown", `The request does not say what the price of the unit "${unit}" depends on.`);
  return { kind: "qualifier", text: by.otherwise };
}

// ------------------------------------------------------------------------------------------------------------------ cost

type CostFound =
  | { readonly kind: "cost"; readonly usd: MicroUsd; readonly rateDate: string | null; readonly basis: string }
  | Refused;

/** Price times count, rounded up to a millionth. `rate`: with the margin for what is held, or the reference rate for what it was. */
export function costOf(
  price: Price,
  { numerator, denominator }: Count,
  unit: UnitPrice,
  pricing: Pricing,
  rate: "worst" | "reference",
): CostFound {
  const size = price.unitSize * denominator;
  const millionths = price.wholeUnits ? divideUp(numerator, size) * unit.each : divideUp(numerator * unit.each, size);
  if (millionths > MICRO_USD_MAX) return refused("amount_unknown", "It would cost more than Keybrake can count.");
  const converted = inUsd(millionths, unit.currency, pricing, rate);
  if (converted.kind === "refused") return converted;
  const counted = denominator === 1n ? String(numerator) : `${divideUp(numerator, denominator)} (rounded up)`;
  const of = price.unitSize === 1n ? "" : ` / ${price.unitSize}`;
  const each =
    unit.currency === "usd"
      ? formatUsdForPeople(unit.each)
      : `${unit.currency} ${formatUsdForPeople(unit.each).slice(1)}`;
  return { ...converted, basis: `${counted}${of} x ${each} for the unit "${price.unit}" (${unit.by}).` };
}

function inUsd(
  millionths: bigint,
  currency: string,
  pricing: Pricing,
  rate: "worst" | "reference",
): { readonly kind: "cost"; readonly usd: MicroUsd; readonly rateDate: string | null } | Refused {
  if (currency === "usd") return { kind: "cost", usd: microUsd(millionths), rateDate: null };
  const digits = minorUnitDigits(currency);
  if (digits === undefined)
    return refused("currency_unpriced", `The currency ${quoted(currency)} is not one that Keybrake knows.`);
  // As if they were whole minor units, and divided after the conversion: so nothing is rounded before it.
  const conversion = pricing.convert({ minor: millionths, currency });
  if (conversion.kind === "unpriced") return refused("currency_unpriced", conversion.why);
  const converted = rate === "worst" ? conversion.worstCaseMicroUsd : conversion.referenceMicroUsd;
  return { kind: "cost", usd: microUsd(divideUp(converted, 10n ** BigInt(6 - digits))), rateDate: conversion.rateDate };
}

function divideUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}

function refused(code: RefusalCode, message: string): Refused {
  return { kind: "refused", refusal: refusal(code, message) };
}
