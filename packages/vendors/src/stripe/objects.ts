/**
 * Stripe's objects as far as money goes: a PaymentIntent, a charge and a refund, read out of JSON that may be anything. Null
 * means that it is not such an object or that its numbers cannot be trusted. It never throws and never fills in a guess that
 * could make an amount smaller.
 */
import type { MinorAmount } from "@keybrake/core";
import { isRecord } from "../json.ts";
import { AMOUNT_DIGITS_MAX } from "./parameters.ts";

export interface PaymentIntent {
  readonly id: string;
  readonly currency: string;
  readonly amount: bigint;
  /** Collected so far. */
  readonly received: bigint;
  /** Everything that it may still collect as it stands. */
  readonly remaining: bigint;
  /** Nothing more can be collected, whatever happens. */
  readonly final: boolean;
  /** No attempt of it is alive: the next confirmation starts from nothing. */
  readonly waitsForPaymentMethod: boolean;
  /** Only where the caller asked for it to be expanded. */
  readonly latestCharge: Charge | null;
}

export interface Charge {
  readonly id: string;
  /** Charges of a PaymentIntent are followed under its id. */
  readonly paymentIntentId: string | null;
  readonly currency: string;
  readonly amount: bigint;
  /** Collected so far. */
  readonly captured: bigint;
  readonly refunded: bigint;
  /** Everything that it may still collect as it stands. */
  readonly remaining: bigint;
  /** Never true for the charge of a PaymentIntent, of which only the PaymentIntent can tell. */
  readonly final: boolean;
}

export interface Refund {
  readonly id: string;
  readonly currency: string;
  readonly amount: bigint;
  readonly paidOut: bigint;
  readonly final: boolean;
}

/** https://docs.stripe.com/api/payment_intents/object */
export function readPaymentIntent(json: unknown): PaymentIntent | null {
  if (!isRecord(json) || json["object"] !== "payment_intent") return null;
  const id = readId(json["id"]);
  const currency = readCurrency(json["currency"]);
  const amount = readMinor(json["amount"]);
  const received = readMinor(json["amount_received"]);
  const capturable = json["amount_capturable"] === undefined ? 0n : readMinor(json["amount_capturable"]);
  const status = json["status"];
  if (id === null || currency === null || amount === null || received === null || capturable === null) return null;
  if (typeof status !== "string") return null;
  // Paid, and nothing received: one of the two is wrong, and believing the wrong one would give money back.
  if (status === "succeeded" && received === 0n && amount > 0n) return null;
  // Of a status that we do not know, only this is sure: what was received, was received.
  const remaining =
    status === "canceled"
      ? 0n
      : status === "succeeded"
        ? capturable
        : larger(capturable, amount > received ? amount - received : 0n);
  return {
    id,
    currency,
    amount,
    received,
    remaining,
    final: (status === "succeeded" || status === "canceled") && remaining === 0n,
    // "requires_source" is its name before the API version 2019-02-11.
    waitsForPaymentMethod: status === "requires_payment_method" || status === "requires_source",
    latestCharge: readCharge(json["latest_charge"]),
  };
}

/** https://docs.stripe.com/api/charges/object */
export function readCharge(json: unknown): Charge | null {
  if (!isRecord(json) || json["object"] !== "charge") return null;
  const id = readId(json["id"]);
  const currency = readCurrency(json["currency"]);
  const amount = readMinor(json["amount"]);
  const refunded = readMinor(json["amount_refunded"]);
  const { status, captured: isCaptured } = json;
  if (id === null || currency === null || amount === null || refunded === null) return null;
  if (typeof status !== "string" || typeof isCaptured !== "boolean") return null;
  const owner = json["payment_intent"];
  const paymentIntentId = owner === null || owner === undefined ? null : readId(isRecord(owner) ? owner["id"] : owner);
  if (owner !== null && owner !== undefined && paymentIntentId === null) return null;
  // Only newer API versions tell a partial capture; without it the whole amount counts as captured.
  const told = json["amount_captured"] === undefined ? amount : readMinor(json["amount_captured"]);
  if (told === null) return null;
  if (isCaptured && status === "succeeded" && told === 0n && amount > 0n) return null; // as with a PaymentIntent
  const captured = isCaptured && status === "succeeded" ? told : 0n;
  // An authorisation that was given back, or ran out, is marked as refunded: docs.stripe.com/api/charges/capture.
  // A charge cannot say that its PaymentIntent is over: that may capture again, or make another charge.
  const isOver =
    paymentIntentId === null &&
    (status === "failed" || (status === "succeeded" && (isCaptured || json["refunded"] === true)));
  return {
    id,
    paymentIntentId,
    currency,
    amount,
    captured,
    refunded,
    remaining: isOver || captured > amount ? 0n : amount - captured,
    final: isOver,
  };
}

/** https://docs.stripe.com/api/refunds/object */
export function readRefund(json: unknown): Refund | null {
  if (!isRecord(json) || json["object"] !== "refund") return null;
  const id = readId(json["id"]);
  const currency = readCurrency(json["currency"]);
  const amount = readMinor(json["amount"]);
  if (id === null || currency === null || amount === null) return null;
  switch (json["status"]) {
    case "succeeded":
      return { id, currency, amount, paidOut: amount, final: true };
    case "pending":
    case "requires_action":
      return { id, currency, amount, paidOut: 0n, final: false };
    case "failed":
    case "canceled":
      return { id, currency, amount, paidOut: 0n, final: true };
    default:
      return null;
  }
}

/** Letters, digits and underscores: safe in a path, in a row and in a sentence. */
export function readId(value: unknown): string | null {
  return typeof value === "string" && /^[A-Za-z0-9_]{1,255}$/.test(value) ? value : null;
}

/** The lower-case code; null for what cannot be one. */
export function readCurrency(value: unknown): string | null {
  return typeof value === "string" && /^[A-Za-z]{3}$/.test(value) ? value.toLowerCase() : null;
}

const MINOR_MAX = 10 ** AMOUNT_DIGITS_MAX - 1;

/** Minor units, in the digits that an amount may have. */
export function readMinor(value: unknown): MinorAmount["minor"] | null {
  const minor = readSignedMinor(value);
  return minor !== null && minor >= 0n ? minor : null;
}

/** The same, also below nothing. */
export function readSignedMinor(value: unknown): bigint | null {
  return typeof value === "number" && Number.isInteger(value) && Math.abs(value) <= MINOR_MAX ? BigInt(value) : null;
}

/**
 * Stripe's own fee, where the answer shows it: `expand[]=balance_transaction`, or `latest_charge.balance_transaction` of a PaymentIntent.
 * https://docs.stripe.com/api/balance_transactions/object#balance_transaction_object-fee
 */
export function readFee(json: unknown): MinorAmount | null {
  if (!isRecord(json)) return null;
  const owner = json["object"] === "payment_intent" ? json["latest_charge"] : json;
  const transaction = isRecord(owner) ? owner["balance_transaction"] : null;
  if (!isRecord(transaction) || transaction["object"] !== "balance_transaction") return null;
  const minor = readMinor(transaction["fee"]);
  const currency = readCurrency(transaction["currency"]);
  return minor === null || currency === null ? null : { minor, currency };
}

export function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
