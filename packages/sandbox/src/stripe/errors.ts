// Stripe's errors as values to throw inside a handler; `server.ts` writes them down in Stripe's shape.
// `stored` says whether an idempotency key remembers the answer: Stripe stores it once the endpoint began to execute,
// and does not for parameter errors, conflicts and rate limits (docs.stripe.com/api/idempotent_requests).

import type { Json, JsonObject } from "../shared/json.ts";

export class StripeFailure extends Error {
  readonly status: number;
  readonly body: JsonObject;
  readonly stored: boolean;
  readonly headers: readonly string[];

  constructor(status: number, body: JsonObject, stored: boolean, headers: readonly string[] = []) {
    super(typeof body.message === "string" ? body.message : "");
    this.name = "StripeFailure";
    this.status = status;
    this.body = body;
    this.stored = stored;
    this.headers = headers;
  }
}

const docUrl = (code: string): string => `https://docs.stripe.com/error-codes#${code.replaceAll("_", "-")}`;

function body(type: string, message: string, code: string | null, param: string | null): JsonObject {
  const out: Record<string, Json> = {};
  if (code !== null) {
    out.code = code;
    out.doc_url = docUrl(code);
  }
  out.message = message;
  if (param !== null) out.param = param;
  out.type = type;
  return out;
}

/** A parameter did not pass validation: nothing was executed, nothing is stored. */
export function invalidParameter(message: string, code: string | null, param: string | null): StripeFailure {
  return new StripeFailure(400, body("invalid_request_error", message, code, param), false);
}

export function missingParameter(param: string): StripeFailure {
  return invalidParameter(`Missing required param: ${param}.`, "parameter_missing", param);
}

/** The parameters are fine, the object's state is not: executed, hence stored. */
export function refusedByState(
  message: string,
  code: string | null,
  param: string | null,
  extra: JsonObject = {},
): StripeFailure {
  return new StripeFailure(400, { ...body("invalid_request_error", message, code, param), ...extra }, true);
}

/** `param` is what Stripe names it: "intent" for a PaymentIntent in the path, "id" for most others. */
export function noSuchObject(kind: string, id: string, param: string, status: 404 | 400 = 404): StripeFailure {
  return new StripeFailure(
    status,
    body("invalid_request_error", `No such ${kind}: '${id}'`, "resource_missing", param),
    false,
  );
}

export function unrecognisedUrl(method: string, path: string): StripeFailure {
  const message = `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`;
  return new StripeFailure(404, body("invalid_request_error", message, null, null), false);
}

export function notAuthenticated(message: string): StripeFailure {
  return new StripeFailure(401, body("invalid_request_error", message, null, null), false, [
    "WWW-Authenticate",
    'Bearer realm="Stripe"',
  ]);
}

export function notPermitted(message: string, code: string | null): StripeFailure {
  return new StripeFailure(403, body("invalid_request_error", message, code, null), false);
}

/** The key belongs to another request: Stripe's wording names the endpoints when these differ. */
export function idempotencyMismatch(key: string, first: string, now: string): StripeFailure {
  const message =
    first === now
      ? `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`
      : `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${now}' vs '${first}'). Try using a key other than '${key}' if you meant to execute a different request.`;
  return new StripeFailure(400, body("idempotency_error", message, null, null), false);
}

export function idempotencyKeyInUse(key: string): StripeFailure {
  const message = `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`;
  return new StripeFailure(409, body("invalid_request_error", message, "idempotency_key_in_use", null), false);
}

export function rateLimited(): StripeFailure {
  const message = "Request rate limit exceeded. Learn more about rate limits here https://docs.stripe.com/rate-limits.";
  return new StripeFailure(429, body("invalid_request_error", message, "rate_limit", null), false, [
    "Stripe-Rate-Limited-Reason",
    "global-rate",
  ]);
}

/** The other 429: an object is locked by another request. The Go SDK retries this one, and only this one. */
export function lockTimeout(): StripeFailure {
  const message =
    "This object cannot be accessed right now because another API request or Stripe process is currently accessing it. If you see this error intermittently, retry the request. If you see this error frequently and are making multiple concurrent requests to a single object, make your requests serially or at a lower rate.";
  return new StripeFailure(429, body("invalid_request_error", message, "lock_timeout", null), false);
}

export function internalError(stored: boolean): StripeFailure {
  const message =
    "An unexpected error occurred. We have been notified of the problem. If you have questions we can help at https://support.stripe.com/.";
  return new StripeFailure(500, body("api_error", message, null, null), stored);
}

export interface Decline {
  readonly code: string;
  readonly declineCode: string;
  readonly message: string;
}

/** 402: the attempt was made and refused by the card's bank; always stored. */
export function cardDeclined(decline: Decline, extra: JsonObject): StripeFailure {
  return new StripeFailure(
    402,
    {
      ...body("card_error", decline.message, decline.code, null),
      ...(decline.declineCode === "" ? {} : { decline_code: decline.declineCode }),
      ...extra,
    },
    true,
  );
}
