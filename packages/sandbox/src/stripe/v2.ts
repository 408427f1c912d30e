// The part of Stripe's v2 that the sandbox serves: JSON in and out, pages with relative links, times as text, errors with
// `type` and `code` of their own (docs.stripe.com/api-v2-overview). Whole numbers are read as numbers or as digits in a text.
// The published fixtures have no v2 objects; shapes are those of the official SDK's types (npm stripe 23.1.0).

import { checkCurrency } from "./currency.ts";
import { StripeFailure } from "./errors.ts";
import type { JsonObject } from "../shared/json.ts";
import { isObject, nested, textOf } from "../shared/json.ts";
import type { StripeObject } from "./objects.ts";
import { readParams } from "./params.ts";
import type { Origin, Shelf } from "./shelf.ts";
import type { World } from "./world.ts";

export interface V2Call {
  readonly world: World;
  readonly origin: Origin;
  readonly method: string;
  /** Below /v2. */
  readonly segments: readonly string[];
  readonly query: string;
  readonly contentType: string | undefined;
  readonly body: Buffer;
}

const PAGE_DEFAULT = 20;
const PAGE_MAX = 100;

/** Runs one call; undefined where the sandbox serves no such operation. */
export function runV2(call: V2Call): JsonObject | undefined {
  const [product = "", kind = "", id, action] = call.segments;
  const operation = `${call.method} ${product}/${kind}${id === undefined ? "" : "/*"}${action === undefined ? "" : `/${action}`}`;
  if (call.segments.length > 4) return undefined;
  switch (operation) {
    case "GET core/event_destinations":
      return page(call, call.world.eventDestinations, "/v2/core/event_destinations", (object) => shown(call, object));
    case "POST core/event_destinations":
      return addDestination(call);
    case "GET core/event_destinations/*":
      return shown(call, one(call.world.eventDestinations, id ?? ""));
    case "DELETE core/event_destinations/*":
      one(call.world.eventDestinations, id ?? "");
      call.world.eventDestinations.delete(id ?? "");
      return { id: id ?? "", object: "v2.core.event_destination" };
    case "POST billing/meter_events":
      return addMeterEvent(call);
    case "GET money_management/outbound_payments":
      return page(call, call.world.outboundPayments, "/v2/money_management/outbound_payments", (object) => object);
    case "POST money_management/outbound_payments":
      return addOutboundPayment(call);
    case "GET money_management/outbound_payments/*":
      return one(call.world.outboundPayments, id ?? "");
    case "POST money_management/outbound_payments/*/cancel":
      return cancelOutboundPayment(call, one(call.world.outboundPayments, id ?? ""));
    default:
      return undefined;
  }
}

// Errors --------------------------------------------------------------------------------------------------------------

function refuse(status: number, type: string, code: string, message: string): StripeFailure {
  return new StripeFailure(status, { type, code, message, user_message: message }, false);
}

function invalidFields(message: string): StripeFailure {
  return refuse(400, "invalid_request_error", "invalid_fields", message);
}

/** A body must be JSON and say so. */
function readBody(call: V2Call, fields: readonly string[]): JsonObject {
  if (!/^application\/json\b/i.test(call.contentType ?? "")) {
    throw invalidFields("The request's content type must be application/json.");
  }
  let body: unknown;
  try {
    body = JSON.parse(call.body.toString("utf8"));
  } catch {
    throw invalidFields("The request's body is not valid JSON.");
  }
  if (!isObject(body)) throw invalidFields("The request's body must be a JSON object.");
  for (const name of Object.keys(body)) {
    if (!fields.includes(name)) throw invalidFields(`Unknown field: ${name}`);
  }
  return body;
}

function text(body: JsonObject, field: string): string {
  const value = body[field];
  if (typeof value === "string" && value !== "") return value;
  throw invalidFields(`Missing required field: ${field}`);
}

// Pages ---------------------------------------------------------------------------------------------------------------

function page(
  call: V2Call,
  shelf: Shelf<StripeObject>,
  path: string,
  show: (object: StripeObject) => JsonObject,
): JsonObject {
  const params = readParams(call.query, undefined, Buffer.alloc(0));
  const limit = params.integer("limit") ?? PAGE_DEFAULT;
  if (limit < 1 || limit > PAGE_MAX) throw invalidFields(`limit must be between 1 and ${PAGE_MAX}.`);
  const token = params.text("page");
  const start = token === undefined ? 0 : Number(/^page:(\d+)$/.exec(Buffer.from(token, "base64url").toString())?.[1]);
  if (!Number.isSafeInteger(start)) throw invalidFields("Invalid page token.");
  const all = [...shelf.oldestFirst()].map((entry) => entry.object).reverse();
  const others = new URLSearchParams(call.query);
  const at = (from: number): string => {
    others.set("page", Buffer.from(`page:${from}`).toString("base64url"));
    return `${path}?${others.toString()}`;
  };
  return {
    data: all.slice(start, start + limit).map(show),
    next_page_url: all.length > start + limit ? at(start + limit) : null,
    previous_page_url: start > 0 ? at(Math.max(0, start - limit)) : null,
  };
}

function one(shelf: Shelf<StripeObject>, id: string): StripeObject {
  const object = shelf.find(id);
  if (object === undefined) throw refuse(404, "invalid_request_error", "not_found", `No such ${shelf.kind}: '${id}'`);
  return object;
}

function time(world: World): string {
  return new Date(world.seconds() * 1000).toISOString();
}

// Event destinations --------------------------------------------------------------------------------------------------

const DESTINATION_FIELDS = [
  "amazon_eventbridge",
  "azure_event_grid",
  "description",
  "enabled_events",
  "event_payload",
  "events_from",
  "include",
  "metadata",
  "name",
  "snapshot_api_version",
  "type",
  "webhook_endpoint",
];

function addDestination(call: V2Call): JsonObject {
  const { world, origin } = call;
  const body = readBody(call, DESTINATION_FIELDS);
  if (!Array.isArray(body.enabled_events)) throw invalidFields("Missing required field: enabled_events");
  const url = text(nested(body, "webhook_endpoint"), "url");
  const destination: StripeObject = {
    id: world.newId("ed_test_1"),
    object: "v2.core.event_destination",
    created: time(world),
    description: textOf(body.description),
    enabled_events: body.enabled_events,
    event_payload: text(body, "event_payload"),
    events_from: body.events_from ?? ["self"],
    livemode: false,
    metadata: nested(body, "metadata"),
    name: text(body, "name"),
    snapshot_api_version: body.snapshot_api_version ?? null,
    status: "enabled",
    status_details: null,
    type: text(body, "type"),
    updated: time(world),
    webhook_endpoint: { signing_secret: world.newSecret("whsec_"), url },
  };
  world.eventDestinations.add(destination, origin);
  return shownWith(destination, Array.isArray(body.include) ? body.include.map((field) => textOf(field)) : []);
}

function shown(call: V2Call, destination: StripeObject): JsonObject {
  return shownWith(destination, readParams(call.query, undefined, Buffer.alloc(0)).texts("include"));
}

/** The endpoint's address and its signing secret are only there when they are asked for. */
function shownWith(destination: StripeObject, include: readonly string[]): JsonObject {
  const endpoint = nested(destination, "webhook_endpoint");
  const seen: Record<string, string | null> = { signing_secret: null, url: null };
  for (const field of Object.keys(seen)) {
    if (include.includes(`webhook_endpoint.${field}`)) seen[field] = textOf(endpoint[field]);
  }
  return { ...destination, webhook_endpoint: seen };
}

// Meter events and outbound payments ----------------------------------------------------------------------------------

function addMeterEvent(call: V2Call): JsonObject {
  const body = readBody(call, ["event_name", "identifier", "payload", "timestamp"]);
  if (!isObject(body.payload)) throw invalidFields("Missing required field: payload");
  return {
    object: "v2.billing.meter_event",
    created: time(call.world),
    event_name: text(body, "event_name"),
    identifier: typeof body.identifier === "string" ? body.identifier : call.world.newId("mtr_event_"),
    livemode: false,
    payload: body.payload,
    timestamp: typeof body.timestamp === "string" ? body.timestamp : time(call.world),
  };
}

const PAYMENT_FIELDS = [
  "amount",
  "description",
  "from",
  "metadata",
  "recipient_notification",
  "recipient_verification",
  "statement_descriptor",
  "to",
];

function addOutboundPayment(call: V2Call): JsonObject {
  const { world, origin } = call;
  const body = readBody(call, PAYMENT_FIELDS);
  const amount = amountOf(body);
  const from = nested(body, "from");
  const to = nested(body, "to");
  const debited = text(from, "currency").toLowerCase();
  if (debited !== amount.currency || (textOf(to.currency) !== "" && textOf(to.currency) !== debited)) {
    throw refuse(400, "cannot_proceed", "cannot_proceed", "The sandbox has no exchange rates: one currency only.");
  }
  const id = world.newId("obp_test_1");
  const value = amount.value;
  const payment: StripeObject = {
    id,
    object: "v2.money_management.outbound_payment",
    amount: { currency: amount.currency, value },
    cancelable: true,
    created: time(world),
    description: textOf(body.description),
    from: { debited: { currency: debited, value }, financial_account: text(from, "financial_account") },
    livemode: false,
    metadata: nested(body, "metadata"),
    recipient_notification: { setting: "none" },
    statement_descriptor: textOf(body.statement_descriptor),
    status: "processing",
    to: {
      credited: { currency: debited, value },
      payout_method: textOf(to.payout_method),
      recipient: text(to, "recipient"),
    },
  };
  const facts = {
    kind: "outbound_payment",
    direction: "paid_out",
    amount: value,
    currency: debited,
    objectId: id,
  } as const;
  world.move(origin, { ...facts, chargeId: null, paymentIntentId: null }, 0, "OUTBOUND PAYMENT");
  world.outboundPayments.add(payment, origin);
  return payment;
}

function amountOf(body: JsonObject): { readonly value: number; readonly currency: string } {
  const amount = nested(body, "amount");
  const digits = textOf(amount.value);
  if (!/^\d{1,15}$/.test(digits) || Number(digits) === 0) {
    throw invalidFields("amount.value must be a positive whole number of minor units.");
  }
  try {
    return { value: Number(digits), currency: checkCurrency(text(amount, "currency")) };
  } catch (error) {
    if (error instanceof StripeFailure) throw invalidFields(error.message);
    throw error;
  }
}

/** What had not left yet stays; the truth, which never nets, still says that it was sent. */
function cancelOutboundPayment(call: V2Call, payment: StripeObject): JsonObject {
  if (payment.status === "canceled") {
    throw refuse(400, "already_canceled", "already_canceled", `${payment.id} has already been canceled.`);
  }
  const debited = nested(nested(payment, "from"), "debited");
  const facts = { currency: textOf(debited.currency), objectId: payment.id };
  call.world.book(call.origin, "outbound_payment_cancel", facts, Number(textOf(debited.value)), 0, null);
  payment.status = "canceled";
  payment.cancelable = false;
  return payment;
}
