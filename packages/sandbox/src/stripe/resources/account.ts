// The account's own side: balance, events, files, payouts and transfers. The last three are here so that a request that
// should never have got this far is seen to arrive, and its money to move: the sandbox never says "insufficient balance".

import { checkCurrency } from "../currency.ts";
import { invalidParameter, missingParameter, noSuchObject } from "../errors.ts";
import type { PlainObject, StripeObject } from "../objects.ts";
import { textOf } from "../../shared/json.ts";
import { template } from "../objects.ts";
import { positiveInteger } from "../params.ts";
import type { Shelf } from "../shelf.ts";
import type { Call, Handler } from "../world.ts";
import { equalTo, list, metadata, oneOf, textOr } from "./shared.ts";

const DAY_SECONDS = 86_400;

const balance: Handler = (call) => {
  const amounts = call.world.balance();
  const shown = amounts.length === 0 ? [["usd", 0] as const] : amounts;
  const rows = shown.map(([currency, amount]) => ({ amount, currency, source_types: { card: amount } }));
  return {
    object: "balance",
    available: rows,
    connect_reserved: [{ amount: 0, currency: "usd" }],
    livemode: false,
    pending: rows.map(({ currency }) => ({ amount: 0, currency, source_types: { card: 0 } })),
  };
};

const events: Handler = (call) => {
  const { params, world } = call;
  const type = params.text("type");
  const types = type === undefined ? params.texts("types") : [type];
  const matches = (event: StripeObject): boolean =>
    types.length === 0 ||
    types.some((wanted) =>
      wanted.endsWith(".*") ? textOf(event.type).startsWith(wanted.slice(0, -1)) : event.type === wanted,
    );
  return list(call, world.events, "/v1/events", matches);
};

const upload: Handler = (call) => {
  const { params, world, origin } = call;
  const file = params.get("file");
  const purpose = params.requiredText("purpose");
  if (file === undefined) throw missingParameter("file");
  if (typeof file === "string" || !("bytes" in file)) {
    throw invalidParameter("The file must be uploaded as multipart/form-data.", null, "file");
  }
  const created = world.seconds();
  const object: PlainObject = {
    ...template("file"),
    id: world.newId("file_1"),
    object: "file",
    created,
    expires_at: created + 236 * DAY_SECONDS,
    filename: file.filename,
    links: { object: "list", data: [], has_more: false, url: "/v1/file_links" },
    purpose,
    size: file.bytes.length,
    title: null,
    type: file.filename.slice(file.filename.lastIndexOf(".") + 1),
    url: null,
  };
  return world.files.add(object, origin);
};

const payout: Handler = (call) => {
  const { params, world, origin } = call;
  const amount = positiveInteger(params, "amount");
  if (amount === undefined) throw missingParameter("amount");
  const currency = checkCurrency(params.requiredText("currency"));
  const created = world.seconds();
  const id = world.newId("po_1");
  const facts = {
    kind: "payout",
    direction: "paid_out",
    amount,
    currency,
    objectId: id,
    chargeId: null,
    paymentIntentId: null,
  } as const;
  const object: PlainObject = {
    ...template("payout"),
    id,
    object: "payout",
    amount,
    arrival_date: created + 2 * DAY_SECONDS,
    automatic: false,
    balance_transaction: null,
    created,
    currency,
    description: textOr(params, "description", null),
    destination: textOr(params, "destination", "ba_1KeybrakeSandbox"),
    metadata: metadata(params),
    method: oneOf(params, "method", ["standard", "instant"] as const) ?? "standard",
    reconciliation_status: "not_applicable",
    status: "pending",
    trace_id: null,
  };
  object.balance_transaction = world.move(origin, facts, 0, "STRIPE PAYOUT");
  world.payouts.add(object, origin);
  world.emit(origin, "payout.created", object);
  return object;
};

const transfer: Handler = (call) => {
  const { params, world, origin } = call;
  const source = params.text("source_transaction");
  const charge = source === undefined ? undefined : world.charges.find(source);
  if (source !== undefined && charge === undefined) throw noSuchObject("charge", source, "source_transaction", 400);
  const amount = positiveInteger(params, "amount") ?? charge?.amount;
  if (amount === undefined) throw missingParameter("amount");
  const currency = checkCurrency(params.requiredText("currency"));
  const destination = params.requiredText("destination");
  const id = world.newId("tr_1");
  const facts = {
    kind: "transfer",
    direction: "paid_out",
    amount,
    currency,
    objectId: id,
    chargeId: null,
    paymentIntentId: null,
  } as const;
  const object: PlainObject = {
    ...template("transfer"),
    id,
    object: "transfer",
    amount,
    amount_reversed: 0,
    balance_transaction: null,
    created: world.seconds(),
    currency,
    description: textOr(params, "description", null),
    destination,
    destination_payment: null,
    metadata: metadata(params),
    reversals: { object: "list", data: [], has_more: false, url: `/v1/transfers/${id}/reversals` },
    reversed: false,
    source_transaction: source ?? null,
    transfer_group: textOr(params, "transfer_group", null),
  };
  object.balance_transaction = world.move(origin, facts, 0, null);
  world.transfers.add(object, origin);
  world.emit(origin, "transfer.created", object);
  return object;
};

function one<T extends StripeObject>(shelf: (call: Call) => Shelf<T>, param: string): Handler {
  return (call, [id = ""]) => {
    const found = shelf(call).find(id);
    if (found === undefined) throw noSuchObject(shelf(call).kind, id, param);
    return found;
  };
}

export const account: Readonly<Record<string, Handler>> = {
  "GET balance": balance,
  "GET balance_transactions": (call) =>
    list(
      call,
      call.world.balanceTransactions,
      "/v1/balance_transactions",
      equalTo(call.params, "currency", "source", "type"),
    ),
  "GET balance_transactions/*": one((call) => call.world.balanceTransactions, "id"),
  "GET events": events,
  "GET events/*": one((call) => call.world.events, "id"),
  "POST files": upload,
  "GET files": (call) => list(call, call.world.files, "/v1/files", equalTo(call.params, "purpose")),
  "GET files/*": one((call) => call.world.files, "file"),
  "POST payouts": payout,
  "GET payouts": (call) => list(call, call.world.payouts, "/v1/payouts", equalTo(call.params, "status", "destination")),
  "GET payouts/*": one((call) => call.world.payouts, "payout"),
  "POST transfers": transfer,
  "GET transfers": (call) =>
    list(call, call.world.transfers, "/v1/transfers", equalTo(call.params, "destination", "transfer_group")),
  "GET transfers/*": one((call) => call.world.transfers, "transfer"),
};
