import type { Operation } from "@keybrake/core";
import { describe, expect, it } from "vitest";
import { checkReach } from "./policy.ts";
import { operations } from "./operations.ts";
import { parameterNames } from "./parameter-names.ts";
import { callOf, keyOf } from "./test-support.ts";

/** Null when the call may go, otherwise the sentence against it. */
function reach(
  line: string,
  body = "",
  headers: Readonly<Record<string, string>> = {},
  accounts: readonly string[] = [],
): string | null {
  const refused = checkReach(callOf(line, body, headers), keyOf({ accounts }));
  if (refused !== null) expect(refused.code).toBe("parameter_not_allowed");
  return refused?.message ?? null;
}

const CREATE = "POST /v1/payment_intents";
const UPDATE = "POST /v1/payment_intents/pi_1";
const CONFIRM = "POST /v1/payment_intents/pi_1/confirm";
const CAPTURE = "POST /v1/payment_intents/pi_1/capture";
const CHARGE = "POST /v1/charges";
const REFUND = "POST /v1/refunds";
const CUSTOMER = "POST /v1/customers";
const CUSTOMER_1 = "POST /v1/customers/cus_1";

describe("an ordinary call goes:", () => {
  it.each([
    ["a payment", CREATE, "amount=1000&currency=usd&payment_method=pm_1&customer=cus_1&confirm=true&off_session=true"],
    [
      "a payment whose methods Stripe chooses",
      CREATE,
      "amount=1000&currency=usd&automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never",
    ],
    [
      "a payment with text, receipts and an address",
      CREATE,
      "amount=1&currency=usd&description=d&receipt_email=a%40b.c&statement_descriptor=S&shipping[name]=N&shipping[address][line1]=L&metadata[order]=6&expand[]=latest_charge",
    ],
    [
      "a payment that is captured later",
      CREATE,
      "amount=1&currency=usd&capture_method=manual&payment_method_options[card][request_overcapture]=if_available&payment_method_options[card][request_multicapture]=if_available",
    ],
    [
      "a payment that says what it is for",
      CREATE,
      "amount=1&currency=usd&amount_details[line_items][0][quantity]=1&amount_details[tax][total_tax_amount]=1",
    ],
    [
      "a confirmation",
      CONFIRM,
      "payment_method=pm_1&return_url=https%3A%2F%2Fa.b%2F&mandate_data[customer_acceptance][type]=online",
    ],
    ["a capture of a part", CAPTURE, "amount_to_capture=500&final_capture=false"],
    ["a cancellation with its reason", "POST /v1/payment_intents/pi_1/cancel", "cancellation_reason=abandoned"],
    ["a charge of a card", CHARGE, "amount=1000&currency=usd&source=tok_visa&capture=false"],
    ["a refund", REFUND, "charge=ch_1&amount=500&reason=duplicate&metadata[why]=because"],
    [
      "a refund that gives no fee back and reverses no transfer",
      REFUND,
      "payment_intent=pi_1&refund_application_fee=false&reverse_transfer=false",
    ],
    [
      "a new customer with a card",
      CUSTOMER,
      "email=a%40b.c&name=N&payment_method=pm_1&invoice_settings[default_payment_method]=pm_1",
    ],
    ["a customer's other default", CUSTOMER_1, "default_source=card_1"],
    ["a list with its filters", "GET /v1/charges?limit=3&created[gte]=1&customer=cus_1&expand[]=data.customer", ""],
    ["a new price", "POST /v1/prices", "unit_amount=1000&currency=usd&product=prod_1&recurring[interval]=month"],
    [
      "a tax calculation that is booked with the payment",
      CREATE,
      "amount=1&currency=usd&hooks[inputs][tax][calculation]=taxcalc_1",
    ],
    ["text that looks like an account", CREATE, "amount=1&currency=usd&description=acct_1&metadata[account]=acct_1"],
  ])("%s", (_, line, body) => {
    expect(reach(line, body)).toBeNull();
  });

  it.each(["2026-08-26.dahlia", "2019-02-11", "2026-10-28.endive"])("in the version %s", (version) => {
    expect(reach(CREATE, "amount=1&currency=usd", { "stripe-version": version })).toBeNull();
  });
});

describe("a thief cannot send money on:", () => {
  it.each<[string, string, string, RegExp]>([
    [
      "to an account that gets all of it",
      CREATE,
      "amount=1&currency=usd&transfer_data[destination]=acct_evil",
      /"transfer_data\[destination\]"/,
    ],
    [
      "to an account that gets a part, without naming it",
      CREATE,
      "amount=1&currency=usd&transfer_data[amount]=1",
      /sends a part of the money on/,
    ],
    [
      "by raising the platform's fee",
      CREATE,
      "amount=1&currency=usd&application_fee_amount=1",
      /sends a part of the money on/,
    ],
    ["when it is confirmed", CONFIRM, "application_fee_amount=1", /application_fee_amount/],
    ["when it is captured", CAPTURE, "transfer_data[amount]=1", /transfer_data/],
    ["by a later update", UPDATE, "transfer_data[destination]=acct_evil", /transfer_data/],
    [
      "with a charge, as it was done before",
      CHARGE,
      "amount=1&currency=usd&destination[account]=acct_evil",
      /destination/,
    ],
    ["with a charge's old fee", CHARGE, "amount=1&currency=usd&application_fee=1", /application_fee/],
    ["on behalf of somebody else", CREATE, "amount=1&currency=usd&on_behalf_of=acct_evil", /names an account/],
    ["from a connected account's balance", CHARGE, "amount=1&currency=usd&source=acct_victim", /names an account/],
    [
      "from an account deep inside a parameter",
      CREATE,
      "amount=1&currency=usd&payment_method_data[stripe_account][account]=acct_victim",
      /names an account/,
    ],
    ["with a list around the account", CREATE, "amount=1&currency=usd&on_behalf_of[]=acct_evil", /names an account/],
  ])("%s", (_, line, body, why) => {
    expect(reach(line, body)).toMatch(why);
  });

  it("but may name the accounts that its key names, and no part of them", () => {
    const body = "amount=1&currency=usd&on_behalf_of=acct_ours";
    expect(reach(CREATE, body, {}, ["acct_ours"])).toBeNull();
    for (const account of ["acct_our", "acct_ours2", "ACCT_OURS", "acct_ours%2Facct_evil"])
      expect(reach(CREATE, `amount=1&currency=usd&on_behalf_of=${account}`, {}, ["acct_ours"])).toMatch(
        /names an account/,
      );
    expect(reach(CREATE, "amount=1&currency=usd&transfer_data[destination]=acct_ours", {}, ["acct_ours"])).toMatch(
      /transfer_data/,
    );
  });
});

describe("a refund moves nothing but itself:", () => {
  it.each<[string, string, RegExp]>([
    ["no transfer is taken back from another account", "reverse_transfer=true", /moves more than the refund/],
    ["no transfer is taken back in any other spelling", "reverse_transfer=1", /moves more than the refund/],
    ["no fee is given back", "refund_application_fee=true", /moves more than the refund/],
    ["nothing is asked by an empty word", "reverse_transfer=", /moves more than the refund/],
    ["it is not paid to whoever reads a mail", "instructions_email=thief%40a.b", /say where the refund is paid to/],
    [
      "it is not taken from a customer's cash balance",
      "origin=customer_balance&customer=cus_1&currency=usd",
      /origin|cash balance/,
    ],
    ["it names no customer", "customer=cus_1", /cash balance/],
    ["it names no currency", "currency=jpy", /cash balance/],
  ])("%s", (_, more, why) => {
    expect(reach(REFUND, `charge=ch_1&${more}`)).toMatch(why);
  });
});

describe("a customer gives no credit and starts nothing:", () => {
  it.each<[string, string, string, RegExp]>([
    ["a balance when it is made", CUSTOMER, "balance=-100000", /next invoices/],
    ["a balance later", CUSTOMER_1, "balance=-100000", /next invoices/],
    ["the balance's old name", CUSTOMER_1, "account_balance=-1", /next invoices/],
    ["a coupon", CUSTOMER_1, "coupon=FREE", /next invoices/],
    ["a promotion", CUSTOMER, "promotion_code=promo_1", /next invoices/],
    [
      "money that was paid in",
      CUSTOMER_1,
      "cash_balance[settings][reconciliation_mode]=automatic",
      /without another call/,
    ],
    ["a plan", CUSTOMER, "plan=gold&quantity=100", /subscription/],
    ["the end of a trial", CUSTOMER_1, "trial_end=now", /subscription/],
    ["a new card that pays what is overdue", CUSTOMER_1, "source=tok_1", /overdue invoice/],
    ["the same with a bank account", CUSTOMER_1, "bank_account=ba_1", /overdue invoice/],
    [
      "a word that nobody knows yet",
      CUSTOMER,
      "auto_topup[enabled]=true",
      /none that Keybrake knows of customers\.create/,
    ],
  ])("%s", (_, line, body, why) => {
    expect(reach(line, body)).toMatch(why);
  });
});

describe("a payment is not made at a card reader, where a tip is added:", () => {
  it.each([
    ["by its types", CREATE, "payment_method_types[]=card&payment_method_types[]=card_present"],
    ["by its types, numbered", CREATE, "payment_method_types[1]=card_present"],
    ["by its types of another name", CREATE, "allowed_payment_method_types[]=interac_present"],
    ["by its options", CREATE, "payment_method_options[card_present][request_extended_authorization]=true"],
    ["by the options of the other", CONFIRM, "payment_method_options[interac_present][x]=1"],
    ["by the method itself", CREATE, "payment_method_data[type]=card_present"],
    ["by a later update", UPDATE, "payment_method_types[]=card_present"],
  ])("%s", (_, line, body) => {
    expect(reach(line, line === CREATE ? `amount=1&currency=usd&${body}` : body)).toMatch(/card reader/);
  });

  it("but may be called so", () => {
    expect(reach(CREATE, "amount=1&currency=usd&payment_method_data[billing_details][name]=card_present")).toBeNull();
    expect(reach(CREATE, "amount=1&currency=usd&excluded_payment_method_types[]=card_present")).toBeNull();
  });
});

describe("what an operation does not need is refused:", () => {
  it.each<[string, string, string, RegExp]>([
    ["a hook that is not the tax", CREATE, "amount=1&currency=usd&hooks[inputs][tax][surprise]=1", /does not know/],
    ["another kind of hook", CREATE, "amount=1&currency=usd&hooks[outputs][x]=1", /does not know/],
    ["an amount for a refund that is made already", "POST /v1/refunds/re_1", "amount=1", /none that Keybrake knows/],
    ["a parameter for a refund's end", "POST /v1/refunds/re_1/cancel", "amount=1", /none that Keybrake knows/],
    ["an amount for a payment's end", "POST /v1/payment_intents/pi_1/cancel", "amount=1", /none that Keybrake knows/],
    ["an amount for a confirmation", CONFIRM, "amount=1", /none that Keybrake knows/],
    ["an amount for a capture, which has a name of its own", CAPTURE, "amount=1", /none that Keybrake knows/],
    ["a confirmation in an update", UPDATE, "confirm=true", /none that Keybrake knows/],
    ["an amount for notes on a charge", "POST /v1/charges/ch_1", "amount=1", /none that Keybrake knows/],
    [
      "another price for running subscriptions",
      "POST /v1/prices/price_1",
      "currency_options[usd][unit_amount]=1",
      /running subscriptions/,
    ],
    ["an amount for a price", "POST /v1/prices/price_1", "unit_amount=1", /none that Keybrake knows/],
  ])("%s", (_, line, body, why) => {
    expect(reach(line, body)).toMatch(why);
  });
});

describe("a header or what stands for one reaches no further:", () => {
  const body = "amount=1&currency=usd";

  it.each<[string, Record<string, string>, RegExp]>([
    ["another account", { "stripe-account": "acct_evil" }, /Stripe-Account/],
    ["an empty account", { "stripe-account": "" }, /Stripe-Account/],
    ["two accounts in one", { "stripe-account": "acct_ours, acct_evil" }, /Stripe-Account/],
    ["another context", { "stripe-context": "acct_evil" }, /Stripe-Context/],
    ["a context below an account of ours", { "stripe-context": "acct_ours/acct_evil" }, /Stripe-Context/],
    [
      "a version with betas behind it",
      { "stripe-version": "2026-08-26.dahlia; card_present_beta=v1" },
      /Stripe-Version/,
    ],
    ["a version that is none", { "stripe-version": "latest" }, /Stripe-Version/],
    ["an empty version", { "stripe-version": "" }, /Stripe-Version/],
    ["a version in other digits", { "stripe-version": "٢٠٢٦-08-26" }, /Stripe-Version/],
    ["a version with a line behind it", { "stripe-version": "2026-08-26\n" }, /Stripe-Version/],
  ])("%s", (_, headers, why) => {
    expect(reach(CREATE, body, headers, ["acct_ours"])).toMatch(why);
    expect(reach("GET /v1/charges", "", headers, ["acct_ours"])).toMatch(why);
  });

  it("the accounts that the key names may be named, but not two at once", () => {
    const accounts = ["acct_ours", "acct_other", "acct_ours/acct_sub"];
    expect(reach(CREATE, body, { "stripe-account": "acct_ours" }, accounts)).toBeNull();
    expect(reach(CREATE, body, { "stripe-context": "acct_ours/acct_sub" }, accounts)).toBeNull();
    expect(reach(CREATE, body, { "stripe-account": "acct_ours", "stripe-context": "acct_ours" }, accounts)).toBeNull();
    expect(reach(CREATE, body, { "stripe-account": "acct_ours", "stripe-context": "acct_other" }, accounts)).toMatch(
      /two accounts/,
    );
  });

  it.each([
    ["_stripe_account=acct_ours", "_stripe_account"],
    ["_stripe_version=2019-02-11", "_stripe_version"],
    ["_stripe_context=acct_ours", "_stripe_context"],
    ["key=sk_1", "key"],
    ["_anything[x]=1", "_anything"],
  ])("the parameter %s", (more, root) => {
    expect(reach(CREATE, `${body}&${more}`, {}, ["acct_ours"])).toContain(`"${root}" would replace a header`);
    expect(reach(`GET /v1/charges?${more}`, "", {}, ["acct_ours"])).toContain("would replace a header");
  });
});

/** A path of the operation, with ids in it. */
function lineOf({ method, path }: Operation): string {
  return `${method} ${path.replace(/\{\w+\}/g, "x_1")}`;
}

/** The same parameters in the form of the operation's path. Names without brackets. */
function bodyOf({ path }: Operation, pairs: Readonly<Record<string, string>>): string {
  return path.startsWith("/v2/") ? JSON.stringify(pairs) : new URLSearchParams(pairs).toString();
}

const UNKNOWN = ["surprise", "amount_surprise", "Amount", "AMOUNT", "toString"];

it.each(
  operations.operations
    .filter((operation) => operation.class === "money")
    .map((operation) => [operation.name, operation] as const),
)("%s takes no parameter that was not thought through", (_name, operation) => {
  for (const unknown of UNKNOWN)
    expect(reach(lineOf(operation), bodyOf(operation, { [unknown]: "1" }))).toMatch(/none that Keybrake knows/);
  for (const header of ["_stripe_account", "_anything", "key"])
    expect(reach(lineOf(operation), bodyOf(operation, { [header]: "1" }))).toMatch(/would replace a header/);
});

it.each(
  operations.operations
    .filter((operation) => operation.class === "money")
    .map((operation) => [operation.name, operation] as const),
)("every published parameter of %s was thought through: it passes, or is refused with a reason", (_name, operation) => {
  const inPath = new Set([...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name));
  for (const name of parameterNames(operation)?.filter((each) => !inPath.has(each)) ?? [])
    expect(reach(lineOf(operation), bodyOf(operation, { [name]: "x" })) ?? "passes").not.toMatch(/none that Keybrake/);
});

/** A way to pay has a parameter named after its type, and there are new ones all the time. */
const OPEN: ReadonlySet<string> = new Set([
  "payment_method_configurations.create",
  "payment_method_configurations.update",
  "payment_methods.create",
  "payment_methods.update",
  "sources.create",
  "sources.update",
]);

it.each(
  operations.operations
    .filter((operation) => operation.class === "free" && operation.streamsBody !== true)
    .map((operation) => [operation.name, operation] as const),
)("%s, which is free, takes what is published and nothing else", (name, operation) => {
  if (OPEN.has(name)) expect(reach(lineOf(operation), "brand_new_way_to_pay[x]=1")).toBeNull();
  else
    for (const unknown of UNKNOWN)
      expect(reach(lineOf(operation), bodyOf(operation, { [unknown]: "1" }))).toMatch(/none that Keybrake knows/);
  const published = parameterNames(operation) ?? [];
  for (const harmless of ["metadata", "description"].filter((each) => published.includes(each)))
    expect(reach(lineOf(operation), bodyOf(operation, { [harmless]: "x" }))).toBeNull();
  for (const thief of ["transfer_data", "application_fee_amount", "_stripe_account"])
    expect(reach(lineOf(operation), bodyOf(operation, { [thief]: "1" }))).not.toBeNull();
});

describe("an ordinary call of the rest goes:", () => {
  it.each([
    ["a refund by its old path", "POST /v1/charges/ch_1/refund", "amount=1&reason=duplicate"],
    ["a payout", "POST /v1/payouts", "amount=1&currency=usd&method=standard&destination=ba_1"],
    ["an invoice", "POST /v1/invoices", "customer=cus_1&auto_advance=true&collection_method=charge_automatically"],
    [
      "an invoice with tax that waits to be finalized",
      "POST /v1/invoices",
      "customer=cus_1&auto_advance=false&automatic_tax[enabled]=true&shipping_cost[shipping_rate]=shr_1",
    ],
    [
      "an invoice item at a price",
      "POST /v1/invoiceitems",
      "customer=cus_1&pricing[price]=price_1&quantity=2&tax_behavior=inclusive&discounts[0][coupon]=c",
    ],
    ["a line", "POST /v1/invoices/in_1/add_lines", "lines[0][amount]=1&lines[0][description]=d"],
    ["an invoice's payment", "POST /v1/invoices/in_1/pay", "payment_method=pm_1&off_session=true"],
    ["a credit note", "POST /v1/credit_notes", "invoice=in_1&amount=1&refund_amount=1&lines[0][type]=custom_line_item"],
    ["a top-up", "POST /v1/topups", "amount=1&currency=usd&source=ba_1"],
    [
      "credit",
      "POST /v1/billing/credit_grants",
      "amount[type]=monetary&amount[monetary][value]=1&amount[monetary][currency]=usd&customer=cus_1",
    ],
    ["a subscription's end", "DELETE /v1/subscriptions/sub_1", "cancellation_details[comment]=c"],
    [
      "a payment to a bank account",
      "POST /v1/treasury/outbound_payments",
      "amount=1&currency=usd&financial_account=fa_1&destination_payment_method=pm_1",
    ],
    ["a new account", "POST /v1/accounts", "type=express&country=US&settings[branding][icon]=file_1"],
    [
      "a saved card",
      "POST /v1/setup_intents",
      "customer=cus_1&payment_method=pm_1&confirm=true&flow_directions[]=inbound",
    ],
    ["a price", "POST /v1/prices", "unit_amount=1000&currency=usd&product=prod_1"],
    ["a way to pay of another day", "POST /v1/payment_methods", "type=moon_pay&moon_pay[phase]=full"],
    ["an account that is looked at", "GET /v1/accounts/acct_other", ""],
  ])("%s", (_, line, body) => {
    expect(reach(line, body)).toBeNull();
  });

  it.each([
    [
      "an account in a checkout's own notes",
      "POST /v1/checkout/sessions",
      "payment_intent_data[metadata][account]=acct_1",
    ],
    ["a fee in a line's own notes", "POST /v1/invoices/in_1/add_lines", "lines[0][metadata][application_fee]=1"],
    ["a discount in an item's notes", "POST /v1/invoiceitems/ii_1", "metadata[discounts]=none"],
  ])("%s", (_, line, body) => {
    expect(reach(line, body)).toBeNull();
  });

  it("a v2 payment to a named account", () => {
    const body = JSON.stringify({
      amount: { value: 100, currency: "usd" },
      from: { financial_account: "fa_1", currency: "usd" },
      to: { recipient: "acct_ours", payout_method: "pm_1" },
      metadata: { account: "acct_other" },
    });
    const line = "POST /v2/money_management/outbound_payments";
    expect(reach(line, body, {}, ["acct_ours"])).toBeNull();
    expect(reach(line, body)).toMatch(/"to\[recipient\]" names an account/);
  });

  it("a transfer to a named account", () => {
    const body = "amount=1&currency=usd&destination=acct_ours&source_transaction=ch_1";
    expect(reach("POST /v1/transfers", body, {}, ["acct_ours"])).toBeNull();
    expect(reach("POST /v1/transfers", body)).toMatch(/names an account/);
    expect(reach("POST /v1/transfers", body.replace("ours", "evil"), {}, ["acct_ours"])).toMatch(/names an account/);
  });
});

describe("a thief moves nothing by the rest:", () => {
  it.each<[string, string, string, RegExp]>([
    [
      "another charge than the path's, refunded",
      "POST /v1/charges/ch_1/refund",
      "payment_intent=pi_2",
      /beside the path/,
    ],
    ["the same at the other alias", "POST /v1/charges/ch_1/refunds", "payment_intent=pi_2", /beside the path/],
    ["a refund to whoever reads a mail", "POST /v1/charges/ch_1/refunds", "instructions_email=a%40b.c", /paid to/],
    ["a refund of a cash balance", "POST /v1/charges/ch_1/refunds", "origin=customer_balance", /cash balance/],
    [
      "a transfer taken back with a refund",
      "POST /v1/charges/ch_1/refund",
      "reverse_transfer=true",
      /more than the refund/,
    ],
    [
      "a fee given back at the reader",
      "POST /v1/terminal/readers/tmr_1/refund_payment",
      "charge=ch_1&refund_application_fee=true",
      /more than the refund/,
    ],
    [
      "a fee given back with a reversal",
      "POST /v1/transfers/tr_1/reversals",
      "refund_application_fee=true",
      /more than the refund/,
    ],
    ["an amount by a refund's notes", "POST /v1/charges/ch_1/refunds/re_1", "amount=1", /none that Keybrake knows/],
    ["a word of which nothing is said", "POST /v1/application_fees/fee_1/refund", "directive=x", /without a word/],
    ["an instant payout", "POST /v1/payouts", "amount=1&currency=usd&method=instant", /fee/],
    [
      "tokens for money",
      "POST /v1/billing/credit_grants",
      "amount[type]=custom_pricing_unit&amount[custom_pricing_unit][value]=1",
      /not money/,
    ],
    [
      "an invoice's money sent on",
      "POST /v1/invoices",
      "customer=cus_1&transfer_data[destination]=acct_evil",
      /sends a part/,
    ],
    ["an invoice's fee", "POST /v1/invoices/in_1", "application_fee_amount=1", /sends a part/],
    [
      "an invoice that finalizes itself",
      "POST /v1/invoices",
      "customer=cus_1&automatically_finalizes_at=1",
      /later time/,
    ],
    [
      "shipping on an invoice that advances",
      "POST /v1/invoices",
      "customer=cus_1&auto_advance=true&shipping_cost[shipping_rate]=shr_1",
      /auto_advance=false/,
    ],
    [
      "tax on an invoice that may advance",
      "POST /v1/invoices",
      "customer=cus_1&default_tax_rates[]=txr_1",
      /auto_advance=false/,
    ],
    [
      "a revision that may advance",
      "POST /v1/invoices",
      "from_invoice[invoice]=in_1&from_invoice[action]=revision",
      /auto_advance=false/,
    ],
    ["tax on an invoice that was looked up", "POST /v1/invoices/in_1", "default_tax_rates[]=txr_1", /looked up before/],
    ["shipping on it", "POST /v1/invoices/in_1", "shipping_cost[shipping_rate]=shr_1", /looked up before/],
    ["a discount taken off it", "POST /v1/invoices/in_1", "discounts=", /looked up before/],
    ["tax on an item", "POST /v1/invoiceitems", "customer=cus_1&amount=1&currency=usd&tax_rates[]=txr_1", /adds tax/],
    ["tax on top of an item", "POST /v1/invoiceitems", "customer=cus_1&price_data[tax_behavior]=exclusive", /adds tax/],
    ["tax on a line", "POST /v1/invoices/in_1/add_lines", "lines[0][tax_amounts][0][amount]=100", /adds tax/],
    ["tax on a line's update", "POST /v1/invoices/in_1/update_lines", "lines[0][tax_rates][0]=txr_1", /adds tax/],
    ["a discount taken off a line", "POST /v1/invoices/in_1/lines/il_1", "discountable=false", /discount away/],
    ["a discount taken off an item", "POST /v1/invoiceitems/ii_1", "discounts=", /discount away/],
    [
      "a price of open pages",
      "POST /v1/shipping_rates/shr_1",
      "fixed_amount[currency_options][usd][amount]=1",
      /open checkout pages/,
    ],
    ["a new account's bank", "POST /v1/accounts", "external_account=btok_1", /paid out to/],
    ["its older name", "POST /v1/accounts", "bank_account[account_number]=1", /paid out to/],
    ["the rhythm of payouts", "POST /v1/accounts", "settings[payouts][schedule][interval]=daily", /paid out to/],
    ["an own bank account to pay out to", "POST /v1/setup_intents", "attach_to_self=true", /paid out to/],
    ["a method to pay out to", "POST /v1/setup_intents", "flow_directions[]=outbound", /paid out to/],
    [
      "the same in a form that some read as a list",
      "POST /v1/setup_intents",
      "flow_directions[metadata]=outbound",
      /paid out to/,
    ],
    ["the same later", "POST /v1/setup_intents/seti_1", "flow_directions[0]=outbound", /paid out to/],
    [
      "a quote's money sent on",
      "POST /v1/quotes",
      "customer=cus_1&transfer_data[destination]=acct_evil",
      /sends a part/,
    ],
    ["a quote's fee", "POST /v1/quotes/qt_1", "application_fee_percent=50", /sends a part/],
    ["a quote for somebody else", "POST /v1/quotes", "on_behalf_of=acct_evil", /names an account/],
    [
      "a subscription's money sent on",
      "POST /v1/subscriptions",
      "customer=cus_1&transfer_data[destination]=acct_evil",
      /sends a part/,
    ],
    [
      "a checkout's money sent on",
      "POST /v1/checkout/sessions",
      "payment_intent_data[transfer_data][destination]=acct_evil",
      /sends a part/,
    ],
    ["a checkout's fee", "POST /v1/checkout/sessions", "subscription_data[application_fee_percent]=99", /sends a part/],
    [
      "a checkout for somebody else",
      "POST /v1/checkout/sessions",
      "payment_intent_data[on_behalf_of]=acct_evil",
      /names an account/,
    ],
    ["a link's money sent on", "POST /v1/payment_links", "transfer_data[destination]=acct_evil", /sends a part/],
    [
      "another account shut out",
      "POST /oauth/deauthorize",
      "client_id=ca_1&stripe_user_id=acct_victim",
      /names an account/,
    ],
    ["another account rejected", "POST /v1/accounts/acct_victim/reject", "reason=fraud", /The path names an account/],
    ["another account deleted", "DELETE /v1/accounts/acct_victim", "", /The path names an account/],
    ["another account closed", "POST /v2/core/accounts/acct_victim/close", "", /The path names an account/],
  ])("%s", (_, line, body, why) => {
    expect(reach(line, body)).toMatch(why);
  });

  it("a v2 account's payout methods, and a v2 payment's unknown words", () => {
    const account = JSON.stringify({ defaults: { payout_methods: { bank_account: "ba_1" } } });
    expect(reach("POST /v2/core/accounts", account)).toMatch(/paid out to/);
    const payment = JSON.stringify({ outbound_payment_quote: "q_1" });
    expect(reach("POST /v2/money_management/outbound_payments", payment)).toMatch(/none that Keybrake knows/);
  });

  it("but on an account that the key names it may be called", () => {
    expect(reach("POST /v1/accounts/acct_ours/reject", "reason=fraud", {}, ["acct_ours"])).toBeNull();
  });
});

describe("a card's number is not asked for:", () => {
  it.each([
    "GET /v1/issuing/cards/ic_1?expand[]=number",
    "GET /v1/issuing/cards/ic_1?expand[]=cvc",
    "GET /v1/issuing/cards/ic_1?expand[0]=cardholder&expand[1]=NUMBER",
    "GET /v1/issuing/cards/ic_1?expand=number",
    "GET /v1/issuing/cards/ic_1?expand[]=number%20",
    "GET /v1/issuing/cards/ic_1?expand[]=cardholder,cvc",
    "GET /v1/issuing/cards?expand[]=data.number",
    "GET /v1/issuing/authorizations/iauth_1?expand[]=card.number",
    "GET /v1/issuing/authorizations?expand[]=data.card.cvc",
    "GET /v1/issuing/transactions/ipi_1?expand[]=authorization.card.number",
    "GET /v1/issuing/cards/ic_1?expand[]=replaced_by.number.",
    "GET /v1/events?expand[]=data.data.object.number",
  ])("%s", (line) => {
    expect(reach(line)).toMatch(/asks for a card number/);
  });

  it("also not by a call that changes something", () => {
    expect(reach("POST /v1/issuing/cards/ic_1", "expand[]=number")).toMatch(/asks for a card number/);
    expect(reach("POST /v1/issuing/authorizations/iauth_1/approve", "expand[]=card.cvc")).toMatch(/card number/);
  });

  it("but other things are", () => {
    expect(reach("GET /v1/issuing/cards/ic_1?expand[]=cardholder")).toBeNull();
    expect(
      reach("GET /v1/treasury/financial_accounts/fa_1?expand[]=financial_addresses.aba.account_number"),
    ).toBeNull();
  });
});

it("a sentence shows what was refused in one short line", () => {
  expect(reach(CREATE, `amount=1&currency=usd&${"x".repeat(200)}=1`)).toMatch(/^The parameter "x{60}\.\.\."/);
});
