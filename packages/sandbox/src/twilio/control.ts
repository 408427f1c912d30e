// Twilio's part of the control plane: what was billed, the clock, and what would otherwise have to be waited for.

import { isObject } from "../shared/json.ts";
import type { TwilioSandbox } from "./server.ts";

export function twilioControl(
  sandbox: TwilioSandbox,
  operation: string,
  query: URLSearchParams,
  body: () => unknown,
): unknown {
  switch (operation) {
    case "GET moved":
      return moved(sandbox, query);
    case "GET clock":
      return { now: sandbox.now() };
    case "POST clock": {
      const json = body();
      if (!isObject(json) || typeof json.advance_ms !== "number") throw new TypeError("clock needs advance_ms");
      sandbox.advanceClock(json.advance_ms);
      return { now: sandbox.now() };
    }
    case "POST advance": {
      const json = body();
      if (!isObject(json) || typeof json.id !== "string") throw new TypeError("advance needs an id");
      sandbox.advance(json.id, json.outcome === "fail" ? "fail" : "succeed");
      return { advanced: json.id };
    }
    case "GET code": {
      const code = sandbox.codeOf(query.get("to") ?? query.get("sid") ?? "");
      if (code === undefined) throw new TypeError("code needs the sid of a verification, or a to that one was sent to");
      return { code };
    }
    default:
      return undefined;
  }
}

function moved(sandbox: TwilioSandbox, query: URLSearchParams): unknown {
  const order = query.get("order");
  const { bills, ...truth } = sandbox.moneyMoved();
  const totals = { ...truth, billCount: bills.length, requestCount: sandbox.requestCount() };
  if (query.get("totals") === "1") return totals;
  return { ...totals, bills: order === null ? bills : sandbox.billsOf(Number(order)) };
}
