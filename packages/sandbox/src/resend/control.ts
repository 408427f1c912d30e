// Resend's part of the control plane: the mails that were sent, the clock, the rate limit, and mail from outside.

import { isObject, textOf } from "../shared/json.ts";
import { ResendFailure } from "./errors.ts";
import type { ResendSandbox } from "./server.ts";

export function resendControl(
  sandbox: ResendSandbox,
  operation: string,
  query: URLSearchParams,
  body: () => unknown,
): unknown {
  switch (operation) {
    case "GET sent":
      if (query.has("order")) return { mails: sandbox.mailsSentBy(Number(query.get("order"))) };
      return sent(sandbox, query.get("totals") === "1");
    case "POST clock": {
      const json = body();
      if (!isObject(json) || typeof json.advance_ms !== "number") throw new TypeError("clock needs advance_ms");
      sandbox.advanceClock(json.advance_ms);
      return { now: sandbox.now() };
    }
    case "POST rate_limit": {
      const json = body();
      const perSecond = isObject(json) ? json.per_second : undefined;
      if (perSecond !== null && typeof perSecond !== "number") throw new TypeError("rate_limit needs per_second");
      sandbox.limitRate(perSecond);
      return { per_second: perSecond };
    }
    case "POST receive":
      return receive(sandbox, body());
    default:
      return undefined;
  }
}

function sent(sandbox: ResendSandbox, totalsOnly: boolean): unknown {
  const truth = sandbox.mailsSent();
  const totals = {
    sent: truth.sent,
    scheduled: truth.scheduled,
    requestCount: sandbox.requestCount(),
    whole: truth.whole,
  };
  if (totalsOnly) return totals;
  return { ...totals, mailings: truth.mailings, mailsByOrder: Object.fromEntries(truth.mailsByOrder) };
}

function receive(sandbox: ResendSandbox, json: unknown): unknown {
  if (!isObject(json)) throw new TypeError("a received mail is a JSON object");
  const texts = (field: string): readonly string[] => {
    const value = json[field];
    return Array.isArray(value) ? value.map(textOf) : [];
  };
  try {
    const mail = { from: textOf(json.from), to: texts("to"), cc: texts("cc"), subject: textOf(json.subject) };
    return sandbox.receive(textOf(json.inbox_id), mail);
  } catch (error) {
    if (error instanceof ResendFailure) throw new TypeError(error.message, { cause: error });
    throw error;
  }
}
