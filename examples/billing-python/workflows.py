"""The billing run: issue a key, charge the list, stop at the first doubt, revoke the key whatever happened."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities import charge_invoice, check_customer, issue_vault_key, revoke_vault_key
    from shared import BillingParams, BillingReport, Charge, CustomerCheck, Invoice, VaultKey

THREE_ATTEMPTS = RetryPolicy(maximum_attempts=3)
ATTEMPT_TIMEOUT = timedelta(seconds=30)


@workflow.defn
class BillingWorkflow:
    @workflow.run
    async def run(self, params: BillingParams) -> BillingReport:
        _check(params)
        report = BillingReport()
        # Shielded: a cancellation while the key is being issued must not lose sight of it.
        issuing = workflow.start_activity(
            issue_vault_key,
            params.budget_usd,
            start_to_close_timeout=ATTEMPT_TIMEOUT,
            retry_policy=THREE_ATTEMPTS,
        )
        try:
            key = await asyncio.shield(issuing)
            report.key_id = key.key_id
            await self._charge_all(params, key, report)
        finally:
            # Also on cancellation and failure: an activity started here runs, since the cancellation is already spent.
            report.key_revoked = await self._revoke(issuing)
        return report

    async def _charge_all(self, params: BillingParams, key: VaultKey, report: BillingReport) -> None:
        if params.customer_id is not None:
            await workflow.execute_activity(
                check_customer,
                CustomerCheck(key.vault_key, params.customer_id),
                start_to_close_timeout=ATTEMPT_TIMEOUT,
                retry_policy=THREE_ATTEMPTS,
            )
        seen: Counter[str] = Counter()
        for position, invoice in enumerate(params.invoices):
            if position > 0 and params.seconds_between_charges > 0:
                await asyncio.sleep(params.seconds_between_charges)
            seen[invoice.id] += 1
            invoice.customer = invoice.customer or params.customer_id
            try:
                result = await workflow.execute_activity(
                    charge_invoice,
                    Charge(key.vault_key, invoice, seen[invoice.id]),
                    start_to_close_timeout=ATTEMPT_TIMEOUT,
                    retry_policy=THREE_ATTEMPTS,
                    summary=f"invoice {invoice.id}",
                )
            except ActivityError as error:
                if is_cancelled_exception(error):
                    raise
                _stop_for_review(report, error, invoice, params.invoices[position + 1 :])
                return
            if result.status == "charged":
                report.charged.append(result)
                report.total_charged_cents += result.amount_cents
            else:
                report.declined.append(result)

    async def _revoke(self, issuing: workflow.ActivityHandle[VaultKey]) -> bool:
        try:
            key = await issuing
        except ActivityError:
            return False  # no key was issued
        try:
            await workflow.execute_activity(
                revoke_vault_key,
                key.key_id,
                start_to_close_timeout=ATTEMPT_TIMEOUT,
                schedule_to_close_timeout=timedelta(minutes=10),
            )
            return True
        except ActivityError:
            # The report is worth more than this failure; the key expires by itself.
            workflow.logger.warning("The vault key %s could not be revoked", key.key_id)
            return False


def _stop_for_review(report: BillingReport, error: ActivityError, invoice: Invoice, rest: list[Invoice]) -> None:
    """Charging on after a refusal or an unknown outcome is how small mistakes become large ones."""
    cause = error.cause
    details = cause.details[0] if isinstance(cause, ApplicationError) and cause.details else {}
    report.status = "needs_review"
    report.details = details
    report.reason = details.get("code") or (cause.type if isinstance(cause, ApplicationError) else "timeout")
    # A clear no to the first attempt means that nothing was charged; after a retry, an earlier attempt may have been.
    clear_no = isinstance(cause, ApplicationError) and cause.non_retryable and details.get("attempt") == 1
    (report.not_charged if clear_no else report.unconfirmed).append(invoice.id)
    report.not_charged += [later.id for later in rest]


def _check(params: BillingParams) -> None:
    """Cents of two currencies cannot be added up, so this sample bills in one."""
    for invoice in params.invoices:
        if invoice.amount_cents <= 0 or invoice.currency != "usd":
            raise ApplicationError(f"invoice {invoice.id}: a positive amount in usd is needed", non_retryable=True)
