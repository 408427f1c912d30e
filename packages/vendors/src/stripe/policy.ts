/**
 * What a call to Stripe may not reach, whatever its path is allowed: other accounts, and parameters that move money elsewhere,
 * later or again, beyond what estimate.ts holds for the call. Parameters of money calls and of customers are allowed by name,
 * each thought through; one that is not known is refused like an operation that is not known, because other API versions than
 * the one this was written for may give it a meaning. Counts no money.
 */
import { refusal } from "@keybrake/core";
import type { Refusal, VaultKey, VendorCall } from "@keybrake/core";
import { quoted } from "../form.ts";
import { rootOf } from "./parameters.ts";

export function checkReach(call: VendorCall, key: VaultKey): Refusal | null {
  return checkHeaders(call.request.headers, key) ?? checkParameters(call, key);
}

// --------------------------------------------------------------------------------------------------------------- headers

/** `2026-08-26.dahlia`, `2019-02-11`. What follows a semicolon switches betas on, and is refused. */
const VERSION = /^\d{4}-\d{2}-\d{2}(?:\.[a-z]{1,32})?$/;

function checkHeaders(headers: ReadonlyMap<string, string>, key: VaultKey): Refusal | null {
  const account = headers.get("stripe-account");
  const context = headers.get("stripe-context");
  // A context may be a path of accounts (`acct_a/acct_b`): it must be named as a whole, not by one of its parts.
  for (const [header, value] of [
    ["Stripe-Account", account],
    ["Stripe-Context", context],
  ] as const)
    if (value !== undefined && !key.accounts.includes(value))
      return no(`${header} names an account that this vault key does not name.`);
  if (account !== undefined && context !== undefined && account !== context)
    return no("Stripe-Account and Stripe-Context name two accounts.");
  const version = headers.get("stripe-version");
  if (version !== undefined && !VERSION.test(version)) return no(`Stripe-Version ${quoted(version)} is not a version.`);
  return null;
}

// ------------------------------------------------------------------------------------------------------------ parameters

function checkParameters(call: VendorCall, key: VaultKey): Refusal | null {
  const allowed = ALLOWED.get(call.operation.name);
  for (const [name, value] of call.parameters) {
    const root = rootOf(name);
    // What browsers send in place of headers: `_stripe_account`, `_stripe_version`, and `key` for the API key itself.
    if (root.startsWith("_") || root === "key") return no(`The parameter ${quoted(root)} would replace a header.`);
    const why = conditional(name, root, value, call, key);
    if (why !== null) return no(`The parameter ${quoted(name)} ${why}.`);
    if (allowed === undefined || allowed.has(root)) continue;
    const [resource] = call.operation.name.split(".");
    return no(
      `The parameter ${quoted(root)} ${REASONS.get(`${resource}.${root}`) ?? REASONS.get(root) ?? `is none that Keybrake knows of ${call.operation.name}`}.`,
    );
  }
  return null;
}

function no(message: string): Refusal {
  return refusal("parameter_not_allowed", message);
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** Text, receipts, the customer's own data: read by people and by fraud rules, moves nothing. */
const WORDS = words(
  "description expand metadata receipt_email shipping statement_descriptor statement_descriptor_suffix",
);

const INTENT = [
  ...WORDS,
  // Facts about the amount (tax, lines, discount), checked against it and never added to it. `payment_details`: the same about the trade.
  ...words("amount_details payment_details"),
  // A tax calculation that is booked when the payment succeeds; `hooks` is narrowed to that below.
  "hooks",
  // A label; a transfer that refers to it is a call of its own.
  "transfer_group",
];

const PAYING = [
  ...INTENT,
  // Who pays and by what. The amount is held whoever pays; the types are narrowed below. `source` and its kin: before 2019.
  ...words(
    "customer customer_account payment_method payment_method_data payment_method_configuration payment_method_types",
  ),
  ...words(
    "allowed_payment_method_types excluded_payment_method_types automatic_payment_methods confirmation_token source",
  ),
  // Limits and habits of single methods. Over-capture, multi-capture, increments and long authorisations (`request_...`) need
  // a capture or increment that is estimated by itself; until then the hold stays. Mandates, instalments and subscription
  // details describe payments that need PaymentIntents of their own.
  "payment_method_options",
  // Saves the method, or a mandate, for later: collecting with it is a call of its own.
  ...words("setup_future_usage save_payment_method save_source_to_customer mandate mandate_data off_session"),
  // When and how it is confirmed and captured. It is held for as long as it can be paid, so none of these adds anything.
  ...words(
    "capture_method confirmation_method error_on_requires_action use_stripe_sdk return_url radar_options client_secret",
  ),
  // "required" only narrows who may confirm; "optional" is what holds without it.
  "secret_key_confirmation",
];

const CUSTOMER = words(`
  address business_name description email expand individual_name invoice_prefix invoice_settings metadata name
  next_invoice_sequence phone preferred_locales shipping tax tax_exempt validate
`);

/** By operation: the parameters (their roots) that were thought through. An operation that is not here moves nothing by any. */
const ALLOWED: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    "payment_intents.create": [...PAYING, ...words("amount currency confirm on_behalf_of")],
    "payment_intents.update": [...PAYING, ...words("amount currency")],
    "payment_intents.confirm": [...PAYING, "amount_to_confirm"],
    // `final_capture=false` keeps the rest capturable, and its hold.
    "payment_intents.capture": [...INTENT, ...words("amount_to_capture final_capture")],
    "payment_intents.increment_authorization": [...INTENT, "amount"],
    "payment_intents.cancel": words("cancellation_reason expand"),
    "charges.create": [
      ...WORDS,
      ...words("amount currency capture card customer on_behalf_of radar_options source transfer_group"),
    ],
    "charges.update": [...WORDS, ...words("customer fraud_details transfer_group")],
    "charges.capture": [...WORDS, ...words("amount transfer_group")],
    // The two booleans are narrowed to "false" below.
    "refunds.create": words(
      "amount charge expand metadata payment_intent reason refund_application_fee reverse_transfer",
    ),
    "refunds.update": words("expand metadata"),
    "refunds.cancel": words("expand"),
    // A new customer owes nothing yet, so a payment method or source on it is charged by nobody.
    "customers.create": [...CUSTOMER, ...words("payment_method source card bank_account tax_id_data test_clock")],
    "customers.update": [
      ...CUSTOMER,
      // Which saved method is the default; unlike `source`, it retries nothing: docs.stripe.com/api/customers/update
      ...words("default_source default_card default_bank_account default_alipay_account"),
    ],
    // New currencies and amounts of a price are what running subscriptions charge next.
    "prices.update": words("active expand lookup_key metadata nickname tax_behavior transfer_lookup_key"),
  }).map(([name, roots]) => [name, new Set(roots)]),
);

const STARTS_SUBSCRIPTION = "starts or changes a subscription in older API versions, which charges without end";
const RETRIES_INVOICE = "makes Stripe collect an overdue invoice again";
const GIVES_CREDIT = "changes what the customer's next invoices collect";
const SENDS_ON = "sends a part of the money on to another account";

/** Why a parameter of the operations above is refused; for the rest, that it is not known is reason enough. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ["transfer_data", SENDS_ON],
  ["destination", SENDS_ON],
  ["application_fee", SENDS_ON],
  ["application_fee_amount", SENDS_ON],
  ["instructions_email", "lets whoever reads that address say where the refund is paid to"],
  ["origin", "pays out a customer's cash balance, which no charge bounds"],
  ["refunds.currency", "belongs to refunds from a customer's cash balance"],
  ["refunds.customer", "belongs to refunds from a customer's cash balance"],
  ["balance", GIVES_CREDIT],
  ["account_balance", GIVES_CREDIT],
  ["coupon", GIVES_CREDIT],
  ["promotion_code", GIVES_CREDIT],
  ["cash_balance", "lets money that customers have paid in be collected without another call"],
  ["plan", STARTS_SUBSCRIPTION],
  ["quantity", STARTS_SUBSCRIPTION],
  ["trial_end", STARTS_SUBSCRIPTION],
  ["tax_percent", STARTS_SUBSCRIPTION],
  ["customers.source", RETRIES_INVOICE],
  ["customers.card", RETRIES_INVOICE],
  ["customers.bank_account", RETRIES_INVOICE],
  ["currency_options", "changes what running subscriptions charge"],
]);

/** Parameters whose value decides. Null when there is nothing against it; otherwise the end of a sentence. */
function conditional(name: string, root: string, value: string, call: VendorCall, key: VaultKey): string | null {
  switch (root) {
    case "on_behalf_of":
      return value === "" || key.accounts.includes(value) ? null : UNNAMED_ACCOUNT;
    case "reverse_transfer":
    case "refund_application_fee":
      return value === "false" ? null : "moves more than the refund, between accounts";
    case "hooks":
      return name === "hooks[inputs][tax][calculation]" ? null : "starts something that Keybrake does not know";
    case "payment_method_types":
    case "allowed_payment_method_types":
    case "payment_method_options":
    case "payment_method_data":
      // Terminal, "on-reader tipping": the tip is added to the PaymentIntent's amount.
      if (call.operation.class === "money" && isInPerson(name, value))
        return "is for a card reader, where a tip can be added to the amount";
      break;
    case "customer_account": // the paying customer, as `customer` is
    case "description":
    case "metadata":
      return null;
    default:
      break;
  }
  // Any other account that a call names gives or takes money: `source` of a charge takes from its balance, for one
  // (docs.stripe.com/connect/account-debits), and so do methods of preview versions, deep inside other parameters.
  return value.startsWith("acct_") && !key.accounts.includes(value) ? UNNAMED_ACCOUNT : null;
}

const UNNAMED_ACCOUNT = "names an account that this vault key does not name";

const IN_PERSON: ReadonlySet<string> = new Set(["card_present", "interac_present"]);

function isInPerson(name: string, value: string): boolean {
  if (name.startsWith("payment_method_options["))
    return /^payment_method_options\[(?:card|interac)_present\]/.test(name);
  if (name.startsWith("payment_method_data[") && name !== "payment_method_data[type]") return false;
  return IN_PERSON.has(value);
}
