// PaymentIntents: Stripe's state machine from `requires_payment_method` to `succeeded`, with manual capture, multicapture,
// overcapture and incremental authorisation (docs.stripe.com/payments/paymentintents/lifecycle).

import { AUTHENTICATION_REQUIRED, CASH_BALANCE, GENERIC_DECLINE } from "../cards.ts";
import type { Behaviour } from "../cards.ts";
import { checkChargeAmount, checkCurrency, displayAmount } from "../currency.ts";
import type { Decline, StripeFailure } from "../errors.ts";
import { cardDeclined, invalidParameter, missingParameter, noSuchObject, refusedByState } from "../errors.ts";
import type { Json } from "../../shared/json.ts";
import type { Charge, PaymentIntent, PaymentIntentStatus } from "../objects.ts";
import { nested } from "../../shared/json.ts";
import { template } from "../objects.ts";
import { positiveInteger } from "../params.ts";
import type { Params } from "../params.ts";
import type { Origin } from "../shelf.ts";
import type { MovedWhen } from "../truth.ts";
import type { Call, Handler, World } from "../world.ts";
import type { Attempt } from "./attempt.ts";
import { authorizedCharge, collect, failedCharge, failure, pendingCharge, release } from "./attempt.ts";
import { requireCustomer } from "./customers.ts";
import { givenPaymentMethod } from "./payment-methods.ts";
import { equalTo, list, metadata, objectOr, oneOf, searchResult, textOr } from "./shared.ts";

const PUBLISHED = template("payment_intent");
const CAPTURE_METHODS = ["automatic", "automatic_async", "manual"] as const;
/** docs.stripe.com/payments/incremental-authorization: at most ten attempts. */
const INCREMENTS_MAX = 10;

/** The largest sum that may be captured beyond the authorisation, as card networks allow for some merchants. */
const overcaptureLimit = (amount: number): number => Math.floor((amount * 120) / 100);

// Create and update ---------------------------------------------------------------------------------------------------

const create: Handler = (call) => {
  const { params, world, origin } = call;
  const amount = positiveInteger(params, "amount");
  if (amount === undefined) throw missingParameter("amount");
  const currency = checkCurrency(params.requiredText("currency"));
  checkChargeAmount(amount, currency, "amount");
  const captureMethod = oneOf(params, "capture_method", CAPTURE_METHODS) ?? "automatic_async";
  const customer = params.text("customer");
  if (customer !== undefined && customer !== "") requireCustomer(call, customer, "customer", 400);
  const confirmNow = params.boolean("confirm") === true;
  const automatic = objectOr(params, "automatic_payment_methods", null);
  const types = params.texts("payment_method_types");
  if (types.length > 0 && automatic !== null) {
    throw invalidParameter(
      "You may only specify one of these parameters: automatic_payment_methods, payment_method_types.",
      null,
      "automatic_payment_methods",
    );
  }
  const labels = metadata(params);
  const method = givenPaymentMethod(call);
  checkOwner(method?.customer ?? null, customer);
  if (confirmNow && method === undefined) throw missingMethod(null);

  const id = world.newId("pi_3");
  const intent = {
    ...PUBLISHED,
    id,
    object: "payment_intent",
    amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application_fee_amount: params.integer("application_fee_amount") ?? null,
    automatic_payment_methods: types.length > 0 ? null : (automatic ?? { allow_redirects: "always", enabled: true }),
    canceled_at: null,
    cancellation_reason: null,
    capture_method: captureMethod,
    client_secret: `${id}_secret_${world.newId("")}`,
    confirmation_method: oneOf(params, "confirmation_method", ["automatic", "manual"] as const) ?? "automatic",
    created: world.seconds(),
    currency,
    customer: customer === undefined || customer === "" ? null : customer,
    description: textOr(params, "description", null),
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: labels,
    next_action: null,
    on_behalf_of: textOr(params, "on_behalf_of", null),
    payment_method: method?.id ?? null,
    payment_method_configuration_details: null,
    payment_method_options: objectOr(params, "payment_method_options", null) ?? {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: "automatic" },
    },
    payment_method_types: types.length > 0 ? types : ["card"],
    processing: null,
    receipt_email: textOr(params, "receipt_email", null),
    setup_future_usage: textOr(params, "setup_future_usage", null),
    shipping: objectOr(params, "shipping", null),
    statement_descriptor: textOr(params, "statement_descriptor", null),
    statement_descriptor_suffix: textOr(params, "statement_descriptor_suffix", null),
    status: method === undefined ? "requires_payment_method" : "requires_confirmation",
    transfer_data: objectOr(params, "transfer_data", null),
    transfer_group: textOr(params, "transfer_group", null),
  } as PaymentIntent;
  world.paymentIntents.add(intent, origin);
  // Whoever has the client secret can pay it from here on.
  world.open(origin, "collected", amount, currency, id);
  world.emit(origin, "payment_intent.created", intent);
  return confirmNow ? confirmIntent(call, intent) : intent;
};

const update: Handler = (call, [id = ""]) => {
  const intent = requireIntent(call, id);
  const { params } = call;
  applyUpdate(call, intent, params, ["requires_payment_method", "requires_confirmation", "requires_action"]);
  return intent;
};

/** What update and confirm may both change. Money fields only while the intent is still open. */
function applyUpdate(call: Call, intent: PaymentIntent, params: Params, open: readonly PaymentIntentStatus[]): void {
  const amount = positiveInteger(params, "amount");
  const currency = params.text("currency");
  const changesMoney =
    amount !== undefined ||
    currency !== undefined ||
    params.get("payment_method") !== undefined ||
    params.get("payment_method_data") !== undefined;
  if (changesMoney && !open.includes(intent.status)) {
    throw unexpectedState(
      intent,
      `This PaymentIntent's amount could not be updated because it has a status of ${intent.status}.`,
    );
  }
  const nextCurrency = currency === undefined ? intent.currency : checkCurrency(currency);
  checkChargeAmount(amount ?? intent.amount, nextCurrency, "amount");
  const captureMethod = oneOf(params, "capture_method", CAPTURE_METHODS);
  const customer = params.text("customer");
  if (customer !== undefined && customer !== "") requireCustomer(call, customer, "customer", 400);
  const labels = metadata(params, intent.metadata);
  const method = givenPaymentMethod(call);
  checkOwner(method?.customer ?? null, customer ?? intent.customer ?? undefined);

  const more = nextCurrency === intent.currency ? (amount ?? intent.amount) - intent.amount : (amount ?? intent.amount);
  call.world.open(call.origin, "collected", more, nextCurrency, intent.id);
  intent.amount = amount ?? intent.amount;
  intent.currency = nextCurrency;
  intent.capture_method = captureMethod ?? intent.capture_method;
  intent.metadata = labels;
  if (customer !== undefined) intent.customer = customer === "" ? null : customer;
  const texts = [
    "description",
    "receipt_email",
    "setup_future_usage",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
  ];
  for (const field of texts) intent[field] = textOr(params, field, intent[field] ?? null);
  for (const field of ["shipping", "transfer_data"]) intent[field] = objectOr(params, field, intent[field] ?? null);
  const options = params.map("payment_method_options");
  if (options !== undefined) {
    intent.payment_method_options = {
      ...intent.payment_method_options,
      ...objectOr(params, "payment_method_options", {}),
    };
  }
  if (params.get("application_fee_amount") !== undefined) {
    intent.application_fee_amount = params.integer("application_fee_amount") ?? null;
  }
  if (method !== undefined) {
    intent.payment_method = method.id;
    if (intent.status === "requires_payment_method") intent.status = "requires_confirmation";
  }
}

// Confirm -------------------------------------------------------------------------------------------------------------

const confirm: Handler = (call, [id = ""]) => {
  const intent = requireIntent(call, id);
  const open: PaymentIntentStatus[] = ["requires_payment_method", "requires_confirmation", "requires_action"];
  if (!open.includes(intent.status)) {
    const message = `You cannot confirm this PaymentIntent because it has already ${intent.status === "canceled" ? "been canceled" : "succeeded after being previously confirmed"}.`;
    throw unexpectedState(intent, message);
  }
  const partial = positiveInteger(call.params, "amount_to_confirm");
  if (partial !== undefined) checkChargeAmount(partial, intent.currency, "amount_to_confirm");
  // Before anything is changed: what is refused leaves the intent as it was.
  const given = call.params.text("payment_method") ?? call.params.get("payment_method_data") ?? "";
  if (intent.payment_method === null && given === "") throw missingMethod(intent);
  applyUpdate(call, intent, call.params, open);
  if (partial !== undefined) {
    call.world.open(call.origin, "collected", partial - intent.amount, intent.currency, intent.id);
    intent.amount = partial;
  }
  if (intent.payment_method === null) throw missingMethod(intent);
  return confirmIntent(call, intent);
};

function confirmIntent(call: Call, intent: PaymentIntent): PaymentIntent {
  const { world, origin, params } = call;
  const behaviour: Behaviour = call.declineAnyway
    ? { kind: "declines", decline: GENERIC_DECLINE }
    : (world.methodOf(intent.payment_method ?? "")?.behaviour ?? { kind: "succeeds" });
  intent.last_payment_error = null;
  intent.next_action = null;
  world.confirmedBy.set(intent, origin);
  switch (behaviour.kind) {
    case "succeeds":
      pay(world, origin, intent, "at_once");
      return intent;
    case "processes": {
      const charge = pendingCharge(world, origin, attemptOf(world, intent));
      intent.latest_charge = charge.id;
      intent.status = "processing";
      world.emit(origin, "payment_intent.processing", intent);
      return intent;
    }
    case "authenticates":
      if (params.text("off_session") === "true" || params.boolean("error_on_requires_action") === true) {
        throw decline(world, origin, intent, AUTHENTICATION_REQUIRED);
      }
      intent.status = "requires_action";
      intent.next_action = nextAction(intent, params);
      world.emit(origin, "payment_intent.requires_action", intent);
      return intent;
    case "declines":
      throw decline(world, origin, intent, behaviour.decline);
  }
}

function nextAction(intent: PaymentIntent, params: Params): Json {
  const returnUrl = params.text("return_url");
  if (returnUrl === undefined) return { type: "use_stripe_sdk", use_stripe_sdk: { type: "three_d_secure_redirect" } };
  return {
    redirect_to_url: { return_url: returnUrl, url: `https://hooks.stripe.com/3d_secure_2/${intent.id}` },
    type: "redirect_to_url",
  };
}

function attemptOf(world: World, intent: PaymentIntent): Attempt {
  const methodId = intent.payment_method ?? "";
  const method = world.methodOf(methodId);
  if (method === undefined) throw noSuchObject("PaymentMethod", methodId, "payment_method", 400);
  const {
    customer,
    description,
    metadata: labels,
    shipping,
    transfer_data,
    transfer_group,
    statement_descriptor,
  } = intent;
  return {
    amount: intent.amount,
    currency: intent.currency,
    method,
    methodId,
    paymentIntent: intent.id,
    given: {
      application_fee_amount: intent.application_fee_amount ?? null,
      customer,
      description: description ?? null,
      metadata: labels,
      shipping: shipping ?? null,
      transfer_data: transfer_data ?? null,
      transfer_group: transfer_group ?? null,
      statement_descriptor: statement_descriptor ?? null,
    },
    features: {
      overcapture: requested(intent, "request_overcapture") ? overcaptureLimit(intent.amount) : intent.amount,
      multicapture: requested(intent, "request_multicapture"),
      incremental: requested(intent, "request_incremental_authorization"),
    },
  };
}

function requested(intent: PaymentIntent, feature: string): boolean {
  return nested(intent.payment_method_options, "card")[feature] === "if_available";
}

/** The bank said yes. */
function pay(world: World, origin: Origin, intent: PaymentIntent, when: MovedWhen): void {
  const charge = authorizedCharge(world, origin, attemptOf(world, intent));
  intent.latest_charge = charge.id;
  if (intent.capture_method === "manual") {
    intent.status = "requires_capture";
    intent.amount_capturable = intent.amount;
    world.emit(origin, "charge.succeeded", charge);
    world.emit(origin, "payment_intent.amount_capturable_updated", intent);
    return;
  }
  collect(world, origin, charge, intent.amount, "charge", { when });
  succeed(world, origin, intent, charge, intent.amount);
}

function succeed(world: World, origin: Origin, intent: PaymentIntent, charge: Charge, received: number): void {
  intent.status = "succeeded";
  intent.amount_capturable = 0;
  intent.amount_received = received;
  intent.next_action = null;
  world.emit(origin, "charge.succeeded", charge);
  world.emit(origin, "payment_intent.succeeded", intent);
}

/** The bank said no: the intent lives on in `requires_payment_method` and can still be paid. */
function decline(world: World, origin: Origin, intent: PaymentIntent, reason: Decline): StripeFailure {
  const charge = failedCharge(world, origin, attemptOf(world, intent), reason);
  const method = world.paymentMethods.find(intent.payment_method ?? "") ?? null;
  const error = cardDeclined(reason, { charge: charge.id, payment_method: method === null ? null : { ...method } });
  intent.latest_charge = charge.id;
  intent.status = "requires_payment_method";
  intent.payment_method = null;
  intent.next_action = null;
  intent.last_payment_error = error.body;
  world.emit(origin, "payment_intent.payment_failed", intent);
  return cardDeclined(reason, {
    charge: charge.id,
    payment_intent: { ...intent },
    payment_method: method === null ? null : { ...method },
  });
}

// Capture, increment, cancel --------------------------------------------------------------------------------------------

const capture: Handler = (call, [id = ""]) => {
  const { params, world, origin } = call;
  const intent = requireIntent(call, id);
  const asked = positiveInteger(params, "amount_to_capture");
  const final = params.boolean("final_capture") ?? true;
  if (intent.status !== "requires_capture") {
    throw unexpectedState(
      intent,
      `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
    );
  }
  const charge = requireCharge(world, intent);
  const beyond = requested(intent, "request_overcapture") ? overcaptureLimit(intent.amount) - intent.amount : 0;
  const most = intent.amount_capturable + beyond;
  const amount = asked ?? intent.amount_capturable;
  if (amount > most) {
    const limit = displayAmount(most, intent.currency);
    const message = `The amount to capture is greater than the amount that can be captured (${limit}) of this PaymentIntent.`;
    throw invalidParameter(message, "amount_too_large", "amount_to_capture");
  }
  if (!final && !requested(intent, "request_multicapture")) {
    const message = "This PaymentIntent is not eligible for multicapture: final_capture can only be true.";
    throw invalidParameter(message, null, "final_capture");
  }
  intent.metadata = metadata(params, intent.metadata);

  collect(world, origin, charge, amount, "capture");
  intent.amount_received += amount;
  intent.amount_capturable = Math.max(0, intent.amount_capturable - amount);
  world.emit(origin, "charge.captured", charge);
  if (!final && intent.amount_capturable > 0) {
    charge.captured = false;
    world.emit(origin, "payment_intent.amount_capturable_updated", intent);
    return intent;
  }
  release(world, charge);
  intent.amount_capturable = 0;
  intent.status = "succeeded";
  world.emit(origin, "payment_intent.succeeded", intent);
  return intent;
};

const incrementAuthorization: Handler = (call, [id = ""]) => {
  const { params, world, origin } = call;
  const intent = requireIntent(call, id);
  const amount = positiveInteger(params, "amount");
  if (amount === undefined) throw missingParameter("amount");
  if (intent.status !== "requires_capture") {
    throw unexpectedState(
      intent,
      `This PaymentIntent's authorization could not be incremented because it has a status of ${intent.status}.`,
    );
  }
  if (!requested(intent, "request_incremental_authorization") || intent.amount_received > 0) {
    throw unexpectedState(intent, "This PaymentIntent is not eligible for incremental authorization.");
  }
  if (amount <= intent.amount) {
    const message = "The amount of an incremental authorization must be greater than the currently authorized amount.";
    throw invalidParameter(message, "parameter_invalid_integer", "amount");
  }
  checkChargeAmount(amount, intent.currency, "amount");
  const charge = requireCharge(world, intent);
  const done = world.incrementsOf(intent.id);
  if (done >= INCREMENTS_MAX) {
    throw unexpectedState(intent, `This PaymentIntent has already been incremented ${INCREMENTS_MAX} times.`);
  }
  if (call.declineAnyway) throw cardDeclined(GENERIC_DECLINE, { charge: charge.id, payment_intent: { ...intent } });

  world.countIncrement(intent.id);
  world.open(origin, "collected", amount - intent.amount, intent.currency, intent.id);
  world.authorize(intent.currency, amount - intent.amount);
  charge.amount = amount;
  const details = nested(charge.payment_method_details, "card");
  charge.payment_method_details = { ...charge.payment_method_details, card: { ...details, amount_authorized: amount } };
  intent.amount = amount;
  intent.amount_capturable = amount;
  intent.metadata = metadata(params, intent.metadata);
  intent.description = textOr(params, "description", intent.description ?? null);
  world.emit(origin, "payment_intent.amount_capturable_updated", intent);
  return intent;
};

const cancel: Handler = (call, [id = ""]) => {
  const { params, world, origin } = call;
  const intent = requireIntent(call, id);
  const reason = oneOf(params, "cancellation_reason", [
    "duplicate",
    "fraudulent",
    "requested_by_customer",
    "abandoned",
  ] as const);
  if (intent.status === "succeeded" || intent.status === "canceled" || intent.status === "processing") {
    throw unexpectedState(
      intent,
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, requires_action, processing.`,
    );
  }
  if (intent.status === "requires_capture") {
    const charge = requireCharge(world, intent);
    release(world, charge);
    // "the remaining amount_capturable is automatically refunded": nothing was taken, so no money moves.
    if (charge.amount_captured === 0) {
      charge.amount_refunded = charge.amount;
      charge.refunded = true;
      world.emit(origin, "charge.refunded", charge);
    }
  }
  intent.amount_capturable = 0;
  intent.status = "canceled";
  intent.canceled_at = world.seconds();
  intent.cancellation_reason = reason ?? null;
  intent.next_action = null;
  world.emit(origin, "payment_intent.canceled", intent);
  return intent;
};

// The customer's cash balance ------------------------------------------------------------------------------------------

/** Takes what the customer has sent by bank transfer. The sandbox takes all that is left to pay, or refuses. */
const applyCustomerBalance: Handler = (call, [id = ""]) => {
  const { params, world, origin } = call;
  const intent = requireIntent(call, id);
  const open: PaymentIntentStatus[] = ["requires_payment_method", "requires_confirmation", "requires_action"];
  if (!open.includes(intent.status) || intent.customer === null) {
    throw unexpectedState(intent, `This PaymentIntent cannot take a customer balance: its status is ${intent.status}.`);
  }
  const asked = positiveInteger(params, "amount") ?? intent.amount;
  if (params.text("currency") !== undefined && params.text("currency") !== intent.currency) {
    throw invalidParameter("The currency must be that of the PaymentIntent.", null, "currency");
  }
  if (asked !== intent.amount) {
    throw invalidParameter("The sandbox applies a customer balance to the whole amount only.", null, "amount");
  }
  if (world.cashOf(intent.customer, intent.currency) < asked) {
    throw refusedByState("The customer's cash balance is too small.", "customer_balance_insufficient", null);
  }
  const methodId = world.newId("pm_1");
  world.rememberMethod(methodId, CASH_BALANCE);
  world.addCash(intent.customer, intent.currency, -asked);
  intent.payment_method = methodId;
  const charge = authorizedCharge(world, origin, attemptOf(world, intent));
  intent.latest_charge = charge.id;
  collect(world, origin, charge, asked, "charge");
  succeed(world, origin, intent, charge, asked);
  return intent;
};

// What happens without an API call: the customer authenticates, the bank answers -----------------------------------------

/** `processing` and `requires_action` come to their end; which one is the caller's choice. */
export function advanceIntent(world: World, id: string, outcome: "succeed" | "fail"): PaymentIntent {
  const intent = world.paymentIntents.find(id);
  const made = world.paymentIntents.originOf(id);
  if (intent === undefined || made === undefined) throw noSuchObject("payment_intent", id, "intent");
  const origin = world.confirmedBy.get(intent) ?? made;
  if (intent.status === "requires_action") {
    if (outcome === "succeed") pay(world, origin, intent, "by_clock");
    else decline(world, origin, intent, AUTHENTICATION_REQUIRED);
    return intent;
  }
  if (intent.status !== "processing")
    throw unexpectedState(intent, `There is nothing to advance: the status is ${intent.status}.`);
  const charge = requireCharge(world, intent);
  if (outcome === "succeed") {
    charge.status = "succeeded";
    charge.paid = true;
    world.authorize(charge.currency, charge.amount);
    collect(world, origin, charge, intent.amount, "charge", { when: "by_clock" });
    succeed(world, origin, intent, charge, intent.amount);
    return intent;
  }
  Object.assign(charge, failure(GENERIC_DECLINE));
  intent.status = "requires_payment_method";
  intent.payment_method = null;
  intent.last_payment_error = cardDeclined(GENERIC_DECLINE, { charge: charge.id }).body;
  world.emit(origin, "charge.failed", charge);
  world.emit(origin, "payment_intent.payment_failed", intent);
  return intent;
}

// Reading -----------------------------------------------------------------------------------------------------------------

function requireIntent(call: Call, id: string): PaymentIntent {
  const intent = call.world.paymentIntents.find(id);
  if (intent === undefined) throw noSuchObject("payment_intent", id, "intent");
  return intent;
}

function requireCharge(world: World, intent: PaymentIntent): Charge {
  const charge = world.charges.find(intent.latest_charge ?? "");
  if (charge === undefined) throw noSuchObject("charge", intent.latest_charge ?? "", "intent");
  return charge;
}

function checkOwner(owner: string | null, customer: string | undefined): void {
  if (owner === null || owner === customer) return;
  const message = `The provided PaymentMethod belongs to customer ${owner}. Please include the Customer in the \`customer\` parameter.`;
  throw invalidParameter(message, null, "payment_method");
}

function missingMethod(intent: PaymentIntent | null): StripeFailure {
  const message =
    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.";
  return intent === null
    ? invalidParameter(message, "payment_intent_unexpected_state", null)
    : unexpectedState(intent, message);
}

function unexpectedState(intent: PaymentIntent, message: string): StripeFailure {
  return refusedByState(message, "payment_intent_unexpected_state", null, { payment_intent: { ...intent } });
}

export const paymentIntents: Readonly<Record<string, Handler>> = {
  "POST payment_intents": create,
  "GET payment_intents": (call) =>
    list(call, call.world.paymentIntents, "/v1/payment_intents", equalTo(call.params, "customer")),
  "GET payment_intents/search": (call) => searchResult(call, call.world.paymentIntents, "/v1/payment_intents/search"),
  "GET payment_intents/*": (call, [id = ""]) => requireIntent(call, id),
  "POST payment_intents/*": update,
  "POST payment_intents/*/confirm": confirm,
  "POST payment_intents/*/capture": capture,
  "POST payment_intents/*/increment_authorization": incrementAuthorization,
  "POST payment_intents/*/cancel": cancel,
  "POST payment_intents/*/apply_customer_balance": applyCustomerBalance,
};
