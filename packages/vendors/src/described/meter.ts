/**
 * What a described vendor's answer says of money: a definite no, or what it cost: by the amount or the counts that the answer names where
 * the description says where, else what was asked for. It never throws, and what cannot be read leaves the hold in place.
 */
import { addUsd, ZERO_USD } from "@keybrake/core";
import type {
  Meter,
  MeterReading,
  MoneyEstimate,
  Estimate,
  Parameters,
  Pricing,
  VendorAnswer,
  VendorCall,
} from "@keybrake/core";
import { isRecord, readJson } from "../json.ts";
import { readJsonParameters } from "../json-parameters.ts";
import type { JsonLimits } from "../json-parameters.ts";
import type { DescribedOperation, Description, Measure, Price } from "./description.ts";
import { isOwnError } from "./errors.ts";
import { costOf, countOf, unitPriceOf } from "./estimate.ts";
import { amountAt, measure } from "./measure.ts";
import type { Place } from "./measure.ts";

/** An answer that is longer is not looked into, and costs what was held. */
const ANSWER_LIMITS: JsonLimits = { valuesMax: 50_000, depthMax: 32 };

export function meter(
  description: Description,
  described: DescribedOperation | null,
  call: VendorCall,
  answer: VendorAnswer,
  pricing: Pricing,
  estimate: Estimate,
): MeterReading {
  const replayed = description.idempotency?.replayed ?? null;
  return {
    meter:
      estimate.kind === "money"
        ? ofMoney(description, described, call, answer, pricing, estimate)
        : { kind: "nothing" },
    replayed: replayed !== null && answer.headers.get(replayed.header)?.toLowerCase() === replayed.value.toLowerCase(),
    vendorRequestId: idOf(answer.headers.get("request-id") ?? answer.headers.get("x-request-id")),
    vendorObjectId: estimate.kind === "money" ? objectId(answer) : null,
  };
}

function ofMoney(
  { errors }: Description,
  described: DescribedOperation | null,
  call: VendorCall,
  answer: VendorAnswer,
  pricing: Pricing,
  estimate: MoneyEstimate,
): Meter {
  const { status } = answer;
  if (status >= 400 && !isOwnError(errors, answer))
    return unknown(`An answer of ${status} came that is no error of the vendor's.`);
  if (errors.definiteNo.has(status)) return { kind: "definite_no" };
  if (status < 200 || status > 299) return unknown(`The vendor answered ${status}, which does not say what was done.`);
  if (answer.body === null) return unknown(`The vendor answered ${status}, and its answer cannot be read.`);
  return spent(described, call, answer, pricing, estimate);
}

/** At the reference rate; where the answer says nothing, at what was asked for. */
function spent(
  described: DescribedOperation | null,
  call: VendorCall,
  answer: VendorAnswer,
  pricing: Pricing,
  estimate: MoneyEstimate,
): Meter {
  const cost = described?.cost ?? null;
  const asHeld: Meter = { kind: "spent", moved: estimate.exposure, amount: estimate.amount };
  // Without a bound of its own: what the key counts it as.
  if (cost === null || call.operation.class !== "money") return asHeld;
  const told = readJsonParameters(answer.body ?? new Uint8Array(), ANSWER_LIMITS);
  const parameters: Parameters = told.kind === "parameters" ? told.parameters : new Map();
  if (cost.settle !== null) {
    const found = amountAt({ ...cost.settle, max: null }, { parameters, pathParameters: {} });
    const conversion = found.kind === "amount" ? pricing.convert(found.amount) : null;
    if (found.kind === "amount" && conversion?.kind === "converted")
      return { kind: "spent", moved: conversion.referenceMicroUsd, amount: found.amount };
  }
  if (cost.kind === "amount") {
    const conversion = estimate.amount === null ? null : pricing.convert(estimate.amount);
    return conversion?.kind === "converted" ? { ...asHeld, moved: conversion.referenceMicroUsd } : asHeld;
  }
  return ofPrices(cost.prices, call, parameters, pricing) ?? asHeld;
}

/** Null where a price is not known any more: it was when the call was sent. */
function ofPrices(prices: readonly Price[], call: VendorCall, told: Parameters, pricing: Pricing): Meter | null {
  let moved = ZERO_USD;
  for (const price of prices) {
    const unit = unitPriceOf(price, call, pricing);
    if (unit.kind === "refused") return null;
    const place: Place = { parameters: told, pathParameters: {} };
    const inAnswer =
      price.settle === null || isNotYetKnown(price.settle, price.atLeast, place)
        ? null
        : countOf({ ...price, max: null }, price.settle, place);
    const counted = inAnswer?.kind === "count" ? inAnswer : countOf(price, price.count, call);
    if (counted.kind === "refused") return null;
    const cost = costOf(price, counted.count, unit, pricing, "reference");
    if (cost.kind === "refused") return null;
    moved = addUsd(moved, cost.usd);
  }
  return { kind: "spent", moved, amount: null };
}

/** A vendor that has only begun says 0. It is a count where the description says that nothing costs nothing. */
function isNotYetKnown(settle: Measure, atLeast: bigint, place: Place): boolean {
  if (atLeast === 0n || settle.otherwise === 0n) return false;
  const counted = measure(settle, place);
  return counted.kind === "count" && counted.count.numerator === 0n;
}

function unknown(why: string): Meter {
  return { kind: "unknown", why };
}

function objectId({ status, body }: VendorAnswer): string | null {
  if (status < 200 || status > 299) return null;
  const json = readJson(body);
  const id = isRecord(json) ? json["id"] : undefined;
  return idOf(typeof id === "string" ? id : undefined);
}

function idOf(text: string | undefined): string | null {
  return text !== undefined && /^[\x21-\x7e]{1,255}$/.test(text) ? text : null;
}
