// The account's own side: balance, events, files.

import { invalidParameter, missingParameter, noSuchObject } from "../errors.ts";
import type { PlainObject, StripeObject } from "../objects.ts";
import { textOf } from "../../shared/json.ts";
import { template } from "../objects.ts";
import type { Shelf } from "../shelf.ts";
import type { Call, Handler } from "../world.ts";
import { equalTo, list } from "./shared.ts";

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
};
