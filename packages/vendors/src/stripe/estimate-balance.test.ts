import { describe, expect, it } from "vitest";
import { said } from "./said.ts";
import { chargeJson } from "./test-support.ts";

const usd = (object: string, id: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  id,
  object,
  amount: 10_000,
  currency: "usd",
  ...more,
});

const transfer = usd("transfer", "tr_1", { amount_reversed: 4_000 });
const fee = usd("application_fee", "fee_1", { amount_refunded: 0, currency: "eur" });

describe("what says its amount is held for it:", () => {
  it.each([
    ["a payout", "POST /v1/payouts", "paid_out"],
    ["a top-up", "POST /v1/topups", "collected"],
    ["a transfer", "POST /v1/transfers", "paid_out"],
    ["a treasury payment", "POST /v1/treasury/outbound_payments", "paid_out"],
    ["a treasury transfer", "POST /v1/treasury/outbound_transfers", "paid_out"],
    ["a treasury debit", "POST /v1/treasury/inbound_transfers", "collected"],
  ])("%s", (_, line, direction) => {
    expect(said(line, "amount=1050&currency=usd")).toBe(`${direction} 10500000 for 1050 usd`);
    expect(said(line, "amount=1000&currency=eur")).toBe(`${direction} 13020838 for 1000 eur`);
    expect(said(line, "amount=1050")).toBe("amount_unknown");
    expect(said(line, "currency=usd")).toBe("amount_unknown");
    expect(said(line, "amount[0]=1050&currency=usd")).toBe("request_ambiguous");
    expect(said(line, "amount=1050&currency=chf")).toBe("currency_unpriced");
    expect(said(line, "amount=-1050&currency=usd")).toBe("request_ambiguous");
  });

  it("credit that is given away", () => {
    const line = "POST /v1/billing/credit_grants";
    const body = "amount[type]=monetary&amount[monetary][value]=1050&amount[monetary][currency]=usd";
    expect(said(line, body)).toBe("paid_out 10500000 for 1050 usd");
    expect(said(line, "amount[monetary][value]=1050")).toBe("amount_unknown");
    expect(said(line, "amount=1050&currency=usd")).toBe("amount_unknown");
    expect(said(line, "amount[monetary][value][0]=1&amount[monetary][currency]=usd")).toBe("request_ambiguous");
  });
});

describe("what acts on one object asks for it:", () => {
  const dispute = usd("dispute", "dp_1", { charge: "ch_1", status: "needs_response" });
  it.each<[string, string, string, readonly unknown[], string]>([
    [
      "a transfer of a charge",
      "POST /v1/transfers",
      "currency=usd&source_transaction=ch_1",
      [],
      "GET /v1/charges/ch_1",
    ],
    [
      "a transfer of all of a charge",
      "POST /v1/transfers",
      "currency=usd&source_transaction=ch_1",
      [chargeJson()],
      "paid_out 100000000 for 10000 usd",
    ],
    [
      "a transfer of a charge in another currency",
      "POST /v1/transfers",
      "currency=usd&source_transaction=ch_1",
      [chargeJson({ currency: "eur" })],
      "amount_unknown",
    ],
    ["a reversal", "POST /v1/transfers/tr_1/reversals", "", [], "GET /v1/transfers/tr_1"],
    [
      "a reversal of all that is left, of which all is held",
      "POST /v1/transfers/tr_1/reversals",
      "",
      [transfer],
      "collected 100000000 for 6000 usd",
    ],
    [
      "a reversal of a part",
      "POST /v1/transfers/tr_1/reversals",
      "amount=100",
      [transfer],
      "collected 1000000 for 100 usd",
    ],
    [
      "a reversal of another transfer",
      "POST /v1/transfers/tr_1/reversals",
      "amount=100",
      [{ ...transfer, id: "tr_2" }],
      "amount_unknown",
    ],
    ["a fee given back", "POST /v1/application_fees/fee_1/refunds", "", [fee], "paid_out 130208375 for 10000 eur"],
    [
      "a fee given back in part, by its old alias",
      "POST /v1/application_fees/fee_1/refund",
      "amount=1000",
      [fee],
      "paid_out 13020838 for 1000 eur",
    ],
    ["a payout taken back", "POST /v1/payouts/po_1/reverse", "", [], "GET /v1/payouts/po_1"],
    [
      "all of a payout",
      "POST /v1/payouts/po_1/reverse",
      "",
      [usd("payout", "po_1", { status: "paid" })],
      "collected 100000000 for 10000 usd",
    ],
    [
      "a credit sent back",
      "POST /v1/treasury/credit_reversals",
      "received_credit=rc_1",
      [usd("treasury.received_credit", "rc_1")],
      "paid_out 100000000 for 10000 usd",
    ],
    [
      "a debit taken back",
      "POST /v1/treasury/debit_reversals",
      "received_debit=rd_1",
      [usd("treasury.received_debit", "rd_1")],
      "collected 100000000 for 10000 usd",
    ],
    ["a credit that nobody names", "POST /v1/treasury/credit_reversals", "", [], "amount_unknown"],
    ["a credit in a list", "POST /v1/treasury/credit_reversals", "received_credit[]=rc_1", [], "request_ambiguous"],
    ["a credit that is a path", "POST /v1/treasury/credit_reversals", "received_credit=..%2Frc", [], "amount_unknown"],
    ["a dispute", "POST /v1/disputes/dp_1/close", "", [dispute], "paid_out 100000000 for 10000 usd on dp_1 after 0"],
    [
      "a dispute that is lost already",
      "POST /v1/disputes/dp_1/close",
      "",
      [{ ...dispute, status: "lost" }],
      "paid_out 0 for 10000 usd on dp_1 after 100000000",
    ],
    [
      "a dispute of a status from the future",
      "POST /v1/disputes/dp_1/close",
      "",
      [{ ...dispute, status: "x" }],
      "amount_unknown",
    ],
    ["a dispute by its charge", "POST /v1/charges/ch_1/dispute/close", "", [], "GET /v1/charges/ch_1/dispute"],
    [
      "a dispute of a charge",
      "POST /v1/charges/ch_1/dispute/close",
      "",
      [dispute],
      "paid_out 100000000 for 10000 usd on dp_1 after 0",
    ],
    ["words on credit", "POST /v1/billing/credit_grants/credgr_1", "metadata[a]=b", [], "nothing"],
    [
      "a later end of credit gives it again",
      "POST /v1/billing/credit_grants/credgr_1",
      "expires_at=9999999999",
      [
        {
          id: "credgr_1",
          object: "billing.credit_grant",
          amount: { type: "monetary", monetary: { value: 10_000, currency: "usd" } },
        },
      ],
      "paid_out 100000000 for 10000 usd",
    ],
    [
      "an authorisation of a card",
      "POST /v1/issuing/authorizations/iauth_1/approve",
      "",
      [
        usd("issuing.authorization", "iauth_1", {
          amount: 0,
          approved: false,
          status: "pending",
          pending_request: { amount: 4_200, currency: "usd" },
        }),
      ],
      "paid_out 42000000 for 4200 usd on iauth_1 after 0",
    ],
    [
      "an authorisation for more than is asked",
      "POST /v1/issuing/authorizations/iauth_1/approve",
      "amount=9000",
      [
        usd("issuing.authorization", "iauth_1", {
          approved: true,
          status: "pending",
          pending_request: { amount: 4_200, currency: "usd" },
        }),
      ],
      "paid_out 90000000 for 9000 usd on iauth_1 after 100000000",
    ],
  ])("%s", (_, line, body, found, expected) => {
    expect(said(line, body, found)).toBe(expected);
  });

  it("and is refused where the vendor does not show it", () => {
    for (const line of [
      "POST /v1/transfers/tr_1/reversals",
      "POST /v1/disputes/dp_1/close",
      "POST /v1/payouts/po_1/reverse",
    ]) {
      expect(said(line, "", [404])).toBe("amount_unknown");
      expect(said(line, "", [503])).toBe("unavailable");
      expect(said(line, "", [chargeJson()])).toBe("amount_unknown");
    }
  });
});

describe("removed carbon costs what the product says:", () => {
  const line = "POST /v1/climate/orders";
  const product = {
    id: "climsku_1",
    object: "climate.product",
    current_prices_per_metric_ton: { usd: { amount_fees: 300, amount_subtotal: 9_700, amount_total: 10_000 } },
  };
  it.each<[string, string, readonly unknown[], string]>([
    ["it is asked for", "product=climsku_1&currency=usd&metric_tons=1.5", [], "GET /v1/climate/products/climsku_1"],
    ["by weight", "product=climsku_1&currency=usd&metric_tons=1.5", [product], "paid_out 150000000 for 15000 usd"],
    [
      "by weight, rounded up",
      "product=climsku_1&currency=usd&metric_tons=0.00001",
      [product],
      "paid_out 10000 for 1 usd",
    ],
    [
      "by amount, with fees",
      "product=climsku_1&currency=usd&amount=9700",
      [product],
      "paid_out 100000000 for 9700 usd",
    ],
    ["by both", "product=climsku_1&currency=usd&amount=1&metric_tons=1", [], "request_ambiguous"],
    ["by neither", "product=climsku_1&currency=usd", [], "amount_unknown"],
    ["by less than nothing", "product=climsku_1&currency=usd&metric_tons=-1", [], "amount_unknown"],
    ["in the account's own currency", "product=climsku_1&metric_tons=1", [], "amount_unknown"],
    ["in a currency without a price", "product=climsku_1&currency=eur&metric_tons=1", [product], "amount_unknown"],
  ])("%s", (_, body, found, expected) => {
    expect(said(line, body, found)).toBe(expected);
  });
});

describe("v2 names value and currency:", () => {
  const OUT = "POST /v2/money_management/outbound_payments";
  const IN = "POST /v2/money_management/inbound_transfers";
  const INTENT = "POST /v2/money_management/payout_intents";
  const amount = { value: 10_000, currency: "usd" };
  const intent = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
    id: "poi_1",
    object: "v2.money_management.payout_intent",
    amount,
    from: { currency: "usd", financial_account: "fa_1" },
    status: "requires_action",
    ...more,
  });
  it.each<[string, string, unknown, readonly unknown[], string]>([
    ["a payment", OUT, { amount, from: { currency: "usd" } }, [], "paid_out 100000000 for 10000 usd"],
    [
      "a payment that arrives in another currency",
      OUT,
      { amount, from: { currency: "usd" }, to: { currency: "eur" } },
      [],
      "paid_out 100000000 for 10000 usd",
    ],
    ["a payment out of another currency", OUT, { amount, from: { currency: "eur" } }, [], "unbounded paid_out"],
    ["a payment out of no currency", OUT, { amount }, [], "unbounded paid_out"],
    ["a payment of no currency", OUT, { amount: { value: 1 }, from: { currency: "usd" } }, [], "amount_unknown"],
    ["a payment with decimals", OUT, { amount: { value: 1.5, currency: "usd" } }, [], "request_ambiguous"],
    ["a payment of a list", OUT, { amount: { value: [1], currency: "usd" } }, [], "request_ambiguous"],
    ["money from a bank", IN, { amount, to: { currency: "usd" } }, [], "collected 100000000 for 10000 usd"],
    ["money from a bank into another currency", IN, { amount, to: { currency: "eur" } }, [], "unbounded collected"],
    ["a payout to come", INTENT, { amount, from: { currency: "usd" } }, [], "paid_out 100000000 for 10000 usd"],
    ["words on it", `${INTENT}/poi_1`, { description: "d", metadata: { a: "b" } }, [], "nothing"],
    [
      "another receiver of it",
      `${INTENT}/poi_1`,
      { to: { recipient: "acct_1" } },
      [],
      "GET /v2/money_management/payout_intents/poi_1",
    ],
    [
      "a receiver in another currency",
      `${INTENT}/poi_1`,
      { to: { currency: "eur" } },
      [intent()],
      "paid_out 100000000 for 10000 usd on poi_1 after 0",
    ],
    [
      "its confirmation",
      `${INTENT}/poi_1/confirm`,
      {},
      [intent()],
      "paid_out 100000000 for 10000 usd on poi_1 after 0",
    ],
    [
      "its confirmation when it is over",
      `${INTENT}/poi_1/confirm`,
      {},
      [intent({ status: "posted" })],
      "paid_out 0 for 10000 usd on poi_1 after 100000000",
    ],
    [
      "another rate",
      `${INTENT}/poi_1/refresh_fx_quote`,
      {},
      [intent({ from: { currency: "eur", debited: { value: 9_000, currency: "eur" } } })],
      "unbounded paid_out",
    ],
  ])("%s", (_, line, body, found, expected) => {
    expect(said(line, JSON.stringify(body), found)).toBe(expected);
  });
});
