"""What a document of each system calls its lines and its total, and how a reference to a record is written there."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from zx.model.record import Kind, Record
from zx.values.dataclass import dataclass

PAYMENT = Kind("xero", "Payment")


@dataclass(frozen=True, slots=True)
class LineForm:
    """``list`` holds the lines, ``id`` a line's own id; ``keys`` are the fields of a line that zx owns, ``derived``
    those of them that count only where zx set them; ``total`` is the document's total, ``buyer`` whom it is for."""

    list: str
    id: str
    keys: tuple[str, ...]
    derived: tuple[str, ...]
    total: str
    buyer: str


XERO_LINES = LineForm(
    "LineItems",
    "LineItemID",
    ("Description", "Quantity", "UnitAmount", "TaxAmount", "AccountCode", "TaxType", "ItemCode"),
    ("TaxAmount",),
    "Total",
    "Contact",
)
"""Xero computes TaxAmount unless it is told one."""

_ZOHO_ROWS = {"Invoices": "Invoiced_Items", "Quotes": "Quoted_Items", "Sales_Orders": "Ordered_Items"}
_ZOHO_KEYS = ("Product_Name", "Quantity", "List_Price", "Discount", "Line_Tax", "Description")
_ZOHO_LINES = {
    name: LineForm(rows, "id", _ZOHO_KEYS, (), "Grand_Total", "Account_Name") for name, rows in _ZOHO_ROWS.items()
}


def line_form(kind: Kind) -> LineForm:
    """The form of a document of ``kind``; for what has no lines, that of its system's documents."""
    if kind.system == "zoho":
        return _ZOHO_LINES.get(kind.name, _ZOHO_LINES["Invoices"])
    return XERO_LINES


def total_of(record: Record) -> Any:
    """The total that stands on a document, None for what has none."""
    return record.values.get(line_form(record.kind).total)


_ID_KEYS = ("id", "ContactID", "InvoiceID", "CreditNoteID")


def id_in(reference: Mapping[str, Any]) -> Any:
    """The id in a reference to a record, as Zoho's lookups and Xero's nested records hold it; None when it is none."""
    return next((reference[key] for key in _ID_KEYS if reference.get(key) is not None), None)


_OBJECTS = frozenset({"Contact", "Invoice", "CreditNote"})


def goes_by_id(kind: str, system: str) -> bool:
    """Whether a reference to ``kind`` is sent as an object with its id; items of Xero go by their code."""
    return system == "zoho" or kind in _OBJECTS


def source_amount(record: Record) -> tuple[str, Decimal] | None:
    """Currency and total of a document as its own system states it; None for records without money."""
    total = record.values.get("Grand_Total", record.values.get("Total"))
    currency = record.values.get("Currency", record.values.get("CurrencyCode"))
    if isinstance(total, Decimal):
        return str(currency or ""), total
    return None
