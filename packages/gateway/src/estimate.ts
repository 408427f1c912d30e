/**
 * Step 5: what the call can move at most. The vendor's own estimator says it, and where the request does not carry the amount it
 * names a look-up; this file only asks. A look-up is a GET of one object, in the account of the call, and moves nothing.
 */
import { refusal, type Credential, type Estimate, type LookUpAnswer, type Pricing } from "@keybrake/core";
import type { Refusal, Secret, VendorCall } from "@keybrake/core";
import type { Call } from "./call.ts";
import { decodeBody } from "./decode.ts";
import type { Forwarder } from "./forward.ts";
import { headerValue } from "./headers.ts";
import type { Limits } from "./limits.ts";
import type { LookUpRate } from "./look-up-rate.ts";
import { keyRevoked } from "./authenticate.ts";

export interface Upstream {
  readonly credential: Credential;
  readonly secret: Secret<string>;
  readonly baseUrl: string;
}

export type Estimated = Exclude<Estimate, { kind: "look_up" }>;

/** What our own questions say of themselves, so that they can be told from the caller's in the vendor's log. */
const LOOK_UP_USER_AGENT = "Keybrake";

export async function estimateCall(
  call: Call,
  vendorCall: VendorCall,
  pricing: Pricing,
  upstream: Upstream,
  forwarder: Forwarder,
  lookUpRate: LookUpRate,
  limits: Limits,
): Promise<Estimated> {
  const answers: LookUpAnswer[] = [];
  for (;;) {
    const estimate = call.vendor.estimate(vendorCall, pricing, answers);
    if (estimate.kind !== "look_up") return estimate;
    if (answers.length === limits.lookUpsMax)
      return refused(refusal("amount_unknown", "Its amount is further away than Keybrake looks."));
    const tooMany = call.key === null ? null : lookUpRate(call.key, pricing.now);
    if (tooMany !== null) return refused(tooMany);
    const answer = await lookUp(call, vendorCall, estimate, upstream, forwarder, limits);
    if ("code" in answer) return refused(answer);
    answers.push(answer);
  }
}

function refused(why: Refusal): Estimated {
  return { kind: "refused", refusal: why };
}

async function lookUp(
  call: Call,
  vendorCall: VendorCall,
  { path, query }: Extract<Estimate, { kind: "look_up" }>,
  upstream: Upstream,
  forwarder: Forwarder,
  limits: Limits,
): Promise<LookUpAnswer | Refusal> {
  const { vendor, key } = call;
  if (key === null) return refusal("vault_key_invalid", "There is no vault key.");
  const headers = ["Accept", "application/json", "User-Agent", LOOK_UP_USER_AGENT];
  // The object of another account is another object.
  for (const name of vendor.idempotency?.scopeHeaders ?? []) {
    const value = vendorCall.request.headers.get(name);
    if (value !== undefined) headers.push(name, value);
  }
  call.passage = forwarder.send({
    ...upstream,
    vendor,
    keyId: key.id,
    method: "GET",
    target: query === "" ? path : `${path}?${query}`,
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

/** Null for what is no JSON: the vendor's estimator then finds nothing to read. */
function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return null;
  }
}
