// The control plane under /_sandbox: what a test in another process asks of the sandbox. It is not part of the fake vendor:
// its requests are neither authenticated nor recorded, and it listens where the sandbox listens, on loopback.

import type { ServerResponse } from "node:http";
import { StripeFailure } from "./errors.ts";
import { ruleFromJson } from "./misbehaviour.ts";
import { isObject } from "./objects.ts";
import type { StripeSandbox } from "./server.ts";

interface ControlRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: Buffer;
}

const REQUESTS_PER_PAGE = 1000;

export function handleControl(sandbox: StripeSandbox, request: ControlRequest, response: ServerResponse): void {
  try {
    const answer = answerOf(sandbox, request);
    if (answer === undefined) send(response, 404, { error: `no ${request.method} ${request.path} here` });
    else send(response, 200, answer);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof SyntaxError || error instanceof StripeFailure)) throw error;
    send(response, 400, { error: error.message });
  }
}

function answerOf(sandbox: StripeSandbox, request: ControlRequest): unknown {
  const query = new URLSearchParams(request.query);
  switch (`${request.method} ${request.path.slice("/_sandbox/".length)}`) {
    case "GET health":
      return { sandbox: true, vendor: "stripe", requests: sandbox.requestCount() };
    case "GET moved":
      return moved(sandbox, query.get("totals") === "1");
    case "GET requests":
      return requests(sandbox, Number(query.get("since") ?? "0"));
    case "POST misbehave": {
      const json: unknown = JSON.parse(request.body.toString("utf8"));
      const rules = (Array.isArray(json) ? json : [json]).map(ruleFromJson);
      for (const rule of rules) sandbox.misbehave(rule);
      return { added: rules.length };
    }
    case "DELETE misbehave":
      sandbox.clearMisbehaviour();
      return { cleared: true };
    case "POST advance": {
      const json: unknown = JSON.parse(request.body.toString("utf8"));
      if (!isObject(json) || typeof json.id !== "string") throw new TypeError("advance needs an id");
      return sandbox.advance(json.id, json.outcome === "fail" ? "fail" : "succeed");
    }
    case "POST reset":
      sandbox.reset();
      return { reset: true };
    default:
      return undefined;
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

function requests(sandbox: StripeSandbox, since: number): unknown {
  const all = sandbox.journal().filter((request) => request.order > since);
  const page = all
    .slice(0, REQUESTS_PER_PAGE)
    .map(({ body, ...rest }) => ({ ...rest, body: body.toString("utf8"), bodyBase64: body.toString("base64") }));
  return { requests: page, more: all.length > page.length };
}

function send(response: ServerResponse, status: number, value: unknown): void {
  // Amounts are bigint; in JSON they are decimal strings of minor units.
  const body = Buffer.from(
    JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? item.toString() : item)),
  );
  response.writeHead(status, ["Content-Type", "application/json", "Content-Length", String(body.length)]);
  response.end(body);
}
