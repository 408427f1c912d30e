"""What crosses between the workflow, its activities and the starter. Plain data only: all of it ends up in history."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import List, Literal, Optional

TASK_QUEUE = "billing-python"

# Failure types that the workflow looks for. Strings, because that is what crosses the wire.
SPEND_CAP_EXCEEDED = "KeybrakeSpendCapExceeded"
REFUSED = "KeybrakeRefused"
RATE_LIMITED = "KeybrakeRateLimited"
UNAVAILABLE = "Unavailable"
REJECTED = "VendorRejected"


@dataclass
class Invoice:
    id: str
    amount_cents: int
    currency: str = "usd"
    customer: Optional[str] = None
    payment_method: str = "pm_card_visa"


@dataclass
class BillingParams:
    budget_usd: str
    """Decimal dollars, such as "500" or "499.50": the most this run may charge, whatever its list says."""
    invoices: List[Invoice]
    customer_id: Optional[str] = None
    """Looked up once before anything is charged; also the customer of invoices that name none."""
    seconds_between_charges: float = 0


@dataclass
class VaultKey:
    key_id: str
    vault_key: str = field(repr=False)
    """Not the vendor's secret: capped, allowlisted, expiring, revocable. Still a key, so it is never printed."""
    base_url: str
    expires_at: str


@dataclass
class CustomerCheck:
    vault_key: str = field(repr=False)
    customer_id: str


@dataclass
class Charge:
    vault_key: str = field(repr=False)
    invoice: Invoice
    occurrence: int
    """1 for the first time this invoice stands in the list, 2 for the second, ..."""


@dataclass
class ChargeResult:
    """The fields we need, never the SDK's object: Temporal cannot convert that one, and would say so after the charge."""

    invoice_id: str
    status: Literal["charged", "declined"]
    amount_cents: int
    payment_intent: Optional[str] = None
    reason: Optional[str] = None


@dataclass
class BillingReport:
    status: Literal["completed", "needs_review"] = "completed"
    reason: Optional[str] = None
    """Why a person should look: the code of the refusal or failure that stopped the charging."""
    details: Optional[dict] = None
    key_id: Optional[str] = None
    key_revoked: bool = False
    total_charged_cents: int = 0
    charged: List[ChargeResult] = field(default_factory=list)
    declined: List[ChargeResult] = field(default_factory=list)
    unconfirmed: List[str] = field(default_factory=list)
    """Invoices whose last attempt got no readable answer: they may have been charged. Look before charging again."""
    not_charged: List[str] = field(default_factory=list)
