/**
 * Step 5: what the call can move at most. The vendor's own estimator says it, and where the request does not carry the amount it
 * names a look-up; this file only asks. A look-up is a GET of one object, in the account of the call, and moves nothing.
 */
import { formatUsdForPeople, operationUnbounded, refusal } from "@keybrake/core";
import type {
  Credential,
  Estimate,
  LookUp,
  LookUpAnswer,
  Operation,
  Pricing,
  Refusal,
  Secret,
  VaultKey,
  Vendor,
  VendorCall,
} from "@keybrake/core";
import type { Call } from "./call.ts";
import { decodeBody } from "./decode.ts";
import type { Forwarder } from "./forward.ts";
import { headerValue } from "./headers.ts";
import type { Limits } from "./limits.ts";
import type { LookUpCache } from "./look-up-cache.ts";
import type { LookUpRate } from "./look-up-rate.ts";
import { keyRevoked } from "./authenticate.ts";

export interface Upstream {
  readonly credential: Credential;
  readonly secret: Secret<string>;
  /** Where all of the vendor's requests go instead of its own hosts; null: its own. */
  readonly baseUrl: string | null;
}

export type Estimated = Extract<Estimate, { kind: "nothing" | "money" | "refused" }>;

/** What our own questions say of themselves, so that they can be told from the caller's in the vendor's log. */
const LOOK_UP_USER_AGENT = "Keybrake";

export async function estimateCall(
  call: Call,
  vendorCall: VendorCall,
  pricing: Pricing,
  upstream: Upstream,
  forwarder: Forwarder,
  lookUpRate: LookUpRate,
  lookUpCache: LookUpCache,
  limits: Limits,
): Promise<Estimated> {
  const { key } = call;
  if (key === null) return refused(refusal("vault_key_invalid", "There is no vault key."));
  const { operation } = vendorCall;
  if (operation.class === "unbounded")
    return atCeiling(key, operation, { direction: operation.directions[0] ?? "usage", why: operation.reason });
  const answers: LookUpAnswer[] = [];
  for (;;) {
    const estimate = call.vendor.estimate(vendorCall, pricing, answers);
    if (estimate.kind === "unbounded") return atCeiling(key, operation, estimate);
    if (estimate.kind !== "look_up") return estimate;
    if (answers.length === limits.lookUpsMax)
      return refused(refusal("amount_unknown", "Its amount is further away than Keybrake looks."));
    const known = lookUpCache.get(upstream.credential.id, estimate, pricing.now);
    if (known !== null) {
      answers.push(known);
      continue;
    }
    const tooMany = lookUpRate(key, pricing.now);
    if (tooMany !== null) return refused(tooMany);
    const answer = await lookUp(call, vendorCall, estimate, upstream, forwarder, limits);
    if (!("code" in answer)) {
      lookUpCache.put(upstream.credential.id, estimate, answer, pricing.now);
      // A vendor that is not well has said nothing new; what it said before is better than nothing.
      const before = answer.status >= 500 ? lookUpCache.stale(upstream.credential.id, estimate, pricing.now) : null;
      answers.push(before ?? answer);
    } else if (estimate.optional === true && answer.code === "unavailable")
      answers.push(lookUpCache.stale(upstream.credential.id, estimate, pricing.now) ?? { status: 0, json: null });
    else return refused(answer);
  }
}

/** Nothing bounds the call but what the key's issuer says that it may cost; so much is held. */
function atCeiling(
  key: VaultKey,
  operation: Operation,
  {
    direction,
    why,
    atLeast,
    inject,
  }: Omit<Extract<Estimate, { kind: "unbounded" }>, "kind" | "why"> & {
    readonly why: string | undefined;
  },
): Estimated {
  const ceiling = Object.hasOwn(key.allowUnbounded, operation.name) ? key.allowUnbounded[operation.name] : undefined;
  if (ceiling === undefined) return refused(operationUnbounded(operation, why));
  // A ceiling is for what nobody knows. What is known must fit below it, or it would be a way around the price.
  if (atLeast !== undefined && atLeast > ceiling.maxPerCall)
    return refused(
      refusal(
        "operation_unbounded",
        `What is known of this call can cost ${formatUsdForPeople(atLeast)} by itself, and this vault key's ceiling for ${operation.name} is ${formatUsdForPeople(ceiling.maxPerCall)}.`,
      ),
    );
  return {
    kind: "money",
    direction,
    amount: null,
    exposure: ceiling.maxPerCall,
    object: null,
    rateDate: null,
    basis: [
      `${operation.name} has no bound ${why === undefined ? "of its own" : `here (${why})`}; this vault key counts it at its ceiling.`,
    ],
    ...(inject === undefined ? {} : { inject }),
  };
}

function refused(why: Refusal): Estimated {
  return { kind: "refused", refusal: why };
}

async function lookUp(
  call: Call,
  vendorCall: VendorCall,
  { path, query, carries = [] }: LookUp,
  upstream: Upstream,
  forwarder: Forwarder,
  limits: Limits,
): Promise<LookUpAnswer | Refusal> {
  const { vendor, key } = call;
  if (key === null) return refusal("vault_key_invalid", "There is no vault key.");
  const headers = ["Accept", "application/json", "User-Agent", LOOK_UP_USER_AGENT];
  // The object of another account is another object.
  for (const name of [...(vendor.idempotency?.scopeHeaders ?? []), ...carries]) {
    const value = vendorCall.request.headers.get(name);
    if (value !== undefined) headers.push(name, value);
  }
  call.passage = forwarder.send({
    ...upstream,
    vendor,
    keyId: key.id,
    method: "GET",
    ...targetOf(vendor, upstream, path, query, null),
    headers,
    authorizationAt: headers.length,
    body: null,
    bufferBytes: () => limits.lookUpBytesMax,
    stillWanted: () => !call.abandoned,
  });
  const forwarded = await call.passage.result;
  call.passage = null;
  switch (forwarded.kind) {
    case "not_sent":
      if (forwarded.reason === "revoked") return keyRevoked(key);
      return refusal("unavailable", `The vendor could not be asked for the amount: ${forwarded.why}`);
    case "lost":
      return refusal("unavailable", `The vendor did not answer when it was asked for the amount: ${forwarded.why}`);
    case "long":
      forwarded.rest.abort();
      return refusal("unavailable", "The vendor's answer about the amount is too long.");
    case "whole": {
      const { status, headers: answerHeaders } = forwarded.head;
      const body = decodeBody(forwarded.body, headerValue(answerHeaders, "content-encoding"), limits.decodedBytesMax);
      return { status, json: body === null ? null : parsed(body) };
    }
  }
}

/** Where a request goes: below the one base URL that was set, or to the vendor's own host for it. */
export function targetOf(
  vendor: Vendor,
  upstream: Upstream,
  path: string,
  query: string,
  operation: Operation | null,
): { readonly baseUrl: string; readonly target: string } {
  const to = upstream.baseUrl === null ? vendor.destination(path, operation) : { baseUrl: upstream.baseUrl, path };
  return { baseUrl: to.baseUrl, target: query === "" ? to.path : `${to.path}?${query}` };
}

/** The body with the parameters that bound it; the vendor's estimator adds them only to forms. */
export function withInjected(body: Uint8Array, estimate: Exclude<Estimated, { kind: "refused" }>): Uint8Array {
  const inject = estimate.kind === "money" ? (estimate.inject ?? []) : [];
  if (inject.length === 0) return body;
  const added = inject.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
  return Buffer.concat([body, Buffer.from(body.length === 0 ? added : `&${added}`)]);
}

/** Null for what is no JSON: the vendor's estimator then finds nothing to read. */
function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return null;
  }
}
