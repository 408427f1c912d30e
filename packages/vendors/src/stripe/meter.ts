/**
 * What Stripe's answer says of money: a definite no, the totals of an object, or that it cannot be told. It believes only what
 * it can read and what is about the object that was asked for; everything else leaves the hold in place. It never throws.
 * Statuses: docs.stripe.com/error-low-level and docs.stripe.com/api/errors
 */
import { maxUsd, ZERO_USD } from "@keybrake/core";
import type {
  Estimate,
  Meter,
  MeterReading,
  MinorAmount,
  MoneyEstimate,
  Pricing,
  VendorAnswer,
  VendorCall,
} from "@keybrake/core";
import { isRecord, readJson } from "../json.ts";
import { readBalanceTransaction, readCreditNote, readDeleted, readInvoice, readInvoiceItem } from "./bills.ts";
import { isOwnError } from "./errors.ts";
import { FOLLOWED, MONEY_RULES } from "./money.ts";
import type { AnswerKind } from "./money.ts";
import { isMovementKind, readAuthorization, readMovement, readSized, readV2InboundTransfer } from "./movements.ts";
import type { Movement } from "./movements.ts";
import {
  larger,
  readCharge,
  readCurrency,
  readFee,
  readId,
  readMinor,
  readPaymentIntent,
  readRefund,
} from "./objects.ts";
import type { PaymentIntent } from "./objects.ts";

/**
 * Refused before anything was done (400, 401, 403, 404), because of another call that is on its way (409), or by the rate
 * limiter and the object lock, which stand before the work (429).
 */
const DEFINITE_NO: ReadonlySet<number> = new Set([400, 401, 403, 404, 409, 429]);

export function meter(call: VendorCall, answer: VendorAnswer, pricing: Pricing, estimate: Estimate): MeterReading {
  // Lists are long, name no single object and move nothing.
  const json = /\.(?:list|search)$/.test(call.operation.name) ? undefined : readJson(answer.body);
  const fee = isGood(answer.status) ? readFee(json) : null;
  return {
    meter:
      estimate.kind === "money" ? ofMoney(call, answer, json, pricing, estimate) : ofOther(call, answer, json, pricing),
    replayed: answer.headers.get("idempotent-replayed")?.toLowerCase() === "true",
    vendorRequestId: requestId(answer.headers.get("request-id")),
    vendorObjectId: objectId(answer.status, json),
    ...(fee === null ? {} : { fee }),
  };
}

function isGood(status: number): boolean {
  return status >= 200 && status <= 299;
}

function ofMoney(
  call: VendorCall,
  answer: VendorAnswer,
  json: unknown,
  pricing: Pricing,
  estimate: MoneyEstimate,
): Meter {
  const { status } = answer;
  // A page from something in between says nothing of what Stripe did, whatever its status.
  if (status >= 400 && !isOwnError(answer))
    return unknown(`An answer of ${status} came that is no error of the vendor's.`);
  if (DEFINITE_NO.has(status) || status === 402) return ofNo(call, status, json, pricing, estimate);
  if (!isGood(status)) return unknown(`The vendor answered ${status}, which does not say what was done.`);
  const told = toldBy(call, json, pricing, estimate);
  if (estimate.amount === null) return atCeiling(told, estimate);
  if (told === null) return unknown(`The vendor answered ${status}, and its answer cannot be read.`);
  if (told.kind === "object" && estimate.object !== null && told.id !== estimate.object.id)
    return unknown(`The vendor answered about ${told.id} when ${estimate.object.id} was meant.`);
  return told;
}

/** Nothing says what it moves in the end, so it counts as what the key's issuer said; or as more, where the answer shows more. */
function atCeiling(told: Meter | null, { exposure }: MoneyEstimate): Meter {
  const shown = told?.kind === "object" || told?.kind === "spent" ? told.moved : exposure;
  return { kind: "spent", moved: maxUsd(exposure, shown), amount: null };
}

// -------------------------------------------------------------------------------------------------------------------- no

/** The reader did not say whether it has heard of it: docs.stripe.com/error-codes#terminal-reader-timeout */
const UNHEARD: ReadonlySet<unknown> = new Set(["terminal_reader_timeout"]);
/** They finalize a draft first, and that stays when the payment or the mail then fails. */
const FINALIZING: ReadonlySet<string> = new Set(["invoices.pay", "invoices.send"]);

/** A refused call leaves an invoice behind that can still be paid. */
function leavesInvoice({ operation }: VendorCall, status: number): boolean {
  if (status === 402) return MONEY_RULES.get(operation.name)?.followed === "invoice";
  return status === 400 && FINALIZING.has(operation.name);
}

function ofNo(call: VendorCall, status: number, json: unknown, pricing: Pricing, estimate: MoneyEstimate): Meter {
  if (!isRecord(json) || !isRecord(json["error"]))
    return unknown("The vendor declined, and its answer cannot be read.");
  if (UNHEARD.has(json["error"]["code"])) return unknown("The card reader did not answer the vendor.");
  const { object } = estimate;
  if (object !== null && leavesInvoice(call, status))
    return { ...standing(object.id, estimate), declined: status === 402 };
  const owner = ownerOf(json);
  // A creating call that was refused and shows a PaymentIntent has made one all the same, and its client secret can pay it.
  if (owner === null || estimate.direction !== "collected" || (status !== 402 && object !== null))
    return { kind: "definite_no" };
  return ofDecline(call, owner, pricing, estimate);
}

/** A decline carries the PaymentIntent, which stays and can still be paid; a declined charge or refund is over. */
function ofDecline(call: VendorCall, owner: unknown, pricing: Pricing, estimate: MoneyEstimate): Meter {
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

// ------------------------------------------------------------------------------------------------------------------- yes

/** Calls that hold nothing: an answer about an object that is followed still tells how far it is. */
function ofOther(call: VendorCall, answer: VendorAnswer, json: unknown, pricing: Pricing): Meter {
  if (!isGood(answer.status)) return { kind: "nothing" };
  const resource = call.operation.name.slice(0, call.operation.name.lastIndexOf("."));
  const kind = FOLLOWED.get(resource);
  const told = kind === undefined ? null : totals(kind, call, json, pricing);
  return told?.kind === "object" ? told : { kind: "nothing" };
}

type Reader = (call: VendorCall, json: unknown, pricing: Pricing, estimate: MoneyEstimate) => Meter | null;

/** Answers that are not simply the object that moves. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["application_fees.refund", ofBack],
  ["application_fees.refunds.create", (call, json, pricing) => ofPart("fee_refund", "fee", call, json, pricing)],
  ["billing.credit_grants.update", ofGrantAgain],
  ["charges.refund", ofBack],
  ["charges.refunds.create", (call, json, pricing) => ofPart("refund", "charge", call, json, pricing)],
  ["credit_notes.void", ofVoidedNote],
  [
    "customers.balance_transactions.create",
    (call, json, pricing) => ofPart("customer_balance_transaction", "customer", call, json, pricing),
  ],
  ["invoiceitems.create", ofItem],
  ["invoiceitems.delete", ofItem],
  ["invoiceitems.update", ofItem],
  ["invoices.add_lines", ofLines],
  ["invoices.lines.update", ofLine],
  ["invoices.update_lines", ofLines],
  ["payouts.reverse", ofReversal],
  ["quotes.accept", ofQuote],
  ["terminal.readers.collect_payment_method", ofReader],
  ["terminal.readers.confirm_payment_intent", ofReader],
  ["terminal.readers.process_payment_intent", ofReader],
  ["terminal.readers.refund_payment", ofReader],
  ["transfers.reversals.create", (call, json, pricing) => ofPart("transfer_reversal", "transfer", call, json, pricing)],
]);

/** Null when the answer is not what this operation answers with. */
function toldBy(call: VendorCall, json: unknown, pricing: Pricing, estimate: MoneyEstimate): Meter | null {
  const reader = READERS.get(call.operation.name);
  if (reader !== undefined) return reader(call, json, pricing, estimate);
  const rule = MONEY_RULES.get(call.operation.name);
  return rule === undefined ? null : totals(rule.answer, call, json, pricing);
}

/** A new object that names the one in the path, to which it belongs. */
function ofPart(kind: AnswerKind, field: string, call: VendorCall, json: unknown, pricing: Pricing): Meter | null {
  return isOfPath(call, json, field) ? read(kind, json, pricing) : null;
}

/** The answer's object names the one in the path: `transfer` of a reversal, or the whole of it. */
function isOfPath(call: VendorCall, json: unknown, field: string): boolean {
  const of = isRecord(json) ? json[field] : null;
  const [id] = Object.values(call.pathParameters);
  return id !== undefined && readId(isRecord(of) ? of["id"] : of) === id;
}

/** The totals of one object that is followed. Null when the answer is none, or another than the path names. */
function totals(kind: AnswerKind, call: VendorCall, json: unknown, pricing: Pricing): Meter | null {
  const id = Object.values(call.pathParameters).at(-1);
  const isIt = id === undefined || (isRecord(json) && json["id"] === id);
  // The old alias of a dispute names its charge.
  const isItsCharge = kind === "dispute" && isOfPath(call, json, "charge");
  return isIt || isItsCharge ? read(kind, json, pricing) : null;
}

function read(kind: AnswerKind, json: unknown, pricing: Pricing): Meter | null {
  if (isMovementKind(kind)) return ofMovement(readMovement(json, kind), pricing);
  switch (kind) {
    case "payment_intent": {
      const intent = readPaymentIntent(json);
      return intent === null ? null : ofIntent(intent, pricing);
    }
    case "charge": {
      const charge = readCharge(json);
      if (charge === null) return null;
      const { currency, captured, final } = charge;
      const amount = { minor: final || captured > 0n ? captured : charge.amount, currency };
      // What a PaymentIntent may still move is not for one of its charges to say.
      const toCome = charge.paymentIntentId === null ? charge.remaining : 0n;
      return object(charge.paymentIntentId ?? charge.id, { moved: captured, toCome, currency }, final, amount, pricing);
    }
    case "refund": {
      const refund = readRefund(json);
      if (refund === null) return null;
      const { currency, paidOut, final } = refund;
      const amount = { minor: final ? paidOut : refund.amount, currency };
      const toCome = final ? 0n : refund.amount - paidOut;
      return object(refund.id, { moved: paidOut, toCome, currency }, final, amount, pricing);
    }
    case "invoice": {
      // A draft that was deleted is none any more, and nothing says what became of its items: where they wait for another invoice again,
      // they are collected all the same. So what is held for them stays.
      const invoice = readInvoice(json);
      if (invoice === null) return null;
      const { currency, paid, remaining, final } = invoice;
      const amount = { minor: final ? paid : paid + remaining, currency };
      return object(invoice.id, { moved: paid, toCome: remaining, currency }, final, amount, pricing);
    }
    case "invoiceitem": {
      const deleted = readDeleted(json, "invoiceitem");
      return deleted === null ? null : gone(deleted);
    }
    case "credit_note": {
      const note = readCreditNote(json);
      if (note === null) return null;
      const { id: noteId, currency, given, amount } = note;
      return object(noteId, { moved: given, toCome: 0n, currency }, true, { minor: amount, currency }, pricing);
    }
    case "customer_balance_transaction": {
      const transaction = readBalanceTransaction(json);
      if (transaction === null) return null;
      const { currency, amount } = transaction;
      const moved = amount < 0n ? -amount : amount;
      const isOver = { minor: moved, currency };
      return object(transaction.id, { moved, toCome: 0n, currency }, true, isOver, pricing);
    }
    case "issuing.authorization":
      return ofMovement(readAuthorization(json), pricing);
    case "v2.money_management.inbound_transfer":
      return ofMovement(readV2InboundTransfer(json), pricing);
    case "application_fee":
    case "line_item":
    case "subscription":
    case "terminal.reader":
      return null;
  }
}

function ofMovement(movement: Movement | null, pricing: Pricing): Meter | null {
  if (movement === null) return null;
  const { id, currency, amount, moved, toCome, final } = movement;
  return object(id, { moved, toCome, currency }, final, { minor: final ? moved : amount, currency }, pricing);
}

function ofIntent(intent: PaymentIntent, pricing: Pricing): Meter {
  const { id, currency, received, remaining, final } = intent;
  return object(
    id,
    { moved: received, toCome: remaining, currency },
    final,
    { minor: final ? received : intent.amount, currency },
    pricing,
  );
}

/** The bank gives back a payout by another one, which names it: docs.stripe.com/api/payouts/reverse */
function ofReversal(call: VendorCall, json: unknown, pricing: Pricing): Meter | null {
  if (!isRecord(json)) return null;
  const of = json["original_payout"];
  if (readId(isRecord(of) ? of["id"] : of) !== call.pathParameters["payout"]) return null;
  return ofMovement(readMovement(json, "payout"), pricing);
}

/**
 * Answers that show only what was given back of the whole so far (old aliases): the amount that was asked for, or else what was left,
 * or else all of it. Never more than has ever been given back.
 */
function ofBack(call: VendorCall, json: unknown, pricing: Pricing, estimate: MoneyEstimate): Meter | null {
  const ofCharge = call.operation.name === "charges.refund";
  const sized = readSized(json, ofCharge ? "charge" : "application_fee");
  const all = isRecord(json) ? readMinor(json["amount_refunded"]) : null;
  if (sized === null || all === null || !Object.values(call.pathParameters).includes(sized.id)) return null;
  // What was left of a charge may have grown since: a refund of it may have been cancelled.
  const isSaid = call.parameters.has("amount") || !ofCharge;
  const asked = isSaid ? (estimate.amount?.minor ?? all) : all;
  return spentAs({ minor: asked < all ? asked : all, currency: sized.currency }, pricing);
}

/** A later end gives the credit anew, each time. */
function ofGrantAgain(call: VendorCall, json: unknown, pricing: Pricing): Meter | null {
  const grant = readMovement(json, "billing.credit_grant");
  if (grant === null || grant.id !== call.pathParameters["id"]) return null;
  return spentAs({ minor: grant.moved, currency: grant.currency }, pricing);
}

/** The open invoice, which collects its amount again, is not in the answer. */
function ofVoidedNote(call: VendorCall, json: unknown, _pricing: Pricing, estimate: MoneyEstimate): Meter | null {
  const note = readCreditNote(json);
  if (note === null || note.id !== call.pathParameters["id"] || estimate.object === null) return null;
  return standing(estimate.object.id, estimate);
}

/** Credit on its lines is given away at once; what an invoice collects is another matter. */
function ofLines(call: VendorCall, json: unknown, pricing: Pricing, estimate: MoneyEstimate): Meter | null {
  const told = totals("invoice", call, json, pricing);
  return told !== null && estimate.direction === "paid_out" ? spentAs(estimate.amount, pricing) : told;
}

function ofLine(_call: VendorCall, json: unknown, pricing: Pricing, estimate: MoneyEstimate): Meter | null {
  if (!isRecord(json) || json["object"] !== "line_item") return null;
  return estimate.object === null ? spentAs(estimate.amount, pricing) : standing(estimate.object.id, estimate);
}

/** Waiting for its invoice, or on one under which it is followed. */
function ofItem(_call: VendorCall, json: unknown, pricing: Pricing, estimate: MoneyEstimate): Meter | null {
  const asked = estimate.object?.id ?? null;
  const deleted = readDeleted(json, "invoiceitem");
  // Without a credit invoices collect more: that is counted at once where no object is left to hold it.
  if (deleted !== null) return asked === null ? spentAs(estimate.amount, pricing) : standing(asked, estimate);
  const item = readInvoiceItem(json);
  if (item === null) return null;
  const { id, currency, amount, invoiceId } = item;
  // More credit is given away at once; less of it is collected, and no object will say so.
  if (amount < 0n) return spentAs(estimate.amount, pricing);
  if (asked !== null && asked !== id) return asked === invoiceId ? standing(asked, estimate) : null;
  return object(id, { moved: 0n, toCome: amount, currency }, false, { minor: amount, currency }, pricing);
}

/** The invoice of an accepted quote also collects what the customer owes, which is in what was asked for. */
function ofQuote(call: VendorCall, json: unknown, pricing: Pricing, estimate: MoneyEstimate): Meter | null {
  const quote = readMovement(json, "quote");
  if (quote === null || quote.id !== call.pathParameters["quote"]) return null;
  if (!isRecord(json) || json["status"] !== "accepted") return ofMovement(quote, pricing);
  const asked = estimate.amount?.currency === quote.currency ? estimate.amount.minor : 0n;
  return ofMovement({ ...quote, moved: larger(quote.moved, asked) }, pricing);
}

/** The card is read after the answer; a refund on a reader counts at once, because nothing else names it. */
function ofReader(_call: VendorCall, json: unknown, pricing: Pricing, estimate: MoneyEstimate): Meter | null {
  if (!isRecord(json) || json["object"] !== "terminal.reader") return null;
  if (estimate.object !== null) return standing(estimate.object.id, estimate);
  const { action } = json;
  const refund = isRecord(action) ? action["refund_payment"] : null;
  const minor = isRecord(refund) ? readMinor(refund["amount"]) : null;
  const currency = readCurrency(estimate.amount?.currency);
  return spentAs(minor === null || currency === null ? estimate.amount : { minor, currency }, pricing);
}

// ------------------------------------------------------------------------------------------------------------------- sum

/** The answer says nothing of what the object has moved: it stays as it was, and its hold too. */
function standing(id: string, estimate: MoneyEstimate): Extract<Meter, { kind: "object" }> {
  return {
    kind: "object",
    id,
    moved: estimate.object?.movedBefore ?? ZERO_USD,
    final: false,
    declined: false,
    amount: estimate.amount,
  };
}

/** Deleted before it could collect anything. */
function gone(id: string): Meter {
  return { kind: "object", id, moved: ZERO_USD, final: true, declined: false, amount: null };
}

function spentAs(amount: MinorAmount | null, pricing: Pricing): Meter | null {
  if (amount === null) return null;
  const moved = pricing.convert(amount);
  return moved.kind === "unpriced" ? unknown(moved.why) : { kind: "spent", moved: moved.referenceMicroUsd, amount };
}

/** In minor units of one currency. */
interface Totals {
  readonly moved: bigint;
  readonly toCome: bigint;
  readonly currency: string;
}

function object(id: string, sums: Totals, final: boolean, amount: MinorAmount, pricing: Pricing): Meter {
  const moved = pricing.convert({ minor: sums.moved, currency: sums.currency });
  if (moved.kind === "unpriced") return unknown(moved.why);
  const told = { kind: "object", id, moved: moved.referenceMicroUsd, final, declined: false, amount } as const;
  if (sums.toCome === 0n) return told;
  const toCome = pricing.convert({ minor: sums.toCome, currency: sums.currency });
  return toCome.kind === "unpriced" ? unknown(toCome.why) : { ...told, mayStillMove: toCome.worstCaseMicroUsd };
}

function unknown(why: string): Meter {
  return { kind: "unknown", why };
}

/** The object that a row of the audit points to; for an error, the PaymentIntent that stays. */
function objectId(status: number, json: unknown): string | null {
  if (!isRecord(json)) return null;
  if (isGood(status)) return readId(json["id"]);
  const intent = ownerOf(json);
  return isRecord(intent) ? readId(intent["id"]) : null;
}

function requestId(header: string | undefined): string | null {
  return header !== undefined && /^[\x21-\x7e]{1,255}$/.test(header) ? header : null;
}
