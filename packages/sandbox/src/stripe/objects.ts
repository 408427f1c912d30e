// The shapes that the sandbox keeps and serves. An object's nested values are replaced, never changed in place, so that a
// shallow copy of it (an event's snapshot) stays true for ever.

import type { Json, JsonObject } from "../shared/json.ts";
import resources from "./fixtures/resources-2026-08-26.json" with { type: "json" };

export interface StripeObject {
  id: string;
  object: string;
  [field: string]: Json;
}

type Metadata = { readonly [key: string]: string };

export type PaymentIntentStatus =
  | "requires_payment_method"
  | "requires_confirmation"
  | "requires_action"
  | "processing"
  | "requires_capture"
  | "succeeded"
  | "canceled";

export interface PaymentIntent extends StripeObject {
  object: "payment_intent";
  amount: number;
  amount_capturable: number;
  amount_received: number;
  client_secret: string;
  currency: string;
  created: number;
  capture_method: string;
  customer: string | null;
  latest_charge: string | null;
  metadata: Metadata;
  payment_method: string | null;
  payment_method_options: JsonObject;
  status: PaymentIntentStatus;
}

export interface Charge extends StripeObject {
  object: "charge";
  amount: number;
  amount_captured: number;
  amount_refunded: number;
  balance_transaction: string | null;
  captured: boolean;
  created: number;
  currency: string;
  customer: string | null;
  metadata: Metadata;
  payment_intent: string | null;
  payment_method: string | null;
  payment_method_details: JsonObject;
  refunded: boolean;
  status: "succeeded" | "pending" | "failed";
}

export interface Refund extends StripeObject {
  object: "refund";
  amount: number;
  balance_transaction: string | null;
  charge: string;
  created: number;
  currency: string;
  metadata: Metadata;
  payment_intent: string | null;
  status: "succeeded" | "pending" | "requires_action" | "failed" | "canceled";
}

export interface Customer extends StripeObject {
  object: "customer";
  created: number;
  default_source: string | null;
  email: string | null;
  invoice_settings: JsonObject;
  metadata: Metadata;
  name: string | null;
}

export interface PaymentMethod extends StripeObject {
  object: "payment_method";
  created: number;
  customer: string | null;
  metadata: Metadata;
  type: string;
}

export interface Product extends StripeObject {
  object: "product";
  active: boolean;
  created: number;
  default_price: string | null;
  metadata: Metadata;
}

export interface Price extends StripeObject {
  object: "price";
  active: boolean;
  created: number;
  currency: string;
  metadata: Metadata;
  product: string;
}

export interface Invoice extends StripeObject {
  object: "invoice";
  amount_due: number;
  amount_paid: number;
  amount_remaining: number;
  auto_advance: boolean;
  collection_method: "charge_automatically" | "send_invoice";
  created: number;
  currency: string;
  customer: string;
  default_payment_method: string | null;
  metadata: Metadata;
  /** Credit notes issued while it was open: they make it smaller. */
  pre_payment_credit_notes_amount: number;
  post_payment_credit_notes_amount: number;
  starting_balance: number;
  ending_balance: number | null;
  status: "draft" | "open" | "paid" | "uncollectible" | "void";
  total: number;
}

export interface InvoiceItem extends StripeObject {
  object: "invoiceitem";
  amount: number;
  currency: string;
  customer: string;
  date: number;
  invoice: string | null;
  metadata: Metadata;
}

export interface CreditNote extends StripeObject {
  object: "credit_note";
  amount: number;
  created: number;
  currency: string;
  customer: string;
  invoice: string;
  metadata: Metadata;
  status: "issued" | "void";
  type: "pre_payment" | "post_payment" | "mixed";
}

export interface Quote extends StripeObject {
  object: "quote";
  amount_total: number;
  created: number;
  currency: string;
  customer: string | null;
  invoice: string | null;
  metadata: Metadata;
  status: "draft" | "open" | "accepted" | "canceled";
  subscription: string | null;
}

export interface Subscription extends StripeObject {
  object: "subscription";
  cancel_at_period_end: boolean;
  collection_method: "charge_automatically" | "send_invoice";
  created: number;
  currency: string;
  customer: string;
  default_payment_method: string | null;
  latest_invoice: string | null;
  metadata: Metadata;
  status: "incomplete" | "trialing" | "active" | "past_due" | "unpaid" | "canceled";
}

export interface Transfer extends StripeObject {
  object: "transfer";
  amount: number;
  amount_reversed: number;
  balance_transaction: string | null;
  created: number;
  currency: string;
  destination: string;
  metadata: Metadata;
  reversed: boolean;
  source_transaction: string | null;
}

export interface ApplicationFee extends StripeObject {
  object: "application_fee";
  amount: number;
  amount_refunded: number;
  charge: string;
  created: number;
  currency: string;
  refunded: boolean;
}

export interface Payout extends StripeObject {
  object: "payout";
  amount: number;
  balance_transaction: string | null;
  created: number;
  currency: string;
  metadata: Metadata;
  reversed_by: string | null;
  status: "pending" | "in_transit" | "paid" | "canceled" | "failed";
}

export interface Topup extends StripeObject {
  object: "topup";
  amount: number;
  balance_transaction: string | null;
  created: number;
  currency: string;
  metadata: Metadata;
  status: "pending" | "succeeded" | "canceled" | "failed" | "reversed";
}

export interface Dispute extends StripeObject {
  object: "dispute";
  amount: number;
  charge: string;
  created: number;
  currency: string;
  payment_intent: string | null;
  status: "needs_response" | "under_review" | "won" | "lost";
}

/** Any resource that the sandbox only stores and lists: files, reversals, balance transactions, ... */
export interface PlainObject extends StripeObject {
  created: number;
}

/** The example objects as Stripe publishes them; a new object is `{...template("charge"), ...what is known}`. */
export function template(resource: keyof typeof resources): JsonObject {
  // Stripe writes these two first; the published examples are in alphabetical order.
  const published: JsonObject = resources[resource];
  return { id: "", object: "", ...published };
}

export const API_VERSION = "2026-08-26.dahlia";
