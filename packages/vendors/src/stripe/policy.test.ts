import { describe, expect, it } from "vitest";
import { checkReach } from "./policy.ts";
import { operations } from "./operations.ts";
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

it.each(
  operations.operations
    .filter((operation) => operation.class === "money")
    .map((operation) => [operation.name, `${operation.method} ${operation.path.replace(/\{\w+\}/g, "x_1")}`] as const),
)("%s takes no parameter that was not thought through", (_name, line) => {
  for (const unknown of ["surprise=1", "amount_surprise=1", "Amount=1", "AMOUNT=1", "constructor=1", "__proto__=1"])
    expect(reach(line, unknown)).toMatch(/none that Keybrake knows|would replace a header/);
});

it("a sentence shows what was refused in one short line", () => {
  expect(reach(CREATE, `amount=1&currency=usd&${"x".repeat(200)}=1`)).toMatch(/^The parameter "x{60}\.\.\."/);
});
