// What the fake Stripe's own tests share, beside the raw requests of all sandboxes.

import type { RawAnswer } from "../shared/test-support.ts";
import { raw } from "../shared/test-support.ts";
import type { StripeSandbox } from "./server.ts";

export { raw } from "../shared/test-support.ts";
export type { RawAnswer, RawOptions } from "../shared/test-support.ts";

export function errorOf(answer: RawAnswer): Record<string, unknown> {
  const { error } = answer.json;
  return error !== null && typeof error === "object" ? { ...error } : {};
}

export const CHARGE_TEN_USD = "amount=1000&currency=usd&payment_method=pm_card_visa&confirm=true";

/** What was collected in a currency, in minor units. */
export function collected(sandbox: StripeSandbox, currency = "usd"): bigint {
  return sandbox.moneyMoved().collectedMinor.get(currency) ?? 0n;
}

/** A request that must succeed, with what it answered and what it did to money: "collected at_once 1000 usd" and its like. */
export async function done(
  sandbox: StripeSandbox,
  method: string,
  path: string,
  body = "",
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly order: number; readonly object: Record<string, unknown>; readonly id: string }> {
  const answer = await raw(sandbox, method, path, { body, headers });
  if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${answer.body.toString()}`);
  return { order: sandbox.requestCount(), object: answer.json, id: String(answer.json.id) };
}

/** The rows of a request's account, as sentences. */
export function moneyOf(sandbox: StripeSandbox, order: number): readonly string[] {
  return sandbox
    .moneyMovedBy(order)
    .map(({ direction, when, amountMinor, currency }) => `${direction} ${when} ${amountMinor} ${currency}`);
}
