import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Estimate, LookUpAnswer } from "@keybrake/core";
import { estimate } from "./estimate.ts";
import { operations } from "./operations.ts";
import { callOf, chargeJson, intentJson, pricing } from "./test-support.ts";

const CREATE = "POST /v1/payment_intents";
const UPDATE = "POST /v1/payment_intents/pi_1";
const CONFIRM = "POST /v1/payment_intents/pi_1/confirm";
const CAPTURE = "POST /v1/payment_intents/pi_1/capture";
const INCREMENT = "POST /v1/payment_intents/pi_1/increment_authorization";
const CHARGE = "POST /v1/charges";
const CHARGE_CAPTURE = "POST /v1/charges/ch_1/capture";
const REFUND = "POST /v1/refunds";

function estimateOf(line: string, body: string, ...answers: readonly unknown[]): Estimate {
  const lookUps: LookUpAnswer[] = answers.map((answer) =>
    typeof answer === "number" ? { status: answer, json: { error: {} } } : { status: 200, json: answer },
  );
  return estimate(callOf(line, body), pricing, lookUps);
}

/** `"collected 10.5 of 10.5 usd"`, `"403 amount_unknown"`, `"nothing"`, `"GET /v1/..."`: what the tests below say in one line. */
function said(line: string, body: string, ...answers: readonly unknown[]): string {
  const result = estimateOf(line, body, ...answers);
  switch (result.kind) {
    case "nothing":
      return "nothing";
    case "look_up":
      return `GET ${result.path}${result.query === "" ? "" : `?${result.query}`}`;
    case "refused":
      expect(result.refusal.message).toMatch(/\.$/);
      return result.refusal.code;
    case "unbounded":
      return "unbounded";
    case "money": {
      const { direction, exposure, amount, object } = result;
      const on = object === null ? "" : ` on ${object.id} after ${object.movedBefore}`;
      return `${direction} ${exposure} for ${amount?.minor} ${amount?.currency}${on}`;
    }
  }
}

describe("a new payment is held for the amount that it names:", () => {
  it.each([
    ["a PaymentIntent", CREATE, "amount=1050&currency=usd", "collected 10500000 for 1050 usd"],
    ["confirmed or not", CREATE, "amount=1050&currency=usd&confirm=true", "collected 10500000 for 1050 usd"],
    [
      "captured now or later",
      CREATE,
      "amount=1050&currency=usd&capture_method=manual",
      "collected 10500000 for 1050 usd",
    ],
    ["a charge", CHARGE, "amount=1050&currency=usd&source=tok_1", "collected 10500000 for 1050 usd"],
    [
      "a charge that is captured later",
      CHARGE,
      "amount=1050&currency=usd&capture=false",
      "collected 10500000 for 1050 usd",
    ],
    [
      "from the query as from the body",
      `${CREATE}?amount=99999999`,
      "currency=usd",
      "collected 999999990000 for 99999999 usd",
    ],
    ["in capitals", CREATE, "amount=1050&currency=USD", "collected 10500000 for 1050 usd"],
    ["in another currency, with the margin", CREATE, "amount=1000&currency=eur", "collected 13020838 for 1000 eur"],
    ["in a currency without decimals", CREATE, "amount=150&currency=jpy", "collected 1302084 for 150 jpy"],
    ["of nothing", CREATE, "amount=0&currency=usd", "collected 0 for 0 usd"],
    [
      "up to twelve digits",
      CREATE,
      "amount=999999999999&currency=usd",
      "collected 9999999999990000 for 999999999999 usd",
    ],
  ])("%s", (_, line, body, expected) => {
    expect(said(line, body)).toBe(expected);
  });

  it.each([
    ["without an amount", "currency=usd", "amount_unknown"],
    ["without a currency", "amount=100", "amount_unknown"],
    ["with its amount in a list", "amount[]=100&currency=usd", "request_ambiguous"],
    ["with its amount in a numbered list", "amount[0]=100&currency=usd", "request_ambiguous"],
    ["with its amount in a hash", "amount[value]=100&currency=usd", "request_ambiguous"],
    ["with its currency in a list", "amount=100&currency[]=usd", "request_ambiguous"],
    ["with its currency in a hash", "amount=100&currency[code]=usd", "request_ambiguous"],
    ["with decimals", "amount=100.00&currency=usd", "request_ambiguous"],
    ["with an exponent", "amount=1e5&currency=usd", "request_ambiguous"],
    ["below nothing", "amount=-100&currency=usd", "request_ambiguous"],
    ["with a leading zero", "amount=0100&currency=usd", "request_ambiguous"],
    ["with a plus", "amount=%2B100&currency=usd", "request_ambiguous"],
    ["with a space", "amount=+100&currency=usd", "request_ambiguous"],
    ["in other digits", "amount=%D9%A1%D9%A0%D9%A0&currency=usd", "request_ambiguous"],
    ["with an empty amount", "amount=&currency=usd", "request_ambiguous"],
    ["with thirteen digits", "amount=1000000000000&currency=usd", "amount_unknown"],
    ["in no currency", "amount=100&currency=", "currency_unpriced"],
    ["in a currency that is none", "amount=100&currency=dollars", "currency_unpriced"],
    ["in a currency that nobody knows", "amount=100&currency=zzz", "currency_unpriced"],
    ["in a currency without a rate", "amount=100&currency=chf", "currency_unpriced"],
    ["in a currency with a space", "amount=100&currency=usd+", "currency_unpriced"],
    ["in a currency of wide letters", "amount=100&currency=%EF%BD%95%EF%BD%93%EF%BD%84", "currency_unpriced"],
    ["of a currency whose amounts end in 00", "amount=150&currency=isk", "amount_unknown"],
    ["of a currency whose third decimal is 0", "amount=1005&currency=kwd", "amount_unknown"],
  ])("refused %s", (_, body, code) => {
    expect(said(CREATE, body)).toBe(code);
    expect(said(CHARGE, body)).toBe(code);
  });
});

describe("a call on a PaymentIntent asks the vendor for it first:", () => {
  const capturable = intentJson({ status: "requires_capture", amount_capturable: 10_000 });
  const partly = intentJson({ status: "requires_capture", amount_capturable: 4_000, amount_received: 6_000 });
  const paid = intentJson({ status: "succeeded", amount_received: 10_000 });
  const canceled = intentJson({ status: "canceled" });

  it.each([CONFIRM, CAPTURE, `${INCREMENT}?amount=1`, `${UPDATE}?amount=1`])("%s", (line) => {
    expect(said(line, "")).toBe("GET /v1/payment_intents/pi_1");
  });

  it.each<[string, string, string, unknown, string]>([
    [
      "confirming collects what is left of it",
      CONFIRM,
      "",
      intentJson(),
      "collected 100000000 for 10000 usd on pi_1 after 0",
    ],
    [
      "confirming a part is held for all of it: a failure leaves it payable",
      CONFIRM,
      "amount_to_confirm=500",
      intentJson(),
      "collected 100000000 for 500 usd on pi_1 after 0",
    ],
    [
      "confirming more is held for more",
      CONFIRM,
      "amount_to_confirm=20000",
      intentJson(),
      "collected 200000000 for 20000 usd on pi_1 after 0",
    ],
    [
      "capturing collects what is authorised",
      CAPTURE,
      "",
      capturable,
      "collected 100000000 for 10000 usd on pi_1 after 0",
    ],
    [
      "capturing a part leaves the rest capturable, and held",
      CAPTURE,
      "amount_to_capture=1000&final_capture=false",
      capturable,
      "collected 100000000 for 1000 usd on pi_1 after 0",
    ],
    [
      "capturing beyond what is authorised is held for all of it",
      CAPTURE,
      "amount_to_capture=15000",
      capturable,
      "collected 150000000 for 15000 usd on pi_1 after 0",
    ],
    [
      "capturing the rest knows what was captured before",
      CAPTURE,
      "",
      partly,
      "collected 40000000 for 4000 usd on pi_1 after 60000000",
    ],
    [
      "raising names the new total",
      INCREMENT,
      "amount=15000",
      capturable,
      "collected 150000000 for 15000 usd on pi_1 after 0",
    ],
    [
      "raising what was captured in part adds what is not captured",
      INCREMENT,
      "amount=15000",
      partly,
      "collected 90000000 for 15000 usd on pi_1 after 60000000",
    ],
    [
      "raising to less gives nothing back",
      INCREMENT,
      "amount=1",
      capturable,
      "collected 100000000 for 1 usd on pi_1 after 0",
    ],
    [
      "a new amount is held for the larger",
      UPDATE,
      "amount=15000",
      intentJson(),
      "collected 150000000 for 15000 usd on pi_1 after 0",
    ],
    [
      "a lower amount is held for what it was",
      UPDATE,
      "amount=500",
      intentJson(),
      "collected 100000000 for 500 usd on pi_1 after 0",
    ],
    [
      "a new currency is held in that currency",
      UPDATE,
      "currency=eur",
      intentJson(),
      "collected 130208375 for 10000 eur on pi_1 after 0",
    ],
    [
      "a cheaper currency is held for the dearer",
      UPDATE,
      "currency=jpy",
      intentJson(),
      "collected 100000000 for 10000 jpy on pi_1 after 0",
    ],
    [
      "what was received in the old currency says nothing of the new one",
      UPDATE,
      "currency=eur",
      partly,
      "collected 130208375 for 10000 eur on pi_1 after 60000000",
    ],
    [
      "what was received is counted at the reference rate, without the margin",
      CAPTURE,
      "",
      { ...partly, currency: "eur" },
      "collected 52083350 for 4000 eur on pi_1 after 75000000",
    ],
    [
      "another method makes it payable",
      UPDATE,
      "payment_method=pm_1",
      intentJson(),
      "collected 100000000 for 10000 usd on pi_1 after 0",
    ],
    [
      "one that is paid collects nothing more, whatever is asked",
      CAPTURE,
      "amount_to_capture=99999",
      paid,
      "collected 0 for 99999 usd on pi_1 after 100000000",
    ],
    [
      "one that is cancelled neither",
      CONFIRM,
      "amount_to_confirm=99999",
      canceled,
      "collected 0 for 99999 usd on pi_1 after 0",
    ],
    [
      "one of a status from the future may collect all",
      CONFIRM,
      "",
      intentJson({ status: "requires_prayer" }),
      "collected 100000000 for 10000 usd on pi_1 after 0",
    ],
  ])("%s", (_, line, body, found, expected) => {
    expect(said(line, body, found)).toBe(expected);
  });

  it("words on it move nothing, and nobody is asked", () => {
    expect(said(UPDATE, "description=d&metadata[a]=1&receipt_email=a%40b.c&shipping[name]=n&expand[]=customer")).toBe(
      "nothing",
    );
    expect(said(UPDATE, "description=d&customer=cus_1")).toBe("GET /v1/payment_intents/pi_1");
  });

  it.each<[string, string, string, unknown, string]>([
    ["with an amount in a list", CAPTURE, "amount_to_capture[]=1", capturable, "request_ambiguous"],
    ["with an amount that is no number", CONFIRM, "amount_to_confirm=1e9", intentJson(), "request_ambiguous"],
    ["with a currency in a list", UPDATE, "currency[]=jpy", intentJson(), "request_ambiguous"],
    ["without the total it is raised to", INCREMENT, "", capturable, "amount_unknown"],
    ["that the vendor does not know", CONFIRM, "", 404, "amount_unknown"],
    ["that the vendor does not show", CONFIRM, "", 403, "amount_unknown"],
    ["that the vendor redirects", CONFIRM, "", 302, "amount_unknown"],
    ["when the vendor is busy", CONFIRM, "", 429, "unavailable"],
    ["when the vendor fails", CONFIRM, "", 500, "unavailable"],
    ["when the vendor shows another one", CONFIRM, "", intentJson({ id: "pi_2", amount: 1 }), "amount_unknown"],
    ["when the vendor shows something else", CONFIRM, "", chargeJson({ id: "pi_1" }), "amount_unknown"],
    ["when the vendor shows a list", CONFIRM, "", { object: "list", data: [intentJson()] }, "amount_unknown"],
    ["when the vendor shows nonsense", CONFIRM, "", null, "amount_unknown"],
    ["whose amount cannot be read", CONFIRM, "", intentJson({ amount: "10000" }), "amount_unknown"],
    ["that is in a currency without a rate", CONFIRM, "", intentJson({ currency: "chf" }), "currency_unpriced"],
  ])("refused %s", (_, line, body, found, code) => {
    expect(said(line, body, found)).toBe(code);
  });

  it.each(["pi_1%2F..%2Fcharges", "pi_1%3Fexpand", "..", "pi_1%20", "%D1%80i_1"])(
    "refused for the id %s, which would be another path",
    (id) => {
      const call = callOf(`POST /v1/payment_intents/x/confirm`);
      const odd = { ...call, pathParameters: { intent: decodeURIComponent(id) } };
      expect(estimate(odd, pricing, [])).toMatchObject({ kind: "refused", refusal: { code: "amount_unknown" } });
    },
  );
});

describe("capturing a charge asks for the charge:", () => {
  const authorised = chargeJson({ captured: false, amount_captured: 0 });

  it.each<[string, string, unknown, string]>([
    ["and asks once", "", undefined, "GET /v1/charges/ch_1"],
    ["all of it", "", authorised, "collected 100000000 for 10000 usd on ch_1 after 0"],
    ["a part is held for all of it", "amount=100", authorised, "collected 100000000 for 100 usd on ch_1 after 0"],
    ["more than was authorised", "amount=15000", authorised, "collected 150000000 for 15000 usd on ch_1 after 0"],
    [
      "of a PaymentIntent it is the PaymentIntent that is followed",
      "",
      { ...authorised, payment_intent: "pi_1" },
      "collected 100000000 for 10000 usd on pi_1 after 0",
    ],
    ["what is paid already is known", "", chargeJson(), "collected 0 for 0 usd on ch_1 after 100000000"],
    ["another charge", "", { ...authorised, id: "ch_2" }, "amount_unknown"],
    ["an amount in a hash", "amount[x]=1", authorised, "request_ambiguous"],
  ])("%s", (_, body, found, expected) => {
    expect(said(CHARGE_CAPTURE, body, ...(found === undefined ? [] : [found]))).toBe(expected);
  });
});

describe("a refund is paid out in the currency of what it refunds:", () => {
  const eur = chargeJson({ currency: "eur" });

  it.each<[string, string, readonly unknown[], string]>([
    ["the charge is asked for", "charge=ch_1", [], "GET /v1/charges/ch_1"],
    [
      "the PaymentIntent is asked for with its charge",
      "payment_intent=pi_1",
      [],
      "GET /v1/payment_intents/pi_1?expand[]=latest_charge",
    ],
    ["an amount in that currency", "charge=ch_1&amount=1000", [eur], "paid_out 13020838 for 1000 eur"],
    ["without an amount it is all of it", "charge=ch_1", [chargeJson()], "paid_out 100000000 for 10000 usd"],
    [
      "without an amount it is what is left, and all is held",
      "charge=ch_1",
      [chargeJson({ amount_refunded: 4_000 })],
      "paid_out 100000000 for 6000 usd",
    ],
    [
      "nothing is left, and all is held, because an earlier refund may yet be cancelled",
      "charge=ch_1",
      [chargeJson({ amount_refunded: 10_000, refunded: true })],
      "paid_out 100000000 for 0 usd",
    ],
    [
      "after a partial capture no less is held",
      "charge=ch_1",
      [chargeJson({ amount_captured: 6_000, amount_refunded: 4_000 })],
      "paid_out 100000000 for 6000 usd",
    ],
    [
      "after an over-capture all that was taken is held",
      "charge=ch_1",
      [chargeJson({ amount_captured: 12_000 })],
      "paid_out 120000000 for 12000 usd",
    ],
    [
      "of a PaymentIntent it is what is left of its charge, and all of it is held",
      "payment_intent=pi_1",
      [
        intentJson({
          status: "succeeded",
          amount_received: 10_000,
          latest_charge: chargeJson({ amount_refunded: 2_500 }),
        }),
      ],
      "paid_out 100000000 for 7500 usd",
    ],
    [
      "of a PaymentIntent whose charge is not shown it is all it received",
      "payment_intent=pi_1",
      [intentJson({ status: "succeeded", amount_received: 12_000, latest_charge: "ch_1" })],
      "paid_out 120000000 for 12000 usd",
    ],
    ["an old version is asked again, without its charge", "payment_intent=pi_1", [400], "GET /v1/payment_intents/pi_1"],
    [
      "and then the PaymentIntent alone gives the bound",
      "payment_intent=pi_1",
      [400, intentJson({ status: "succeeded", amount_received: 10_000 })],
      "paid_out 100000000 for 10000 usd",
    ],
  ])("%s", (_, body, found, expected) => {
    expect(said(REFUND, body, ...found)).toBe(expected);
  });

  it.each<[string, string, readonly unknown[], string]>([
    ["of nothing", "amount=100", [], "amount_unknown"],
    ["of two things", "charge=ch_1&payment_intent=pi_1", [], "request_ambiguous"],
    [
      "of a PaymentIntent, and of a charge in a list beside it",
      "payment_intent=pi_1&charge[]=ch_big",
      [],
      "request_ambiguous",
    ],
    [
      "of a charge, and of a PaymentIntent in a hash beside it",
      "charge=ch_1&payment_intent[id]=pi_big",
      [],
      "request_ambiguous",
    ],
    ["of a list", "charge[]=ch_1", [], "request_ambiguous"],
    ["of what is empty", "charge=", [], "amount_unknown"],
    ["of a path", "charge=..%2Fpayment_intents%2Fpi_1", [], "amount_unknown"],
    ["with a query behind its id", "charge=ch_1%3Fexpand%5B%5D%3Dx", [], "amount_unknown"],
    ["of a charge that is another", "charge=ch_1", [chargeJson({ id: "ch_2", amount: 1 })], "amount_unknown"],
    ["with an amount in a list", "charge=ch_1&amount[]=1", [], "request_ambiguous"],
    ["below nothing", "charge=ch_1&amount=-1", [], "request_ambiguous"],
    ["when the vendor twice does not answer", "payment_intent=pi_1", [400, 400], "amount_unknown"],
    ["when the vendor fails at the second question", "payment_intent=pi_1", [400, 503], "unavailable"],
  ])("refused %s", (_, body, found, code) => {
    expect(said(REFUND, body, ...found)).toBe(code);
  });

  it("is a new object, so that two of one charge add up", () => {
    expect(estimateOf(REFUND, "charge=ch_1", chargeJson())).toMatchObject({ object: null, direction: "paid_out" });
  });
});

/** Without a parameter they change nothing, or words only. */
const NOTHING_WITHOUT_PARAMETERS: ReadonlySet<string> = new Set([
  "billing.credit_grants.update",
  "customers.subscriptions.cancel",
  "invoiceitems.update",
  "invoices.lines.update",
  "invoices.update",
  "payment_intents.update",
  "subscriptions.cancel",
  "v2.money_management.payout_intents.update",
]);

/** A tip may be added, or the account's own defaults decide. */
const UNBOUNDED_WITHOUT_PARAMETERS: ReadonlySet<string> = new Set([
  "invoices.create",
  "terminal.readers.collect_payment_method",
  "terminal.readers.process_payment_intent",
]);

it.each(operations.operations.map((operation) => [operation.name, operation] as const))(
  "%s can be estimated, and holds nothing only where it moves nothing",
  (name, operation) => {
    const line = `${operation.method} ${operation.path.replace(/\{\w+\}/g, "x_1")}`;
    const result = estimateOf(line, "");
    expect(result.kind === "nothing").toBe(
      operation.class === "read" || operation.class === "free" || NOTHING_WITHOUT_PARAMETERS.has(name),
    );
    expect(result.kind === "unbounded").toBe(operation.class === "unbounded" || UNBOUNDED_WITHOUT_PARAMETERS.has(name));
  },
);

it("an operation that nobody has thought through is refused, not guessed", () => {
  const call = callOf(CREATE, "amount=1&currency=usd");
  for (const name of ["wires.create", "constructor"])
    expect(estimate({ ...call, operation: { ...call.operation, name } }, pricing, [])).toMatchObject({
      kind: "refused",
      refusal: { code: "amount_unknown" },
    });
});

describe("people are told how the price came about:", () => {
  it.each<[string, string, string, readonly unknown[], readonly string[]]>([
    [
      "from the request",
      CREATE,
      "amount=2000&currency=usd",
      [],
      ["The request says 2000 in usd minor units, which is $20.00 at most."],
    ],
    [
      "in another currency",
      CREATE,
      "amount=1000&currency=eur",
      [],
      [
        "The request says 1000 in eur minor units, which is $13.020838 at most.",
        "It counts at the exchange rate of 2026-10-30, plus the largest move of a currency in as many days.",
      ],
    ],
    [
      "from the object",
      CAPTURE,
      "amount_to_capture=15000",
      [intentJson({ status: "requires_capture", amount_capturable: 10_000 })],
      [
        "pi_1 could collect 10000 in usd minor units.",
        "After the call pi_1 may collect 15000 in usd minor units, which is $150.00 at most.",
      ],
    ],
    [
      "of all of a charge",
      REFUND,
      "charge=ch_1",
      [chargeJson()],
      [
        "The request says no amount, so it gives back what is left of ch_1: all of it is 10000 in usd minor units, which is $100.00 at most.",
      ],
    ],
  ])("%s", (_, line, body, found, basis) => {
    const result = estimateOf(line, body, ...found);
    expect(result.kind === "money" ? result.basis : result).toEqual(basis);
  });
});

describe("payments by other ways:", () => {
  const capturable = intentJson({ status: "requires_capture", amount_capturable: 10_000 });
  const READER = "POST /v1/terminal/readers/tmr_1";
  const reader = (config: unknown, payment_intent: unknown = "pi_1"): unknown => ({
    id: "tmr_1",
    object: "terminal.reader",
    action: { type: "collect_payment_method", collect_payment_method: { collect_config: config, payment_intent } },
  });
  const held = "collected 100000000 for 10000 usd on pi_1 after 0";

  it.each<[string, string, string, readonly unknown[], string]>([
    [
      "a customer's cash, as much as is said",
      "POST /v1/payment_intents/pi_1/apply_customer_balance",
      "amount=500&currency=usd",
      [intentJson()],
      "collected 100000000 for 500 usd on pi_1 after 0",
    ],
    [
      "a customer's cash, as much as there is",
      "POST /v1/payment_intents/pi_1/apply_customer_balance",
      "",
      [intentJson()],
      held,
    ],
    [
      "a customer's cash in another currency",
      "POST /v1/payment_intents/pi_1/apply_customer_balance",
      "amount=500&currency=eur",
      [intentJson()],
      "amount_unknown",
    ],
    [
      "a bank account that is verified",
      "POST /v1/payment_intents/pi_1/verify_microdeposits",
      "amounts[]=32&amounts[]=45",
      [intentJson({ status: "requires_action" })],
      held,
    ],
    ["a reader that may ask for a tip", `${READER}/process_payment_intent`, "payment_intent=pi_1", [], "unbounded"],
    [
      "a reader that may ask for a tip all the same",
      `${READER}/process_payment_intent`,
      "payment_intent=pi_1&process_config[skip_tipping]=false",
      [],
      "unbounded",
    ],
    [
      "a reader that may not",
      `${READER}/process_payment_intent`,
      "payment_intent=pi_1&process_config[skip_tipping]=true",
      [capturable],
      held,
    ],
    [
      "another call's setting is none",
      `${READER}/collect_payment_method`,
      "payment_intent=pi_1&process_config[skip_tipping]=true",
      [],
      "unbounded",
    ],
    [
      "a card that is read without a tip",
      `${READER}/collect_payment_method`,
      "payment_intent=pi_1&collect_config[skip_tipping]=true",
      [intentJson()],
      held,
    ],
    [
      "the reader is asked first what it asked for",
      `${READER}/confirm_payment_intent`,
      "payment_intent=pi_1",
      [],
      "GET /v1/terminal/readers/tmr_1",
    ],
    [
      "without a tip",
      `${READER}/confirm_payment_intent`,
      "payment_intent=pi_1",
      [reader({ skip_tipping: true }), intentJson()],
      held,
    ],
    [
      "with a tip perhaps",
      `${READER}/confirm_payment_intent`,
      "payment_intent=pi_1",
      [reader({ skip_tipping: false })],
      "unbounded",
    ],
    [
      "without a tip for another payment",
      `${READER}/confirm_payment_intent`,
      "payment_intent=pi_1",
      [reader({ skip_tipping: true }, "pi_2")],
      "unbounded",
    ],
    [
      "a payment on a reader in a list",
      `${READER}/process_payment_intent`,
      "payment_intent[]=pi_1&process_config[skip_tipping]=true",
      [],
      "request_ambiguous",
    ],
    [
      "a refund on a reader",
      `${READER}/refund_payment`,
      "charge=ch_1&amount=500",
      [chargeJson()],
      "paid_out 5000000 for 500 usd",
    ],
    ["a refund on a reader of nothing", `${READER}/refund_payment`, "amount=500", [], "amount_unknown"],
    [
      "an old alias of a refund",
      "POST /v1/charges/ch_1/refund",
      "",
      [chargeJson()],
      "paid_out 100000000 for 10000 usd",
    ],
    [
      "another old alias",
      "POST /v1/charges/ch_1/refunds",
      "amount=1000",
      [chargeJson({ currency: "eur" })],
      "paid_out 13020838 for 1000 eur",
    ],
  ])("%s", (_, line, body, found, expected) => {
    expect(said(line, body, ...found)).toBe(expected);
  });
});

describe("what is held for a call on a PaymentIntent", () => {
  const statuses = [
    "requires_payment_method",
    "requires_confirmation",
    "requires_action",
    "processing",
    "requires_capture",
  ];
  const intents = fc
    .record({
      amount: fc.integer({ min: 1, max: 99_999 }),
      received: fc.nat({ max: 50_000 }),
      capturable: fc.nat({ max: 99_999 }),
      status: fc.constantFrom(...statuses),
    })
    .map(({ amount, received, capturable, status }) =>
      intentJson({
        amount,
        amount_received: received,
        amount_capturable: status === "requires_capture" ? capturable : 0,
        status,
      }),
    );
  const calls = fc
    .tuple(
      fc.constantFrom(
        [CONFIRM, "amount_to_confirm"],
        [CAPTURE, "amount_to_capture"],
        [INCREMENT, "amount"],
        [UPDATE, "amount"],
      ),
      fc.nat({ max: 99_999 }),
    )
    .map(([[line = "", name = ""], asked]) => ({ line, asked, body: `${name}=${asked}` }));

  it("is never less than what it asks for, nor than what could be collected without it", () => {
    fc.assert(
      fc.property(calls, intents, ({ line, asked, body }, intent) => {
        const result = estimateOf(line, body, intent);
        if (result.kind !== "money") return expect.fail(result.kind);
        const [amount, received, capturable] = [
          Number(intent["amount"]),
          Number(intent["amount_received"]),
          Number(intent["amount_capturable"]),
        ];
        // Totals of a raise and an update include what was received; a capture and a confirmation are of what is asked.
        const isTotal = line === INCREMENT || line === UPDATE || line === CONFIRM;
        const couldMove = Math.max(isTotal ? asked - received : asked, capturable, amount - received);
        expect(Number(result.exposure)).toBe(Math.max(couldMove, 0) * 10_000);
      }),
    );
  });
});
