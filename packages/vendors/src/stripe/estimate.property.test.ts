import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { microUsd } from "@keybrake/core";
import type { Estimate, LookUpAnswer, MoneyEstimate, VendorCall } from "@keybrake/core";
import { estimate } from "./estimate.ts";
import { meter } from "./meter.ts";
import { MONEY_RULES } from "./money.ts";
import { operations } from "./operations.ts";
import { answerOf, callOf, chargeJson, intentJson, pricing, refundJson } from "./test-support.ts";

const MONEY = operations.operations.filter((operation) => operation.class === "money");

/** As gateway/src/limits.ts has it. */
const LOOK_UPS_MAX = 5;

function callFor(name: string, parameters: ReadonlyMap<string, string>): VendorCall {
  const operation = operations.byName(name) ?? expect.fail(name);
  const path = operation.path.replace(/\{\w+\}/g, "x_1");
  return { ...callOf(`${operation.method} ${path}`), parameters };
}

/** Names that some operation has, whole or deeper than they should be, and values that mean something to some. */
const names = fc.oneof(
  fc.constantFrom(
    "amount",
    "amount[value]",
    "amount[currency]",
    "amount[monetary][value]",
    "amount[monetary][currency]",
    "amount_to_capture",
    "charge",
    "currency",
    "customer",
    "from[currency]",
    "invoice",
    "lines[0][amount]",
    "lines[0][id]",
    "lines[1][price]",
    "lines[1][quantity]",
    "metric_tons",
    "payment_intent",
    "pending_invoice_items_behavior",
    "auto_advance",
    "price",
    "price_data[currency]",
    "price_data[unit_amount]",
    "pricing[price]",
    "process_config[skip_tipping]",
    "product",
    "quantity",
    "received_credit",
    "received_debit",
    "source_transaction",
    "to[currency]",
    "unit_amount_decimal",
  ),
  fc.string(),
);
const values = fc.oneof(
  fc.constantFrom("usd", "eur", "zzz", "true", "false", "x_1", "0.5", "-100", "", "include"),
  fc.nat({ max: 10 ** 9 }).map(String),
  fc.string(),
);
const parameters = fc
  .array(fc.tuple(names, values), { maxLength: 8 })
  .map((pairs): ReadonlyMap<string, string> => new Map(pairs));

/** Objects that look right for some question, with one thing wrong or nothing. */
const OBJECTS: readonly Readonly<Record<string, unknown>>[] = [
  intentJson({ id: "x_1" }),
  chargeJson({ id: "x_1" }),
  {
    id: "x_1",
    object: "invoice",
    amount_due: 100,
    amount_paid: 0,
    total: 100,
    currency: "usd",
    status: "draft",
  },
  { id: "x_1", object: "invoiceitem", amount: -100, currency: "usd", invoice: "x_1" },
  { id: "x_1", object: "transfer", amount: 100, amount_reversed: 0, currency: "eur" },
  { id: "x_1", object: "price", billing_scheme: "per_unit", currency: "usd", unit_amount: 5 },
  { id: "x_1", object: "customer", balance: 100, currency: "usd" },
  { id: "x_1", object: "payout", amount: 100, currency: "usd", status: "paid" },
  {
    object: "list",
    has_more: false,
    data: [{ id: "x_1", object: "line_item", amount: 5, currency: "usd" }],
  },
];
const answers: fc.Arbitrary<readonly LookUpAnswer[]> = fc.array(
  fc.record({
    status: fc.constantFrom(200, 200, 200, 400, 404, 500),
    json: fc.oneof(
      fc.constantFrom(...OBJECTS),
      fc
        .tuple(
          fc.constantFrom(...OBJECTS),
          fc.constantFrom("id", "amount", "currency", "status", "total"),
          fc.jsonValue(),
        )
        .map(([object, field, value]) => ({ ...object, [field]: value })),
      fc.jsonValue(),
    ),
  }),
  { maxLength: LOOK_UPS_MAX },
);

describe("whatever a money call says, and whatever look-ups answer", () => {
  it("it is bounded, refused, asked about or unbounded, and nothing throws", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...MONEY.map((operation) => operation.name)),
        parameters,
        answers,
        (name, given, lookUps) => {
          const result = estimate(callFor(name, given), pricing, lookUps);
          if (result.kind === "money") {
            expect(MONEY_RULES.get(name)?.directions).toContain(result.direction);
            expect(result.exposure).toBeGreaterThanOrEqual(0n);
            expect(result.amount).not.toBeNull();
          }
          if (result.kind === "look_up")
            expect(result.path).toMatch(/^\/v[12]\/[a-z_/]+(?:\/[A-Za-z0-9_]+(?:\/[a-z]+)?)?$/);
        },
      ),
      { numRuns: 20_000 },
    );
  });

  it("it asks only for what the table knows as a read", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...MONEY.map((operation) => operation.name)),
        parameters,
        answers,
        (name, given, lookUps) => {
          const result = estimate(callFor(name, given), pricing, lookUps);
          if (result.kind !== "look_up") return;
          const asked = operations.match("GET", result.path.slice(1).split("/"))?.operation;
          expect([name, asked?.class]).toEqual([name, "read"]);
          expect(MONEY_RULES.get(name)?.lookUps).toContain(asked?.name);
        },
      ),
      { numRuns: 20_000 },
    );
  });

  it("its answer is read without a throw, and nonsense never ends a hold", () => {
    const status = fc.constantFrom(200, 200, 400, 402, 500, 302);
    fc.assert(
      fc.property(
        fc.constantFrom(...MONEY.map((operation) => operation.name)),
        status,
        fc.oneof(
          fc.jsonValue(),
          fc.constantFrom(...OBJECTS),
          fc.jsonValue().map((error) => ({ error })),
        ),
        fc.option(fc.constantFrom("x_1", "y_1")),
        (name, code, json, object) => {
          const held: MoneyEstimate = {
            kind: "money",
            direction: "collected",
            amount: { minor: 100n, currency: "usd" },
            exposure: microUsd(1_000_000n),
            object: object === null ? null : { id: object, movedBefore: microUsd(0n) },
            rateDate: null,
          };
          const told = meter(callFor(name, new Map()), answerOf(code, json), pricing, held).meter;
          if (code >= 500 || code === 302) expect(told.kind).toBe("unknown");
          if (code === 200 && told.kind === "object" && object !== null) expect(told.id).toBe(object);
          if (code === 200) expect(told.kind).not.toBe("definite_no");
        },
      ),
      { numRuns: 20_000 },
    );
  });
});

// ------------------------------------------------------------------------------------------------------- what then moves

const amounts = fc.nat({ max: 99_999_990 }).map((minor) => minor - (minor % 10));
const currencies = fc.constantFrom("usd", "eur", "jpy");

/** A request, what look-ups show before it, and what the vendor answers when it does all that was asked. */
interface Pair {
  readonly line: string;
  readonly body: string;
  readonly found: readonly unknown[];
  readonly answer: unknown;
}

/** Amount and currency in the request, the same in the answer. */
const NAMED: readonly (readonly [line: string, object: string, statuses: readonly string[]])[] = [
  ["POST /v1/payouts", "payout", ["paid", "in_transit", "pending", "failed"]],
  ["POST /v1/topups", "topup", ["succeeded", "pending", "failed"]],
  ["POST /v1/transfers", "transfer", ["-"]],
  ["POST /v1/treasury/outbound_payments", "treasury.outbound_payment", ["posted", "processing", "returned"]],
  ["POST /v1/treasury/outbound_transfers", "treasury.outbound_transfer", ["posted", "processing", "canceled"]],
  ["POST /v1/treasury/inbound_transfers", "treasury.inbound_transfer", ["succeeded", "processing"]],
];

const named: fc.Arbitrary<Pair> = fc
  .tuple(fc.constantFrom(...NAMED), amounts, currencies)
  .chain(([[line, object, statuses], amount, currency]) =>
    fc.constantFrom(...statuses).map((status) => ({
      line,
      body: `amount=${amount}&currency=${currency}`,
      found: [],
      answer: { id: "x_1", object, amount, currency, status },
    })),
  );

/** A part, or all that is left, of something that is looked up. */
const parts: fc.Arbitrary<Pair> = fc
  .record({
    kind: fc.constantFrom("refund", "alias", "reversal", "fee"),
    whole: amounts,
    share: fc.nat({ max: 100 }),
    asked: fc.option(fc.nat({ max: 100 })),
    currency: currencies,
  })
  .map(({ kind, whole, share, asked, currency }) => {
    const back = Math.floor((whole * share) / 1_000) * 10;
    const left = whole - back;
    const amount = asked === null ? left : Math.floor((left * asked) / 1_000) * 10;
    const body = asked === null ? "" : `amount=${amount}`;
    const charge = chargeJson({
      amount: whole,
      amount_captured: whole,
      amount_refunded: back,
      captured: whole > 0,
      currency,
    });
    switch (kind) {
      case "refund":
        return {
          line: "POST /v1/refunds?charge=ch_1",
          body,
          found: [charge],
          answer: refundJson({ amount, currency }),
        };
      case "alias":
        return {
          line: "POST /v1/charges/ch_1/refund",
          body,
          found: [charge],
          answer: { ...charge, amount_refunded: back + amount },
        };
      case "reversal":
        return {
          line: "POST /v1/transfers/tr_1/reversals",
          body,
          found: [{ id: "tr_1", object: "transfer", amount: whole, amount_reversed: back, currency }],
          answer: { id: "trr_1", object: "transfer_reversal", amount, currency, transfer: "tr_1" },
        };
      case "fee":
        return {
          line: "POST /v1/application_fees/fee_1/refunds",
          body,
          found: [{ id: "fee_1", object: "application_fee", amount: whole, amount_refunded: back, currency }],
          answer: { id: "fr_1", object: "fee_refund", amount, currency, fee: "fee_1" },
        };
    }
  });

/** Items and lines: the vendor rounds half up what they come to. */
const items: fc.Arbitrary<Pair> = fc
  .record({
    unit: fc.nat({ max: 10 ** 8 }),
    decimals: fc.nat({ max: 6 }),
    quantity: fc.nat({ max: 1_000 }),
    draft: fc.boolean(),
    total: amounts,
  })
  .map(({ unit, decimals, quantity, draft, total }) => {
    const digits = String(unit).padStart(decimals + 1, "0");
    const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
    const amount = Number(
      (BigInt(unit) * BigInt(quantity) * 2n + 10n ** BigInt(decimals)) / (2n * 10n ** BigInt(decimals)),
    );
    const invoice = {
      id: "in_1",
      object: "invoice",
      amount_due: total,
      amount_paid: 0,
      total,
      currency: "usd",
      status: "draft",
    };
    const price = {
      id: "price_1",
      object: "price",
      billing_scheme: "per_unit",
      currency: "usd",
      unit_amount_decimal: text,
    };
    const line = { id: "ii_1", object: "invoiceitem", amount, currency: "usd", invoice: draft ? "in_1" : null };
    return draft
      ? {
          line: "POST /v1/invoices/in_1/add_lines",
          body: `lines[0][pricing][price]=price_1&lines[0][quantity]=${quantity}`,
          found: [invoice, price],
          answer: { ...invoice, total: total + amount, amount_due: total + amount },
        }
      : {
          line: "POST /v1/invoiceitems",
          body: `customer=cus_1&price=price_1&quantity=${quantity}`,
          found: [price],
          answer: line,
        };
  });

/** An invoice that is finalized and collected, with a balance that changes nothing for the worse. */
const invoices: fc.Arbitrary<Pair> = fc
  .record({
    verb: fc.constantFrom("finalize", "pay", "send"),
    total: fc.integer({ min: -100_000, max: 10_000_000 }),
    balance: fc.integer({ min: -100_000, max: 100_000 }),
    isPaid: fc.boolean(),
  })
  .map(({ verb, total, balance, isPaid }) => {
    const due = Math.max(0, total + balance);
    const draft = {
      id: "in_1",
      object: "invoice",
      amount_due: due,
      amount_paid: 0,
      amount_remaining: due,
      starting_balance: balance,
      total,
      currency: "usd",
      status: "draft",
    };
    const paid = { ...draft, status: "paid", amount_paid: due, amount_remaining: 0 };
    return {
      line: `POST /v1/invoices/in_1/${verb}`,
      body: "",
      found: [draft],
      answer: isPaid ? paid : { ...draft, status: "open" },
    };
  });

describe("what the vendor says has moved, or may yet,", () => {
  it("is never more than was held for the call before it was sent", () => {
    fc.assert(
      fc.property(fc.oneof(named, parts, items, invoices), ({ line, body, found, answer }) => {
        const call = callOf(line, body);
        const lookUps = found.map((json) => ({ status: 200, json }));
        const held: Estimate = estimate(call, pricing, lookUps);
        if (held.kind === "nothing") return;
        if (held.kind !== "money") return expect.fail(`${held.kind} ${line} ${body}`);
        const told = meter(call, answerOf(200, answer), pricing, held).meter;
        if (told.kind !== "object" && told.kind !== "spent")
          return expect.fail(`${told.kind} ${line} ${JSON.stringify(answer)}`);
        const toCome = told.kind === "object" ? (told.mayStillMove ?? 0n) : 0n;
        const sum = told.moved - (held.object?.movedBefore ?? 0n) + toCome;
        expect(sum).toBeLessThanOrEqual(held.exposure);
      }),
      { numRuns: 20_000 },
    );
  });
});
