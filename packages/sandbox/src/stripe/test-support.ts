// What the fake Stripe's own tests share, beside the raw requests of all sandboxes.

import type { RawAnswer } from "../shared/test-support.ts";
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
