// `expand[]`: replaces the id of an object by the object, along dotted paths, in a copy. Four levels at most, as at Stripe.

import { invalidParameter } from "./errors.ts";
import type { Json, JsonObject } from "../shared/json.ts";
import { isObject, textOf } from "../shared/json.ts";
import type { Params } from "./params.ts";
import type { World } from "./world.ts";

const DEPTH_MAX = 4;

/** Fields that Stripe calls expandable here. Those which the sandbox never fills are null and stay null. */
const EXPANDABLE: ReadonlySet<string> = new Set([
  "application",
  "application_fee",
  "balance_transaction",
  "charge",
  "customer",
  "default_payment_method",
  "default_price",
  "default_source",
  "destination",
  "destination_payment",
  "failure_balance_transaction",
  "credit_note",
  "customer_balance_transaction",
  "dispute",
  "fee",
  "invoice",
  "items",
  "latest_invoice",
  "lines",
  "latest_charge",
  "on_behalf_of",
  "payment_intent",
  "payment_method",
  "product",
  "refunds",
  "review",
  "source",
  "source_transaction",
  "source_refund",
  "source_transfer",
  "subscription",
  "tiers",
  "total_count",
  "transfer",
  "transfer_reversal",
]);

export function expand(world: World, params: Params, answer: JsonObject): JsonObject {
  const paths = params.texts("expand");
  if (paths.length === 0) return answer;
  let out = answer;
  for (const path of paths) {
    const steps = path.split(".");
    if (steps.length > DEPTH_MAX + (steps[0] === "data" ? 1 : 0)) {
      throw invalidParameter(`You cannot expand more than ${DEPTH_MAX} levels of a property.`, null, null);
    }
    out = along(world, out, steps, path);
  }
  return out;
}

function along(world: World, holder: JsonObject, steps: readonly string[], path: string): JsonObject {
  const [field = "", ...rest] = steps;
  const value = field === "refunds" && holder.object === "charge" ? refundsOf(world, holder) : holder[field];
  const known = EXPANDABLE.has(field) || (typeof value === "object" && value !== null);
  if (value === undefined && !EXPANDABLE.has(field)) {
    throw invalidParameter(`This property cannot be expanded (${path}).`, null, "expand");
  }
  if (!known) throw invalidParameter(`This property cannot be expanded (${path}).`, null, "expand");
  if (value === null || value === undefined) return holder;
  return { ...holder, [field]: into(world, value, rest, path) };
}

function into(world: World, value: Json, rest: readonly string[], path: string): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => into(world, item, rest, path));
  const object = typeof value === "string" ? lookUp(world, value) : value;
  return rest.length === 0 || !isObject(object) ? object : along(world, object, rest, path);
}

function lookUp(world: World, id: string): Json {
  const prefix = id.slice(0, id.indexOf("_"));
  switch (prefix) {
    case "pi":
      return world.paymentIntents.find(id) ?? id;
    case "ch":
    case "py":
      return world.charges.find(id) ?? id;
    case "re":
    case "pyr":
      return world.refunds.find(id) ?? id;
    case "cus":
      return world.customers.find(id) ?? id;
    case "pm":
      return world.paymentMethods.find(id) ?? id;
    case "txn":
      return world.balanceTransactions.find(id) ?? id;
    case "prod":
      return world.products.find(id) ?? id;
    case "price":
      return world.prices.find(id) ?? id;
    case "po":
      return world.payouts.find(id) ?? id;
    case "in":
      return world.invoices.find(id) ?? id;
    case "ii":
      return world.invoiceItems.find(id) ?? id;
    case "cn":
      return world.creditNotes.find(id) ?? id;
    case "cbtxn":
      return world.customerBalances.find(id) ?? id;
    case "sub":
      return world.subscriptions.find(id) ?? id;
    case "qt":
      return world.quotes.find(id) ?? id;
    case "dp":
      return world.disputes.find(id) ?? id;
    case "fee":
      return world.applicationFees.find(id) ?? id;
    case "tu":
      return world.topups.find(id) ?? id;
    case "trr":
      return world.transferReversals.find(id) ?? id;
    case "tr":
      return world.transfers.find(id) ?? id;
    default:
      return id;
  }
}

/** A charge shows its refunds only when asked to (since API 2022-11-15). */
function refundsOf(world: World, charge: JsonObject): JsonObject {
  const data = [...world.refunds.oldestFirst()]
    .map((entry) => entry.object)
    .filter((refund) => refund.charge === charge.id);
  return {
    object: "list",
    data: data.reverse().slice(0, 10),
    has_more: data.length > 10,
    url: `/v1/charges/${textOf(charge.id)}/refunds`,
  };
}
