/**
 * Keybrake's refusals as Twilio's own errors, so that every official SDK raises its typed error; and what Twilio's own errors look
 * like. Knows no secret.
 */
import { publicCode, REFUSALS, refusalSentence } from "@keybrake/core";
import type { Refusal, RefusalCode, RenderedAnswer, VendorAnswer } from "@keybrake/core";
import { isRecord, readJson } from "../json.ts";

/**
 * Twilio's codes are integers, and its own end far below this (https://www.twilio.com/docs/api/errors); SDKs that decode `code` into
 * an integer fail on anything else. The word is in `details.reason`, which all of them show, and begins the message.
 */
const CODE_BASE = 990_000;
const CODES: Readonly<Record<RefusalCode, number>> = {
  vault_key_invalid: CODE_BASE + 1,
  vault_key_expired: CODE_BASE + 2,
  vault_key_revoked: CODE_BASE + 3,
  run_closed: CODE_BASE + 4,
  endpoint_not_allowed: CODE_BASE + 11,
  parameter_not_allowed: CODE_BASE + 12,
  operation_unbounded: CODE_BASE + 13,
  operation_unknown: CODE_BASE + 14,
  operation_exposes_secret: CODE_BASE + 15,
  currency_unpriced: CODE_BASE + 21,
  amount_unknown: CODE_BASE + 22,
  price_unknown: CODE_BASE + 23,
  per_call_cap_exceeded: CODE_BASE + 24,
  spend_cap_exceeded: CODE_BASE + 25,
  rate_limited: CODE_BASE + 31,
  request_ambiguous: CODE_BASE + 41,
  request_too_large: CODE_BASE + 42,
  unavailable: CODE_BASE + 51,
  outcome_unknown: CODE_BASE + 52,
  outcome_unknown_timeout: CODE_BASE + 52,
  vendor_unreachable: CODE_BASE + 53,
  vendor_answer_unusable: CODE_BASE + 54,
};

/** One of the SDKs sends a 5xx up to six times without a key, so what may have been done is answered as a conflict. */
function statusOf(code: RefusalCode): number {
  return code === "outcome_unknown" || code === "outcome_unknown_timeout" ? 409 : REFUSALS[code].status;
}

/** `httpStatusCode`, `params` and `userError` are what the newest products' clients read instead of `status`. */
export function renderRefusal(refused: Refusal, callId: string): RenderedAnswer {
  const status = statusOf(refused.code);
  const headers: [string, string][] = [
    ["Content-Type", "application/json"],
    ["Twilio-Request-Id", callId],
  ];
  // Never on a cap: one of the SDKs sleeps for as long as this says, without an end.
  if (refused.code === "rate_limited" && refused.retryAfterSeconds !== undefined)
    headers.push(["Retry-After", String(refused.retryAfterSeconds)]);
  const body = {
    code: CODES[refused.code],
    message: refusalSentence(refused),
    more_info: "https://github.com/keybrake/keybrake#when-it-says-no",
    status,
    details: { ...refused.facts, reason: publicCode(refused.code) },
    httpStatusCode: status,
    params: {},
    userError: status < 500,
  };
  return { status, headers, body: JSON.stringify(body) };
}

/**
 * `{code, message, status}`, with `httpStatusCode` at the newest products, or RFC 9457's problem:
 * https://www.twilio.com/docs/usage/twilios-response. A message alone is what many servers in between say, and they speak for
 * nobody.
 */
export function isOwnError(answer: VendorAnswer): boolean {
  const json = readJson(answer.body);
  if (!isRecord(json)) return false;
  const isNumbered = ["code", "status", "httpStatusCode"].some((name) => typeof json[name] === "number");
  if (typeof json["message"] === "string") return isNumbered;
  return typeof json["title"] === "string" && typeof json["type"] === "string";
}
