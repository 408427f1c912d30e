/** The billing run: issue a key, charge the list, stop at the first doubt, revoke the key whatever happened. */
import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  log,
  proxyActivities,
  sleep,
} from "@temporalio/workflow";
import type * as activities from "./activities.ts";
import type { BillingParams, BillingReport, FailureDetails, Invoice, VaultKey } from "./shared.ts";

const { issueVaultKey, checkCustomer, chargeInvoice } = proxyActivities<typeof activities>({
  startToCloseTimeout: "30 seconds",
  retry: { maximumAttempts: 3 },
});
const { revokeVaultKey } = proxyActivities<typeof activities>({
  startToCloseTimeout: "30 seconds",
  scheduleToCloseTimeout: "10 minutes",
});

export async function BillingWorkflow(params: BillingParams): Promise<BillingReport> {
  check(params);
  const report: BillingReport = {
    status: "completed",
    reason: null,
    details: null,
    key_id: null,
    key_revoked: false,
    total_charged_cents: 0,
    charged: [],
    declined: [],
    unconfirmed: [],
    not_charged: [],
  };
  // Not cancellable: a cancellation while the key is being issued must not lose sight of it.
  const key = await CancellationScope.nonCancellable(() => issueVaultKey(params.budget_usd));
  report.key_id = key.key_id;
  try {
    await chargeAll(params, key, report);
  } finally {
    report.key_revoked = await CancellationScope.nonCancellable(() => revoke(key));
  }
  return report;
}

async function chargeAll(params: BillingParams, key: VaultKey, report: BillingReport): Promise<void> {
  if (params.customer_id !== undefined) await checkCustomer(key.vault_key, params.customer_id);
  const seen = new Map<string, number>();
  for (const [position, listed] of params.invoices.entries()) {
    if (position > 0 && params.seconds_between_charges) await sleep(params.seconds_between_charges * 1000);
    const occurrence = (seen.get(listed.id) ?? 0) + 1;
    seen.set(listed.id, occurrence);
    const invoice = { ...listed, customer: listed.customer ?? params.customer_id };
    try {
      const charge = { vault_key: key.vault_key, invoice, occurrence };
      const result = await chargeInvoice.executeWithOptions({ summary: `invoice ${invoice.id}` }, [charge]);
      if (result.status === "charged") {
        report.charged.push(result);
        report.total_charged_cents += result.amount_cents;
      } else {
        report.declined.push(result);
      }
    } catch (error) {
      if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
      stopForReview(report, error, invoice, params.invoices.slice(position + 1));
      return;
    }
  }
}

async function revoke(key: VaultKey): Promise<boolean> {
  try {
    await revokeVaultKey(key.key_id);
    return true;
  } catch {
    // The report is worth more than this failure; the key expires by itself.
    log.warn("The vault key could not be revoked", { key_id: key.key_id });
    return false;
  }
}

/** Charging on after a refusal or an unknown outcome is how small mistakes become large ones. */
function stopForReview(report: BillingReport, error: ActivityFailure, invoice: Invoice, rest: Invoice[]): void {
  const cause = error.cause instanceof ApplicationFailure ? error.cause : undefined;
  const detail = cause?.details?.[0]; // activities.ts puts it first
  const details = isFailureDetails(detail) ? detail : null;
  report.status = "needs_review";
  report.details = details;
  report.reason = details?.code ?? cause?.type ?? "timeout";
  // A clear no to the first attempt means that nothing was charged; after a retry, an earlier attempt may have been.
  const clearNo = cause?.nonRetryable === true && details?.attempt === 1;
  (clearNo ? report.not_charged : report.unconfirmed).push(invoice.id);
  report.not_charged.push(...rest.map((later) => later.id));
}

/** Cents of two currencies cannot be added up, so this sample bills in one. */
function check(params: BillingParams): void {
  for (const invoice of params.invoices) {
    if (!Number.isSafeInteger(invoice.amount_cents) || invoice.amount_cents <= 0 || invoice.currency !== "usd") {
      throw ApplicationFailure.nonRetryable(`invoice ${invoice.id}: a positive amount in usd is needed`);
    }
  }
}

function isFailureDetails(value: unknown): value is FailureDetails {
  return typeof value === "object" && value !== null && "code" in value && "attempt" in value;
}
