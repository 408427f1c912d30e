/** Stripe, as the vendor port wants it: each member is one file beside this one. */
import { HOUR_MS } from "@keybrake/core";
import type { Vendor } from "@keybrake/core";
import { authorization, checkSecret } from "./authenticate.ts";
import { isOwnError, renderRefusal } from "./errors.ts";
import { estimate } from "./estimate.ts";
import { meter } from "./meter.ts";
import { operations } from "./operations.ts";
import { readParameters } from "./parameters.ts";
import { checkReach } from "./policy.ts";

export const stripe: Vendor = {
  id: "stripe",
  displayName: "Stripe",
  baseUrl: "https://api.stripe.com",
  rootPaths: ["/v1", "/v2", "/oauth"],
  operations,
  // docs.stripe.com/api/idempotent_requests: up to 255 characters, on POST, "after they're at least 24 hours old" forgotten.
  idempotency: {
    header: "idempotency-key",
    methods: ["POST"],
    keyLengthMax: 255,
    scopeHeaders: ["stripe-account", "stripe-context"],
    rememberedMs: 23 * HOUR_MS,
  },
  // The largest call of the table, a PaymentIntent with line items, stays far below; uploads come with their operations.
  bodyBytesMax: 1024 * 1024,
  authorization,
  checkSecret,
  readParameters,
  checkReach,
  estimate,
  meter,
  isOwnError,
  renderRefusal,
};
