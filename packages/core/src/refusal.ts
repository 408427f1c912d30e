/**
 * Refusals: every coded "no" that Keybrake can say to a caller of the gateway, in one table.
 * A refusal is a value; it is rendered in the vendor's own error shape by vendors/<vendor>/errors.ts.
 */

/** What the caller's code should do: `never` re-send it, re-send `later`, or re-send at once (`safe`: nothing left Keybrake). */
export type RetryAdvice = "never" | "later" | "safe";

export interface RefusalForm {
  readonly status: number;
  readonly retry: RetryAdvice;
  /** What to do next, said after the particular sentence. */
  readonly advice: string;
}

export type RefusalCode =
  | "vault_key_invalid"
  | "vault_key_expired"
  | "vault_key_revoked"
  | "run_closed"
  | "endpoint_not_allowed"
  | "parameter_not_allowed"
  | "operation_unbounded"
  | "operation_unknown"
  | "operation_exposes_secret"
  | "currency_unpriced"
  | "amount_unknown"
  | "price_unknown"
  | "per_call_cap_exceeded"
  | "spend_cap_exceeded"
  | "rate_limited"
  | "request_ambiguous"
  | "request_too_large"
  | "unavailable"
  | "outcome_unknown"
  | "outcome_unknown_timeout"
  | "vendor_unreachable"
  | "vendor_answer_unusable";

export const REFUSALS: Readonly<Record<RefusalCode, RefusalForm>> = {
  vault_key_invalid: { status: 401, retry: "never", advice: "Send the vault key that POST /vault/keys answered with." },
  vault_key_expired: {
    status: 401,
    retry: "never",
    advice: "Issue a new vault key, or extend this one before it expires.",
  },
  vault_key_revoked: { status: 401, retry: "never", advice: "Issue a new vault key if the work should go on." },
  run_closed: { status: 401, retry: "never", advice: "The workflow run behind this key has closed." },
  endpoint_not_allowed: { status: 403, retry: "never", advice: "Issue a key whose allowed_endpoints name it." },
  parameter_not_allowed: {
    status: 403,
    retry: "never",
    advice: "Leave the parameter out, or issue a key that allows it.",
  },
  operation_unbounded: { status: 403, retry: "never", advice: "No request of this kind carries its worst case." },
  operation_unknown: {
    status: 403,
    retry: "never",
    advice: "Keybrake forwards only operations that it knows and can price.",
  },
  operation_exposes_secret: { status: 403, retry: "never", advice: "Its answer would hand out a credential." },
  currency_unpriced: {
    status: 403,
    retry: "never",
    advice: "Use a currency that has a fresh rate, or give a rates file.",
  },
  amount_unknown: {
    status: 403,
    retry: "never",
    advice: "Keybrake forwards money only when it can find the amount first.",
  },
  price_unknown: { status: 403, retry: "never", advice: "See docs/prices.md." },
  per_call_cap_exceeded: {
    status: 403,
    retry: "never",
    advice: "If calls of this size are meant, raise per_call_usd_cap.",
  },
  spend_cap_exceeded: { status: 429, retry: "never", advice: "Raise the cap to go on." },
  rate_limited: { status: 429, retry: "later", advice: "Slow down." },
  request_ambiguous: { status: 400, retry: "never", advice: "Send it in one unmistakable form." },
  request_too_large: { status: 413, retry: "never", advice: "Send less." },
  unavailable: { status: 503, retry: "safe", advice: "Nothing was forwarded; it is safe to try again." },
  outcome_unknown: {
    status: 502,
    retry: "never",
    advice: "The call left Keybrake and no readable answer came back; the money stays held until the outcome is known.",
  },
  outcome_unknown_timeout: {
    status: 504,
    retry: "never",
    advice: "The call left Keybrake and no answer came in time; the money stays held until the outcome is known.",
  },
  vendor_unreachable: { status: 503, retry: "safe", advice: "It is safe to try again." },
  vendor_answer_unusable: {
    status: 502,
    retry: "never",
    advice: "The vendor's answer was not one that can be passed on.",
  },
};

export interface Refusal {
  readonly code: RefusalCode;
  /** One sentence that says what was refused and why, without the code and without secrets. */
  readonly message: string;
  /** Machine-readable numbers, rendered beside the message: `limit_usd`, `settled_usd`, ... (docs/errors). */
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>;
  /** Seconds; only where waiting helps. */
  readonly retryAfterSeconds?: number;
}

export function refusal(code: RefusalCode, message: string, more: Omit<Refusal, "code" | "message"> = {}): Refusal {
  return { code, message, ...more };
}

export function refusalStatus(code: RefusalCode): number {
  return REFUSALS[code].status;
}

/** The code as callers see it: both forms of an unknown outcome are one word. */
export function publicCode(code: RefusalCode): string {
  return code === "outcome_unknown_timeout" ? "outcome_unknown" : code;
}

/** The full public sentence; begins with the code, because some SDKs show nothing else (sdks: resend-go). */
export function refusalSentence(refused: Refusal): string {
  return `${publicCode(refused.code)}: ${refused.message} ${REFUSALS[refused.code].advice}`;
}
