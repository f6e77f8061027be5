"""A credit note for a record that Xero already has an invoice of is set against that invoice, up to what is due there
(product F26, reference/xero 2.2): the part that was paid stays on the note, as credit of the customer or to refund."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from zx.model.record import Kind, Record
from zx.plan.action import Change, Step
from zx.values.money import ZERO, amount_text

CREDIT_NOTE = Kind("xero", "CreditNote")
INVOICE = Kind("xero", "Invoice")
ALLOCATIONS = "Allocations"
"""The name of the allocation among the digests of a link: made once, and never again after a person took it back."""


def applied(values: Mapping[str, Any]) -> bool:
    """Whether a payment, a refund or a credit is applied to an invoice or a credit note."""
    return any(values.get(name) for name in ("AmountPaid", "AmountCredited", "AppliedAmount", ALLOCATIONS))


def open_amount(invoice: Record, note: Mapping[str, Any]) -> Decimal:
    """How much of ``note`` can be set against ``invoice``: both approved, of one customer and one currency; 0 where
    nothing can. ``note`` has Status, Contact (an id), CurrencyCode (None: whatever) and what is left of it."""
    values = invoice.values
    theirs = (values.get("Contact") or {}).get("ContactID")
    if values.get("Status") != "AUTHORISED" or note["Status"] != "AUTHORISED" or note["Contact"] != theirs:
        return ZERO
    if note["CurrencyCode"] not in (None, values.get("CurrencyCode")):
        return ZERO
    due: Decimal = values.get("AmountDue") or ZERO
    left: Decimal = note["Left"]
    return max(ZERO, min(due, left))


def allocation(
    invoice: Record, amount: Decimal, date: str, who: Mapping[str, Any], rule: str, digest: Callable[[Any], str]
) -> tuple[Step, Change]:
    """The write that sets ``amount`` of the note against ``invoice``, and how it is shown."""
    day = max(date, str(invoice.values.get("Date") or ""))
    entry = {"Amount": amount, "Date": day, "Invoice": {"InvoiceID": invoice.id}}
    base = {ALLOCATIONS: digest([invoice.id, amount_text(amount)])}
    label = invoice.values.get("InvoiceNumber") or invoice.id
    return Step({**who, ALLOCATIONS: [entry]}, base), Change(
        ALLOCATIONS, None, f"{amount_text(amount)} to {label}", rule
    )
