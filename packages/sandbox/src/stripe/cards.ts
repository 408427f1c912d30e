// Stripe's test payment methods (docs.stripe.com/testing), by token and by number, and two of the sandbox's own:
// `pm_bank_processing` stays in `processing` until `advance`, `pm_sandbox_refundRequiresAction` makes refunds that wait.

import type { Decline } from "./errors.ts";
import type { JsonObject } from "../shared/json.ts";

export type Behaviour =
  | { readonly kind: "succeeds" }
  | { readonly kind: "declines"; readonly decline: Decline }
  | { readonly kind: "authenticates" }
  | { readonly kind: "processes" };

export interface TestMethod {
  readonly type: "card" | "us_bank_account" | "customer_balance";
  readonly brand: string;
  readonly last4: string;
  readonly behaviour: Behaviour;
  readonly refunds: "succeeds" | "pending" | "fails_later" | "requires_action";
  /** Declines when charged, but can be attached to a customer (Stripe checks a card when it is attached). */
  readonly attaches?: true;
}

const declined = (declineCode: string, message: string, code = "card_declined"): Behaviour => ({
  kind: "declines",
  decline: { code, declineCode, message },
});

export const GENERIC_DECLINE: Decline = {
  code: "card_declined",
  declineCode: "generic_decline",
  message: "Your card was declined.",
};

export const AUTHENTICATION_REQUIRED: Decline = {
  code: "authentication_required",
  declineCode: "authentication_required",
  message: "Your card was declined. This transaction requires authentication.",
};

const SUCCEEDS: Behaviour = { kind: "succeeds" };

function card(
  brand: string,
  last4: string,
  behaviour: Behaviour,
  refunds: TestMethod["refunds"] = "succeeds",
): TestMethod {
  return { type: "card", brand, last4, behaviour, refunds };
}

/** By the part after `pm_card_` or `tok_`. */
const BY_NAME: Readonly<Record<string, TestMethod>> = {
  visa: card("visa", "4242", SUCCEEDS),
  visa_debit: card("visa", "5556", SUCCEEDS),
  mastercard: card("mastercard", "4444", SUCCEEDS),
  amex: card("amex", "8431", SUCCEEDS),
  discover: card("discover", "9424", SUCCEEDS),
  bypassPending: card("visa", "0077", SUCCEEDS),
  chargeDeclined: card("visa", "0002", { kind: "declines", decline: GENERIC_DECLINE }),
  chargeCustomerFail: { ...card("visa", "0341", { kind: "declines", decline: GENERIC_DECLINE }), attaches: true },
  chargeDeclinedInsufficientFunds: card(
    "visa",
    "9995",
    declined("insufficient_funds", "Your card has insufficient funds."),
  ),
  chargeDeclinedLostCard: card("visa", "9987", declined("lost_card", "Your card was declined.")),
  chargeDeclinedStolenCard: card("visa", "9979", declined("stolen_card", "Your card was declined.")),
  chargeDeclinedExpiredCard: card("visa", "0069", declined("", "Your card has expired.", "expired_card")),
  chargeDeclinedIncorrectCvc: card(
    "visa",
    "0127",
    declined("", "Your card's security code is incorrect.", "incorrect_cvc"),
  ),
  chargeDeclinedProcessingError: card(
    "visa",
    "0119",
    declined("", "An error occurred while processing your card. Try again in a little bit.", "processing_error"),
  ),
  authenticationRequired: card("visa", "3184", { kind: "authenticates" }),
  authenticationRequiredOnSetup: card("visa", "3155", { kind: "authenticates" }),
  threeDSecure2Required: card("visa", "3220", { kind: "authenticates" }),
  pendingRefund: card("visa", "7726", SUCCEEDS, "pending"),
  refundFail: card("visa", "5126", SUCCEEDS, "fails_later"),
};

const BY_NUMBER: Readonly<Record<string, string>> = {
  "4242424242424242": "visa",
  "4000056655665556": "visa_debit",
  "5555555555554444": "mastercard",
  "378282246310005": "amex",
  "6011111111111117": "discover",
  "4000000000000002": "chargeDeclined",
  "4000000000000341": "chargeCustomerFail",
  "4000000000009995": "chargeDeclinedInsufficientFunds",
  "4000000000000069": "chargeDeclinedExpiredCard",
  "4000000000000127": "chargeDeclinedIncorrectCvc",
  "4000002760003184": "authenticationRequired",
  "4000000000003220": "threeDSecure2Required",
};

const OTHERS: Readonly<Record<string, TestMethod>> = {
  pm_bank_processing: {
    type: "us_bank_account",
    brand: "",
    last4: "6789",
    behaviour: { kind: "processes" },
    refunds: "pending",
  },
  pm_usBankAccount_success: {
    type: "us_bank_account",
    brand: "",
    last4: "6789",
    behaviour: { kind: "processes" },
    refunds: "pending",
  },
  pm_sandbox_refundRequiresAction: card("visa", "4242", SUCCEEDS, "requires_action"),
};

/** What the customer has sent by bank transfer beforehand. */
export const CASH_BALANCE: TestMethod = {
  type: "customer_balance",
  brand: "",
  last4: "",
  behaviour: SUCCEEDS,
  refunds: "succeeds",
};

/** `pm_card_visa`, `tok_visa`, `4242 4242 4242 4242`: how they behave, or undefined when it is none of Stripe's. */
export function testMethod(text: string): TestMethod | undefined {
  const other = Object.hasOwn(OTHERS, text) ? OTHERS[text] : undefined;
  if (other !== undefined) return other;
  const name =
    /^(?:pm_card|tok)_(?:visa_(?=charge))?(\w+)$/.exec(text)?.[1] ?? BY_NUMBER[text.replaceAll(/[\s-]/g, "")];
  return name !== undefined && Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
}

/** The `card` (or bank) part of a payment method and of `payment_method_details`. */
export function methodDetails(method: TestMethod, published: JsonObject): JsonObject {
  if (method.type === "customer_balance") return {};
  if (method.type !== "card") {
    return {
      account_holder_type: "individual",
      account_type: "checking",
      bank_name: "STRIPE TEST BANK",
      last4: method.last4,
    };
  }
  const { last4, brand } = method;
  return { ...published, brand, last4, exp_month: 8, exp_year: 2030, wallet: null };
}
