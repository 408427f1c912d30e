/**
 * What a call to Stripe may not reach, whatever its path is allowed: other accounts, card numbers, and parameters that move money
 * elsewhere, later or again, beyond what estimate.ts holds for the call. Parameters of money calls, and of free ones that need it, are
 * allowed by name, each thought through; those of other free calls are the published ones. One that is not known is refused like an
 * operation that is not known, because other API versions than the one this was written for may give it a meaning. Of an operation
 * that a key opted into without a bound, only what sends money to others is refused. Counts no money.
 */
import { refusal } from "@keybrake/core";
import type { Refusal, VaultKey, VendorCall } from "@keybrake/core";
import { quoted } from "../form.ts";
import { parameterNames } from "./parameter-names.ts";
import { rootOf } from "./parameters.ts";

export function checkReach(call: VendorCall, key: VaultKey): Refusal | null {
  return checkHeaders(call.request.headers, key) ?? checkPath(call, key) ?? checkParameters(call, key);
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

/** A connected account may be looked at, as every list shows it; changed it is only where the key names it. */
function checkPath({ operation, pathParameters }: VendorCall, key: VaultKey): Refusal | null {
  if (operation.class === "read") return null;
  const names = Object.values(pathParameters).some((value) => isAccount(value) && !key.accounts.includes(value));
  return names ? no("The path names an account that this vault key does not name.") : null;
}

function isAccount(value: string): boolean {
  return value.startsWith("acct_");
}

// ------------------------------------------------------------------------------------------------------------ parameters

function checkParameters(call: VendorCall, key: VaultKey): Refusal | null {
  const allowed = allowedOf(call);
  for (const [name, value] of call.parameters) {
    const root = rootOf(name);
    // What browsers send in place of headers: `_stripe_account`, `_stripe_version`, and `key` for the API key itself.
    if (root.startsWith("_") || root === "key") return no(`The parameter ${quoted(root)} would replace a header.`);
    const why = conditional(name, root, value, call, key);
    if (why !== null) return no(`The parameter ${quoted(name)} ${why}.`);
    if (allowed !== null && !allowed.has(root))
      return no(`The parameter ${quoted(root)} ${reasonOf(call.operation.name, root)}.`);
  }
  return null;
}

/** Null where every parameter may pass that nothing else is against. */
function allowedOf({ operation, pathParameters }: VendorCall): ReadonlySet<string> | null {
  const thoughtThrough = ALLOWED.get(operation.name);
  if (thoughtThrough !== undefined) return thoughtThrough;
  if (operation.class !== "free" || ANY.has(operation.name)) return null;
  let published = publishedOf.get(operation.name);
  if (published === undefined) {
    // What stands in the path is no parameter beside it.
    const names = parameterNames(operation)?.filter((name) => !Object.hasOwn(pathParameters, name));
    publishedOf.set(operation.name, (published = new Set(names)));
  }
  return published;
}

const publishedOf = new Map<string, ReadonlySet<string>>();

function reasonOf(operation: string, root: string): string {
  const [resource] = operation.split(".");
  return (
    REASONS.get(`${operation}.${root}`) ??
    REASONS.get(`${resource}.${root}`) ??
    REASONS.get(root) ??
    `is none that Keybrake knows of ${operation}`
  );
}

function no(message: string): Refusal {
  return refusal("parameter_not_allowed", message);
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

// --------------------------------------------------------------------------------------------------------------- allowed

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

/** The two booleans are narrowed to "false" below. What is refunded stands in the path, or beside these. */
const REFUND = words("amount expand metadata reason refund_application_fee reverse_transfer");

/**
 * What an invoice item or a line costs: amount, or quantity at a price, which is looked up. Discounts make it less. What is taxed on top
 * of it is refused below.
 */
const PRICED = words(`
  amount description discountable discounts expand metadata period price price_data pricing quantity quantity_decimal tax_behavior
  tax_code unit_amount unit_amount_decimal
`);

/** The text on an invoice, and how and from what it is paid: the amount is estimated whoever's method pays it. */
const INVOICE = words(`
  account_tax_ids auto_advance collection_method custom_fields days_until_due default_payment_method default_source description
  due_date effective_at expand footer issuer metadata number on_behalf_of payment_settings rendering shipping_details
  statement_descriptor
`);

/** By operation: the parameters (their roots) that were thought through. */
const ALLOWED: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    // Collected from customers, at once or as long as it can be paid.
    "payment_intents.create": [...PAYING, ...words("amount currency confirm on_behalf_of")],
    "payment_intents.update": [...PAYING, ...words("amount currency")],
    "payment_intents.confirm": [...PAYING, "amount_to_confirm"],
    // `final_capture=false` keeps the rest capturable, and its hold.
    "payment_intents.capture": [...INTENT, ...words("amount_to_capture final_capture")],
    "payment_intents.increment_authorization": [...INTENT, "amount"],
    "payment_intents.cancel": words("cancellation_reason expand"),
    "payment_intents.apply_customer_balance": words("amount currency expand"),
    "payment_intents.verify_microdeposits": words("amounts client_secret descriptor_code expand"),
    "charges.create": [
      ...WORDS,
      ...words("amount currency capture card customer on_behalf_of radar_options source transfer_group"),
    ],
    "charges.update": [...WORDS, ...words("customer fraud_details transfer_group")],
    "charges.capture": [...WORDS, ...words("amount transfer_group")],
    "terminal.readers.collect_payment_method": words("collect_config expand payment_intent"),
    "terminal.readers.confirm_payment_intent": words("confirm_config expand payment_intent"),
    "terminal.readers.process_payment_intent": words("expand payment_intent process_config"),

    // Given back. A refund names the charge in its path at the old aliases, and beside its amount elsewhere.
    "refunds.create": [...REFUND, ...words("charge payment_intent")],
    "charges.refund": REFUND,
    "charges.refunds.create": REFUND,
    "terminal.readers.refund_payment": [...REFUND, ...words("charge payment_intent refund_payment_config")],
    "refunds.update": words("expand metadata"),
    "charges.refunds.update": words("expand metadata"),
    "refunds.cancel": words("expand"),
    "application_fees.refund": words("amount expand"),
    "application_fees.refunds.create": words("amount expand metadata"),
    // At most the invoice, however it is split into refund, credit and what was given back elsewhere. `refund`: `refunds` of before 2025.
    "credit_notes.create": words(`
      amount credit_amount effective_at email_type expand invoice lines memo metadata out_of_band_amount reason refund refund_amount
      refunds shipping_cost
    `),
    "credit_notes.void": words("expand"),
    "disputes.close": words("expand"),
    "charges.dispute.close": words("expand"),

    // Customers and their credit.
    // A new customer owes nothing yet, so a payment method or source on it is charged by nobody.
    "customers.create": [...CUSTOMER, ...words("payment_method source card bank_account tax_id_data test_clock")],
    "customers.update": [
      ...CUSTOMER,
      // Which saved method is the default; unlike `source`, it retries nothing: docs.stripe.com/api/customers/update
      ...words("default_source default_card default_bank_account default_alipay_account"),
    ],
    "customers.balance_transactions.create": words("amount currency description expand metadata"),
    // Where it applies, from when until when and in which order: never more than its amount, which is narrowed below.
    "billing.credit_grants.create": words(`
      amount applicability_config category customer customer_account effective_at expand expires_at metadata name priority
    `),
    "billing.credit_grants.update": words("expand expires_at metadata"),

    // Invoices. What adds to one that advances by itself is narrowed below.
    "invoiceitems.create": [...PRICED, ...words("currency customer customer_account invoice subscription")],
    "invoiceitems.update": PRICED,
    "invoiceitems.delete": [],
    "invoices.create": [
      ...INVOICE,
      ...words("automatic_tax currency customer customer_account default_tax_rates discounts from_invoice"),
      ...words("pending_invoice_items_behavior shipping_cost subscription"),
    ],
    "invoices.update": INVOICE,
    "invoices.add_lines": words("expand invoice_metadata lines"),
    "invoices.update_lines": words("expand invoice_metadata lines"),
    "invoices.remove_lines": words("expand invoice_metadata lines"),
    "invoices.lines.update": PRICED,
    "invoices.finalize": words("auto_advance expand"),
    // `forgive` takes less where there is less; `paid_out_of_band` takes nothing.
    "invoices.pay": words("expand forgive mandate off_session paid_out_of_band payment_method source"),
    "invoices.send": words("expand"),
    "quotes.accept": words("expand"),
    "quotes.finalize": words("expand expires_at"),
    "subscriptions.cancel": words("cancellation_details expand invoice_now prorate"),
    "customers.subscriptions.cancel": words("expand invoice_now prorate"),
    // New currencies and amounts of a price are what running subscriptions charge next; of a shipping rate, what open pages charge.
    "prices.update": words("active expand lookup_key metadata nickname tax_behavior transfer_lookup_key"),
    "shipping_rates.update": words("active expand metadata"),

    // Out of the balance, and into it from an own bank account. Where it goes is counted, whoever owns the account.
    "payouts.create": words(`
      amount currency description destination expand metadata method payout_method source_type statement_descriptor
    `),
    "payouts.reverse": words("expand metadata"),
    "transfers.create": words(`
      amount currency description destination expand metadata source_transaction source_type transfer_group
    `),
    "transfers.reversals.create": words("amount description expand metadata refund_application_fee"),
    "topups.create": words(`
      amount currency description expand metadata payment_method payment_method_options source statement_descriptor transfer_group
    `),
    "climate.orders.create": words("amount beneficiary currency expand metadata metric_tons product"),
    "issuing.authorizations.approve": words("amount expand metadata"),
    "treasury.credit_reversals.create": words("expand metadata received_credit"),
    "treasury.debit_reversals.create": words("expand metadata received_debit"),
    "treasury.inbound_transfers.create": words(`
      amount currency description expand financial_account metadata origin_payment_method statement_descriptor
    `),
    "treasury.outbound_payments.create": words(`
      amount currency customer description destination_payment_method destination_payment_method_data
      destination_payment_method_options end_user_details expand financial_account metadata statement_descriptor
    `),
    "treasury.outbound_transfers.create": words(`
      amount currency description destination_payment_method destination_payment_method_data destination_payment_method_options
      expand financial_account metadata statement_descriptor
    `),
    "v2.money_management.inbound_transfers.create": words("amount description from to"),
    "v2.money_management.outbound_payments.create": words(`
      amount description from metadata recipient_notification recipient_verification statement_descriptor to
    `),
    // A later day moves it later, once, and it is held until then.
    "v2.money_management.payout_intents.create": words(`
      amount confirmation_method description from metadata recipient_notification schedule_options statement_descriptor to
    `),
    "v2.money_management.payout_intents.update": words(`
      description metadata recipient_notification schedule_options statement_descriptor to
    `),
    "v2.money_management.payout_intents.confirm": [],
    "v2.money_management.payout_intents.refresh_fx_quote": [],

    // Free. A new account's bank account and the rhythm of its payouts say where money goes later.
    "accounts.create": words(`
      account_token business_profile business_type capabilities company controller country default_currency documents email expand
      groups individual metadata settings tos_acceptance type
    `),
    // Saves a way to pay; one to be paid out to is narrowed below.
    "setup_intents.create": words(`
      allowed_payment_method_types automatic_payment_methods confirm confirmation_token customer customer_account description
      excluded_payment_method_types expand flow_directions mandate_data metadata on_behalf_of payment_method
      payment_method_configuration payment_method_data payment_method_options payment_method_types return_url single_use usage
      use_stripe_sdk
    `),
    "setup_intents.update": words(`
      allowed_payment_method_types customer customer_account description excluded_payment_method_types expand flow_directions metadata
      payment_method payment_method_configuration payment_method_data payment_method_options payment_method_types
    `),
  }).map(([name, roots]) => [name, new Set(roots)]),
);

/** A way to pay has a parameter named after its type, and new types come with every version. */
const ANY: ReadonlySet<string> = new Set([
  "payment_method_configurations.create",
  "payment_method_configurations.update",
  "payment_methods.create",
  "payment_methods.update",
  "sources.create",
  "sources.update",
]);

// --------------------------------------------------------------------------------------------------------------- refused

const STARTS_SUBSCRIPTION = "starts or changes a subscription in older API versions, which charges without end";
const RETRIES_INVOICE = "makes Stripe collect an overdue invoice again";
const GIVES_CREDIT = "changes what the customer's next invoices collect";
const SENDS_ON = "sends a part of the money on to another account";
const SAYS_WHERE_TO = "says where money is paid out to";
const ADDS_TO_INVOICE = "changes what the invoice collects to an amount that cannot be looked up before";
const COLLECTS_LATER = "finalizes the invoice by itself at a later time";
const NAMED_IN_PATH = "names what is refunded beside the path, which names it already";
const TAXED = "adds tax on top of what is estimated";
/** An instant payout has a fee of its own: docs.stripe.com/payouts/instant-payouts */
const COSTS_FEE = "costs a fee that no estimate has";

/** Why a parameter of the operations above is refused; for the rest, that it is not known is reason enough. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ["charges.destination", SENDS_ON],
  ["instructions_email", "lets whoever reads that address say where the refund is paid to"],
  ["origin", "pays out a customer's cash balance, which no charge bounds"],
  ["refunds.currency", "belongs to refunds from a customer's cash balance"],
  ["refunds.customer", "belongs to refunds from a customer's cash balance"],
  ["charges.refunds.create.currency", "belongs to refunds from a customer's cash balance"],
  ["charges.refunds.create.customer", "belongs to refunds from a customer's cash balance"],
  ["charges.refund.payment_intent", NAMED_IN_PATH],
  ["charges.refunds.create.payment_intent", NAMED_IN_PATH],
  ["application_fees.refund.directive", "is published without a word of what it does"],
  ["customers.balance", GIVES_CREDIT],
  ["customers.account_balance", GIVES_CREDIT],
  ["customers.coupon", GIVES_CREDIT],
  ["customers.promotion_code", GIVES_CREDIT],
  ["customers.cash_balance", "lets money that customers have paid in be collected without another call"],
  ["customers.plan", STARTS_SUBSCRIPTION],
  ["customers.quantity", STARTS_SUBSCRIPTION],
  ["customers.trial_end", STARTS_SUBSCRIPTION],
  ["customers.tax_percent", STARTS_SUBSCRIPTION],
  ["customers.source", RETRIES_INVOICE],
  ["customers.card", RETRIES_INVOICE],
  ["customers.bank_account", RETRIES_INVOICE],
  ["prices.currency_options", "changes what running subscriptions charge"],
  ["shipping_rates.fixed_amount", "changes what open checkout pages and payment links charge"],
  ["shipping_rates.tax_behavior", "changes what open checkout pages and payment links charge"],
  ["invoiceitems.invoicing_rules", "lets the item be collected earlier than it was meant to be"],
  ["invoices.tax_percent", TAXED],
  ["invoices.automatically_finalizes_at", COLLECTS_LATER],
  ["invoices.automatic_tax", ADDS_TO_INVOICE],
  ["invoices.default_tax_rates", ADDS_TO_INVOICE],
  ["invoices.discounts", ADDS_TO_INVOICE],
  ["invoices.shipping_cost", ADDS_TO_INVOICE],
  ["invoices.closed", ADDS_TO_INVOICE],
  ["invoices.forgiven", ADDS_TO_INVOICE],
  ["accounts.external_account", SAYS_WHERE_TO],
  ["accounts.bank_account", SAYS_WHERE_TO],
  ["setup_intents.attach_to_self", SAYS_WHERE_TO],
  ["invoiceitems.tax_rates", TAXED],
  ["invoices.tax_rates", TAXED],
  ["invoices.tax_amounts", TAXED],
]);

/** At any depth of what changes something: these take from the payment for somebody else. */
const SENDS_ON_NAMES: ReadonlySet<string> = new Set([
  "application_fee",
  "application_fee_amount",
  "application_fee_percent",
  "transfer_data",
]);

/** Parameters whose value decides. Null when there is nothing against it; otherwise the end of a sentence. */
function conditional(name: string, root: string, value: string, call: VendorCall, key: VaultKey): string | null {
  const { operation } = call;
  switch (root) {
    case "expand":
    case "include":
      return showsCard(value) ? "asks for a card number, with which the card can be spent" : null;
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
      if (operation.class === "money" && isInPerson(name, value))
        return "is for a card reader, where a tip can be added to the amount";
      break;
    case "customer_account": // the paying customer, as `customer` is
    case "description":
    case "metadata":
      return null;
    default:
      break;
  }
  const segments = name.replaceAll("]", "").split("[");
  const why = ofOperation(name, root, value, segments, call);
  if (why !== null) return why;
  if (segments.includes("metadata")) return null;
  if (operation.class !== "read" && segments.some((segment) => SENDS_ON_NAMES.has(segment))) return SENDS_ON;
  // Any other account that a call names gives or takes money: `source` of a charge takes from its balance, for one
  // (docs.stripe.com/connect/account-debits), and so do methods of preview versions, deep inside other parameters.
  return isAccount(value) && !key.accounts.includes(value) ? UNNAMED_ACCOUNT : null;
}

const UNNAMED_ACCOUNT = "names an account that this vault key does not name";

/** What a parameter means at one operation only. */
function ofOperation(
  name: string,
  root: string,
  value: string,
  segments: readonly string[],
  { operation, parameters }: VendorCall,
): string | null {
  switch (operation.name) {
    case "accounts.create":
      return root === "settings" && segments[1] === "payouts" ? SAYS_WHERE_TO : null;
    case "v2.core.accounts.create":
      return segments.includes("payout_methods") ? SAYS_WHERE_TO : null;
    case "setup_intents.create":
    case "setup_intents.update":
      return root === "flow_directions" && value !== "inbound" ? SAYS_WHERE_TO : null;
    case "billing.credit_grants.create":
      return root === "amount" && !CREDIT_AMOUNT.has(name) ? "is an amount of something that is not money" : null;
    case "invoices.create": {
      if (!ADDED_BY_DRAFT.has(root) || parameters.get("auto_advance") === "false") return null;
      return "adds to what the invoice collects by itself; send auto_advance=false with it";
    }
    case "invoiceitems.create":
    case "invoices.add_lines":
      return isTaxedOnTop(segments, value) ? TAXED : null;
    case "invoiceitems.update":
    case "invoices.lines.update":
    case "invoices.update_lines":
      if (segments.includes("discounts") || segments.includes("discountable"))
        return "can take a discount away, and then more is collected than is estimated";
      return isTaxedOnTop(segments, value) ? TAXED : null;
    case "payouts.create":
      return root === "method" && value !== "standard" ? COSTS_FEE : null;
    default:
      return null;
  }
}

const CREDIT_AMOUNT: ReadonlySet<string> = new Set([
  "amount[type]",
  "amount[monetary][value]",
  "amount[monetary][currency]",
]);

/** On a draft that does not advance by itself they collect nothing: finalizing it looks up what it came to. */
const ADDED_BY_DRAFT: ReadonlySet<string> = new Set([
  "automatic_tax",
  "default_tax_rates",
  "from_invoice",
  "shipping_cost",
]);

function isTaxedOnTop(segments: readonly string[], value: string): boolean {
  if (segments.includes("tax_rates") || segments.includes("tax_amounts")) return value !== "";
  return segments.at(-1) === "tax_behavior" && value === "exclusive";
}

/** `number`, `data.number`, `card.cvc`: of a card that was issued, they are the card. docs.stripe.com/api/issuing/cards/object */
function showsCard(path: string): boolean {
  return path
    .toLowerCase()
    .split(/[.,\s]/)
    .some((segment) => segment === "number" || segment === "cvc");
}

const IN_PERSON: ReadonlySet<string> = new Set(["card_present", "interac_present"]);

function isInPerson(name: string, value: string): boolean {
  if (name.startsWith("payment_method_options["))
    return /^payment_method_options\[(?:card|interac)_present\]/.test(name);
  if (name.startsWith("payment_method_data[") && name !== "payment_method_data[type]") return false;
  return IN_PERSON.has(value);
}
