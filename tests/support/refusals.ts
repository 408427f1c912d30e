/**
 * Ways to be refused, as data: what kind of key, what is done first, what is then refused and with which status. The acts are named
 * here and done by each SDK in its own words. And a server that says every refusal there is, rendered by the vendor's own form, for
 * those that no test can provoke from outside.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { publicCode, REFUSALS, refusal, type RefusalCode } from "@keybrake/core";
import type { MisbehaviourRule } from "@keybrake/sandbox";
import { stripe } from "@keybrake/vendors";
import { issueKey, type IssuedKey, type Json } from "./keybrake.ts";
import type { World } from "./vendor.ts";

export type Act =
  | "charge $10"
  | "charge in a currency without a rate"
  | "charge and send a part on"
  | "confirm a PaymentIntent that is not there"
  | "create a customer with a megabyte of metadata"
  | "create a subscription"
  | "create a webhook endpoint"
  | "read the balance"
  | "retrieve a customer whose id has a slash";

export interface Provoked {
  readonly what: string;
  readonly code: RefusalCode;
  readonly key?: Json;
  /** What becomes of the key, once issued. */
  readonly fate?: "expired" | "mistyped" | "revoked" | "the vendor's real secret";
  readonly first?: Act;
  readonly act: Act;
  readonly sandbox?: MisbehaviourRule;
}

const LOST_AFTER_WORK: MisbehaviourRule = { action: "reset_after_work", match: { method: "POST" } };

export const PROVOKED: readonly Provoked[] = [
  { what: "a mistyped key", code: "vault_key_invalid", fate: "mistyped", act: "charge $10" },
  { what: "the real secret", code: "vault_key_invalid", fate: "the vendor's real secret", act: "charge $10" },
  { what: "an expired key", code: "vault_key_expired", fate: "expired", act: "charge $10" },
  { what: "a revoked key", code: "vault_key_revoked", fate: "revoked", act: "charge $10" },
  {
    what: "an endpoint that the key does not name",
    code: "endpoint_not_allowed",
    key: { allowed_endpoints: ["GET /v1/balance"] },
    act: "charge $10",
  },
  {
    what: "money for another account",
    code: "parameter_not_allowed",
    act: "charge and send a part on",
  },
  { what: "an operation without a bound", code: "operation_unbounded", act: "create a subscription" },
  { what: "an operation that hands out a secret", code: "operation_exposes_secret", act: "create a webhook endpoint" },
  {
    what: "an amount that cannot be looked up",
    code: "amount_unknown",
    act: "confirm a PaymentIntent that is not there",
  },
  { what: "a currency without a rate", code: "currency_unpriced", act: "charge in a currency without a rate" },
  {
    what: "more than one call may cost",
    code: "per_call_cap_exceeded",
    key: { per_call_usd_cap: "9.99" },
    act: "charge $10",
  },
  {
    what: "more than is left",
    code: "spend_cap_exceeded",
    key: { total_usd_cap: 15 },
    first: "charge $10",
    act: "charge $10",
  },
  {
    what: "too many calls",
    code: "rate_limited",
    key: { rate_limit: { calls: 1, per: "hour" } },
    first: "read the balance",
    act: "read the balance",
  },
  {
    what: "a path that can be read in two ways",
    code: "request_ambiguous",
    act: "retrieve a customer whose id has a slash",
  },
  {
    what: "a body that is too long",
    code: "request_too_large",
    act: "create a customer with a megabyte of metadata",
  },
  { what: "an answer that never came", code: "outcome_unknown", act: "charge $10", sandbox: LOST_AFTER_WORK },
  {
    what: "a page in place of an answer",
    code: "vendor_answer_unusable",
    act: "read the balance",
    sandbox: { action: "html_502" },
  },
];

/** What an SDK's typed error said, in the same words for every SDK. */
export interface Said {
  /** Of the class that was raised, without the language's ornaments: `AuthenticationError`. */
  readonly error: string;
  readonly status: number | null;
  readonly code: string | null;
  readonly message: string;
  readonly requestId: string | null;
}

/** The class that the SDKs have for a status; both agree. */
function errorClassOf(status: number): string {
  const byStatus: Readonly<Record<number, string>> = {
    400: "InvalidRequestError",
    401: "AuthenticationError",
    403: "PermissionError",
    429: "RateLimitError",
  };
  return byStatus[status] ?? "APIError";
}

export function expectedOf(code: RefusalCode): Omit<Said, "message" | "requestId"> {
  const { status } = REFUSALS[code];
  return { error: errorClassOf(status), status, code: publicCode(code) };
}

/** Long enough that the key is issued before it has expired. */
const EXPIRES_SOON_MS = 200;

/** A key as the case wants it. Waits until an expired one has expired. */
export async function keyFor(world: World, provoked: Provoked): Promise<{ key: IssuedKey; token: string }> {
  const { keybrake } = world;
  // The tests' usual expires_in is left out: a key has the one or the other.
  const soon = { expires_in: undefined, expires_at: new Date(Date.now() + EXPIRES_SOON_MS).toISOString() };
  const key = await issueKey(keybrake, { ...provoked.key, ...(provoked.fate === "expired" ? soon : {}) });
  switch (provoked.fate) {
    case "mistyped":
      return { key, token: key.vault_key.slice(0, -1) + (key.vault_key.endsWith("A") ? "B" : "A") };
    case "the vendor's real secret":
      return { key, token: world.sandbox.secretKey };
    case "revoked":
      await keybrake.api("DELETE", `/vault/keys/${key.key_id}`);
      break;
    case "expired":
      while ((await keybrake.api("GET", `/vault/keys/${key.key_id}`)).body["status"] !== "expired")
        await new Promise((resolve) => setTimeout(resolve, 20));
      break;
    case undefined:
      break;
  }
  return { key, token: key.vault_key };
}

export interface Refuser extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** How many requests have come since. */
  says(code: RefusalCode): { readonly count: () => number };
}

/** Every code but those after which a retry is safe and wanted. */
export const FINAL_CODES: readonly RefusalCode[] = (Object.keys(REFUSALS) as RefusalCode[]).filter(
  (code) => REFUSALS[code].retry !== "safe",
);

export const RENDERED_CALL_ID = "call_00000000000000000000000000";

/** Answers everything with one refusal, in the bytes in which the gateway would say it. */
export async function startRefuser(): Promise<Refuser> {
  let code: RefusalCode = "spend_cap_exceeded";
  let count = 0;
  const server = createServer((request, response) => {
    count += 1;
    const answer = stripe.renderRefusal(refusal(code, "For a test.", { retryAfterSeconds: 2 }), RENDERED_CALL_ID);
    request.resume().on("end", () => {
      response.writeHead(answer.status, answer.headers.flat());
      response.end(answer.body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    says(next) {
      code = next;
      const before = count;
      return { count: () => count - before };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
