// Credit notes. On an open invoice they make it smaller: nothing moves. On a paid one they give back by a refund (money moves),
// by credit for the next invoice (money moves less, later), or outside of Stripe (docs.stripe.com/invoicing/integration/programmatic-credit-notes).

import { invalidParameter, missingParameter, noSuchObject, refusedByState } from "../errors.ts";
import type { JsonObject } from "../../shared/json.ts";
import type { Charge, CreditNote, Invoice } from "../objects.ts";
import { template } from "../objects.ts";
import { Params, positiveInteger } from "../params.ts";
import type { Call, Handler } from "../world.ts";
import { changeBalance } from "./customers.ts";
import { requireInvoice } from "./invoices.ts";
import { refundAmount } from "./refunds.ts";
import { equalTo, found, list, metadata, oneOf, textOr } from "./shared.ts";

const REASONS = ["duplicate", "fraudulent", "order_change", "product_unsatisfactory"] as const;

interface Planned {
  readonly invoice: Invoice;
  readonly total: number;
  readonly prePayment: boolean;
  readonly refund: number;
  readonly credit: number;
  readonly outOfBand: number;
  readonly charge: Charge | undefined;
}

/** What the note would do, checked; nothing has happened yet. */
function plan(call: Call): Planned {
  const { params, world } = call;
  const invoice = requireInvoice(call, params.requiredText("invoice"), 400);
  if (invoice.status !== "open" && invoice.status !== "paid") {
    throw refusedByState(
      `You can only create a credit note for an open or paid invoice (${invoice.status}).`,
      null,
      "invoice",
    );
  }
  const total = positiveInteger(params, "amount") ?? sumOfLines(call, invoice);
  const refund = params.integer("refund_amount") ?? 0;
  const credit = params.integer("credit_amount") ?? 0;
  const outOfBand = params.integer("out_of_band_amount") ?? 0;
  for (const [name, amount] of Object.entries({
    refund_amount: refund,
    credit_amount: credit,
    out_of_band_amount: outOfBand,
  })) {
    if (amount < 0)
      throw invalidParameter("This value must be greater than or equal to 0.", "parameter_invalid_integer", name);
  }
  const most =
    invoice.status === "open"
      ? invoice.amount_remaining
      : invoice.amount_paid - invoice.post_payment_credit_notes_amount;
  if (total > most) {
    throw invalidParameter(
      `The credit note's total (${total}) is more than the invoice allows (${most}).`,
      null,
      "amount",
    );
  }
  if (invoice.status === "open") {
    if (refund + credit + outOfBand > 0) {
      throw invalidParameter("An open invoice has nothing to refund or credit.", null, "refund_amount");
    }
    return { invoice, total, prePayment: true, refund, credit, outOfBand, charge: undefined };
  }
  const linked = sumOfLinkedRefunds(call);
  if (refund + credit + outOfBand + linked !== total) {
    const message =
      "The sum of refund_amount, credit_amount and out_of_band_amount must equal the credit note's total.";
    throw invalidParameter(message, null, "refund_amount");
  }
  const charge = world.charges.find(world.bookOf(invoice).charge ?? "");
  if (refund > 0 && charge === undefined) {
    throw refusedByState("The invoice has no payment to refund.", null, "refund_amount");
  }
  return { invoice, total, prePayment: false, refund, credit, outOfBand, charge };
}

/** `lines[n]`: of the invoice, by `amount` or by all of it, or lines of its own. */
function sumOfLines(call: Call, invoice: Invoice): number {
  const lines = call.params.list("lines").filter((line): line is Params => line instanceof Params);
  if (lines.length === 0) throw missingParameter("amount");
  let sum = 0;
  for (const line of lines) {
    const type = oneOf(line, "type", ["invoice_line_item", "custom_line_item"] as const);
    if (type === undefined) throw missingParameter("lines[type]");
    const quantity = positiveInteger(line, "quantity") ?? 1;
    if (type === "custom_line_item") {
      const unit = line.integer("unit_amount") ?? Number(line.text("unit_amount_decimal") ?? Number.NaN);
      if (!Number.isSafeInteger(unit)) throw missingParameter("lines[unit_amount]");
      sum += unit * quantity;
      continue;
    }
    const id = line.requiredText("invoice_line_item");
    const known = call.world.bookOf(invoice).lines.find((entry) => entry.line.id === id)?.line;
    if (known === undefined) throw noSuchObject("line item", id, "lines[invoice_line_item]", 400);
    sum += positiveInteger(line, "amount") ?? known.amount;
  }
  if (sum < 1) throw invalidParameter("The credit note's total must be at least 1.", null, "lines");
  return sum;
}

/** Refunds that exist already, only linked to the note: `refunds[n][refund]`, `[amount_refunded]`. */
function sumOfLinkedRefunds(call: Call): number {
  let sum = 0;
  for (const entry of call.params.list("refunds")) {
    if (!(entry instanceof Params)) continue;
    const refund = found(call.world.refunds, entry.requiredText("refund"), "refunds[refund]");
    sum += entry.integer("amount_refunded") ?? refund.amount;
  }
  return sum;
}

const create: Handler = (call) => {
  const { world, origin } = call;
  const planned = plan(call);
  const { invoice, total, refund, credit, charge } = planned;
  const note = describe(call, planned, world.newId("cn_1"));
  world.creditNotes.add(note, origin);
  if (planned.prePayment) {
    invoice.pre_payment_credit_notes_amount += total;
    invoice.amount_due -= total;
    invoice.amount_remaining -= total;
    if (invoice.amount_remaining === 0) invoice.status = "paid";
  } else invoice.post_payment_credit_notes_amount += total;
  if (refund > 0 && charge !== undefined) {
    const how = { reason: null, metadata: {}, reversesTransfer: false, refundsFee: false };
    const made = refundAmount(call, charge, refund, how);
    note.refund = made.id;
    note.refunds = [{ amount_refunded: refund, refund: made.id, type: "refund" }];
  }
  const customer = world.customers.find(invoice.customer);
  if (credit > 0 && customer !== undefined) {
    world.open(origin, "paid_out", credit, note.currency, note.id);
    const given = { credit_note: note.id };
    note.customer_balance_transaction = changeBalance(
      world,
      origin,
      customer,
      -credit,
      note.currency,
      "credit_note",
      given,
    ).id;
  }
  world.emit(origin, "credit_note.created", note);
  return note;
};

function describe(call: Call, planned: Planned, id: string): CreditNote {
  const { params, world } = call;
  const { invoice, total, prePayment } = planned;
  return {
    ...template("credit_note"),
    id,
    object: "credit_note",
    amount: total,
    created: world.seconds(),
    currency: invoice.currency,
    customer: invoice.customer,
    customer_balance_transaction: null,
    effective_at: world.seconds(),
    invoice: invoice.id,
    lines: { object: "list", data: [], has_more: false, url: `/v1/credit_notes/${id}/lines` },
    memo: textOr(params, "memo", null),
    metadata: metadata(params),
    number: `${invoice.id.slice(-8).toUpperCase()}-CN-01`,
    out_of_band_amount: planned.outOfBand === 0 ? null : planned.outOfBand,
    pdf: `https://pay.stripe.com/credit_notes/acct_sandbox/${id}/pdf`,
    post_payment_amount: prePayment ? 0 : total,
    pre_payment_amount: prePayment ? total : 0,
    pretax_credit_amounts: [],
    reason: oneOf(params, "reason", REASONS) ?? null,
    refunds: [],
    shipping_cost: null,
    status: "issued",
    subtotal: total,
    subtotal_excluding_tax: total,
    total,
    total_excluding_tax: total,
    type: prePayment ? "pre_payment" : "post_payment",
    voided_at: null,
  };
}

const preview = (call: Call): JsonObject => ({
  ...describe(call, plan(call), "cn_1Preview"),
  created: call.world.seconds(),
});

/** The open invoice asks for the note's amount again. */
const voidNote: Handler = (call, [id = ""]) => {
  const { world, origin } = call;
  const note = found(world.creditNotes, id, "id");
  const invoice = requireInvoice(call, note.invoice);
  if (note.status === "void" || note.type !== "pre_payment" || invoice.status !== "open") {
    throw refusedByState("You can only void issued credit notes of open invoices.", null, null);
  }
  note.status = "void";
  note.voided_at = world.seconds();
  invoice.pre_payment_credit_notes_amount -= note.amount;
  invoice.amount_due += note.amount;
  invoice.amount_remaining += note.amount;
  world.open(origin, "collected", note.amount, note.currency, invoice.id);
  world.emit(origin, "credit_note.voided", note);
  return note;
};

export const creditNotes: Readonly<Record<string, Handler>> = {
  "POST credit_notes": create,
  "GET credit_notes": (call) =>
    list(call, call.world.creditNotes, "/v1/credit_notes", equalTo(call.params, "customer", "invoice")),
  "GET credit_notes/preview": preview,
  "GET credit_notes/*": (call, [id = ""]) => found(call.world.creditNotes, id, "id"),
  "POST credit_notes/*/void": voidNote,
};
