/**
 * `Keybrake-Dry-Run: true`: what a call would be judged as, would hold and would be answered, without holding or forwarding anything.
 * Look-ups at the vendor are made, because the amount may be there. Writes no row, because nothing happened.
 */
import {
  formatInstant,
  formatUsd,
  publicCode,
  refusalSentence,
  type BudgetStanding,
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
      basis: estimate?.basis ?? [],
      budgets: budgets.map(shown),
      refusal: refusal === null ? null : { code: publicCode(refusal.code), message: refusalSentence(refusal) },
    },
    options,
  );
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
