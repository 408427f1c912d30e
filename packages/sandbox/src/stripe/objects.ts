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

/** Any resource that the sandbox only stores and lists: payouts, transfers, files, balance transactions. */
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
