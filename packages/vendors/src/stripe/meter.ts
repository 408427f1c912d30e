/**
 * What Stripe's answer says of money: a definite no, the totals of an object, or that it cannot be told. It believes only what
 * it can read and what is about the object that was asked for; everything else leaves the hold in place. It never throws.
 * Statuses: docs.stripe.com/error-low-level and docs.stripe.com/api/errors
 */
import type { Estimate, Meter, MeterReading, MinorAmount, Pricing, VendorAnswer, VendorCall } from "@keybrake/core";
import { isOwnError } from "./errors.ts";
import { isRecord, readJson } from "../json.ts";
import { readCharge, readId, readPaymentIntent, readRefund } from "./objects.ts";

/**
 * Refused before anything was done (400, 401, 403, 404), because of another call that is on its way (409), or by the rate
 * limiter and the object lock, which stand before the work (429).
 */
const DEFINITE_NO: ReadonlySet<number> = new Set([400, 401, 403, 404, 409, 429]);

export function meter(call: VendorCall, answer: VendorAnswer, pricing: Pricing, estimate: Estimate): MeterReading {
  // Lists are long, name no single object and move nothing.
  const json = /\.(?:list|search)$/.test(call.operation.name) ? undefined : readJson(answer.body);
  return {
    meter:
      estimate.kind === "money" ? ofMoney(call, answer, json, pricing, estimate) : ofOther(call, answer, json, pricing),
    replayed: answer.headers.get("idempotent-replayed")?.toLowerCase() === "true",
    vendorRequestId: requestId(answer.headers.get("request-id")),
    vendorObjectId: objectId(answer.status, json),
  };
}

function ofMoney(
  call: VendorCall,
  answer: VendorAnswer,
  json: unknown,
  pricing: Pricing,
  estimate: Extract<Estimate, { kind: "money" }>,
): Meter {
  const { status } = answer;
  // A page from something in between says nothing of what Stripe did, whatever its status.
  if (status >= 400 && !isOwnError(answer))
    return unknown(`An answer of ${status} came that is no error of the vendor's.`);
  if (DEFINITE_NO.has(status)) {
    // A creating call that was refused and shows a PaymentIntent has made one all the same, and its client secret can pay it.
    const hasMadeOne = estimate.object === null && ownerOf(json) !== null;
    return hasMadeOne ? ofDecline(call, json, pricing, estimate) : { kind: "definite_no" };
  }
  if (status === 402) return ofDecline(call, json, pricing, estimate);
  if (status < 200 || status > 299) return unknown(`The vendor answered ${status}, which does not say what was done.`);
  const told = totals(call, json, pricing);
  if (told === null) return unknown(`The vendor answered ${status}, and its answer cannot be read.`);
  if (told.kind === "object" && estimate.object !== null && told.id !== estimate.object.id)
    return unknown(`The vendor answered about ${told.id} when ${estimate.object.id} was meant.`);
  return told;
}

/** A decline carries the PaymentIntent, which stays and can still be paid; a declined charge or refund is over. */
function ofDecline(
  call: VendorCall,
  json: unknown,
  pricing: Pricing,
  estimate: Extract<Estimate, { kind: "money" }>,
): Meter {
  if (!isRecord(json) || !isRecord(json["error"]))
    return unknown("The vendor declined, and its answer cannot be read.");
  const owner = ownerOf(json);
  if (owner === null || estimate.direction !== "collected") return { kind: "definite_no" };
  const intent = readPaymentIntent(owner);
  const asked = call.pathParameters["intent"] ?? estimate.object?.id ?? intent?.id;
  if (intent === null || intent.id !== asked)
    return unknown("The vendor declined, and its PaymentIntent cannot be read.");
  const told = ofIntent(intent, pricing);
  // Of a declined increment the first authorisation still stands, so that is no decline of the PaymentIntent.
  return told.kind === "object" ? { ...told, declined: intent.waitsForPaymentMethod } : told;
}

/** The PaymentIntent that an error is about, as it came; null where there is none. */
function ownerOf(json: unknown): unknown {
  const error = isRecord(json) ? json["error"] : null;
  return isRecord(error) ? (error["payment_intent"] ?? null) : null;
}

/** Calls that hold nothing: an answer about a PaymentIntent, a charge or a refund still tells how far it is. */
function ofOther(call: VendorCall, answer: VendorAnswer, json: unknown, pricing: Pricing): Meter {
  if (answer.status < 200 || answer.status > 299) return { kind: "nothing" };
  const told = totals(call, json, pricing);
  return told?.kind === "object" ? told : { kind: "nothing" };
}

/** Null when the answer is not the object that this operation answers with. */
function totals(call: VendorCall, json: unknown, pricing: Pricing): Meter | null {
  const [resource] = call.operation.name.split(".");
  switch (resource) {
    case "payment_intents": {
      const intent = readPaymentIntent(json);
      if (intent === null || intent.id !== (call.pathParameters["intent"] ?? intent.id)) return null;
      return ofIntent(intent, pricing);
    }
    case "charges": {
      const charge = readCharge(json);
      if (charge === null || charge.id !== (call.pathParameters["charge"] ?? charge.id)) return null;
      const { currency, captured, final } = charge;
      const amount = { minor: final || captured > 0n ? captured : charge.amount, currency };
      // What a PaymentIntent may still move is not for one of its charges to say.
      const toCome = charge.paymentIntentId === null ? charge.remaining : 0n;
      return object(charge.paymentIntentId ?? charge.id, { moved: captured, toCome, currency }, final, amount, pricing);
    }
    case "refunds": {
      const refund = readRefund(json);
      if (refund === null || refund.id !== (call.pathParameters["refund"] ?? refund.id)) return null;
      const { currency, paidOut, final } = refund;
      const amount = { minor: final ? paidOut : refund.amount, currency };
      const toCome = final ? 0n : refund.amount - paidOut;
      return object(refund.id, { moved: paidOut, toCome, currency }, final, amount, pricing);
    }
    case undefined:
    default:
      return null;
  }
}

function ofIntent(intent: NonNullable<ReturnType<typeof readPaymentIntent>>, pricing: Pricing): Meter {
  const { id, currency, received, remaining, final } = intent;
  return object(
    id,
    { moved: received, toCome: remaining, currency },
    final,
    { minor: final ? received : intent.amount, currency },
    pricing,
  );
}

/** In minor units of one currency. */
interface Totals {
  readonly moved: bigint;
  readonly toCome: bigint;
  readonly currency: string;
}

function object(id: string, totals: Totals, final: boolean, amount: MinorAmount, pricing: Pricing): Meter {
  const moved = pricing.convert({ minor: totals.moved, currency: totals.currency });
  if (moved.kind === "unpriced") return unknown(moved.why);
  const told = { kind: "object", id, moved: moved.referenceMicroUsd, final, declined: false, amount } as const;
  if (totals.toCome === 0n) return told;
  const toCome = pricing.convert({ minor: totals.toCome, currency: totals.currency });
  return toCome.kind === "unpriced" ? unknown(toCome.why) : { ...told, mayStillMove: toCome.worstCaseMicroUsd };
}

function unknown(why: string): Meter {
  return { kind: "unknown", why };
}

/** The object that a row of the audit points to; for an error, the PaymentIntent that stays. */
function objectId(status: number, json: unknown): string | null {
  if (!isRecord(json)) return null;
  if (status >= 200 && status <= 299) return readId(json["id"]);
  const intent = ownerOf(json);
  return isRecord(intent) ? readId(intent["id"]) : null;
}

function requestId(header: string | undefined): string | null {
  return header !== undefined && /^[\x21-\x7e]{1,255}$/.test(header) ? header : null;
}
