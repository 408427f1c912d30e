/**
 * Keybrake's refusals as Resend's own errors: flat, with the word in `name` and at the beginning of the message, because one of the
 * SDKs shows nothing but the message; and what Resend's own errors look like. https://resend.com/docs/api-reference/errors
 */
import { publicCode, REFUSALS, refusalSentence } from "@keybrake/core";
import type { Refusal, RenderedAnswer, VendorAnswer } from "@keybrake/core";
import { isRecord, readJson } from "../json.ts";

export function renderRefusal(refused: Refusal, callId: string): RenderedAnswer {
  const { status } = REFUSALS[refused.code];
  const headers: [string, string][] = [
    ["Content-Type", "application/json"],
    ["Request-Id", callId],
  ];
  if (refused.code === "rate_limited" && refused.retryAfterSeconds !== undefined)
    headers.push(["Retry-After", String(refused.retryAfterSeconds)]);
  // Not Resend's own `rate_limit_exceeded`: what is over is money, and waiting does not bring it back.
  const body = {
    ...refused.facts,
    statusCode: status,
    name: publicCode(refused.code),
    message: refusalSentence(refused),
  };
  return { status, headers, body: JSON.stringify(body) };
}

export function isOwnError(answer: VendorAnswer): boolean {
  const json = readJson(answer.body);
  return isRecord(json) && typeof json["message"] === "string" && typeof json["name"] === "string";
}
