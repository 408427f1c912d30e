import { describe, expect, it } from "vitest";
import { microUsd } from "@keybrake/core";
import type { Estimate, MeterReading, MoneyEstimate } from "@keybrake/core";
import { meter } from "./meter.ts";
import { answerOf, callOf, chargeJson, intentJson, pricing, refundJson } from "./test-support.ts";

function held(object: string | null = null, more: Partial<MoneyEstimate> = {}): MoneyEstimate {
  return {
    kind: "money",
    direction: "paid_out",
    amount: { minor: 10_000n, currency: "usd" },
    exposure: microUsd(100_000_000n),
    object: object === null ? null : { id: object, movedBefore: microUsd(7n) },
    rateDate: null,
    ...more,
  };
}

const NOTHING: Estimate = { kind: "nothing" };
const CEILING = held(null, { amount: null, exposure: microUsd(50_000_000n) });

function readingOf(line: string, status: number, json: unknown, estimate: Estimate, body = ""): MeterReading {
  const json_ = line.includes(" /v2/") && body !== "" ? { "content-type": "application/json" } : undefined;
  return meter(callOf(line, body, json_), answerOf(status, json), pricing, estimate);
}

/** `"po_1 moved 100000000, final"`, `"spent 5"`, `"unknown"`: what the tests below say in one line. */
function said(line: string, json: unknown, estimate: Estimate, status = 200, body = ""): string {
  const { meter: told } = readingOf(line, status, json, estimate, body);
  if (told.kind === "spent") return `spent ${told.moved}`;
  if (told.kind !== "object") return told.kind;
  const toCome = told.mayStillMove === undefined ? "" : `, ${told.mayStillMove} to come`;
  return `${told.id} moved ${told.moved}${told.final ? ", final" : ""}${toCome}${told.declined ? ", declined" : ""}`;
}

const usd = (object: string, id: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  id,
  object,
  amount: 10_000,
  currency: "usd",
  ...more,
});

const MOVED = "moved 100000000, final";
const OPEN = "moved 0, 100000000 to come";
const OVER = "moved 0, final";

describe("each kind of object says by its status how far it is:", () => {
  const v2 = { amount: { value: 10_000, currency: "usd" } };
  it.each<[string, string, Record<string, unknown>, Readonly<Record<string, string>>]>([
    [
      "payout",
      "POST /v1/payouts",
      usd("payout", "x_1"),
      { paid: MOVED, in_transit: MOVED, pending: OPEN, failed: OVER, canceled: OVER, future: "unknown" },
    ],
    [
      "topup",
      "POST /v1/topups",
      usd("topup", "x_1"),
      { succeeded: MOVED, reversed: MOVED, pending: OPEN, failed: OVER, canceled: OVER, future: "unknown" },
    ],
    ["transfer", "POST /v1/transfers", usd("transfer", "x_1"), { "": MOVED }],
    [
      "outbound payment",
      "POST /v1/treasury/outbound_payments",
      usd("treasury.outbound_payment", "x_1"),
      { posted: MOVED, returned: MOVED, processing: OPEN, failed: OVER, canceled: OVER, future: "unknown" },
    ],
    [
      "outbound transfer",
      "POST /v1/treasury/outbound_transfers",
      usd("treasury.outbound_transfer", "x_1"),
      { posted: MOVED, returned: MOVED, processing: OPEN, failed: OVER, canceled: OVER, future: "unknown" },
    ],
    [
      "inbound transfer",
      "POST /v1/treasury/inbound_transfers",
      usd("treasury.inbound_transfer", "x_1"),
      { succeeded: MOVED, processing: OPEN, failed: OVER, canceled: OVER, future: "unknown" },
    ],
    [
      "credit sent back",
      "POST /v1/treasury/credit_reversals",
      usd("treasury.credit_reversal", "x_1"),
      { posted: MOVED, processing: OPEN, canceled: OVER, future: "unknown" },
    ],
    [
      "debit taken back",
      "POST /v1/treasury/debit_reversals",
      usd("treasury.debit_reversal", "x_1"),
      { succeeded: MOVED, processing: OPEN, failed: OVER, future: "unknown" },
    ],
    [
      "order",
      "POST /v1/climate/orders",
      usd("climate.order", "x_1", { amount: undefined, amount_total: 10_000 }),
      { open: MOVED, confirmed: MOVED, delivered: MOVED, awaiting_funds: OPEN, canceled: OVER, future: "unknown" },
    ],
    [
      "dispute",
      "POST /v1/disputes/x_1/close",
      usd("dispute", "x_1"),
      { lost: MOVED, needs_response: OPEN, under_review: OPEN, won: OVER, warning_closed: OVER, future: "unknown" },
    ],
    [
      "quote",
      "POST /v1/quotes/x_1/finalize",
      usd("quote", "x_1", { amount: undefined, amount_total: 10_000 }),
      { accepted: MOVED, open: OPEN, draft: OPEN, canceled: OVER, future: "unknown" },
    ],
    [
      "v2 payment",
      "POST /v2/money_management/outbound_payments",
      { id: "x_1", object: "v2.money_management.outbound_payment", ...v2 },
      { posted: MOVED, returned: MOVED, processing: OPEN, failed: OVER, canceled: OVER, future: "unknown" },
    ],
    [
      "v2 payout to come",
      "POST /v2/money_management/payout_intents",
      { id: "x_1", object: "v2.money_management.payout_intent", ...v2 },
      { posted: MOVED, pending: OPEN, processing: OPEN, requires_action: OPEN, canceled: OVER, future: "unknown" },
    ],
  ])("%s", (_, line, json, expected) => {
    for (const [status, told] of Object.entries(expected)) {
      const shown = status === "" ? json : { ...json, status };
      expect([status, said(line, shown, held())]).toEqual([status, told === "unknown" ? told : `x_1 ${told}`]);
      // Nonsense in its amount ends no hold, whatever its status.
      for (const amount of [undefined, "10000", 0.5, { value: -1, currency: "usd" }])
        expect(said(line, { ...shown, amount, amount_total: amount }, held())).toBe("unknown");
      expect(said(line, { ...shown, object: "event" }, held())).toBe("unknown");
      expect(said(line, { ...shown, currency: "zzz", amount: { value: 1, currency: "zzz" } }, held())).toBe("unknown");
    }
  });

  it("what left in another currency counts in that", () => {
    const payment = {
      id: "x_1",
      object: "v2.money_management.outbound_payment",
      amount: { value: 10_000, currency: "usd" },
      from: { debited: { value: 10_000, currency: "eur" } },
      status: "posted",
    };
    expect(said("POST /v2/money_management/outbound_payments", payment, held())).toBe("x_1 moved 125000000, final");
  });

  it("an inbound transfer of v2 says it by what happened", () => {
    const line = "POST /v2/money_management/inbound_transfers";
    const transfer = (...types: readonly string[]): unknown => ({
      id: "x_1",
      object: "v2.money_management.inbound_transfer",
      amount: { value: 10_000, currency: "usd" },
      transfer_history: types.map((type) => ({ type })),
    });
    const told = (...types: readonly string[]): string => said(line, transfer(...types), held());
    expect(told()).toBe(`x_1 ${OPEN}`);
    expect(told("bank_debit_processing")).toBe(`x_1 ${OPEN}`);
    expect(told("bank_debit_processing", "bank_debit_succeeded")).toBe(`x_1 ${MOVED}`);
    expect(told("bank_debit_succeeded", "bank_debit_returned")).toBe(`x_1 ${MOVED}`);
    expect(told("bank_debit_failed")).toBe(`x_1 ${OVER}`);
  });

  it("an authorisation of a card says it by its approval", () => {
    const line = "POST /v1/issuing/authorizations/x_1/approve";
    const card = (more: Record<string, unknown>): unknown => usd("issuing.authorization", "x_1", more);
    const told = (more: Record<string, unknown>): string => said(line, card(more), held("x_1"));
    expect(told({ approved: true, status: "pending" })).toBe("x_1 moved 100000000");
    expect(told({ approved: true, status: "closed" })).toBe(`x_1 ${MOVED}`);
    expect(told({ approved: false, status: "pending", pending_request: { amount: 10_000 } })).toBe(`x_1 ${OPEN}`);
    expect(told({ approved: false, status: "expired" })).toBe(`x_1 ${OVER}`);
    expect(told({ approved: "no", status: "expired" })).toBe("unknown");
  });
});

describe("an answer that is not simply the object that moves:", () => {
  const invoice = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
    id: "in_1",
    object: "invoice",
    amount_due: 10_000,
    amount_paid: 0,
    amount_remaining: 10_000,
    currency: "usd",
    status: "open",
    total: 10_000,
    ...more,
  });
  const collected: Partial<MoneyEstimate> = { direction: "collected" };
  const onInvoice = held("in_1", collected);
  const item = usd("invoiceitem", "ii_1", { amount: 300, invoice: null });
  const note = usd("credit_note", "cn_1", { invoice: "in_1", out_of_band_amount: 4_000 });
  const grant = {
    id: "cg_1",
    object: "billing.credit_grant",
    amount: { type: "monetary", monetary: { value: 10_000, currency: "usd" } },
  };
  const balance = usd("customer_balance_transaction", "cbtxn_1", { amount: -10_000, customer: "cus_1" });
  const reader = (action: unknown = null): unknown => ({ id: "tmr_1", object: "terminal.reader", action });
  const READER = "POST /v1/terminal/readers/tmr_1";

  it.each<[string, string, unknown, MoneyEstimate, string]>([
    ["an open invoice", "POST /v1/invoices/in_1/finalize", invoice(), onInvoice, "in_1 moved 0, 100000000 to come"],
    [
      "a paid invoice",
      "POST /v1/invoices/in_1/pay",
      invoice({ status: "paid", amount_paid: 10_000, amount_remaining: 0 }),
      onInvoice,
      "in_1 moved 100000000, final",
    ],
    [
      "an invoice that was paid elsewhere",
      "POST /v1/invoices/in_1/pay",
      invoice({ status: "paid", amount_paid: 10_000, amount_paid_off_stripe: 10_000, amount_remaining: 0 }),
      onInvoice,
      "in_1 moved 0, final",
    ],
    [
      "a paid invoice on which nothing was paid",
      "POST /v1/invoices/in_1/pay",
      invoice({ status: "paid", amount_remaining: 0 }),
      onInvoice,
      "unknown",
    ],
    [
      "an invoice that was paid in part",
      "POST /v1/invoices/in_1/pay",
      invoice({ amount_paid: 4_000, amount_remaining: 6_000 }),
      onInvoice,
      "in_1 moved 40000000, 60000000 to come",
    ],
    ["another invoice", "POST /v1/invoices/in_1/pay", invoice({ id: "in_2" }), onInvoice, "unknown"],
    [
      "a new invoice",
      "POST /v1/invoices",
      invoice({ status: "draft" }),
      held(null, collected),
      "in_1 moved 0, 100000000 to come",
    ],
    ["lines added", "POST /v1/invoices/in_1/add_lines", invoice(), onInvoice, "in_1 moved 0, 100000000 to come"],
    ["credit added as lines", "POST /v1/invoices/in_1/add_lines", invoice(), held(), "spent 100000000"],
    ["a line changed", "POST /v1/invoices/in_1/lines/il_1", usd("line_item", "il_1"), onInvoice, "in_1 moved 7"],
    ["a line that is none", "POST /v1/invoices/in_1/lines/il_1", invoice(), onInvoice, "unknown"],
    ["an item that waits", "POST /v1/invoiceitems", item, held(null, collected), "ii_1 moved 0, 3000000 to come"],
    ["an item on its invoice", "POST /v1/invoiceitems", { ...item, invoice: "in_1" }, onInvoice, "in_1 moved 7"],
    ["an item on another invoice", "POST /v1/invoiceitems", { ...item, invoice: "in_2" }, onInvoice, "unknown"],
    ["credit as an item", "POST /v1/invoiceitems", { ...item, amount: -10_000 }, held(), "spent 100000000"],
    [
      "credit taken away",
      "DELETE /v1/invoiceitems/ii_1",
      { id: "ii_1", object: "invoiceitem", deleted: true },
      held(null, collected),
      "spent 100000000",
    ],
    [
      "an accepted quote, with the debt",
      "POST /v1/quotes/qt_1/accept",
      usd("quote", "qt_1", { amount_total: 9_000, status: "accepted" }),
      held("qt_1", collected),
      "qt_1 moved 100000000, final",
    ],
    [
      "an accepted quote of nothing, with the debt",
      "POST /v1/quotes/qt_1/accept",
      usd("quote", "qt_1", { amount_total: 0, status: "accepted" }),
      held("qt_1", collected),
      "qt_1 moved 100000000, final",
    ],
    ["a note, but what was given elsewhere", "POST /v1/credit_notes", note, held(), "cn_1 moved 60000000, final"],
    ["a note that ended", "POST /v1/credit_notes/cn_1/void", note, onInvoice, "in_1 moved 7"],
    ["another note that ended", "POST /v1/credit_notes/cn_2/void", note, onInvoice, "unknown"],
    ["credit", "POST /v1/customers/cus_1/balance_transactions", balance, held(), "cbtxn_1 moved 100000000, final"],
    ["another customer's", "POST /v1/customers/cus_2/balance_transactions", balance, held(), "unknown"],
    ["credit that is granted", "POST /v1/billing/credit_grants", grant, held(), "cg_1 moved 100000000, final"],
    ["credit that is granted again", "POST /v1/billing/credit_grants/cg_1", grant, held(), "spent 100000000"],
    [
      "a reversal of a transfer",
      "POST /v1/transfers/tr_1/reversals",
      usd("transfer_reversal", "trr_1", { transfer: "tr_1" }),
      held(),
      "trr_1 moved 100000000, final",
    ],
    [
      "a reversal of another transfer",
      "POST /v1/transfers/tr_1/reversals",
      usd("transfer_reversal", "trr_1", { transfer: { id: "tr_2" } }),
      held(),
      "unknown",
    ],
    [
      "a fee given back",
      "POST /v1/application_fees/fee_1/refunds",
      usd("fee_refund", "fr_1", { fee: "fee_1" }),
      held(),
      "fr_1 moved 100000000, final",
    ],
    [
      "a fee given back, by its old alias",
      "POST /v1/application_fees/fee_1/refund",
      usd("application_fee", "fee_1", { amount_refunded: 50_000 }),
      held(),
      "spent 100000000",
    ],
    [
      "a payout taken back",
      "POST /v1/payouts/po_1/reverse",
      usd("payout", "po_2", { amount: -10_000, original_payout: "po_1", status: "paid" }),
      held(null, collected),
      "po_2 moved 100000000, final",
    ],
    [
      "another payout taken back",
      "POST /v1/payouts/po_1/reverse",
      usd("payout", "po_2", { original_payout: "po_3", status: "paid" }),
      held(null, collected),
      "unknown",
    ],
    ["a refund of a charge", "POST /v1/charges/ch_1/refunds", refundJson(), held(), "re_1 moved 100000000, final"],
    ["a refund of another charge", "POST /v1/charges/ch_2/refunds", refundJson(), held(), "unknown"],
    [
      "a charge of which all was given back",
      "POST /v1/charges/ch_1/refund",
      chargeJson({ amount_refunded: 10_000 }),
      held(),
      "spent 100000000",
    ],
    [
      "a charge of which more was left than was looked up",
      "POST /v1/charges/ch_1/refund",
      chargeJson({ amount_refunded: 10_000 }),
      held(null, { amount: { minor: 2_000n, currency: "usd" } }),
      "spent 100000000",
    ],
    [
      "a dispute of a charge",
      "POST /v1/charges/ch_1/dispute/close",
      usd("dispute", "dp_1", { charge: "ch_1", status: "lost" }),
      held("dp_1"),
      "dp_1 moved 100000000, final",
    ],
    ["a reader that waits", `${READER}/process_payment_intent`, reader(), held("pi_1", collected), "pi_1 moved 7"],
    [
      "a refund on a reader",
      `${READER}/refund_payment`,
      reader({ refund_payment: { amount: 500 } }),
      held(),
      "spent 5000000",
    ],
    ["a refund on a reader that says nothing", `${READER}/refund_payment`, reader(), held(), "spent 100000000"],
    ["no reader", `${READER}/refund_payment`, refundJson(), held(), "unknown"],
  ])("%s", (_, line, json, estimate, expected) => {
    expect(said(line, json, estimate)).toBe(expected);
  });

  it("an amount that was asked for is what an old alias gave back", () => {
    const charge = chargeJson({ amount_refunded: 10_000 });
    const estimate = held(null, { amount: { minor: 2_000n, currency: "usd" } });
    expect(said("POST /v1/charges/ch_1/refund", charge, estimate, 200, "amount=2000")).toBe("spent 20000000");
  });

  it("an invoice that could not be paid or mailed stays, and can be paid", () => {
    const error = { error: { type: "card_error", payment_intent: intentJson() } };
    const stays = "in_1 moved 7";
    expect(said("POST /v1/invoices/in_1/pay", error, onInvoice, 402)).toBe(`${stays}, declined`);
    expect(said("POST /v1/invoices/in_1/finalize", error, onInvoice, 402)).toBe(`${stays}, declined`);
    expect(said("POST /v1/invoices/in_1/pay", error, onInvoice, 400)).toBe(stays);
    expect(said("POST /v1/invoices/in_1/finalize", error, onInvoice, 400)).toBe("definite_no");
    expect(said("POST /v1/invoices/in_1/pay", error, onInvoice, 404)).toBe("definite_no");
  });

  it("a reader that did not answer may have heard all the same", () => {
    const error = { error: { code: "terminal_reader_timeout" } };
    expect(said(`${READER}/process_payment_intent`, error, held("pi_1", collected), 400)).toBe("unknown");
    expect(said(`${READER}/process_payment_intent`, { error: {} }, held("pi_1", collected), 400)).toBe("definite_no");
  });
});

describe("what has no bound counts at its ceiling", () => {
  const SUBSCRIBE = "POST /v1/subscriptions";
  it.each<[string, string, number, unknown, string]>([
    ["once it is done", SUBSCRIBE, 200, usd("subscription", "sub_1"), "spent 50000000"],
    ["whatever the answer is", SUBSCRIBE, 200, "<html>", "spent 50000000"],
    [
      "or at more, where more has moved",
      "POST /v2/money_management/outbound_payments",
      200,
      {
        id: "x_1",
        object: "v2.money_management.outbound_payment",
        amount: { value: 10_000, currency: "usd" },
        status: "posted",
      },
      "spent 100000000",
    ],
    ["not when it is refused", SUBSCRIBE, 400, { error: {} }, "definite_no"],
    ["not when it is declined", SUBSCRIBE, 402, { error: {} }, "definite_no"],
    ["not while nobody knows", SUBSCRIBE, 500, { error: {} }, "unknown"],
    ["not when something in between refuses it", SUBSCRIBE, 400, "<html>", "unknown"],
  ])("%s", (_, line, status, json, expected) => {
    expect(said(line, json, CEILING, status)).toBe(expected);
  });
});

describe("a look at an object that is followed tells how far it is:", () => {
  it.each<[string, string, unknown, string]>([
    ["a payout", "GET /v1/payouts/po_1", usd("payout", "po_1", { status: "paid" }), "po_1 moved 100000000, final"],
    [
      "a cancelled payout",
      "POST /v1/payouts/po_1/cancel",
      usd("payout", "po_1", { status: "canceled" }),
      "po_1 moved 0, final",
    ],
    ["another payout", "GET /v1/payouts/po_1", usd("payout", "po_2", { status: "paid" }), "nothing"],
    [
      "a voided invoice",
      "POST /v1/invoices/in_1/void",
      { ...usd("invoice", "in_1"), amount_due: 10_000, amount_paid: 0, total: 10_000, status: "void" },
      "in_1 moved 0, final",
    ],
    [
      "not a deleted draft, whose items may wait for another invoice",
      "DELETE /v1/invoices/in_1",
      { id: "in_1", object: "invoice", deleted: true },
      "nothing",
    ],
    [
      "a deleted item",
      "DELETE /v1/invoiceitems/ii_1",
      { id: "ii_1", object: "invoiceitem", deleted: true },
      "ii_1 moved 0, final",
    ],
    [
      "a dispute by its charge",
      "GET /v1/charges/ch_1/dispute",
      usd("dispute", "dp_1", { charge: "ch_1", status: "lost" }),
      "dp_1 moved 100000000, final",
    ],
    ["a subscription", "GET /v1/subscriptions/sub_1", usd("subscription", "sub_1"), "nothing"],
    ["a list", "GET /v1/payouts", usd("payout", "po_1", { status: "paid" }), "nothing"],
  ])("%s", (_, line, json, expected) => {
    expect(said(line, json, NOTHING)).toBe(expected);
  });
});

describe("the vendor's fee", () => {
  const transaction = { id: "txn_1", object: "balance_transaction", fee: 59, currency: "usd" };
  const feeOf = (json: unknown, status = 200): unknown => readingOf("GET /v1/charges/ch_1", status, json, NOTHING).fee;

  it("is told where the answer shows it", () => {
    const told = { minor: 59n, currency: "usd" };
    expect(feeOf(chargeJson({ balance_transaction: transaction }))).toEqual(told);
    expect(feeOf(refundJson({ balance_transaction: transaction }))).toEqual(told);
    expect(feeOf(usd("payout", "po_1", { balance_transaction: transaction }))).toEqual(told);
    expect(feeOf(intentJson({ latest_charge: chargeJson({ balance_transaction: transaction }) }))).toEqual(told);
  });

  it("is absent where it does not", () => {
    expect(feeOf(chargeJson({ balance_transaction: "txn_1" }))).toBeUndefined();
    expect(feeOf(chargeJson({ balance_transaction: null }))).toBeUndefined();
    expect(feeOf(chargeJson({ balance_transaction: { ...transaction, fee: 0.59 } }))).toBeUndefined();
    expect(feeOf(chargeJson({ balance_transaction: { ...transaction, fee: -59 } }))).toBeUndefined();
    expect(feeOf(chargeJson({ balance_transaction: transaction }), 500)).toBeUndefined();
    expect(feeOf(intentJson({ balance_transaction: transaction }))).toBeUndefined();
  });
});
