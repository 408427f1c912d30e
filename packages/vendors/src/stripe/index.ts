/** Stripe, as the vendor port wants it: each member is one file beside this one. */
import { DAY_MS, HOUR_MS } from "@keybrake/core";
import type { Operation, Vendor } from "@keybrake/core";
import { destination, MAIN_HOST } from "./addresses.ts";
import { authorization, checkSecret } from "./authenticate.ts";
import { isOwnError, renderRefusal } from "./errors.ts";
import { estimate } from "./estimate.ts";
import { meter } from "./meter.ts";
import { operations } from "./operations.ts";
import { parameterNames } from "./parameter-names.ts";
import { constrained, readParameters } from "./parameters.ts";
import { checkReach } from "./policy.ts";

export const stripe: Vendor = {
  id: "stripe",
  displayName: "Stripe",
  mainHost: MAIN_HOST,
  rootPaths: ["/v1", "/v2", "/oauth"],
  operations,
  rateCard: null,
  // docs.stripe.com/api/idempotent_requests: up to 255 characters.
  idempotency: {
    header: "idempotency-key",
    keyLengthMax: 255,
    scopeHeaders: ["stripe-account", "stripe-context"],
    rememberedMs,
  },
  // The largest call of the table, a PaymentIntent with line items, stays far below; uploads come with their operations.
  bodyBytesMax: 1024 * 1024,
  authorization,
  checkSecret,
  standInAccount: () => null,
  address: (asked) => asked,
  destination,
  ownLinkMark: null,
  ownLink: () => null,
  readParameters,
  constrained,
  parameterNames,
  checkReach,
  // A raise between look-up and call shows in the answer, and the hold follows it.
  turnOf: () => null,
  estimate,
  meter,
  followUp: () => null,
  isOwnError,
  hidesServerErrors: false,
  renderRefusal,
};

/**
 * v1: on POST, and forgotten "after they're at least 24 hours old" (docs.stripe.com/api/idempotent_requests). v2: on POST and DELETE,
 * for 30 days (docs.stripe.com/api-v2-overview).
 */
function rememberedMs({ method, path }: Operation): number | null {
  if (path.startsWith("/v2/")) return method === "POST" || method === "DELETE" ? 29 * DAY_MS : null;
  return method === "POST" ? 23 * HOUR_MS : null;
}
