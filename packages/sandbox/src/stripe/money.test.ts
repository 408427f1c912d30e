// What each money operation really moves, when, and which request answers for it: the account that estimates are held against.

import { Stripe } from "stripe";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StripeSandbox } from "./server.ts";
import { startStripeSandbox } from "./server.ts";
import { textOf } from "../shared/json.ts";
import { done, errorOf, moneyOf, raw } from "./test-support.ts";

const HOUR_MS: number = 3600 * 1000;
const DAY_MS: number = 24 * HOUR_MS;
/** 2026-11-25T12:00:00Z */
const START = Date.UTC(2026, 10, 25, 12);

let sandbox: StripeSandbox;

beforeEach(async () => {
  sandbox = await startStripeSandbox({ seed: 7, now: () => START });
});

afterEach(async () => {
  await sandbox.close();
});

const post = async (path: string, body = "", headers: Readonly<Record<string, string>> = {}): ReturnType<typeof done> =>
  await done(sandbox, "POST", `/v1/${path}`, body, headers);
const get = async (path: string): Promise<Record<string, unknown>> =>
  (await done(sandbox, "GET", `/v1/${path}`)).object;
const money = (order: number): readonly string[] => moneyOf(sandbox, order);
const refusal = async (path: string, body = ""): Promise<Record<string, unknown>> => {
  const answer = await raw(sandbox, "POST", `/v1/${path}`, { body });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(money(sandbox.requestCount())).toEqual([]);
  return errorOf(answer);
};

const PAID = "currency=usd&payment_method=pm_card_visa&confirm=true";

async function payer(more = ""): Promise<string> {
  const method = await post("payment_methods", "type=card&card[token]=tok_visa");
  const customer = await post(
    "customers",
    `payment_method=${method.id}&invoice_settings[default_payment_method]=${method.id}${more}`,
  );
  return customer.id;
}

async function priceOf(unit: string, recurring = ""): Promise<string> {
  const product = await post("products", "name=Thing");
  return (await post("prices", `product=${product.id}&currency=usd&unit_amount_decimal=${unit}${recurring}`)).id;
}

describe("payments", () => {
  test("an intent that is confirmed at once has moved its amount; one that is not leaves it for a later call", async () => {
    const at_once = await post("payment_intents", `amount=1000&${PAID}`);
    expect(money(at_once.order)).toEqual(["collected at_once 1000 usd"]);
    const later = await post("payment_intents", "amount=700&currency=eur&payment_method=pm_card_visa");
    expect(money(later.order)).toEqual(["collected at_later_call 700 eur"]);
    const confirmed = await post(`payment_intents/${later.id}/confirm`);
    expect(money(confirmed.order)).toEqual(["collected at_once 700 eur"]);
  });

  test("an update answers for what it adds, and for all of it in another currency", async () => {
    const intent = await post("payment_intents", "amount=1000&currency=usd");
    expect(money((await post(`payment_intents/${intent.id}`, "amount=1500")).order)).toEqual([
      "collected at_later_call 500 usd",
    ]);
    expect(money((await post(`payment_intents/${intent.id}`, "amount=1200")).order)).toEqual([]);
    expect(money((await post(`payment_intents/${intent.id}`, "currency=eur")).order)).toEqual([
      "collected at_later_call 1200 eur",
    ]);
  });

  test("what a bank decides later is the clock's, on the account of the confirmation", async () => {
    const intent = await post("payment_intents", "amount=900&currency=usd&payment_method=pm_bank_processing");
    const confirmed = await post(`payment_intents/${intent.id}/confirm`);
    expect(confirmed.object.status).toBe("processing");
    sandbox.advance(intent.id);
    expect(money(confirmed.order)).toEqual(["collected by_clock 900 usd"]);
    expect(sandbox.moneyMoved().movements.map(({ when, order }) => [when, order])).toEqual([
      ["by_clock", confirmed.order],
    ]);
  });

  test("manual capture: the intent leaves it for later, captures move it, an increment adds to what may come", async () => {
    const options =
      "payment_method_options[card][request_incremental_authorization]=if_available&payment_method_options[card][request_multicapture]=if_available";
    const intent = await post("payment_intents", `amount=1000&${PAID}&capture_method=manual&${options}`);
    expect(money(intent.order)).toEqual(["collected at_later_call 1000 usd"]);
    const raised = await post(`payment_intents/${intent.id}/increment_authorization`, "amount=1300");
    expect(money(raised.order)).toEqual(["collected at_later_call 300 usd"]);
    const first = await post(`payment_intents/${intent.id}/capture`, "amount_to_capture=400&final_capture=false");
    expect(money(first.order)).toEqual(["collected at_once 400 usd"]);
    expect(money((await post(`payment_intents/${intent.id}/capture`)).order)).toEqual(["collected at_once 900 usd"]);
  });

  test("a customer's cash pays an intent only through apply_customer_balance, and only as far as it goes", async () => {
    const customer = await payer();
    const intent = await post("payment_intents", `amount=1000&currency=usd&customer=${customer}`);
    await post(`test_helpers/customers/${customer}/fund_cash_balance`, "amount=900&currency=usd");
    expect(await refusal(`payment_intents/${intent.id}/apply_customer_balance`)).toMatchObject({
      code: "customer_balance_insufficient",
    });
    await post(`test_helpers/customers/${customer}/fund_cash_balance`, "amount=300&currency=usd");
    expect(sandbox.moneyMoved().collectedMinor.get("usd")).toBeUndefined();
    const applied = await post(`payment_intents/${intent.id}/apply_customer_balance`);
    expect(applied.object).toMatchObject({ status: "succeeded", amount_received: 1000 });
    expect(money(applied.order)).toEqual(["collected at_once 1000 usd"]);
    expect(await get(`customers/${customer}/cash_balance`)).toMatchObject({ available: { usd: 200 } });
  });

  test("the old aliases of refunds pay out all the same", async () => {
    const charge = await post("charges", "amount=1000&currency=usd&source=tok_visa");
    expect(money((await post(`charges/${charge.id}/refund`, "amount=300")).order)).toEqual([
      "paid_out at_once 300 usd",
    ]);
    expect(money((await post(`charges/${charge.id}/refunds`)).order)).toEqual(["paid_out at_once 700 usd"]);
  });

  test("a refund that waits for the customer moves nothing until then", async () => {
    const intent = await post(
      "payment_intents",
      "amount=800&currency=usd&payment_method=pm_sandbox_refundRequiresAction&confirm=true",
    );
    const refund = await post("refunds", `payment_intent=${intent.id}`);
    expect(money(refund.order)).toEqual(["paid_out at_later_call 800 usd"]);
    sandbox.advance(refund.id);
    expect(money(refund.order)).toEqual(["paid_out by_clock 800 usd"]);
  });
});

describe("Connect", () => {
  test("a destination charge sends on what it collects, and a refund can take it back", async () => {
    const intent = await post(
      "payment_intents",
      `amount=1000&${PAID}&transfer_data[destination]=acct_1Seller&application_fee_amount=100`,
    );
    expect(money(intent.order)).toEqual(["collected at_once 1000 usd", "paid_out at_once 1000 usd"]);
    const plain = await post("refunds", `payment_intent=${intent.id}&amount=400`);
    expect(money(plain.order)).toEqual(["paid_out at_once 400 usd"]);
    const reversing = await post(
      "refunds",
      `payment_intent=${intent.id}&amount=500&reverse_transfer=true&refund_application_fee=true`,
    );
    expect(money(reversing.order).toSorted()).toEqual([
      "collected at_once 500 usd",
      "paid_out at_once 50 usd",
      "paid_out at_once 500 usd",
    ]);
  });

  test("a refund that cannot reverse a transfer or give a fee back moves nothing at all", async () => {
    const sentOn = await post("payment_intents", `amount=1000&${PAID}&transfer_data[destination]=acct_1Seller`);
    const before = sandbox.moneyMoved().movements.length;
    const body = `payment_intent=${sentOn.id}&reverse_transfer=true&refund_application_fee=true`;
    expect(await refusal("refunds", body)).toMatchObject({ param: "refund_application_fee" });
    const plain = await post("charges", "amount=1000&currency=usd&source=tok_visa");
    expect(await refusal("refunds", `charge=${plain.id}&reverse_transfer=true`)).toMatchObject({
      param: "reverse_transfer",
    });
    expect(sandbox.moneyMoved().movements).toHaveLength(before + 1);
  });

  test("transfer_data[amount] is the most that is sent on, however many captures there are", async () => {
    const options = "payment_method_options[card][request_multicapture]=if_available";
    const to = "transfer_data[destination]=acct_1Seller&transfer_data[amount]=600";
    const intent = await post("payment_intents", `amount=1000&${PAID}&capture_method=manual&${options}&${to}`);
    const first = await post(`payment_intents/${intent.id}/capture`, "amount_to_capture=500&final_capture=false");
    expect(money(first.order)).toEqual(["collected at_once 500 usd", "paid_out at_once 500 usd"]);
    const last = await post(`payment_intents/${intent.id}/capture`);
    expect(money(last.order)).toEqual(["collected at_once 500 usd", "paid_out at_once 100 usd"]);
  });

  test("a transfer without an amount is all of its source, and a reversal without one all that is left", async () => {
    const charge = await post("charges", "amount=1000&currency=usd&source=tok_visa");
    const transfer = await post("transfers", `currency=usd&destination=acct_1Seller&source_transaction=${charge.id}`);
    expect(money(transfer.order)).toEqual(["paid_out at_once 1000 usd"]);
    expect(money((await post(`transfers/${transfer.id}/reversals`, "amount=250")).order)).toEqual([
      "collected at_once 250 usd",
    ]);
    expect(await refusal(`transfers/${transfer.id}/reversals`, "amount=751")).toMatchObject({ param: "amount" });
    expect(money((await post(`transfers/${transfer.id}/reversals`)).order)).toEqual(["collected at_once 750 usd"]);
    expect(await get(`transfers/${transfer.id}`)).toMatchObject({ amount_reversed: 1000, reversed: true });
    expect((await get(`transfers/${transfer.id}/reversals`)).data).toHaveLength(2);
    expect(await refusal(`transfers/${transfer.id}/reversals`)).toMatchObject({ code: "transfer_already_reversed" });
  });

  test("a direct charge leaves its fee with the platform, whose refund pays out and never more than the fee", async () => {
    const account = { "Stripe-Account": "acct_1Seller" };
    const intent = await post("payment_intents", `amount=1000&${PAID}&application_fee_amount=100`, account);
    expect(money(intent.order)).toEqual(["collected at_once 1000 usd"]);
    const [fee] = (await get("application_fees")).data as { readonly id: string; readonly amount: number }[];
    expect(fee).toMatchObject({ amount: 100 });
    expect(money((await post(`application_fees/${fee?.id}/refunds`, "amount=30")).order)).toEqual([
      "paid_out at_once 30 usd",
    ]);
    expect(await refusal(`application_fees/${fee?.id}/refunds`, "amount=71")).toMatchObject({ param: "amount" });
    const rest = await post(`application_fees/${fee?.id}/refund`);
    expect(rest.object).toMatchObject({ object: "application_fee", amount_refunded: 100, refunded: true });
    expect(money(rest.order)).toEqual(["paid_out at_once 70 usd"]);
  });
});

describe("the own bank account", () => {
  test("a payout leaves; cancelling gives nothing back to the truth; a reversal takes back what has arrived", async () => {
    const first = await post("payouts", "amount=500&currency=usd");
    expect(money(first.order)).toEqual(["paid_out at_once 500 usd"]);
    expect(money((await post(`payouts/${first.id}/cancel`)).order)).toEqual([]);
    expect(sandbox.moneyMoved().paidOutMinor.get("usd")).toBe(500n);
    expect(await get("balance")).toMatchObject({ available: [{ amount: 0, currency: "usd" }] });
    const second = await post("payouts", "amount=600&currency=usd");
    await refusal(`payouts/${second.id}/reverse`);
    sandbox.advanceClock(2 * DAY_MS);
    const back = await post(`payouts/${second.id}/reverse`);
    expect(back.object).toMatchObject({ amount: -600, original_payout: second.id });
    expect(money(back.order)).toEqual(["collected at_once 600 usd"]);
    await refusal(`payouts/${second.id}/reverse`);
    await refusal(`payouts/${second.id}/cancel`);
  });

  test("a top-up comes in, and can be cancelled while it is on its way", async () => {
    const topup = await post("topups", "amount=5000&currency=usd");
    expect(money(topup.order)).toEqual(["collected at_once 5000 usd"]);
    expect((await post(`topups/${topup.id}/cancel`)).object.status).toBe("canceled");
    const other = await post("topups", "amount=100&currency=usd");
    sandbox.advanceClock(DAY_MS);
    expect(await get(`topups/${other.id}`)).toMatchObject({ status: "succeeded" });
    await refusal(`topups/${other.id}/cancel`);
  });
});

describe("invoices", () => {
  const amounts: Readonly<Record<string, [body: string, amount: number]>> = {
    "an amount": ["amount=500&currency=usd", 500],
    "a negative amount": ["amount=-500&currency=usd", -500],
    "a unit amount times a quantity": ["unit_amount=125&quantity=4&currency=usd", 500],
    "a decimal unit amount, rounded half up": ["unit_amount_decimal=0.5&quantity=1001&currency=usd", 501],
    "a decimal far below a cent": ["unit_amount_decimal=0.000000000001&quantity=3&currency=usd", 0],
    "a decimal quantity": ["unit_amount_decimal=100.1&quantity_decimal=2.5&currency=usd", 250],
  };

  test.each(Object.entries(amounts))("an item of %s", async (_, [body, amount]) => {
    const item = await post("invoiceitems", `customer=${await payer()}&${body}`);
    expect(item.object.amount).toBe(amount);
    expect(money(item.order)).toEqual(amount > 0 ? [`collected at_later_call ${amount} usd`] : []);
  });

  test("an item by price, in both spellings, and by price_data; a recurring price is refused", async () => {
    const customer = await payer();
    const price = await priceOf("33.3");
    for (const spelling of [`price=${price}`, `pricing[price]=${price}`, `pricing%5Bprice%5D=${price}`]) {
      expect((await post("invoiceitems", `customer=${customer}&${spelling}&quantity=10`)).object.amount).toBe(333);
    }
    const product = await post("products", "name=Other");
    const data = `price_data[product]=${product.id}&price_data[currency]=usd&price_data[unit_amount]=70`;
    expect((await post("invoiceitems", `customer=${customer}&${data}&quantity=2`)).object.amount).toBe(140);
    const monthly = await priceOf("1000", "&recurring[interval]=month");
    expect(await refusal("invoiceitems", `customer=${customer}&price=${monthly}`)).toMatchObject({ param: "price" });
  });

  test("pending items are only taken when they are asked for, and paid when somebody pays", async () => {
    const customer = await payer();
    await post("invoiceitems", `customer=${customer}&amount=900&currency=usd`);
    const empty = await post("invoices", `customer=${customer}`);
    expect(empty.object).toMatchObject({ status: "draft", amount_due: 0 });
    expect(money(empty.order)).toEqual([]);
    const invoice = await post("invoices", `customer=${customer}&pending_invoice_items_behavior=include`);
    expect(invoice.object).toMatchObject({ amount_due: 900, auto_advance: false });
    expect(money(invoice.order)).toEqual(["collected at_later_call 900 usd"]);
    sandbox.advanceClock(40 * DAY_MS);
    expect(sandbox.moneyMoved().collectedMinor.get("usd")).toBeUndefined();
    const finalized = await post(`invoices/${invoice.id}/finalize`);
    expect(finalized.object).toMatchObject({ status: "open", amount_remaining: 900 });
    expect(money(finalized.order)).toEqual(["collected at_later_call 900 usd"]);
    const sent = await post(`invoices/${invoice.id}/send`);
    expect(money(sent.order)).toEqual(["collected at_later_call 900 usd"]);
    const paid = await post(`invoices/${invoice.id}/pay`);
    expect(paid.object).toMatchObject({ status: "paid", amount_paid: 900, amount_remaining: 0 });
    expect(money(paid.order)).toEqual(["collected at_once 900 usd"]);
    expect(await refusal(`invoices/${invoice.id}/pay`)).toMatchObject({ code: "invoice_already_paid" });
  });

  test("one that advances by itself is collected after an hour; each request answers for what it put in", async () => {
    const customer = await payer();
    const before = await post("invoiceitems", `customer=${customer}&amount=200&currency=usd`);
    const invoice = await post(
      "invoices",
      `customer=${customer}&auto_advance=true&pending_invoice_items_behavior=include`,
    );
    expect(money(invoice.order)).toEqual(["collected at_later_call 200 usd"]);
    const after = await post("invoiceitems", `customer=${customer}&invoice=${invoice.id}&amount=300&currency=usd`);
    sandbox.advanceClock(HOUR_MS - 1000);
    expect(sandbox.moneyMoved().collectedMinor.get("usd")).toBeUndefined();
    sandbox.advanceClock(1000);
    expect(sandbox.moneyMoved().collectedMinor.get("usd")).toBe(500n);
    expect(money(invoice.order)).toEqual(["collected by_clock 200 usd"]);
    expect(money(after.order)).toEqual(["collected by_clock 300 usd"]);
    expect(money(before.order)).toEqual(["collected at_later_call 200 usd"]);
    expect(await get(`invoices/${invoice.id}`)).toMatchObject({
      status: "paid",
      status_transitions: { paid_at: (START + HOUR_MS) / 1000 },
    });
  });

  test("auto_advance that comes with an update is that update's doing; taken back, nothing happens", async () => {
    const customer = await payer();
    const invoice = await post("invoices", `customer=${customer}`);
    await post("invoiceitems", `customer=${customer}&invoice=${invoice.id}&amount=300&currency=usd`);
    const on = await post(`invoices/${invoice.id}`, "auto_advance=true");
    const off = await post(`invoices/${invoice.id}`, "auto_advance=false");
    sandbox.advanceClock(2 * HOUR_MS);
    expect(money(on.order)).toEqual(["collected at_later_call 300 usd"]);
    expect(money(off.order)).toEqual([]);
    const again = await post(`invoices/${invoice.id}`, "auto_advance=true");
    sandbox.advanceClock(2 * HOUR_MS);
    expect(money(again.order)).toEqual(["collected by_clock 300 usd"]);
  });

  test("an item that is changed or deleted counts as it is; the items of a deleted draft wait again", async () => {
    const customer = await payer();
    const item = await post("invoiceitems", `customer=${customer}&unit_amount=100&quantity=2&currency=usd`);
    const raised = await post(`invoiceitems/${item.id}`, "quantity=5");
    expect(raised.object.amount).toBe(500);
    expect(money(raised.order)).toEqual(["collected at_later_call 300 usd"]);
    const credit = await post("invoiceitems", `customer=${customer}&amount=-150&currency=usd`);
    const include = `customer=${customer}&pending_invoice_items_behavior=include`;
    const draft = await post("invoices", include);
    expect(draft.object.amount_due).toBe(350);
    await done(sandbox, "DELETE", `/v1/invoices/${draft.id}`);
    const deleted = await done(sandbox, "DELETE", `/v1/invoiceitems/${credit.id}`);
    expect(money(deleted.order)).toEqual(["collected at_later_call 150 usd"]);
    expect((await get(`invoiceitems?customer=${customer}&pending=true`)).data).toHaveLength(1);
    const invoice = await post("invoices", include);
    expect(money((await post(`invoices/${invoice.id}/pay`)).order)).toEqual(["collected at_once 500 usd"]);
    await refusal(`invoiceitems/${item.id}`, "amount=1");
  });

  test("finalising one that advances collects at once", async () => {
    const customer = await payer();
    const invoice = await post("invoices", `customer=${customer}`);
    await post("invoiceitems", `customer=${customer}&invoice=${invoice.id}&amount=300&currency=usd`);
    const finalized = await post(`invoices/${invoice.id}/finalize`, "auto_advance=true");
    expect(finalized.object.status).toBe("paid");
    expect(money(finalized.order)).toEqual(["collected at_once 300 usd"]);
  });

  test("paid out of band, voided, declined: nothing moves", async () => {
    const customer = await payer();
    const make = async (): Promise<string> => {
      const invoice = await post("invoices", `customer=${customer}`);
      await post("invoiceitems", `customer=${customer}&invoice=${invoice.id}&amount=300&currency=usd`);
      await post(`invoices/${invoice.id}/finalize`);
      return invoice.id;
    };
    expect(money((await post(`invoices/${await make()}/pay`, "paid_out_of_band=true")).order)).toEqual([]);
    const voided = await make();
    expect((await post(`invoices/${voided}/void`)).object.status).toBe("void");
    await refusal(`invoices/${voided}/pay`);
    const declined = await make();
    expect(await refusal(`invoices/${declined}/pay`, "payment_method=pm_card_chargeDeclined")).toMatchObject({
      code: "card_declined",
    });
    expect(await get(`invoices/${declined}`)).toMatchObject({ status: "open", amount_remaining: 300 });
    expect(sandbox.moneyMoved().collectedMinor.get("usd")).toBeUndefined();
  });

  test("what a customer owes is in the next invoice's amount due, and what is owed to the customer is not", async () => {
    const customer = await payer("&balance=250");
    expect(money(sandbox.requestCount())).toEqual(["collected at_later_call 250 usd"]);
    const invoice = await post("invoices", `customer=${customer}`);
    await post("invoiceitems", `customer=${customer}&invoice=${invoice.id}&amount=300&currency=usd`);
    expect(await get(`invoices/${invoice.id}`)).toMatchObject({ amount_due: 550, starting_balance: 250 });
    const credit = await post(`customers/${customer}/balance_transactions`, "amount=-350&currency=usd");
    expect(credit.object).toMatchObject({ ending_balance: -100 });
    expect(money(credit.order)).toEqual(["paid_out at_later_call 350 usd"]);
    const paid = await post(`invoices/${invoice.id}/pay`);
    expect(money(paid.order)).toEqual(["collected at_once 200 usd"]);
    expect(await get(`customers/${customer}`)).toMatchObject({ balance: 0 });
  });
});

describe("credit notes", () => {
  async function invoiceOf(amount: number, paid: boolean): Promise<{ id: string; customer: string }> {
    const customer = await payer();
    const invoice = await post("invoices", `customer=${customer}`);
    await post("invoiceitems", `customer=${customer}&invoice=${invoice.id}&amount=${amount}&currency=usd`);
    await post(`invoices/${invoice.id}/${paid ? "pay" : "finalize"}`);
    return { id: invoice.id, customer };
  }

  test("on an open invoice it makes the invoice smaller, and voiding it makes it larger again", async () => {
    const invoice = await invoiceOf(1000, false);
    const note = await post("credit_notes", `invoice=${invoice.id}&amount=400`);
    expect(note.object).toMatchObject({ type: "pre_payment", total: 400, pre_payment_amount: 400 });
    expect(money(note.order)).toEqual([]);
    expect(await get(`invoices/${invoice.id}`)).toMatchObject({
      amount_remaining: 600,
      pre_payment_credit_notes_amount: 400,
    });
    expect(money((await post(`credit_notes/${note.id}/void`)).order)).toEqual(["collected at_later_call 400 usd"]);
    expect(await get(`invoices/${invoice.id}`)).toMatchObject({ amount_remaining: 1000 });
    await refusal("credit_notes", `invoice=${invoice.id}&amount=1001`);
  });

  test("on a paid one it refunds, credits, or leaves it to others, and these make up its total", async () => {
    const invoice = await invoiceOf(1000, true);
    await refusal("credit_notes", `invoice=${invoice.id}&amount=400&refund_amount=300`);
    const preview = await done(
      sandbox,
      "GET",
      `/v1/credit_notes/preview?invoice=${invoice.id}&amount=400&refund_amount=400`,
    );
    expect(preview.object).toMatchObject({ object: "credit_note", total: 400 });
    expect(money(preview.order)).toEqual([]);
    const body = `invoice=${invoice.id}&amount=900&refund_amount=500&credit_amount=300&out_of_band_amount=100`;
    const note = await post("credit_notes", body);
    expect(note.object).toMatchObject({
      type: "post_payment",
      post_payment_amount: 900,
      refunds: [{ amount_refunded: 500 }],
    });
    expect(money(note.order)).toEqual(["paid_out at_once 500 usd", "paid_out at_later_call 300 usd"]);
    expect(await get(`customers/${invoice.customer}`)).toMatchObject({ balance: -300 });
    await refusal("credit_notes", `invoice=${invoice.id}&amount=101&refund_amount=101`);
  });

  test("its lines say its total too", async () => {
    const invoice = await invoiceOf(1000, true);
    const lines = (await get(`invoices/${invoice.id}/lines`)).data as { readonly id: string }[];
    const body = `invoice=${invoice.id}&lines[0][type]=invoice_line_item&lines[0][invoice_line_item]=${lines[0]?.id}&lines[0][amount]=200&lines[1][type]=custom_line_item&lines[1][description]=x&lines[1][unit_amount]=50&lines[1][quantity]=3&refund_amount=350`;
    expect(money((await post("credit_notes", body)).order)).toEqual(["paid_out at_once 350 usd"]);
  });
});

describe("quotes and subscriptions", () => {
  test("an accepted one-off quote is collected by the clock", async () => {
    const customer = await payer();
    const price = await priceOf("450");
    const quote = await post("quotes", `customer=${customer}&line_items[0][price]=${price}&line_items[0][quantity]=2`);
    expect(quote.object).toMatchObject({ status: "draft", amount_total: 900 });
    expect(money(quote.order)).toEqual([]);
    await refusal(`quotes/${quote.id}/accept`);
    expect(money((await post(`quotes/${quote.id}/finalize`)).order)).toEqual(["collected at_later_call 900 usd"]);
    const accepted = await post(`quotes/${quote.id}/accept`);
    expect(accepted.object).toMatchObject({ status: "accepted", subscription: null });
    expect(money(accepted.order)).toEqual(["collected at_later_call 900 usd"]);
    sandbox.advanceClock(HOUR_MS);
    expect(money(accepted.order)).toEqual(["collected by_clock 900 usd"]);
    expect(await get(`quotes/${quote.id}?expand[]=invoice`)).toMatchObject({
      invoice: { status: "paid", amount_paid: 900 },
    });
  });

  test("a quote's PDF is 40 KB of every byte, and only there once it is finalised", async () => {
    const customer = await payer();
    const quote = await post("quotes", `customer=${customer}&line_items[0][price]=${await priceOf("450")}`);
    expect((await raw(sandbox, "GET", `/v1/quotes/${quote.id}/pdf`)).status).toBe(400);
    await post(`quotes/${quote.id}/finalize`);
    const answer = await raw(sandbox, "GET", `/v1/quotes/${quote.id}/pdf`);
    expect(answer.headers["content-type"]).toBe("application/pdf");
    expect(answer.body.subarray(0, 5).toString()).toBe("%PDF-");
    expect(answer.body).toHaveLength(40_000);
    expect(new Set(answer.body).size).toBe(256);
    expect((await raw(sandbox, "GET", `/v1/quotes/${quote.id}/pdf`)).body.equals(answer.body)).toBe(true);
  });

  test("a subscription collects its first invoice at once and the others for ever, all on one request's account", async () => {
    const customer = await payer();
    const price = await priceOf("1000", "&recurring[interval]=month");
    const made = await post("subscriptions", `customer=${customer}&items[0][price]=${price}&items[0][quantity]=3`);
    expect(made.object).toMatchObject({ status: "active", customer });
    expect(money(made.order)).toEqual(["collected at_once 3000 usd"]);
    sandbox.advanceClock(366 * DAY_MS);
    expect(money(made.order)).toHaveLength(13);
    expect(sandbox.moneyMoved().collectedMinor.get("usd")).toBe(39_000n);
    expect(await get(`subscriptions/${made.id}?expand[]=latest_invoice`)).toMatchObject({
      latest_invoice: { billing_reason: "subscription_cycle", status: "paid", amount_paid: 3000 },
    });
    await done(sandbox, "DELETE", `/v1/subscriptions/${made.id}`);
    sandbox.advanceClock(366 * DAY_MS);
    expect(sandbox.moneyMoved().collectedMinor.get("usd")).toBe(39_000n);
  });

  test("a trial collects nothing until it ends; send_invoice and default_incomplete leave it to later calls", async () => {
    const customer = await payer();
    const price = await priceOf("1000", "&recurring[interval]=week");
    const trial = await post("subscriptions", `customer=${customer}&items[0][price]=${price}&trial_period_days=10`);
    expect(trial.object.status).toBe("trialing");
    expect(money(trial.order)).toEqual([]);
    const sent = await post(
      "subscriptions",
      `customer=${customer}&items[0][price]=${price}&collection_method=send_invoice&days_until_due=9`,
    );
    expect(money(sent.order)).toEqual(["collected at_later_call 1000 usd"]);
    const incomplete = await post(
      "subscriptions",
      `customer=${customer}&items[0][price]=${price}&payment_behavior=default_incomplete`,
    );
    expect(incomplete.object.status).toBe("incomplete");
    expect(money(incomplete.order)).toEqual(["collected at_later_call 1000 usd"]);
    sandbox.advanceClock(10 * DAY_MS + HOUR_MS);
    expect(money(trial.order)).toEqual(["collected by_clock 1000 usd"]);
    expect(sandbox.moneyMoved().collectedMinor.get("usd")).toBe(1000n);
  });

  test("without a way to pay there is no subscription and no money", async () => {
    const customer = await post("customers");
    const price = await priceOf("1000", "&recurring[interval]=day");
    expect(await refusal("subscriptions", `customer=${customer.id}&items[0][price]=${price}`)).toMatchObject({
      code: "resource_missing",
    });
    sandbox.advanceClock(9 * DAY_MS);
    expect((await get("subscriptions?status=all")).data).toEqual([]);
    expect(sandbox.moneyMoved().movements).toEqual([]);
  });

  test("a dearer plan, invoiced always, is collected by the update", async () => {
    const customer = await payer();
    const [small, large] = [
      await priceOf("1000", "&recurring[interval]=month"),
      await priceOf("2500", "&recurring[interval]=month"),
    ];
    const made = await post("subscriptions", `customer=${customer}&items[0][price]=${small}`);
    const dearer = await post(`subscriptions/${made.id}`, `items[0][price]=${large}&proration_behavior=always_invoice`);
    expect(money(dearer.order)).toEqual(["collected at_once 1500 usd"]);
    sandbox.advanceClock(32 * DAY_MS);
    expect(money(dearer.order)).toEqual(["collected at_once 1500 usd", "collected by_clock 2500 usd"]);
  });
});

test("the official SDK reads invoices, quotes with their PDF, and subscriptions", async () => {
  const { port, secretKey } = sandbox;
  const stripe = new Stripe(secretKey, {
    host: "127.0.0.1",
    port,
    protocol: "http",
    maxNetworkRetries: 0,
    telemetry: false,
  });
  const customer = await payer();
  const recurring = { interval: "month", interval_count: 3 } as const;
  const product = (await stripe.products.create({ name: "Thing" })).id;
  const price = await stripe.prices.create({ product, currency: "usd", unit_amount: 2500, recurring });
  const once = await stripe.prices.create({ product, currency: "usd", unit_amount: 120 });
  const item = await stripe.invoiceItems.create({ customer, pricing: { price: once.id }, quantity: 3 });
  expect(item).toMatchObject({ amount: 360, quantity: 3 });
  const invoice = await stripe.invoices.create({ customer, pending_invoice_items_behavior: "include" });
  const paid = await stripe.invoices.pay(invoice.id);
  expect(paid).toMatchObject({ status: "paid", amount_paid: 360, lines: { data: [{ amount: 360 }] } });
  const note = await stripe.creditNotes.create({ invoice: invoice.id, amount: 100, refund_amount: 100 });
  expect(note.post_payment_amount).toBe(100);
  const subscription = await stripe.subscriptions.create({
    customer,
    items: [{ price: price.id, quantity: 2 }],
    expand: ["latest_invoice"],
  });
  expect(subscription).toMatchObject({ status: "active", latest_invoice: { amount_paid: 5000 } });
  const quote = await stripe.quotes.create({ customer, line_items: [{ price: once.id }] });
  await stripe.quotes.finalizeQuote(quote.id);
  const chunks: Buffer[] = [];
  for await (const chunk of await stripe.quotes.pdf(quote.id)) chunks.push(Buffer.from(chunk as Uint8Array));
  expect(Buffer.concat(chunks)).toHaveLength(40_000);
});

describe("disputes", () => {
  test("what a bank has withheld is paid out when the account concedes, once", async () => {
    const charge = await post("charges", "amount=1000&currency=usd&source=tok_visa");
    const id = textOf(sandbox.dispute(charge.id, 600).id);
    expect(sandbox.moneyMoved().paidOutMinor.get("usd")).toBeUndefined();
    const closed = await post(`disputes/${id}/close`);
    expect(closed.object).toMatchObject({ status: "lost", amount: 600, charge: charge.id });
    expect(money(closed.order)).toEqual(["paid_out at_once 600 usd"]);
    await refusal(`disputes/${id}/close`);
  });

  test("the old alias concedes all the same, and the control plane makes disputes", async () => {
    const charge = await post("charges", "amount=1000&currency=usd&source=tok_visa");
    const headers = { "Content-Type": "application/json" };
    const made = await raw(sandbox, "POST", "/_sandbox/dispute", {
      body: JSON.stringify({ charge: charge.id }),
      headers,
    });
    expect(made.json).toMatchObject({ object: "dispute", amount: 1000 });
    expect((await raw(sandbox, "POST", "/_sandbox/dispute", { body: '{"charge":"ch_none"}', headers })).status).toBe(
      400,
    );
    expect(money((await post(`charges/${charge.id}/dispute/close`)).order)).toEqual(["paid_out at_once 1000 usd"]);
  });
});

describe("the truth", () => {
  test("the control plane tells it request by request, and puts the clock forward", async () => {
    const customer = await payer();
    const invoice = await post("invoices", `customer=${customer}&auto_advance=true`);
    const item = await post("invoiceitems", `customer=${customer}&invoice=${invoice.id}&amount=300&currency=usd`);
    await raw(sandbox, "POST", "/_sandbox/clock", { body: JSON.stringify({ advance_ms: HOUR_MS }) });
    expect((await raw(sandbox, "GET", "/_sandbox/clock")).json).toEqual({ now: START + HOUR_MS });
    const told = (await raw(sandbox, "GET", `/_sandbox/moved?order=${item.order}`)).json;
    expect(told).toMatchObject({
      order: item.order,
      money: [{ direction: "collected", when: "by_clock", amountMinor: "300" }],
    });
  });

  test("the rows that moved add up to the totals, whatever was done", async () => {
    const customer = await payer();
    const price = await priceOf("777", "&recurring[interval]=week");
    await post("subscriptions", `customer=${customer}&items[0][price]=${price}`);
    const intent = await post("payment_intents", `amount=1000&${PAID}&transfer_data[destination]=acct_1Seller`);
    await post("refunds", `payment_intent=${intent.id}&amount=300&reverse_transfer=true`);
    const invoice = await post("invoices", `customer=${customer}&auto_advance=true`);
    await post("invoiceitems", `customer=${customer}&invoice=${invoice.id}&amount=300&currency=usd`);
    await post("payouts", "amount=10&currency=usd");
    sandbox.advanceClock(30 * DAY_MS);
    const sums = { collected: 0n, paid_out: 0n };
    for (let order = 1; order <= sandbox.requestCount(); order += 1) {
      for (const row of sandbox.moneyMovedBy(order))
        if (row.when !== "at_later_call") sums[row.direction] += row.amountMinor;
    }
    const { collectedMinor, paidOutMinor } = sandbox.moneyMoved();
    expect(sums).toEqual({ collected: collectedMinor.get("usd"), paid_out: paidOutMinor.get("usd") });
    expect(sums).toEqual({ collected: 777n * 5n + 1000n + 300n + 300n, paid_out: 1000n + 300n + 10n });
  });

  test("a replay moves nothing on its own account", async () => {
    const headers = { "Idempotency-Key": "once" };
    const first = await post("payouts", "amount=10&currency=usd", headers);
    const second = await post("payouts", "amount=10&currency=usd", headers);
    expect(second.id).toBe(first.id);
    expect([money(first.order), money(second.order)]).toEqual([["paid_out at_once 10 usd"], []]);
  });

  test("a reset forgets the clock and what was due", async () => {
    const customer = await payer();
    const price = await priceOf("777", "&recurring[interval]=day");
    await post("subscriptions", `customer=${customer}&items[0][price]=${price}`);
    sandbox.advanceClock(DAY_MS);
    sandbox.reset();
    expect(sandbox.now()).toBe(START);
    sandbox.advanceClock(9 * DAY_MS);
    expect(sandbox.moneyMoved().movements).toEqual([]);
  });
});
