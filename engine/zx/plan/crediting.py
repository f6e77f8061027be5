"""A credit note for a record that Xero already has an invoice of is set against that invoice, up to what is due there
(product F26, reference/xero 2.2): the part that was paid stays on the note, as credit of the customer or to refund."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from zx.model.link import Entity, SyncState
from zx.model.record import Kind, Record
from zx.model.snapshot import Snapshot
from zx.plan.action import Change, Step
from zx.plan.compare import comparable
from zx.plan.document import BuiltDocument
from zx.plan.judged import Judged
from zx.plan.wish import Wish
from zx.values.money import ZERO, amount_text

CREDIT_NOTE = Kind("xero", "CreditNote")
INVOICE = Kind("xero", "Invoice")
ALLOCATIONS = "Allocations"
"""The name of the allocation among the digests of a link: made once, and never again after a person took it back."""


class Crediting:
    """Sets the credit notes of one plan against the invoices that Xero has of the same records."""

    def __init__(self, state: SyncState, snapshot: Snapshot, digest: Callable[[Any], str]) -> None:
        self._state = state
        self._snapshot = snapshot
        self._digest = digest

    def of(
        self,
        judged: Judged,
        wish: Wish,
        built: BuiltDocument | None,
        note: Record | None,
        who: Mapping[str, Any],
        status: Any,
    ) -> tuple[Step, Change] | None:
        """The write that sets the note against its invoice, if there is one to be made. ``note``: as it stands in
        Xero, None for a new one; ``who``: how the step names it; ``status``: what it will have."""
        if judged.map.target != CREDIT_NOTE or built is None or built.total is None:
            return None
        link = self._state.link(Entity.of(judged.map.source, INVOICE), judged.record.id)
        invoice = None if link is None else self._snapshot.get(INVOICE, link.target_id)
        there: Mapping[str, Any] = {} if note is None else note.values
        if invoice is None or ALLOCATIONS in judged.agreed or there.get(ALLOCATIONS):
            return None
        left = {
            "Status": status,
            "Contact": comparable(there.get("Contact", wish.fields.get("Contact"))),
            "CurrencyCode": there.get("CurrencyCode", wish.fields.get("CurrencyCode")),
            "Left": there.get("RemainingCredit", built.total),
        }
        amount = open_amount(invoice, left)
        if amount <= 0:
            return None
        date = str(there.get("Date", wish.fields.get("Date")) or "")
        return allocation(invoice, amount, date, who, judged.map.rule, self._digest)


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
