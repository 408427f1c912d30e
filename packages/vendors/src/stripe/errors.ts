/**
 * Keybrake's refusals as Stripe's own errors, so that every official SDK raises its typed error once and does not re-send; and
 * what Stripe's own errors look like. Knows no secret.
 */
import { publicCode, REFUSALS, refusalSentence } from "@keybrake/core";
import type { Refusal, RenderedAnswer, VendorAnswer } from "@keybrake/core";
import { isRecord, readJson } from "../json.ts";

/**
 * The SDKs of Node, Python and Java choose the class by the status, Go by `type`: so `type` is one that Go knows, and the
 * status is the refusal's. There is always an `error` object, or Node takes a 429 for a success and Go re-sends. The code is
 * never "lock_timeout" and the status never 409: both are re-sent, by Go even against `Stripe-Should-Retry: false`.
 */
export function renderRefusal(refused: Refusal, callId: string): RenderedAnswer {
  const { status, retry } = REFUSALS[refused.code];
  const headers: [string, string][] = [
    ["Content-Type", "application/json"],
    ["Request-Id", callId],
    ["Stripe-Should-Retry", retry === "safe" ? "true" : "false"],
  ];
  // On a cap it would make callers wait for money that does not come back soon.
  if (refused.code === "rate_limited" && refused.retryAfterSeconds !== undefined)
    headers.push(["Retry-After", String(refused.retryAfterSeconds)]);
  const error = {
    ...refused.facts,
    type: status >= 500 ? "api_error" : "invalid_request_error",
    code: publicCode(refused.code),
    message: refusalSentence(refused),
  };
  return { status, headers, body: JSON.stringify({ error }) };
}

/** docs.stripe.com/api/errors: JSON with an `error` object. */
export function isOwnError(answer: VendorAnswer): boolean {
  const json = readJson(answer.body);
  return isRecord(json) && isRecord(json["error"]);
}
