// Stripe's part of the control plane: what moved, and what waits for a customer or a bank.

import { isObject } from "../shared/json.ts";
import { StripeFailure } from "./errors.ts";
import type { StripeSandbox } from "./server.ts";

export function stripeControl(
  sandbox: StripeSandbox,
  operation: string,
  query: URLSearchParams,
  body: () => unknown,
): unknown {
  switch (operation) {
    case "GET moved":
      return moved(sandbox, query.get("totals") === "1");
    case "POST advance":
      return advance(sandbox, body());
    default:
      return undefined;
  }
}

function advance(sandbox: StripeSandbox, json: unknown): unknown {
  if (!isObject(json) || typeof json.id !== "string") throw new TypeError("advance needs an id");
  try {
    return sandbox.advance(json.id, json.outcome === "fail" ? "fail" : "succeed");
  } catch (error) {
    if (error instanceof StripeFailure) throw new TypeError(error.message, { cause: error });
    throw error;
  }
}

function moved(sandbox: StripeSandbox, totalsOnly: boolean): unknown {
  const truth = sandbox.moneyMoved();
  const totals = {
    collectedMinor: Object.fromEntries(truth.collectedMinor),
    paidOutMinor: Object.fromEntries(truth.paidOutMinor),
    authorizedMinor: Object.fromEntries(truth.authorizedMinor),
    chargeCount: truth.charges.length,
    requestCount: sandbox.requestCount(),
    whole: truth.whole,
  };
  if (totalsOnly) return totals;
  const { charges, paymentIntents, refunds, movements } = truth;
  return { ...totals, charges, paymentIntents, refunds, movements };
}
