/** For the tests beside this file: requests as the gateway hands them over, answers, and a key. Never imported by the product. */
import {
  asApiKeyId,
  asBudgetId,
  asCredentialId,
  asKeyId,
  convertToUsd,
  instant,
  invariant,
  microUsd,
  parseEcbCsv,
} from "@keybrake/core";
import type { Instant, Pricing, VaultKey, VendorAnswer, VendorCall, VendorRequest } from "@keybrake/core";
import { operations } from "./operations.ts";
import { readParameters } from "./parameters.ts";

const NOW: Instant = instant(Date.UTC(2026, 10, 2));

/** Two days of made-up round rates: 1 EUR = 1.25 USD = 150 JPY, with a margin of at least 4 %. */
const RATES = parseEcbCsv(
  "Date,USD,JPY\n2026-10-30,1.25,150\n2026-10-29,1.20,150\n2026-10-28,1.20,150\n2026-10-27,1.20,150\n2026-10-26,1.20,150\n",
);

export const pricing: Pricing = {
  now: NOW,
  convert: (amount) => convertToUsd(RATES, amount, NOW),
  price: () => ({ kind: "none", why: "Nothing has a price here." }),
};

const FORM = { "content-type": "application/x-www-form-urlencoded" };
const JSON_TYPE = { "content-type": "application/json" };

export function requestOf(
  line: string,
  body: string | Uint8Array = "",
  headers: Readonly<Record<string, string>> = {},
): VendorRequest {
  const [method = "", target = ""] = line.split(" ");
  const [path = "", query = ""] = target.split("?");
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return {
    method,
    path,
    segments: path.slice(1).split("/"),
    query,
    headers: new Map(Object.entries({ ...(bytes.length > 0 ? typeOf(path) : {}), ...headers })),
    body: bytes,
  };
}

function typeOf(path: string): Readonly<Record<string, string>> {
  return path.startsWith("/v2/") ? JSON_TYPE : FORM;
}

/** `callOf("POST /v1/refunds", "charge=ch_1")`: matched and read. */
export function callOf(line: string, body = "", headers: Readonly<Record<string, string>> = {}): VendorCall {
  const request = requestOf(line, body, headers);
  const match = operations.match(request.method, request.segments);
  const read = readParameters(request);
  invariant(match !== null, `no operation matches ${line}`);
  invariant(read.kind === "parameters", `the parameters of ${line} are ambiguous`);
  return { request, operation: match.operation, pathParameters: match.pathParameters, parameters: read.parameters };
}

export function answerOf(
  status: number,
  json: unknown,
  headers: Readonly<Record<string, string>> = { "request-id": "req_1" },
): VendorAnswer {
  const body =
    json === undefined ? null : new TextEncoder().encode(typeof json === "string" ? json : JSON.stringify(json));
  return { status, headers: new Map(Object.entries(headers)), body };
}

export function intentJson(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id: "pi_1",
    object: "payment_intent",
    amount: 10_000,
    amount_capturable: 0,
    amount_received: 0,
    currency: "usd",
    latest_charge: null,
    status: "requires_payment_method",
    ...more,
  };
}

export function chargeJson(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id: "ch_1",
    object: "charge",
    amount: 10_000,
    amount_captured: 10_000,
    amount_refunded: 0,
    captured: true,
    currency: "usd",
    payment_intent: null,
    refunded: false,
    status: "succeeded",
    ...more,
  };
}

export function refundJson(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id: "re_1",
    object: "refund",
    amount: 10_000,
    currency: "usd",
    charge: "ch_1",
    status: "succeeded",
    ...more,
  };
}

export function keyOf(more: Partial<VaultKey> = {}): VaultKey {
  return {
    id: asKeyId("key_1"),
    tokenHash: "0".repeat(64),
    vendor: "stripe",
    credentialId: asCredentialId("cred_1"),
    livemode: false,
    sandbox: true,
    label: null,
    temporal: null,
    allowedEndpoints: ["**"],
    caps: [
      {
        id: asBudgetId("budget_1"),
        window: "total",
        limit: microUsd(1_000_000_000_000n),
        timeZone: "UTC",
        directions: ["collected", "paid_out", "usage"],
      },
    ],
    perCallCap: null,
    uncapped: false,
    rateLimit: null,
    onDecline: "keep",
    accounts: [],
    constraints: {},
    allowUnbounded: {},
    issuedBy: asApiKeyId("api_1"),
    createdAt: NOW,
    expiresAt: instant(NOW + 3_600_000),
    revokedAt: null,
    ...more,
  };
}
