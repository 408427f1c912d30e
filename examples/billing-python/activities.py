"""Everything that talks to Keybrake or, through it, to Stripe. No retries in here: Temporal does them."""

from __future__ import annotations

import os
from datetime import timedelta
from urllib.parse import quote

import httpx
import stripe
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from shared import (
    RATE_LIMITED,
    REFUSED,
    REJECTED,
    SPEND_CAP_EXCEEDED,
    UNAVAILABLE,
    Charge,
    ChargeResult,
    CustomerCheck,
    VaultKey,
)

KEYBRAKE_URL = os.environ.get("KEYBRAKE_URL", "http://127.0.0.1:4747").rstrip("/")

# The one line that puts Keybrake between this worker and Stripe. The real secret key is not on this machine.
stripe.api_base = f"{KEYBRAKE_URL}/stripe"
stripe.max_network_retries = 0
# Shorter than the activities' start-to-close timeout, so that an attempt always ends before the next one begins.
stripe.default_http_client = stripe.RequestsClient(timeout=20)


@activity.defn
def issue_vault_key(budget_usd: str) -> VaultKey:
    """One key for this run: it can spend the run's budget on new PaymentIntents, and nothing else."""
    info = activity.info()
    answer = _keybrake(
        "POST",
        "/vault/keys",
        {
            "vendor": "stripe",
            "total_usd_cap": budget_usd,
            "allowed_endpoints": ["POST /v1/payment_intents", "GET /v1/customers/*"],
            "expires_in": "8h",
            "agent_run_label": f"temporal-billing/{info.workflow_id}",
            "temporal": {
                "namespace": info.namespace,
                "workflow_id": info.workflow_id,
                "run_id": info.workflow_run_id,
            },
        },
    )
    return VaultKey(
        key_id=answer["key_id"],
        vault_key=answer["vault_key"],
        base_url=answer["base_url"],
        expires_at=answer["expires_at"],
    )


@activity.defn
def check_customer(check: CustomerCheck) -> None:
    try:
        customer = stripe.Customer.retrieve(check.customer_id, api_key=check.vault_key)
    except stripe.StripeError as error:
        raise _failure(error) from None
    if getattr(customer, "deleted", False):
        raise ApplicationError("The customer has been deleted.", type=REJECTED, non_retryable=True)


@activity.defn
def charge_invoice(charge: Charge) -> ChargeResult:
    invoice = charge.invoice
    params: stripe.PaymentIntent.CreateParams = {
        "amount": invoice.amount_cents,
        "currency": invoice.currency,
        "confirm": True,
        "payment_method": invoice.payment_method,
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        "metadata": {"invoice": invoice.id},
    }
    if invoice.customer is not None:
        params["customer"] = invoice.customer
    try:
        intent = stripe.PaymentIntent.create(
            **params,
            api_key=charge.vault_key,
            idempotency_key=_idempotency_key(charge),
        )
    except stripe.CardError as error:
        # A declined card is an answer, not a failure: the next invoice can still be charged.
        reason = _error_body(error).get("decline_code") or _error_body(error).get("code")
        return ChargeResult(invoice.id, "declined", invoice.amount_cents, reason=reason)
    except stripe.StripeError as error:
        raise _failure(error) from None
    if intent.status not in ("succeeded", "processing"):
        return ChargeResult(invoice.id, "declined", invoice.amount_cents, intent.id, intent.status)
    return ChargeResult(invoice.id, "charged", intent.amount, intent.id)


@activity.defn
def revoke_vault_key(key_id: str) -> None:
    _keybrake("DELETE", f"/vault/keys/{quote(key_id, safe='')}")


def _idempotency_key(charge: Charge) -> str:
    """The same for every attempt of this charge, and for a workflow that was reset; another for every other charge.

    So it holds neither the attempt nor the run id. Each part is quoted: no two lists of parts make the same key.
    """
    parts = [activity.info().workflow_id, charge.invoice.id, str(charge.occurrence)]
    return "/".join(quote(part or "", safe="") for part in parts)


def _keybrake(method: str, path: str, body: dict | None = None) -> dict:
    """One call to Keybrake's control API with this worker's own API key (scope `issue`)."""
    api_key = os.environ["KEYBRAKE_API_KEY"].strip()
    try:
        response = httpx.request(
            method, f"{KEYBRAKE_URL}{path}", json=body, headers={"Authorization": f"Bearer {api_key}"}, timeout=10
        )
    except httpx.TransportError as error:
        # Only the class: what a transport complains about may be the very header that holds the key.
        raise ApplicationError(f"Keybrake did not answer: {type(error).__name__}", type=UNAVAILABLE) from None
    if response.is_success:
        return response.json()
    refused = 400 <= response.status_code < 500 and response.status_code not in (408, 429)
    raise ApplicationError(
        f"{method} /vault/keys answered {response.status_code}: {response.text[:500]}",
        type=REFUSED if refused else UNAVAILABLE,
        non_retryable=refused,
    )


def _failure(error: stripe.StripeError) -> ApplicationError:
    """What Temporal should do about it. Details carry the attempt: only a first attempt proves that none went before."""
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    refusal = headers.get("keybrake-refusal")
    body = _error_body(error)
    status = error.http_status
    details: dict = {"code": refusal or body.get("code"), "http_status": status, "attempt": activity.info().attempt}

    if refusal == "spend_cap_exceeded":
        numbers = {name: body.get(f"{name}_usd") for name in ("limit", "settled", "held", "asked")}
        return ApplicationError(
            body.get("message", refusal),
            {**details, **numbers},
            type=SPEND_CAP_EXCEEDED,
            non_retryable=True,
            category=ApplicationErrorCategory.BENIGN,  # the brake doing its work is no error of the worker's
        )
    if refusal == "rate_limited":
        wait = timedelta(seconds=float(headers.get("retry-after", 1)))
        return ApplicationError(refusal, details, type=RATE_LIMITED, next_retry_delay=wait)
    if status is None or status >= 500 or status in (409, 429):
        # Nothing readable came back, or "not now". The idempotency key makes another attempt safe.
        return ApplicationError(f"no answer to rely on ({status})", details, type=UNAVAILABLE)
    if refusal is not None:
        return ApplicationError(body.get("message", refusal), details, type=REFUSED, non_retryable=True)
    return ApplicationError(f"Stripe rejected the request ({status})", details, type=REJECTED, non_retryable=True)


def _error_body(error: stripe.StripeError) -> dict:
    """The JSON error object itself: `error.code` is None for some statuses (429 is one), the body has it for all."""
    body = error.json_body if isinstance(error.json_body, dict) else {}
    inner = body.get("error")
    return inner if isinstance(inner, dict) else {}
