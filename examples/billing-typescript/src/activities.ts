/** Everything that talks to Keybrake or, through it, to Stripe. No retries in here: Temporal does them. */
import { activityInfo } from "@temporalio/activity";
import { ApplicationFailure, ApplicationFailureCategory } from "@temporalio/common";
import { Stripe } from "stripe";
import { RATE_LIMITED, REFUSED, REJECTED, SPEND_CAP_EXCEEDED, UNAVAILABLE } from "./shared.ts";
import type { Charge, ChargeResult, FailureDetails, VaultKey } from "./shared.ts";

const KEYBRAKE_URL = new URL(process.env["KEYBRAKE_URL"] ?? "http://127.0.0.1:4747");

/** One key for this run: it can spend the run's budget on new PaymentIntents, and nothing else. */
export async function issueVaultKey(budgetUsd: string): Promise<VaultKey> {
  const { workflowId, runId } = workflowExecution();
  const answer = await keybrake("POST", "/vault/keys", {
    vendor: "stripe",
    total_usd_cap: budgetUsd,
    allowed_endpoints: ["POST /v1/payment_intents", "GET /v1/customers/*"],
    expires_in: "8h",
    agent_run_label: `temporal-billing/${workflowId}`,
    temporal: { namespace: activityInfo().namespace, workflow_id: workflowId, run_id: runId },
  });
  const field = (name: keyof VaultKey): string => {
    const value = isRecord(answer) ? answer[name] : undefined;
    if (typeof value !== "string") throw new TypeError(`Keybrake answered without ${name}`);
    return value;
  };
  return {
    key_id: field("key_id"),
    vault_key: field("vault_key"),
    base_url: field("base_url"),
    expires_at: field("expires_at"),
  };
}

export async function checkCustomer(vaultKey: string, customerId: string): Promise<void> {
  let customer: Stripe.Customer | Stripe.DeletedCustomer;
  try {
    customer = await stripeThroughKeybrake(vaultKey).customers.retrieve(customerId);
  } catch (error) {
    throw failure(error);
  }
  if (customer.deleted === true) {
    throw ApplicationFailure.nonRetryable("The customer has been deleted.", REJECTED);
  }
}

export async function chargeInvoice({ vault_key, invoice, occurrence }: Charge): Promise<ChargeResult> {
  const params: Stripe.PaymentIntentCreateParams = {
    amount: invoice.amount_cents,
    currency: invoice.currency,
    confirm: true,
    payment_method: invoice.payment_method ?? "pm_card_visa",
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    metadata: { invoice: invoice.id },
    ...(invoice.customer === undefined ? {} : { customer: invoice.customer }),
  };
  const answer = { invoice_id: invoice.id, amount_cents: invoice.amount_cents };
  try {
    const idempotencyKey = idempotencyKeyOf(invoice.id, occurrence);
    const intent = await stripeThroughKeybrake(vault_key).paymentIntents.create(params, { idempotencyKey });
    const paid = intent.status === "succeeded" || intent.status === "processing";
    return paid
      ? { ...answer, status: "charged", amount_cents: intent.amount, payment_intent: intent.id, reason: null }
      : { ...answer, status: "declined", payment_intent: intent.id, reason: intent.status };
  } catch (error) {
    if (error instanceof Stripe.errors.StripeCardError) {
      // A declined card is an answer, not a failure: the next invoice can still be charged.
      const reason = error.decline_code ?? error.code ?? null;
      return { ...answer, status: "declined", payment_intent: null, reason };
    }
    throw failure(error);
  }
}

export async function revokeVaultKey(keyId: string): Promise<void> {
  await keybrake("DELETE", `/vault/keys/${encodeURIComponent(keyId)}`);
}

/**
 * The lines that put Keybrake between this worker and Stripe; the real secret key is not on this machine. stripe-node
 * takes a host but no path prefix, so its /v1/... arrive at Keybrake's root, which knows the vendor by the key.
 */
function stripeThroughKeybrake(vaultKey: string): Stripe {
  const { protocol, hostname, port } = KEYBRAKE_URL;
  return new Stripe(vaultKey, {
    protocol: protocol === "https:" ? "https" : "http",
    host: hostname,
    port: port === "" ? (protocol === "https:" ? 443 : 80) : port,
    maxNetworkRetries: 0,
    // Shorter than the activities' start-to-close timeout, so that an attempt always ends before the next one begins.
    timeout: 20_000,
  });
}

/**
 * The same for every attempt of this charge, and for a workflow that was reset; another for every other charge. So it
 * holds neither the attempt nor the run id. Each part is encoded: no two lists of parts make the same key.
 */
function idempotencyKeyOf(invoiceId: string, occurrence: number): string {
  return [workflowExecution().workflowId, invoiceId, String(occurrence)].map(encodeURIComponent).join("/");
}

function workflowExecution(): { workflowId: string; runId: string } {
  const execution = activityInfo().workflowExecution;
  if (execution === undefined) throw ApplicationFailure.nonRetryable("These activities belong into a workflow.");
  return execution;
}

/** One call to Keybrake's control API with this worker's own API key (scope `issue`). */
async function keybrake(method: "POST" | "DELETE", path: string, body?: object): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(new URL(path, KEYBRAKE_URL), {
      method,
      headers: {
        authorization: `Bearer ${process.env["KEYBRAKE_API_KEY"]?.trim() ?? ""}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    text = await response.text();
  } catch (error) {
    // Only the name: what a transport complains about may be the very header that holds the key.
    const name = error instanceof Error ? error.name : "unknown error";
    throw ApplicationFailure.create({ message: `Keybrake did not answer: ${name}`, type: UNAVAILABLE });
  }
  if (response.ok) return JSON.parse(text);
  const refused = response.status < 500 && response.status !== 408 && response.status !== 429;
  throw ApplicationFailure.create({
    message: `${method} /vault/keys answered ${response.status}: ${text.slice(0, 500)}`,
    type: refused ? REFUSED : UNAVAILABLE,
    nonRetryable: refused,
  });
}

/** What Temporal should do about it. Details carry the attempt: only a first attempt proves that none went before. */
function failure(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  const refusal = error.headers?.["keybrake-refusal"];
  const status = error.statusCode ?? null;
  const details: FailureDetails = {
    code: refusal ?? error.code ?? null,
    http_status: status,
    attempt: activityInfo().attempt,
  };

  if (refusal === "spend_cap_exceeded") {
    const body = isRecord(error.raw) ? error.raw : {}; // the JSON error object, with numbers the SDK does not know
    const numbers = {
      limit: body["limit_usd"],
      settled: body["settled_usd"],
      held: body["held_usd"],
      asked: body["asked_usd"],
    };
    return ApplicationFailure.create({
      message: error.message,
      type: SPEND_CAP_EXCEEDED,
      nonRetryable: true,
      details: [{ ...details, ...numbers }],
      category: ApplicationFailureCategory.BENIGN, // the brake doing its work is no error of the worker's
    });
  }
  if (refusal === "rate_limited") {
    const nextRetryDelay = Number(error.headers?.["retry-after"] ?? 1) * 1000;
    return ApplicationFailure.create({ message: refusal, type: RATE_LIMITED, details: [details], nextRetryDelay });
  }
  if (status === null || status >= 500 || status === 409 || status === 429) {
    // Nothing readable came back, or "not now". The idempotency key makes another attempt safe.
    return ApplicationFailure.create({
      message: `no answer to rely on (${status})`,
      type: UNAVAILABLE,
      details: [details],
    });
  }
  return refusal === undefined
    ? ApplicationFailure.nonRetryable(`Stripe rejected the request (${status})`, REJECTED, details)
    : ApplicationFailure.nonRetryable(error.message, REFUSED, details);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
