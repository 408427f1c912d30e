// Invoice items: what a customer will be charged with the next invoice, or with the one that the item names. They wait; money
// moves when their invoice is paid.

import { checkCurrency } from "../currency.ts";
import { invalidParameter, missingParameter, noSuchObject } from "../errors.ts";
import { nested, textOf } from "../../shared/json.ts";
import type { InvoiceItem } from "../objects.ts";
import { template } from "../objects.ts";
import type { Call, Handler } from "../world.ts";
import { requireCustomer } from "./customers.ts";
import { addItemLine, draftInvoice, refreshDraft, requireInvoice } from "./invoices.ts";
import type { Priced } from "./pricing.ts";
import { pricedLine, pricingOf } from "./pricing.ts";
import { equalTo, found, list, metadata, textOr } from "./shared.ts";

const create: Handler = (call) => {
  const { params, world, origin } = call;
  const customer = requireCustomer(call, params.requiredText("customer"), "customer", 400);
  const invoiceId = params.text("invoice");
  const invoice = invoiceId === undefined ? undefined : draftInvoice(call, requireInvoice(call, invoiceId, 400));
  if (invoice !== undefined && invoice.customer !== customer.id) {
    throw invalidParameter("The invoice belongs to another customer.", null, "invoice");
  }
  const priced = amountAsked(call, invoice?.currency ?? "usd");
  if (invoice !== undefined && priced.currency !== invoice.currency) {
    throw invalidParameter(`The invoice is in ${invoice.currency}.`, null, "currency");
  }
  const item = {
    ...template("invoiceitem"),
    id: world.newId("ii_1"),
    object: "invoiceitem",
    amount: priced.amount,
    currency: priced.currency,
    customer: customer.id,
    date: world.seconds(),
    description: textOr(params, "description", null),
    discountable: params.boolean("discountable") ?? priced.amount >= 0,
    invoice: invoice?.id ?? null,
    metadata: metadata(params),
    net_amount: priced.amount,
    parent: null,
    period: { end: world.seconds(), start: world.seconds() },
    pricing: pricingOf(priced),
    quantity: priced.quantity,
    quantity_decimal: String(priced.quantity),
  } as InvoiceItem;
  world.invoiceItems.add(item, origin);
  world.open(origin, "collected", item.amount, item.currency, item.id);
  if (invoice === undefined) world.assignItem(item, null);
  else addItemLine(world, invoice, item);
  world.emit(origin, "invoiceitem.created", item);
  return item;
};

/** `amount`, or a unit price times a quantity. */
function amountAsked(call: Call, currency: string): Priced {
  const { params } = call;
  const amount = params.integer("amount");
  const priced = pricedLine(call, params, "");
  if (amount !== undefined && priced !== undefined) {
    throw invalidParameter("You may only specify one of these parameters: amount, pricing.", null, "amount");
  }
  if (priced !== undefined) {
    if (priced.recurring === null) return priced;
    throw invalidParameter("The price specified is set to `type=recurring`: only one-time prices.", null, "price");
  }
  if (amount === undefined) throw missingParameter("amount");
  return {
    amount,
    currency: checkCurrency(params.text("currency") ?? currency),
    quantity: 1,
    priceId: null,
    unitAmountDecimal: String(amount),
    recurring: null,
  };
}

const update: Handler = (call, [id = ""]) => {
  const { params, world, origin } = call;
  const item = requireItem(call, id);
  const invoice = item.invoice === null ? undefined : draftInvoice(call, requireInvoice(call, item.invoice, 400));
  const changesAmount = ["amount", "price", "pricing", "price_data", "unit_amount", "unit_amount_decimal", "quantity"];
  if (changesAmount.some((name) => params.get(name) !== undefined)) {
    const priced = changesAmount.some((name) => name !== "quantity" && params.get(name) !== undefined)
      ? amountAsked(call, item.currency)
      : requantified(call, item);
    world.open(origin, "collected", priced.amount - Math.max(0, item.amount), item.currency, id);
    item.amount = priced.amount;
    item.net_amount = priced.amount;
    item.quantity = priced.quantity;
    item.pricing = pricingOf(priced);
  }
  item.description = textOr(params, "description", item.description ?? null);
  item.metadata = metadata(params, item.metadata);
  if (invoice !== undefined) {
    const entry = world.bookOf(invoice).lines.find(({ line }) => line.invoice_item === id);
    if (entry !== undefined) entry.line.amount = item.amount;
    refreshDraft(world, invoice);
  }
  world.emit(origin, "invoiceitem.updated", item);
  return item;
};

/** Only the quantity is new: the unit price stays. */
function requantified(call: Call, item: InvoiceItem): Priced {
  const { params } = call;
  const unit = textOf(nested(item, "pricing").unit_amount_decimal);
  params.entries.set("unit_amount_decimal", unit);
  params.entries.set("currency", item.currency);
  return amountAsked(call, item.currency);
}

const remove: Handler = (call, [id = ""]) => {
  const { world, origin } = call;
  const item = requireItem(call, id);
  if (item.invoice !== null) {
    const invoice = draftInvoice(call, requireInvoice(call, item.invoice, 400));
    const { lines } = world.bookOf(invoice);
    const at = lines.findIndex(({ line }) => line.invoice_item === id);
    if (at >= 0) lines.splice(at, 1);
    refreshDraft(world, invoice);
  }
  // Without a credit the next invoice collects more.
  world.open(origin, "collected", -item.amount, item.currency, id);
  world.deleteItem(item);
  world.emit(origin, "invoiceitem.deleted", item);
  return { id, object: "invoiceitem", deleted: true };
};

function requireItem(call: Call, id: string): InvoiceItem {
  const item = call.world.invoiceItems.find(id);
  if (item === undefined) throw noSuchObject("invoiceitem", id, "invoiceitem");
  return item;
}

export const invoiceItems: Readonly<Record<string, Handler>> = {
  "POST invoiceitems": create,
  "GET invoiceitems": (call) => {
    const keep = equalTo(call.params, "customer", "invoice");
    const pending = call.params.boolean("pending");
    const wanted = (item: InvoiceItem): boolean => pending === undefined || pending === (item.invoice === null);
    return list(call, call.world.invoiceItems, "/v1/invoiceitems", (item) => keep(item) && wanted(item));
  },
  "GET invoiceitems/*": (call, [id = ""]) => found(call.world.invoiceItems, id, "invoiceitem"),
  "POST invoiceitems/*": update,
  "DELETE invoiceitems/*": remove,
};
