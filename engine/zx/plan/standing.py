"""What of a document will stand in the target once a plan was pushed: its total, and where its lines are booked."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from zx.catalog.schema import Catalogue
from zx.model.record import Kind
from zx.model.snapshot import Snapshot
from zx.plan.action import Action, Outcome
from zx.plan.document import DocumentBuilder
from zx.plan.totals import predict
from zx.values.dataclass import dataclass
from zx.values.money import ZERO

_LINES = "LineItems"
_GONE = ("VOIDED", "DELETED")
_OURS = frozenset({Outcome.CREATE, Outcome.UPDATE, Outcome.UNCHANGED, Outcome.ADOPT})
_CREDIT = frozenset({"CreditNote"})
"""Documents whose lines count against income."""


@dataclass(frozen=True, slots=True)
class Booking:
    """One line: its net amount, its account and its tax code; blank where it names none."""

    account: str
    tax_code: str
    net: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """``total`` is the document's own, ``bookings`` are signed as they count for income."""

    kind: str
    currency: str
    total: Decimal | None
    bookings: tuple[Booking, ...]


class AfterPush:
    """Answers for the plans made on one snapshot."""

    def __init__(self, snapshot: Snapshot, catalogue: Catalogue) -> None:
        items: dict[str, Mapping[str, Any]] = {}
        if catalogue.shape("xero", "Item") is not None:
            items = {str(one.values.get("Code")): one.values for one in snapshot.records(Kind("xero", "Item"))}
        self._items = items
        self._snapshot = snapshot
        self._builder = DocumentBuilder(catalogue, items)

    def __call__(self, action: Action) -> Standing | None:
        """None for what is no document, or will not stand in the target."""
        if action.totals is None or action.outcome in (Outcome.VOID, Outcome.DELETE):
            return None
        if action.prior is None and action.outcome not in _OURS:
            return None  # what stands there by that number is somebody else's
        kind = action.target.kind
        record = self._snapshot.get(kind, action.target.id) if action.target.id else None
        there: Mapping[str, Any] = {} if record is None else record.values
        if action.outcome in (Outcome.CREATE, Outcome.UPDATE):
            values = {**there, **action.payload}
        elif not there or there.get("Status") in _GONE:
            return None
        else:
            values = {**there}
        lines = values.get(_LINES) or []
        amounts_are = str(values.get("LineAmountTypes", "Exclusive"))
        full = [{**line, "TaxType": self._builder.tax_type(line)} for line in lines]
        counted = predict(full, amounts_are, self._builder.rates)
        sign = -1 if kind.name in _CREDIT else 1
        bookings = tuple(
            Booking(self._account(line), line["TaxType"], sign * _net(part.amount, part.tax, amounts_are))
            for line, part in zip(full, counted.lines, strict=True)
            if "UnitAmount" in line
        )
        total = action.totals.target if action.writes else there.get("Total", action.totals.target)
        return Standing(kind.name, action.totals.currency, total, bookings)

    def _account(self, line: Mapping[str, Any]) -> str:
        """The line's own account, else its item's, which Xero fills in (reference/xero 2.1)."""
        if line.get("AccountCode"):
            return str(line["AccountCode"])
        details = self._items.get(str(line.get("ItemCode")), {}).get("SalesDetails") or {}
        return str(details.get("AccountCode") or "")


def _net(amount: Decimal, tax: Decimal, amounts_are: str) -> Decimal:
    return amount - tax if amounts_are.lower() == "inclusive" else amount + ZERO
