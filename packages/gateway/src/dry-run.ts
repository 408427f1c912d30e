/**
 * `Keybrake-Dry-Run: true`: what a call would be judged as, would hold and would be answered, without holding or forwarding anything.
 * Look-ups at the vendor are made, because the amount may be there. Writes no row, because nothing happened.
 */
import {
  formatInstant,
  formatUsd,
  minorUnitDigits,
  publicCode,
  refusalSentence,
  type BudgetStanding,
  type MinorAmount,
  type MoneyEstimate,
  type Preview,
} from "@keybrake/core";
import type { Call } from "./call.ts";
import { sendJson, type ResponseOptions } from "./respond.ts";

export function sendDryRun(call: Call, { refusal, budgets }: Preview, options: ResponseOptions): void {
  const operation = call.match?.operation ?? null;
  const { estimate } = call;
  sendJson(
    call,
    {
      operation: operation?.name ?? null,
      class: operation?.class ?? null,
      direction: estimate?.direction ?? null,
      estimate_usd: estimate === null ? (refusal === null ? "0" : null) : formatUsd(estimate.exposure),
      basis: estimate === null ? [] : basisOf(estimate),
      budgets: budgets.map(shown),
      refusal: refusal === null ? null : { code: publicCode(refusal.code), message: refusalSentence(refusal) },
    },
    options,
  );
}

/** The vendor's own sentences, else the amount behind the estimate and how it became dollars. */
function basisOf({ basis, amount, rateDate }: MoneyEstimate): readonly string[] {
  if (basis !== undefined) return basis;
  if (amount === null) return [];
  const rate = `It counts at the exchange rate of ${rateDate}, plus the largest move of a currency in as many days.`;
  return [`The amount is ${amountText(amount)}.`, ...(rateDate === null ? [] : [rate])];
}

/** `10.00 eur, 1000 in minor units` */
function amountText({ minor, currency }: MinorAmount): string {
  const digits = minorUnitDigits(currency) ?? 0;
  const text = String(minor).padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits);
  const fraction = digits === 0 ? "" : `.${text.slice(-digits)}`;
  return `${whole}${fraction} ${currency}${digits === 0 ? "" : `, ${minor} in minor units`}`;
}

/** As the control API shows a budget. */
function shown({ cap, settled, held, remaining, resetsAt }: BudgetStanding): object {
  return {
    window: cap.window,
    limit_usd: formatUsd(cap.limit),
    settled_usd: formatUsd(settled),
    held_usd: formatUsd(held),
    remaining_usd: formatUsd(remaining),
    resets_at: resetsAt === null ? null : formatInstant(resetsAt),
    directions: cap.directions,
    time_zone: cap.timeZone,
  };
}
