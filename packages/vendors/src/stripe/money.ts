/**
 * The money operations of the table as data: in which direction, where the amount stands in the request and in the answer, which reads
 * fill what the request does not say, and under which object's id the money is followed. What these words come to in numbers is in
 * estimate.ts (before) and meter.ts (after); the test beside this file shows that every money operation has a rule and that every rule
 * has an operation.
 * Source: the parameters and objects of Stripe's OpenAPI document of 2026-08-26 (v1) and of the npm package stripe 23.1.0 (v2).
 */
import type { Direction } from "@keybrake/core";
import type { MovementKind } from "./movements.ts";

/** What an answer shows. Named as Stripe names them in `object`. */
export type AnswerKind =
  | MovementKind
  | "application_fee"
  | "charge"
  | "credit_note"
  | "customer_balance_transaction"
  | "invoice"
  | "invoiceitem"
  | "issuing.authorization"
  | "line_item"
  | "payment_intent"
  | "refund"
  | "subscription"
  | "terminal.reader"
  | "v2.money_management.inbound_transfer";

export interface MoneyRule {
  readonly directions: readonly Direction[];
  /** Where the amount stands in the request, and its currency; null: it says none, and a look-up does. */
  readonly amount: string | null;
  readonly currency: string | null;
  /** Reads of the operations table that fill what the request does not say, in the order in which they are made. */
  readonly lookUps: readonly string[];
  readonly answer: AnswerKind;
  /** Where the answer says what has moved; null: it does not, and the hold stays until the followed object does. */
  readonly moved: string | null;
  /** The object under whose id the money is followed; null: each call is counted by itself, at once. */
  readonly followed: AnswerKind | null;
}

const COLLECTED: readonly Direction[] = ["collected"];
const PAID_OUT: readonly Direction[] = ["paid_out"];
/** Below nothing it gives away what would have been collected. */
const BOTH: readonly Direction[] = ["collected", "paid_out"];

function rule(
  directions: readonly Direction[],
  amount: string | null,
  currency: string | null,
  lookUps: string,
  answer: AnswerKind,
  moved: string | null,
  followed: AnswerKind | null = answer,
): MoneyRule {
  return {
    directions,
    amount,
    currency,
    lookUps: lookUps === "" ? [] : lookUps.split(" "),
    answer,
    moved,
    followed,
  };
}

const INTENT = "payment_intents.retrieve";
const INVOICE = "invoices.retrieve";
const PRICED_LINES = `${INVOICE} invoices.lines.list prices.retrieve`;

export const MONEY_RULES: ReadonlyMap<string, MoneyRule> = new Map<string, MoneyRule>([
  // Payments.
  ["payment_intents.create", rule(COLLECTED, "amount", "currency", "", "payment_intent", "amount_received")],
  ["payment_intents.update", rule(COLLECTED, "amount", "currency", INTENT, "payment_intent", "amount_received")],
  ["payment_intents.confirm", rule(COLLECTED, "amount_to_confirm", null, INTENT, "payment_intent", "amount_received")],
  ["payment_intents.capture", rule(COLLECTED, "amount_to_capture", null, INTENT, "payment_intent", "amount_received")],
  [
    "payment_intents.increment_authorization",
    rule(COLLECTED, "amount", null, INTENT, "payment_intent", "amount_received"),
  ],
  [
    "payment_intents.apply_customer_balance",
    rule(COLLECTED, "amount", "currency", INTENT, "payment_intent", "amount_received"),
  ],
  ["payment_intents.verify_microdeposits", rule(COLLECTED, null, null, INTENT, "payment_intent", "amount_received")],
  ["charges.create", rule(COLLECTED, "amount", "currency", "", "charge", "amount_captured")],
  ["charges.capture", rule(COLLECTED, "amount", null, "charges.retrieve", "charge", "amount_captured")],
  [
    "terminal.readers.process_payment_intent",
    rule(COLLECTED, null, null, INTENT, "terminal.reader", null, "payment_intent"),
  ],
  [
    "terminal.readers.collect_payment_method",
    rule(COLLECTED, null, null, INTENT, "terminal.reader", null, "payment_intent"),
  ],
  [
    "terminal.readers.confirm_payment_intent",
    rule(COLLECTED, null, null, `terminal.readers.retrieve ${INTENT}`, "terminal.reader", null, "payment_intent"),
  ],

  // Given back.
  ["refunds.create", rule(PAID_OUT, "amount", null, `charges.retrieve ${INTENT}`, "refund", "amount")],
  ["charges.refunds.create", rule(PAID_OUT, "amount", null, "charges.retrieve", "refund", "amount")],
  ["charges.refund", rule(PAID_OUT, "amount", null, "charges.retrieve", "charge", "amount_refunded", null)],
  [
    "terminal.readers.refund_payment",
    rule(
      PAID_OUT,
      "amount",
      null,
      `charges.retrieve ${INTENT}`,
      "terminal.reader",
      "action[refund_payment][amount]",
      null,
    ),
  ],
  [
    "application_fees.refunds.create",
    rule(PAID_OUT, "amount", null, "application_fees.retrieve", "fee_refund", "amount"),
  ],
  [
    "application_fees.refund",
    rule(PAID_OUT, "amount", null, "application_fees.retrieve", "application_fee", "amount_refunded", null),
  ],
  ["disputes.close", rule(PAID_OUT, null, null, "disputes.retrieve", "dispute", "amount")],
  ["charges.dispute.close", rule(PAID_OUT, null, null, "charges.dispute.retrieve", "dispute", "amount")],
  ["credit_notes.create", rule(PAID_OUT, "amount", null, INVOICE, "credit_note", "amount")],

  // Invoices, and what they collect later.
  [
    "credit_notes.void",
    rule(COLLECTED, null, null, `credit_notes.retrieve ${INVOICE}`, "credit_note", null, "invoice"),
  ],
  ["invoiceitems.create", rule(BOTH, "amount", "currency", `${INVOICE} prices.retrieve`, "invoiceitem", null)],
  [
    "invoiceitems.update",
    rule(BOTH, "amount", null, `invoiceitems.retrieve ${INVOICE} prices.retrieve`, "invoiceitem", null),
  ],
  ["invoiceitems.delete", rule(COLLECTED, null, null, `invoiceitems.retrieve ${INVOICE}`, "invoiceitem", null)],
  ["invoices.create", rule(COLLECTED, null, null, "customers.retrieve invoiceitems.list", "invoice", "amount_paid")],
  ["invoices.update", rule(COLLECTED, null, null, INVOICE, "invoice", "amount_paid")],
  [
    "invoices.add_lines",
    rule(BOTH, "lines[][amount]", null, `${INVOICE} invoiceitems.retrieve prices.retrieve`, "invoice", "amount_paid"),
  ],
  ["invoices.update_lines", rule(BOTH, "lines[][amount]", null, PRICED_LINES, "invoice", "amount_paid")],
  ["invoices.remove_lines", rule(COLLECTED, null, null, PRICED_LINES, "invoice", "amount_paid")],
  ["invoices.lines.update", rule(BOTH, "amount", null, PRICED_LINES, "line_item", null, "invoice")],
  ["invoices.finalize", rule(COLLECTED, null, null, INVOICE, "invoice", "amount_paid")],
  ["invoices.pay", rule(COLLECTED, null, null, INVOICE, "invoice", "amount_paid")],
  ["invoices.send", rule(COLLECTED, null, null, INVOICE, "invoice", "amount_paid")],
  ["quotes.accept", rule(COLLECTED, null, null, "quotes.retrieve customers.retrieve", "quote", "amount_total")],
  ["quotes.finalize", rule(COLLECTED, null, null, "quotes.retrieve customers.retrieve", "quote", "amount_total")],
  ["subscriptions.cancel", rule(COLLECTED, null, null, "", "subscription", null, null)],
  ["customers.subscriptions.cancel", rule(COLLECTED, null, null, "", "subscription", null, null)],
  [
    "customers.balance_transactions.create",
    rule(BOTH, "amount", "currency", "", "customer_balance_transaction", "amount"),
  ],
  [
    "billing.credit_grants.create",
    rule(
      PAID_OUT,
      "amount[monetary][value]",
      "amount[monetary][currency]",
      "",
      "billing.credit_grant",
      "amount[monetary][value]",
    ),
  ],
  [
    "billing.credit_grants.update",
    rule(
      PAID_OUT,
      null,
      null,
      "billing.credit_grants.retrieve",
      "billing.credit_grant",
      "amount[monetary][value]",
      null,
    ),
  ],

  // Out of the balance, and into it.
  ["payouts.create", rule(PAID_OUT, "amount", "currency", "", "payout", "amount")],
  ["payouts.reverse", rule(COLLECTED, null, null, "payouts.retrieve", "payout", "amount")],
  ["topups.create", rule(COLLECTED, "amount", "currency", "", "topup", "amount")],
  ["transfers.create", rule(PAID_OUT, "amount", "currency", "charges.retrieve", "transfer", "amount")],
  ["transfers.reversals.create", rule(COLLECTED, "amount", null, "transfers.retrieve", "transfer_reversal", "amount")],
  [
    "climate.orders.create",
    rule(PAID_OUT, "amount", "currency", "climate.products.retrieve", "climate.order", "amount_total"),
  ],
  [
    "issuing.authorizations.approve",
    rule(PAID_OUT, "amount", null, "issuing.authorizations.retrieve", "issuing.authorization", "amount"),
  ],
  [
    "treasury.outbound_payments.create",
    rule(PAID_OUT, "amount", "currency", "", "treasury.outbound_payment", "amount"),
  ],
  [
    "treasury.outbound_transfers.create",
    rule(PAID_OUT, "amount", "currency", "", "treasury.outbound_transfer", "amount"),
  ],
  [
    "treasury.inbound_transfers.create",
    rule(COLLECTED, "amount", "currency", "", "treasury.inbound_transfer", "amount"),
  ],
  [
    "treasury.credit_reversals.create",
    rule(PAID_OUT, null, null, "treasury.received_credits.retrieve", "treasury.credit_reversal", "amount"),
  ],
  [
    "treasury.debit_reversals.create",
    rule(COLLECTED, null, null, "treasury.received_debits.retrieve", "treasury.debit_reversal", "amount"),
  ],
  [
    "v2.money_management.outbound_payments.create",
    rule(
      PAID_OUT,
      "amount[value]",
      "amount[currency]",
      "",
      "v2.money_management.outbound_payment",
      "from[debited][value]",
    ),
  ],
  [
    "v2.money_management.inbound_transfers.create",
    rule(
      COLLECTED,
      "amount[value]",
      "amount[currency]",
      "",
      "v2.money_management.inbound_transfer",
      "to[credited][value]",
    ),
  ],
  [
    "v2.money_management.payout_intents.create",
    rule(
      PAID_OUT,
      "amount[value]",
      "amount[currency]",
      "",
      "v2.money_management.payout_intent",
      "from[debited][value]",
    ),
  ],
  ...["update", "confirm", "refresh_fx_quote"].map(
    (verb) =>
      [
        `v2.money_management.payout_intents.${verb}`,
        rule(
          PAID_OUT,
          null,
          null,
          "v2.money_management.payout_intents.retrieve",
          "v2.money_management.payout_intent",
          "from[debited][value]",
        ),
      ] as const,
  ),
]);

/**
 * Whose answers are about one object that is followed, by the operation's name without its verb: a look at it, its cancellation and words
 * on it tell how far it is.
 */
export const FOLLOWED: ReadonlyMap<string, AnswerKind> = new Map<string, AnswerKind>([
  ["application_fees.refunds", "fee_refund"],
  ["billing.credit_grants", "billing.credit_grant"],
  ["charges", "charge"],
  ["charges.dispute", "dispute"],
  ["charges.refunds", "refund"],
  ["climate.orders", "climate.order"],
  ["credit_notes", "credit_note"],
  ["disputes", "dispute"],
  ["invoiceitems", "invoiceitem"],
  ["invoices", "invoice"],
  ["issuing.authorizations", "issuing.authorization"],
  ["payment_intents", "payment_intent"],
  ["payouts", "payout"],
  ["quotes", "quote"],
  ["refunds", "refund"],
  ["topups", "topup"],
  ["transfers", "transfer"],
  ["transfers.reversals", "transfer_reversal"],
  ["treasury.credit_reversals", "treasury.credit_reversal"],
  ["treasury.debit_reversals", "treasury.debit_reversal"],
  ["treasury.inbound_transfers", "treasury.inbound_transfer"],
  ["treasury.outbound_payments", "treasury.outbound_payment"],
  ["treasury.outbound_transfers", "treasury.outbound_transfer"],
  ["v2.money_management.inbound_transfers", "v2.money_management.inbound_transfer"],
  ["v2.money_management.outbound_payments", "v2.money_management.outbound_payment"],
  ["v2.money_management.payout_intents", "v2.money_management.payout_intent"],
]);
