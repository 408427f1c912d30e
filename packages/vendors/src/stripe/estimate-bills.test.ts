import { describe, expect, it } from "vitest";
import { said } from "./said.ts";

const NEW = { "stripe-version": "2026-08-26.dahlia" };
const OLD = { "stripe-version": "2020-08-27" };
const OLDEST = { "stripe-version": "2018-02-28" };

const invoice = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: "in_1",
  object: "invoice",
  amount_due: 10_000,
  amount_paid: 0,
  amount_remaining: 10_000,
  automatic_tax: { enabled: false, status: null },
  currency: "usd",
  default_tax_rates: [],
  starting_balance: 0,
  status: "draft",
  total: 10_000,
  ...more,
});
const open = invoice({ status: "open" });
const item = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: "ii_1",
  object: "invoiceitem",
  amount: 3_000,
  currency: "usd",
  invoice: null,
  pricing: { unit_amount_decimal: "1000" },
  tax_rates: [],
  ...more,
});
const line = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: "il_1",
  object: "line_item",
  amount: 3_000,
  currency: "usd",
  pricing: { unit_amount_decimal: "1000" },
  taxes: [],
  ...more,
});
const list = (data: readonly unknown[], more = false): unknown => ({ object: "list", data, has_more: more });
const price = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: "price_1",
  object: "price",
  billing_scheme: "per_unit",
  currency: "usd",
  custom_unit_amount: null,
  transform_quantity: null,
  unit_amount: 1_000,
  unit_amount_decimal: "1000",
  ...more,
});
const customer = (more: Record<string, unknown> = {}): unknown => ({
  id: "cus_1",
  object: "customer",
  balance: 0,
  currency: "usd",
  ...more,
});

type Row = readonly [string, string, string, readonly unknown[], string];

function check(rows: readonly Row[]): void {
  it.each(rows)("%s", (_, request, body, found, expected) => {
    expect(said(request, body, found)).toBe(expected);
  });
}

describe("an invoice is held for what it may still collect:", () => {
  const FINALIZE = "POST /v1/invoices/in_1/finalize";
  const PAY = "POST /v1/invoices/in_1/pay";
  const UPDATE = "POST /v1/invoices/in_1";
  check([
    ["it is asked for", FINALIZE, "", [], "GET /v1/invoices/in_1"],
    ["finalized", FINALIZE, "", [invoice()], "collected 100000000 for 10000 usd on in_1 after 0"],
    ["mailed", "POST /v1/invoices/in_1/send", "", [open], "collected 100000000 for 10000 usd on in_1 after 0"],
    ["paid", PAY, "", [open], "collected 100000000 for 10000 usd on in_1 after 0"],
    [
      "paid for the rest",
      PAY,
      "",
      [invoice({ status: "open", amount_paid: 4_000, amount_remaining: 6_000 })],
      "collected 60000000 for 6000 usd on in_1 after 40000000",
    ],
    [
      "paid after it was written off",
      PAY,
      "",
      [invoice({ status: "uncollectible" })],
      "collected 100000000 for 10000 usd on in_1 after 0",
    ],
    [
      "what was paid elsewhere did not move here",
      PAY,
      "",
      [invoice({ status: "open", amount_paid: 4_000, amount_paid_off_stripe: 4_000, amount_remaining: 6_000 })],
      "collected 60000000 for 6000 usd on in_1 after 0",
    ],
    [
      "paid already",
      PAY,
      "",
      [invoice({ status: "paid", amount_paid: 10_000, amount_remaining: 0 })],
      "collected 0 for 0 usd on in_1 after 100000000",
    ],
    ["void", PAY, "", [invoice({ status: "void" })], "collected 0 for 0 usd on in_1 after 0"],
    ["paid elsewhere it moves nothing", PAY, "paid_out_of_band=true", [], "nothing"],
    ["paid elsewhere, or not", PAY, "paid_out_of_band=True", [], "GET /v1/invoices/in_1"],
    [
      "what the customer owes is added, what is owed to the customer may be gone",
      FINALIZE,
      "",
      [invoice({ starting_balance: 500 })],
      "collected 105000000 for 10500 usd on in_1 after 0",
    ],
    [
      "credit may be used up before",
      FINALIZE,
      "",
      [invoice({ starting_balance: -4_000, amount_due: 6_000, amount_remaining: 6_000 })],
      "collected 100000000 for 10000 usd on in_1 after 0",
    ],
    [
      "of less than nothing",
      FINALIZE,
      "",
      [invoice({ total: -500, amount_due: 0, amount_remaining: 0 })],
      "collected 0 for 0 usd on in_1 after 0",
    ],
    [
      "taxed and calculated",
      FINALIZE,
      "",
      [invoice({ automatic_tax: { enabled: true, status: "complete" } })],
      "collected 100000000 for 10000 usd on in_1 after 0",
    ],
    [
      "of which the tax is still to be calculated",
      FINALIZE,
      "",
      [invoice({ automatic_tax: { enabled: true, status: "requires_location_inputs" } })],
      "unbounded collected",
    ],
    ["of a status from the future", FINALIZE, "", [invoice({ status: "x" })], "amount_unknown"],
    ["with an amount in text", FINALIZE, "", [invoice({ total: "1" })], "amount_unknown"],
    ["another invoice", FINALIZE, "", [invoice({ id: "in_2" })], "amount_unknown"],
    ["words on it", UPDATE, "description=d&metadata[a]=b&footer=f&auto_advance=false", [], "nothing"],
    [
      "it advances by itself",
      UPDATE,
      "auto_advance=true",
      [invoice()],
      "collected 100000000 for 10000 usd on in_1 after 0",
    ],
    ["it is collected by another way", UPDATE, "collection_method=charge_automatically", [], "GET /v1/invoices/in_1"],
  ]);
});

describe("a new invoice", () => {
  const CREATE = "POST /v1/invoices";
  const PENDING = "GET /v1/invoiceitems?customer=cus_1&limit=100&pending=true";
  it.each<[string, string, Readonly<Record<string, string>>, readonly unknown[], string]>([
    ["collects nothing by itself", "customer=cus_1", NEW, [], "nothing"],
    [
      "collects nothing by itself where both is said",
      "customer=cus_1&auto_advance=false&pending_invoice_items_behavior=exclude",
      {},
      [],
      "nothing",
    ],
    ["has the account's defaults without a version", "customer=cus_1", {}, [], "unbounded collected"],
    ["has one of them with only the other", "customer=cus_1&auto_advance=false", {}, [], "unbounded collected"],
    ["swept items in before 2022-08-01", "customer=cus_1", OLD, [], "GET /v1/customers/cus_1"],
    [
      "advanced by itself before 2018-11-08",
      "customer=cus_1&pending_invoice_items_behavior=exclude",
      OLDEST,
      [],
      "GET /v1/customers/cus_1",
    ],
    [
      "advances and takes the debt along",
      "customer=cus_1&auto_advance=true",
      NEW,
      [customer({ balance: 700 })],
      "collected 7000000 for 700 usd",
    ],
    [
      "takes the debt along in its own currency",
      "customer=cus_1&auto_advance=true&currency=eur",
      NEW,
      [customer({ balance: 700, invoice_credit_balance: { eur: -1_000, usd: -700 } })],
      "collected 13020838 for 1000 eur",
    ],
    [
      "takes the dearest debt along where no currency is said",
      "customer=cus_1&auto_advance=true",
      NEW,
      [customer({ balance: -5, invoice_credit_balance: { usd: -700, eur: -1_000, jpy: 99_999 } })],
      "collected 13020838 for 700 usd",
    ],
    [
      "of who was deleted",
      "customer=cus_1&auto_advance=true&currency=usd",
      NEW,
      [{ id: "cus_1", object: "customer", deleted: true }],
      "collected 0 for 0 usd",
    ],
    [
      "whose debt is in no currency that is said",
      "customer=cus_1&auto_advance=true",
      NEW,
      [customer({ balance: 700, currency: null })],
      "amount_unknown",
    ],
    [
      "whose debt is in the currency that is said",
      "customer=cus_1&auto_advance=true&currency=usd",
      NEW,
      [customer({ balance: 700, currency: null })],
      "collected 7000000 for 700 usd",
    ],
    [
      "whose debt cannot be read",
      "customer=cus_1&auto_advance=true",
      NEW,
      [customer({ invoice_credit_balance: { usd: "-1" } })],
      "amount_unknown",
    ],
    [
      "advances with nothing on it",
      "customer=cus_1&auto_advance=true&currency=usd",
      NEW,
      [customer()],
      "collected 0 for 0 usd",
    ],
    [
      "asks for the items that wait",
      "customer=cus_1&pending_invoice_items_behavior=include",
      NEW,
      [customer()],
      PENDING,
    ],
    [
      "takes them along, and counts on no credit among them",
      "customer=cus_1&pending_invoice_items_behavior=include",
      NEW,
      [
        customer({ balance: 700 }),
        list([item(), item({ id: "ii_2", amount: -500 }), item({ id: "ii_3", amount: 200 })]),
      ],
      "collected 39000000 for 3900 usd",
    ],
    [
      "takes the dearest currency where none is said",
      "customer=cus_1&pending_invoice_items_behavior=include",
      NEW,
      [customer(), list([item(), item({ id: "ii_2", currency: "eur" })])],
      "collected 39062513 for 3000 usd",
    ],
    [
      "takes the currency that is said",
      "customer=cus_1&currency=eur&pending_invoice_items_behavior=include",
      NEW,
      [customer(), list([item({ amount: 99_999 }), item({ id: "ii_2", currency: "eur" })])],
      "collected 39062513 for 3000 eur",
    ],
    [
      "takes along more than one page",
      "customer=cus_1&pending_invoice_items_behavior=include",
      NEW,
      [customer(), list([item()], true)],
      "unbounded collected",
    ],
    [
      "takes along what is taxed",
      "customer=cus_1&pending_invoice_items_behavior=include",
      NEW,
      [customer(), list([item({ tax_rates: [{ percentage: 20 }] })])],
      "unbounded collected",
    ],
    [
      "is taxed",
      "customer=cus_1&pending_invoice_items_behavior=include&automatic_tax[enabled]=true",
      NEW,
      [],
      "unbounded collected",
    ],
    ["of a subscription", "customer=cus_1&subscription=sub_1", NEW, [], "unbounded collected"],
    [
      "that is a copy waits",
      "from_invoice[action]=revision&from_invoice[invoice]=in_1&auto_advance=false",
      NEW,
      [],
      "nothing",
    ],
    ["that is a copy and advances", "from_invoice[invoice]=in_1&auto_advance=true", NEW, [], "unbounded collected"],
    ["of nobody", "auto_advance=true", NEW, [], "amount_unknown"],
    ["with two answers to one question", "customer=cus_1&auto_advance[]=true", NEW, [], "request_ambiguous"],
  ])("%s", (_, body, headers, found, expected) => {
    expect(said(CREATE, body, found, headers)).toBe(expected);
  });
});

describe("an invoice item costs what it says:", () => {
  const CREATE = "POST /v1/invoiceitems";
  const UPDATE = "POST /v1/invoiceitems/ii_1";
  const DELETE = "DELETE /v1/invoiceitems/ii_1";
  check([
    ["an amount", CREATE, "customer=cus_1&amount=1050&currency=usd", [], "collected 10500000 for 1050 usd"],
    ["credit is given away", CREATE, "customer=cus_1&amount=-1050&currency=usd", [], "paid_out 10500000 for 1050 usd"],
    [
      "a price of its own",
      CREATE,
      "customer=cus_1&unit_amount=333&quantity=3&currency=usd",
      [],
      "collected 9990000 for 999 usd",
    ],
    [
      "a price of its own with decimals, rounded up",
      CREATE,
      "customer=cus_1&unit_amount_decimal=0.000000000001&quantity=3&currency=usd",
      [],
      "collected 10000 for 1 usd",
    ],
    [
      "a quantity with decimals",
      CREATE,
      "customer=cus_1&unit_amount_decimal=100&quantity_decimal=1.015&currency=usd",
      [],
      "collected 1020000 for 102 usd",
    ],
    [
      "credit by the unit",
      CREATE,
      "customer=cus_1&unit_amount_decimal=-0.5&quantity=3&currency=usd",
      [],
      "paid_out 20000 for 2 usd",
    ],
    ["a price is looked up", CREATE, "customer=cus_1&pricing[price]=price_1&quantity=2", [], "GET /v1/prices/price_1"],
    [
      "at that price",
      CREATE,
      "customer=cus_1&pricing[price]=price_1&quantity=2",
      [price()],
      "collected 20000000 for 2000 usd",
    ],
    [
      "at that price, as older versions name it",
      CREATE,
      "customer=cus_1&price=price_1",
      [price()],
      "collected 10000000 for 1000 usd",
    ],
    [
      "at that price in its own currency",
      CREATE,
      "customer=cus_1&price=price_1",
      [price({ currency: "eur" })],
      "collected 13020838 for 1000 eur",
    ],
    [
      "in tiers",
      CREATE,
      "customer=cus_1&price=price_1",
      [price({ billing_scheme: "tiered", unit_amount: null, unit_amount_decimal: null })],
      "amount_unknown",
    ],
    [
      "as the buyer likes",
      CREATE,
      "customer=cus_1&price=price_1",
      [price({ custom_unit_amount: { minimum: 1 } })],
      "amount_unknown",
    ],
    [
      "in packs",
      CREATE,
      "customer=cus_1&price=price_1&quantity_decimal=0.1",
      [price({ transform_quantity: { divide_by: 5, round: "up" } })],
      "collected 10000000 for 1000 usd",
    ],
    [
      "a price in the request",
      CREATE,
      "customer=cus_1&price_data[currency]=usd&price_data[product]=prod_1&price_data[unit_amount]=250&quantity=4",
      [],
      "collected 10000000 for 1000 usd",
    ],
    [
      "a price in the request without an amount",
      CREATE,
      "customer=cus_1&price_data[currency]=usd",
      [],
      "amount_unknown",
    ],
    ["two prices", CREATE, "customer=cus_1&amount=1&price=price_1&currency=usd", [], "request_ambiguous"],
    ["an amount and a quantity", CREATE, "customer=cus_1&amount=1&quantity=5&currency=usd", [], "request_ambiguous"],
    ["two quantities", CREATE, "customer=cus_1&price=price_1&quantity=1&quantity_decimal=2", [], "request_ambiguous"],
    ["a quantity below nothing", CREATE, "customer=cus_1&price=price_1&quantity=-1", [], "request_ambiguous"],
    ["nothing", CREATE, "customer=cus_1&currency=usd", [], "amount_unknown"],
    ["no currency", CREATE, "customer=cus_1&amount=100", [], "amount_unknown"],
    [
      "on an invoice",
      CREATE,
      "customer=cus_1&invoice=in_1&amount=500",
      [invoice()],
      "collected 105000000 for 10500 usd on in_1 after 0",
    ],
    [
      "credit on an invoice",
      CREATE,
      "customer=cus_1&invoice=in_1&amount=-500",
      [invoice()],
      "paid_out 5000000 for 500 usd",
    ],
    [
      "on an invoice in another currency",
      CREATE,
      "customer=cus_1&invoice=in_1&amount=500&currency=eur",
      [invoice()],
      "amount_unknown",
    ],
    [
      "on an invoice that is taxed",
      CREATE,
      "customer=cus_1&invoice=in_1&amount=500",
      [invoice({ default_tax_rates: [{ percentage: 20 }] })],
      "unbounded collected",
    ],
    [
      "on an invoice that is over",
      CREATE,
      "customer=cus_1&invoice=in_1&amount=500",
      [invoice({ status: "void" })],
      "collected 0 for 0 usd on in_1 after 0",
    ],

    ["words on it", UPDATE, "description=d", [], "nothing"],
    ["another amount", UPDATE, "amount=5000", [], "GET /v1/invoiceitems/ii_1"],
    ["more of it", UPDATE, "amount=5000", [item()], "collected 50000000 for 5000 usd on ii_1 after 0"],
    [
      "less of it gives nothing back before",
      UPDATE,
      "amount=100",
      [item()],
      "collected 30000000 for 3000 usd on ii_1 after 0",
    ],
    ["more units of it", UPDATE, "quantity=7", [item()], "collected 70000000 for 7000 usd on ii_1 after 0"],
    ["more units of what has no unit", UPDATE, "quantity=7", [item({ pricing: null })], "amount_unknown"],
    [
      "another currency of it",
      UPDATE,
      "price_data[currency]=eur&price_data[unit_amount]=1",
      [item()],
      "amount_unknown",
    ],
    ["credit instead of it", UPDATE, "amount=-500", [item()], "paid_out 5000000 for 500 usd"],
    ["less credit", UPDATE, "amount=-100", [item({ amount: -500 })], "collected 4000000 for 400 usd on ii_1 after 0"],
    ["more credit", UPDATE, "amount=-700", [item({ amount: -500 })], "paid_out 2000000 for 200 usd"],
    ["on its invoice", UPDATE, "amount=5000", [item({ invoice: "in_1" })], "GET /v1/invoices/in_1"],
    [
      "more on its invoice",
      UPDATE,
      "amount=5000",
      [item({ invoice: "in_1" }), invoice()],
      "collected 120000000 for 12000 usd on in_1 after 0",
    ],
    ["less on its invoice", UPDATE, "amount=100", [item({ invoice: "in_1" }), invoice()], "nothing"],

    ["taken away it collects less", DELETE, "", [item()], "nothing"],
    ["credit taken away", DELETE, "", [item({ amount: -500 })], "collected 5000000 for 500 usd"],
    [
      "credit taken away from its invoice",
      DELETE,
      "",
      [item({ amount: -500, invoice: "in_1" }), invoice()],
      "collected 105000000 for 10500 usd on in_1 after 0",
    ],
  ]);
});

describe("lines of an invoice:", () => {
  const ADD = "POST /v1/invoices/in_1/add_lines";
  const CHANGE = "POST /v1/invoices/in_1/update_lines";
  const REMOVE = "POST /v1/invoices/in_1/remove_lines";
  const ONE = "POST /v1/invoices/in_1/lines/il_1";
  const LINES = "GET /v1/invoices/in_1/lines?limit=100";
  check([
    [
      "added",
      ADD,
      "lines[0][amount]=100&lines[1][amount]=200",
      [invoice()],
      "collected 103000000 for 10300 usd on in_1 after 0",
    ],
    [
      "added at prices",
      ADD,
      "lines[0][pricing][price]=price_1&lines[0][quantity]=2&lines[1][price_data][unit_amount]=5&lines[1][price_data][currency]=usd",
      [invoice(), price()],
      "collected 120050000 for 12005 usd on in_1 after 0",
    ],
    [
      "added from what waits",
      ADD,
      "lines[0][invoice_item]=ii_1",
      [invoice(), item()],
      "collected 130000000 for 13000 usd on in_1 after 0",
    ],
    ["of credit", ADD, "lines[0][amount]=-100", [invoice()], "paid_out 1000000 for 100 usd"],
    ["of both", ADD, "lines[0][amount]=-100&lines[1][amount]=100", [invoice()], "amount_unknown"],
    ["of nothing", ADD, "lines[0][description]=d", [invoice()], "amount_unknown"],
    ["none", ADD, "", [invoice()], "amount_unknown"],
    ["in no list", ADD, "lines[amount]=100", [invoice()], "request_ambiguous"],
    ["in another currency", ADD, "lines[0][price]=price_1", [invoice(), price({ currency: "eur" })], "amount_unknown"],
    ["changed", CHANGE, "lines[0][id]=il_1&lines[0][amount]=5000", [invoice()], LINES],
    [
      "changed to more",
      CHANGE,
      "lines[0][id]=il_1&lines[0][amount]=5000",
      [invoice(), list([line()])],
      "collected 120000000 for 12000 usd on in_1 after 0",
    ],
    ["changed to less", CHANGE, "lines[0][id]=il_1&lines[0][amount]=1", [invoice(), list([line()])], "nothing"],
    ["changed in words", CHANGE, "lines[0][id]=il_1&lines[0][description]=d", [invoice(), list([line()])], "nothing"],
    [
      "changed that nobody knows",
      CHANGE,
      "lines[0][id]=il_2&lines[0][amount]=1",
      [invoice(), list([line()])],
      "amount_unknown",
    ],
    [
      "changed of a long invoice",
      CHANGE,
      "lines[0][id]=il_1&lines[0][amount]=1",
      [invoice(), list([line()], true)],
      "unbounded collected",
    ],
    ["removed", REMOVE, "lines[0][id]=il_1&lines[0][behavior]=delete", [invoice(), list([line()])], "nothing"],
    [
      "of credit removed",
      REMOVE,
      "lines[0][id]=il_1&lines[0][behavior]=delete",
      [invoice(), list([line({ amount: -500 })])],
      "collected 105000000 for 10500 usd on in_1 after 0",
    ],
    ["one in words", ONE, "description=d", [], "nothing"],
    [
      "one with more units",
      ONE,
      "quantity=5",
      [invoice(), list([line()])],
      "collected 120000000 for 12000 usd on in_1 after 0",
    ],
  ]);
});

describe("a quote is held for its total:", () => {
  const ACCEPT = "POST /v1/quotes/qt_1/accept";
  const quote = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
    id: "qt_1",
    object: "quote",
    amount_total: 10_000,
    automatic_tax: { enabled: false },
    computed: { recurring: null, upfront: {} },
    currency: "usd",
    customer: "cus_1",
    status: "open",
    subscription: null,
    subscription_schedule: null,
    ...more,
  });
  check([
    [
      "finalized",
      "POST /v1/quotes/qt_1/finalize",
      "",
      [quote({ status: "draft" }), customer()],
      "collected 100000000 for 10000 usd on qt_1 after 0",
    ],
    ["accepted", ACCEPT, "", [quote(), customer()], "collected 100000000 for 10000 usd on qt_1 after 0"],
    [
      "accepted already",
      ACCEPT,
      "",
      [quote({ status: "accepted" }), customer({ balance: 500 })],
      "collected 0 for 10500 usd on qt_1 after 100000000",
    ],
    ["the customer is asked for", ACCEPT, "", [quote()], "GET /v1/customers/cus_1"],
    [
      "together with what the customer owes",
      ACCEPT,
      "",
      [quote(), customer({ balance: 500 })],
      "collected 105000000 for 10500 usd on qt_1 after 0",
    ],
    [
      "of nothing, with what the customer owes",
      ACCEPT,
      "",
      [quote({ amount_total: 0 }), customer({ balance: 500 })],
      "collected 5000000 for 500 usd on qt_1 after 0",
    ],
    ["of nobody", ACCEPT, "", [quote({ customer: null })], "amount_unknown"],
    ["of what recurs", ACCEPT, "", [quote({ computed: { recurring: { amount_total: 1 } } })], "unbounded collected"],
    ["of a subscription", ACCEPT, "", [quote({ subscription: "sub_1" })], "unbounded collected"],
    ["that does not say whether it recurs", ACCEPT, "", [quote({ computed: {} })], "amount_unknown"],
    [
      "whose tax is to come",
      ACCEPT,
      "",
      [quote({ automatic_tax: { enabled: true, status: "failed" } })],
      "unbounded collected",
    ],
  ]);
});

describe("credit and its end:", () => {
  const NOTE = "POST /v1/credit_notes";
  const VOID = "POST /v1/credit_notes/cn_1/void";
  const paid = invoice({ status: "paid", amount_paid: 10_000, amount_remaining: 0 });
  const note = { id: "cn_1", object: "credit_note", amount: 2_500, currency: "usd", invoice: "in_1" };
  const BALANCE = "POST /v1/customers/cus_1/balance_transactions";
  check([
    ["a note of an amount", NOTE, "invoice=in_1&amount=2500", [paid], "paid_out 25000000 for 2500 usd"],
    [
      "a note that refunds and credits more than it says",
      NOTE,
      "invoice=in_1&amount=1&refund_amount=2000&credit_amount=500",
      [paid],
      "paid_out 25000000 for 2500 usd",
    ],
    [
      "a note of lines is at most the invoice",
      NOTE,
      "invoice=in_1&lines[0][type]=custom_line_item&lines[0][unit_amount]=1",
      [paid],
      "paid_out 100000000 for 10000 usd",
    ],
    ["a note of no invoice", NOTE, "amount=2500", [], "amount_unknown"],
    ["a note below nothing", NOTE, "invoice=in_1&amount=-1", [paid], "request_ambiguous"],
    ["a note that ends", VOID, "", [], "GET /v1/credit_notes/cn_1"],
    ["a note that ends asks for its invoice", VOID, "", [note], "GET /v1/invoices/in_1"],
    [
      "a note that ends is collected again",
      VOID,
      "",
      [note, open],
      "collected 125000000 for 12500 usd on in_1 after 0",
    ],
    ["a debt", BALANCE, "amount=1050&currency=usd", [], "collected 10500000 for 1050 usd"],
    ["credit", BALANCE, "amount=-1050&currency=usd", [], "paid_out 10500000 for 1050 usd"],
    ["credit in words", BALANCE, "amount=--1&currency=usd", [], "request_ambiguous"],
    ["credit of no currency", BALANCE, "amount=-1", [], "amount_unknown"],
    ["no amount", BALANCE, "currency=usd", [], "amount_unknown"],
  ]);

  it.each(["/v1/subscriptions/sub_1", "/v1/customers/cus_1/subscriptions/sub_1"])("%s ends", (path) => {
    expect(said(`DELETE ${path}`, "")).toBe("nothing");
    expect(said(`DELETE ${path}?invoice_now=false&prorate=false`, "")).toBe("nothing");
    expect(said(`DELETE ${path}?invoice_now=true`, "")).toBe("unbounded collected");
    expect(said(`DELETE ${path}?prorate=1`, "")).toBe("unbounded collected");
    expect(said(`DELETE ${path}?prorate[]=false`, "")).toBe("request_ambiguous");
  });
});
