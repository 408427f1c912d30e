/** For the tests beside this file: requests as the gateway hands them over, answers, prices and a key. Never imported by the product. */
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
  parsePriceCard,
  priceOf,
  refusesPrice,
} from "@keybrake/core";
import type {
  Credential,
  Estimate,
  Instant,
  LookUpAnswer,
  MoneyEstimate,
  PriceCard,
  Pricing,
  VaultKey,
  VendorAnswer,
  VendorCall,
  VendorRequest,
} from "@keybrake/core";
import { estimate } from "./estimate.ts";
import { operations } from "./operations.ts";
import { readParameters } from "./parameters.ts";
import { RATE_CARD } from "./rate-card.ts";

const NOW: Instant = instant(Date.UTC(2026, 10, 25));

/** Made-up round rates: 1 EUR = 1.25 USD = 150 JPY, with a margin of at least 4 %. */
const RATES = parseEcbCsv(
  "Date,USD,JPY\n2026-11-24,1.25,150\n2026-11-23,1.20,150\n2026-11-20,1.20,150\n2026-11-19,1.20,150\n2026-11-18,1.20,150\n",
);

/** `{"messages.create": {"sms_segment": {"FR": "0.08"}}}`: what an operator wrote, and what the built-in card says. */
export function pricingOf(
  prices: Readonly<Record<string, Readonly<Record<string, string | Readonly<Record<string, string | null>>>>>> = {},
): Pricing {
  const cards = { file: Object.keys(prices).length === 0 ? null : cardOf(prices), card: RATE_CARD };
  return {
    now: NOW,
    convert: (amount) => convertToUsd(RATES, amount, NOW),
    price: (from, { operation, unit, qualifiers }) => {
      const card: PriceCard | null = cards[from];
      const price = card === null ? null : priceOf(card, operation, unit, qualifiers);
      if (price === null && card !== null && from === "file" && refusesPrice(card, operation, unit, qualifiers))
        return { kind: "none", why: "The price file says that it has no price.", refuses: true };
      if (price === null) return { kind: "none", why: "" };
      return { kind: "price", price: price.each, source: price.source, asOf: price.asOf };
    },
  };
}

function cardOf(prices: object): PriceCard {
  const read = parsePriceCard({ source: "our order form", as_of: "2026-11-01", prices });
  invariant(read.ok, read.ok ? "" : read.problems.join(" "));
  return read.card;
}

/** The real account, and one that belongs to it. */
export const ACCOUNT: string = `AC${"1".repeat(32)}`;
export const SUB_ACCOUNT: string = `AC${"2".repeat(32)}`;
export const MESSAGE: string = `SM${"a".repeat(32)}`;
export const CALL: string = `CA${"b".repeat(32)}`;

export const MESSAGES: string = `POST /2010-04-01/Accounts/${ACCOUNT}/Messages.json`;
export const CALLS: string = `POST /2010-04-01/Accounts/${ACCOUNT}/Calls.json`;
export const PARTICIPANTS: string = `POST /2010-04-01/Accounts/${ACCOUNT}/Conferences/CF${"c".repeat(32)}/Participants.json`;
export const VERIFICATIONS: string = `POST /verify/v2/Services/VA${"d".repeat(32)}/Verifications`;
export const CHECKS: string = `POST /verify/v2/Services/VA${"d".repeat(32)}/VerificationCheck`;
export const BATCH = "POST /lookups/v2/batch/query";

const FORM = { "content-type": "application/x-www-form-urlencoded" };
export const JSON_TYPE = { "content-type": "application/json" };

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
    segments: path.slice(1).split("/").map(decodeURIComponent),
    query,
    headers: new Map(Object.entries({ ...(bytes.length > 0 ? FORM : {}), ...headers })),
    body: bytes,
  };
}

/** `callOf(MESSAGES, { To: "+14155552671", Body: "Hello" })`: matched and read. */
export function callOf(
  line: string,
  body: string | Readonly<Record<string, string>> = "",
  headers: Readonly<Record<string, string>> = {},
): VendorCall {
  const request = requestOf(line, typeof body === "string" ? body : new URLSearchParams(body).toString(), headers);
  const match = operations.match(request.method, request.segments);
  const read = readParameters(request);
  invariant(match !== null, `no operation matches ${line}`);
  invariant(read.kind === "parameters", read.kind === "parameters" ? "" : read.why);
  return { request, operation: match.operation, pathParameters: match.pathParameters, parameters: read.parameters };
}

/** The estimate, with an answer for every question by its path; without one, it is not answered. */
export function estimated(
  call: VendorCall,
  pricing: Pricing,
  lists: Readonly<Record<string, unknown>> = {},
): { readonly estimate: Exclude<Estimate, { kind: "look_up" }>; readonly asked: readonly string[] } {
  const asked: string[] = [];
  const answers: LookUpAnswer[] = [];
  for (;;) {
    const found = estimate(call, pricing, answers);
    if (found.kind !== "look_up") return { estimate: found, asked };
    invariant(operations.match("GET", found.path.slice(1).split("/"))?.operation.class === "read", found.path);
    asked.push(found.path);
    invariant(asked.length <= 5, "more questions than the gateway asks");
    const json = lists[found.path];
    answers.push(json === undefined ? { status: 0, json: null } : { status: 200, json });
  }
}

export function moneyOf(
  call: VendorCall,
  pricing: Pricing = pricingOf(),
  lists: Readonly<Record<string, unknown>> = {},
): MoneyEstimate {
  const found = estimated(call, pricing, lists).estimate;
  invariant(
    found.kind === "money",
    JSON.stringify(found, (_, value) => (typeof value === "bigint" ? String(value) : value)),
  );
  return found;
}

/** Twilio's list for messages: the current prices by carrier. */
export function messagingList(
  iso: string,
  carriers: readonly (readonly string[])[],
  unit = "USD",
): Record<string, unknown> {
  return {
    country: iso,
    iso_country: iso,
    price_unit: unit,
    inbound_sms_prices: [{ number_type: "local", base_price: "9", current_price: "9" }],
    outbound_sms_prices: carriers.map((prices, index) => ({
      carrier: `carrier ${index}`,
      mcc: "310",
      mnc: "410",
      prices: prices.map((price) => ({ number_type: "local", base_price: "9", current_price: price })),
    })),
  };
}

/** Twilio's list for calls: `[price, destination prefixes, origins]`. */
export function voiceList(
  iso: string,
  entries: readonly (readonly [price: string, prefixes: readonly string[], origins?: readonly string[]])[],
): Record<string, unknown> {
  return {
    country: iso,
    iso_country: iso,
    price_unit: "USD",
    inbound_call_prices: [],
    outbound_prefix_prices: entries.map(([price, prefixes, origins]) => ({
      friendly_name: "a minute",
      base_price: "9",
      current_price: price,
      destination_prefixes: prefixes,
      origination_prefixes: origins ?? ["ALL"],
    })),
  };
}

export function answerOf(
  status: number,
  json: unknown,
  headers: Readonly<Record<string, string>> = { "twilio-request-id": "RQ1" },
): VendorAnswer {
  const body =
    json === undefined ? null : new TextEncoder().encode(typeof json === "string" ? json : JSON.stringify(json));
  return { status, headers: new Map(Object.entries(headers)), body };
}

export function messageJson(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    sid: MESSAGE,
    account_sid: ACCOUNT,
    status: "queued",
    num_segments: "1",
    price: null,
    price_unit: "USD",
    ...more,
  };
}

export function callJson(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { sid: CALL, account_sid: ACCOUNT, status: "queued", duration: null, price: null, price_unit: "USD", ...more };
}

export function errorJson(status: number, code = 21_211): Record<string, unknown> {
  return { code, message: "No.", more_info: `https://www.twilio.com/docs/errors/${code}`, status };
}

export function credentialOf(more: Partial<Credential> = {}): Credential {
  return {
    id: asCredentialId("cred_1"),
    vendor: "twilio",
    name: "default",
    livemode: true,
    sandbox: false,
    accountId: ACCOUNT,
    isDefault: true,
    createdAt: NOW,
    rotatedAt: null,
    removedAt: null,
    ...more,
  };
}

export function keyOf(more: Partial<VaultKey> = {}): VaultKey {
  return {
    id: asKeyId("key_01k9zq8r6n3v5x7y9a1c3e5g7j"),
    tokenHash: "0".repeat(64),
    vendor: "twilio",
    credentialId: asCredentialId("cred_1"),
    livemode: true,
    sandbox: false,
    label: null,
    temporal: null,
    allowedEndpoints: ["**"],
    caps: [
      {
        id: asBudgetId("budget_1"),
        window: "total",
        limit: microUsd(1_000_000_000_000n),
        timeZone: "UTC",
        directions: ["usage"],
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
