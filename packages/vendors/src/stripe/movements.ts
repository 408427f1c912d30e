/**
 * Stripe's objects of which each moves one amount once: a payout, a transfer, a top-up, a dispute, a quote. Their status says whether it
 * has moved, may still move, or never will. Read out of JSON that may be anything: null means that it is not such an object, that its
 * numbers cannot be trusted, or that its status is none that was published. It never throws. What has moved is never said to have come
 * back: a payout that is returned later was paid out all the same (decisions/0002).
 */
import { isRecord } from "../json.ts";
import { readCurrency, readId, readMinor, readSignedMinor } from "./objects.ts";

export type MovementKind =
  | "billing.credit_grant"
  | "climate.order"
  | "dispute"
  | "fee_refund"
  | "payout"
  | "quote"
  | "topup"
  | "transfer"
  | "transfer_reversal"
  | "treasury.credit_reversal"
  | "treasury.debit_reversal"
  | "treasury.inbound_transfer"
  | "treasury.outbound_payment"
  | "treasury.outbound_transfer"
  | "v2.money_management.outbound_payment"
  | "v2.money_management.payout_intent";

export interface Movement {
  readonly id: string;
  readonly currency: string;
  readonly amount: bigint;
  readonly moved: bigint;
  /** What may still move. */
  readonly toCome: bigint;
  /** Nothing more can move, whatever happens. */
  readonly final: boolean;
}

/** An amount of a currency and whose it is, whatever became of it. */
export interface Sized {
  readonly id: string;
  readonly currency: string;
  readonly amount: bigint;
}

interface Statuses {
  readonly moved: string;
  readonly open: string;
  readonly over: string;
}

/** Where the statuses are from: the enums of the OpenAPI document, and the types of the npm package for v2. Null: moved at once. */
const STATUSES: Readonly<Record<MovementKind, Statuses | null>> = {
  "billing.credit_grant": null,
  "climate.order": { moved: "open confirmed delivered", open: "awaiting_funds", over: "canceled" },
  // "prevented" and the warnings may still become a chargeback.
  dispute: {
    moved: "lost",
    open: "needs_response under_review warning_needs_response warning_under_review prevented",
    over: "won warning_closed",
  },
  fee_refund: null,
  // Until it is in transit it can be cancelled: docs.stripe.com/api/payouts/object
  payout: { moved: "paid in_transit", open: "pending", over: "failed canceled" },
  // An accepted quote makes an invoice that collects by itself, so it counts as collected from then on.
  quote: { moved: "accepted", open: "draft open", over: "canceled" },
  topup: { moved: "succeeded reversed", open: "pending", over: "failed canceled" },
  transfer: null,
  transfer_reversal: null,
  "treasury.credit_reversal": { moved: "posted", open: "processing", over: "canceled" },
  "treasury.debit_reversal": { moved: "succeeded", open: "processing", over: "failed" },
  "treasury.inbound_transfer": { moved: "succeeded", open: "processing", over: "failed canceled" },
  "treasury.outbound_payment": { moved: "posted returned", open: "processing", over: "failed canceled" },
  "treasury.outbound_transfer": { moved: "posted returned", open: "processing", over: "failed canceled" },
  "v2.money_management.outbound_payment": { moved: "posted returned", open: "processing", over: "failed canceled" },
  "v2.money_management.payout_intent": {
    moved: "posted",
    open: "pending processing requires_action",
    over: "canceled",
  },
};

export function isMovementKind(kind: string): kind is MovementKind {
  return Object.hasOwn(STATUSES, kind);
}

export function readMovement(json: unknown, kind: MovementKind): Movement | null {
  const sized = readSized(json, kind);
  if (sized === null || !isRecord(json)) return null;
  const { amount } = sized;
  const statuses = STATUSES[kind];
  if (statuses === null) return { ...sized, moved: amount, toCome: 0n, final: true };
  const status = json["status"];
  if (typeof status !== "string" || status === "") return null;
  if (has(statuses.moved, status)) return { ...sized, moved: amount, toCome: 0n, final: true };
  if (has(statuses.open, status)) return { ...sized, moved: 0n, toCome: amount, final: false };
  return has(statuses.over, status) ? { ...sized, moved: 0n, toCome: 0n, final: true } : null;
}

function has(words: string, word: string): boolean {
  return words.split(" ").includes(word);
}

/** `kind` is what `object` must say. */
export function readSized(json: unknown, kind: string): Sized | null {
  if (!isRecord(json) || json["object"] !== kind) return null;
  const id = readId(json["id"]);
  const told = amountOf(json, kind);
  return id === null || told === null ? null : { id, ...told };
}

function amountOf(json: Readonly<Record<string, unknown>>, kind: string): Omit<Sized, "id"> | null {
  switch (kind) {
    case "billing.credit_grant": {
      const amount = json["amount"];
      return isRecord(amount) ? readV2Amount(amount["monetary"]) : null;
    }
    case "climate.order":
    case "quote":
      return plain(json["amount_total"], json["currency"]);
    case "payout": {
      // A payout that was reversed is one below nothing: docs.stripe.com/api/payouts/reverse
      const signed = readSignedMinor(json["amount"]);
      const currency = readCurrency(json["currency"]);
      return signed === null || currency === null ? null : { amount: signed < 0n ? -signed : signed, currency };
    }
    case "v2.money_management.outbound_payment":
    case "v2.money_management.payout_intent": {
      // What leaves the balance may be in another currency than what was asked for.
      const asked = readV2Amount(json["amount"]);
      const from = json["from"];
      const debited = isRecord(from) ? from["debited"] : undefined;
      return debited === undefined || debited === null ? asked : readV2Amount(debited);
    }
    default:
      return plain(json["amount"], json["currency"]);
  }
}

function plain(amountJson: unknown, currencyJson: unknown): Omit<Sized, "id"> | null {
  const amount = readMinor(amountJson);
  const currency = readCurrency(currencyJson);
  return amount === null || currency === null ? null : { amount, currency };
}

/** `{value, currency}` */
function readV2Amount(json: unknown): Omit<Sized, "id"> | null {
  return isRecord(json) ? plain(json["value"], json["currency"]) : null;
}

/**
 * It has no status but a list of what happened to the debit of the bank account.
 * Source: `InboundTransfer` in the npm package stripe 23.1.0.
 */
export function readV2InboundTransfer(json: unknown): Movement | null {
  if (!isRecord(json) || json["object"] !== "v2.money_management.inbound_transfer") return null;
  const id = readId(json["id"]);
  const to = json["to"];
  const credited = isRecord(to) ? to["credited"] : undefined;
  const told = readV2Amount(credited ?? json["amount"]);
  const history = json["transfer_history"];
  if (id === null || told === null || !Array.isArray(history)) return null;
  const events: readonly unknown[] = history;
  const types = new Set(events.map((event) => (isRecord(event) ? event["type"] : null)));
  const { amount } = told;
  if (types.has("bank_debit_succeeded") || types.has("bank_debit_returned"))
    return { id, ...told, moved: amount, toCome: 0n, final: true };
  const isOver = types.has("bank_debit_failed");
  return { id, ...told, moved: 0n, toCome: isOver ? 0n : amount, final: isOver };
}

/** https://docs.stripe.com/api/issuing/authorizations/object: it may be asked for more while it is pending. */
export function readAuthorization(json: unknown): Movement | null {
  const sized = readSized(json, "issuing.authorization");
  if (sized === null || !isRecord(json)) return null;
  const { approved, status } = json;
  if (typeof approved !== "boolean" || typeof status !== "string") return null;
  const final = status === "closed" || status === "expired" || status === "reversed";
  if (!final && status !== "pending") return null;
  const pending = json["pending_request"];
  const toCome = final ? 0n : isRecord(pending) ? readMinor(pending["amount"]) : 0n;
  return toCome === null ? null : { ...sized, moved: approved ? sized.amount : 0n, toCome, final };
}
