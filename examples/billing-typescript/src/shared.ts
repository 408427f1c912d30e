/** What crosses between the workflow, its activities and the client. Plain data only: all of it ends up in history. */

export const TASK_QUEUE = "billing-typescript";

/** Failure types that the workflow looks for. Strings, because that is what crosses the wire. */
export const SPEND_CAP_EXCEEDED = "KeybrakeSpendCapExceeded";
export const REFUSED = "KeybrakeRefused";
export const RATE_LIMITED = "KeybrakeRateLimited";
export const UNAVAILABLE = "Unavailable";
export const REJECTED = "VendorRejected";

export interface Invoice {
  id: string;
  amount_cents: number;
  currency: string;
  customer?: string | undefined;
  /** "pm_card_visa" when left out. */
  payment_method?: string | undefined;
}

export interface BillingParams {
  /** Decimal dollars, such as "500" or "499.50": the most this run may charge, whatever its list says. */
  budget_usd: string;
  invoices: Invoice[];
  /** Looked up once before anything is charged; also the customer of invoices that name none. */
  customer_id?: string | undefined;
  seconds_between_charges?: number | undefined;
}

export interface VaultKey {
  key_id: string;
  /** Not the vendor's secret: capped, allowlisted, expiring, revocable. Still a key, so it is never printed. */
  vault_key: string;
  base_url: string;
  expires_at: string;
}

export interface Charge {
  vault_key: string;
  invoice: Invoice;
  /** 1 for the first time this invoice stands in the list, 2 for the second, ... */
  occurrence: number;
}

/** The fields we need, never the SDK's object. */
export interface ChargeResult {
  invoice_id: string;
  status: "charged" | "declined";
  amount_cents: number;
  payment_intent: string | null;
  reason: string | null;
}

/** The first detail of every failure that the activities throw about a call to Stripe. */
export interface FailureDetails {
  code: string | null;
  http_status: number | null;
  attempt: number;
  limit?: unknown;
  settled?: unknown;
  held?: unknown;
  asked?: unknown;
}

export interface BillingReport {
  status: "completed" | "needs_review";
  /** Why a person should look: the code of the refusal or failure that stopped the charging. */
  reason: string | null;
  details: FailureDetails | null;
  key_id: string | null;
  key_revoked: boolean;
  total_charged_cents: number;
  charged: ChargeResult[];
  declined: ChargeResult[];
  /** Invoices whose last attempt got no readable answer: they may have been charged. Look before charging again. */
  unconfirmed: string[];
  not_charged: string[];
}
