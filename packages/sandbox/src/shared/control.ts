// The control plane under /_sandbox: what a test in another process asks of a sandbox. It is not part of the fake vendor:
// its requests are neither authenticated nor recorded, and it listens where the sandbox listens, on loopback.
// What every vendor has is here; what only one has, its own `control.ts` answers.

import type { ServerResponse } from "node:http";
import { ruleFromJson } from "./misbehaviour.ts";
import type { Sandbox } from "./sandbox.ts";

export interface ControlRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: Buffer;
}

/** A vendor's own part: "GET moved" and its like. undefined: not one of its own. TypeError: asked wrongly, and why. */
export type VendorControl = (operation: string, query: URLSearchParams, body: () => unknown) => unknown;

const REQUESTS_PER_PAGE = 1000;

export function handleControl(
  vendor: string,
  sandbox: Sandbox,
  own: VendorControl,
  request: ControlRequest,
  response: ServerResponse,
): void {
  try {
    const operation = `${request.method} ${request.path.slice("/_sandbox/".length)}`;
    const query = new URLSearchParams(request.query);
    const body = (): unknown => JSON.parse(request.body.toString("utf8"));
    const answer = own(operation, query, body) ?? common(vendor, sandbox, operation, query, body);
    if (answer === undefined) send(response, 404, { error: `no ${request.method} ${request.path} here` });
    else send(response, 200, answer);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
    send(response, 400, { error: error.message });
  }
}

function common(
  vendor: string,
  sandbox: Sandbox,
  operation: string,
  query: URLSearchParams,
  body: () => unknown,
): unknown {
  switch (operation) {
    case "GET health":
      return { sandbox: true, vendor, requests: sandbox.requestCount() };
    case "GET requests":
      return requests(sandbox, Number(query.get("since") ?? "0"));
    case "POST misbehave": {
      const json = body();
      const rules = (Array.isArray(json) ? json : [json]).map(ruleFromJson);
      for (const rule of rules) sandbox.misbehave(rule);
      return { added: rules.length };
    }
    case "DELETE misbehave":
      sandbox.clearMisbehaviour();
      return { cleared: true };
    case "POST reset":
      sandbox.reset();
      return { reset: true };
    default:
      return undefined;
  }
}

function requests(sandbox: Sandbox, since: number): unknown {
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
