// Stripe's part of the control plane: what moved, the clock, what waits for a customer or a bank, disputes, planted secrets.

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
      return moved(sandbox, query);
    case "POST advance":
      return advance(sandbox, body());
    case "GET clock":
      return { now: sandbox.now() };
    case "POST clock": {
      const json = body();
      if (!isObject(json) || typeof json.advance_ms !== "number") throw new TypeError("clock needs advance_ms");
      sandbox.advanceClock(json.advance_ms);
      return { now: sandbox.now() };
    }
    case "POST dispute":
      return dispute(sandbox, body());
    case "GET secrets":
      return { secrets: sandbox.secrets() };
    case "POST secrets": {
      const json = body();
      if (!isObject(json) || typeof json.planted_secret !== "string")
        throw new TypeError("secrets needs planted_secret");
      sandbox.plantSecret(json.planted_secret);
      return { secrets: sandbox.secrets() };
    }
    default:
      return undefined;
  }
}

function advance(sandbox: StripeSandbox, json: unknown): unknown {
  if (!isObject(json) || typeof json.id !== "string") throw new TypeError("advance needs an id");
  const { id } = json;
  return orTypeError(() => sandbox.advance(id, json.outcome === "fail" ? "fail" : "succeed"));
}

function dispute(sandbox: StripeSandbox, json: unknown): unknown {
  if (!isObject(json) || typeof json.charge !== "string") throw new TypeError("dispute needs a charge");
  const { charge, amount } = json;
  return orTypeError(() => sandbox.dispute(charge, typeof amount === "number" ? amount : undefined));
}

function orTypeError(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    if (error instanceof StripeFailure) throw new TypeError(error.message, { cause: error });
    throw error;
  }
}

function moved(sandbox: StripeSandbox, query: URLSearchParams): unknown {
  const order = query.get("order");
  if (order !== null) return { order: Number(order), money: sandbox.moneyMovedBy(Number(order)) };
  const truth = sandbox.moneyMoved();
  const totals = {
    collectedMinor: Object.fromEntries(truth.collectedMinor),
    paidOutMinor: Object.fromEntries(truth.paidOutMinor),
    authorizedMinor: Object.fromEntries(truth.authorizedMinor),
    chargeCount: truth.charges.length,
    requestCount: sandbox.requestCount(),
    whole: truth.whole,
  };
  if (query.get("totals") === "1") return totals;
  const { charges, paymentIntents, refunds, movements } = truth;
  return { ...totals, charges, paymentIntents, refunds, movements };
}
