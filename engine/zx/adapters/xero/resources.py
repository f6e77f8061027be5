"""How each kind of record is addressed in Xero (reference/xero 2, 3.4, 3.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from zx.model.record import Kind
from zx.values.dataclass import dataclass

API = "/api.xro/2.0"


@dataclass(frozen=True, slots=True)
class Resource:
    """``collection`` is both path and wrapper. ``ids`` and ``numbers`` name list parameters that select whole records,
    ``order`` the field pages are ordered by: an id, which no edit moves, wherever Xero orders by it."""

    collection: str
    id: str
    paged: bool = True
    unitdp: bool = False
    order: str = ""
    ids: str = ""
    selectors: Mapping[str, str] = field(default_factory=dict)
    where: bool = True
    always: Mapping[str, str] = field(default_factory=dict)
    echo: str = ""


RESOURCES: Mapping[str, Resource] = {
    "Invoice": Resource(
        "Invoices",
        "InvoiceID",
        unitdp=True,
        order="InvoiceID",
        ids="IDs",
        selectors={"InvoiceNumber": "InvoiceNumbers", "InvoiceID": "IDs"},
        always={"includeArchived": "true"},
        echo="InvoiceNumber",
    ),
    "CreditNote": Resource("CreditNotes", "CreditNoteID", unitdp=True, order="CreditNoteID", echo="CreditNoteNumber"),
    "Quote": Resource("Quotes", "QuoteID", order="UpdatedDateUTC", where=False, echo="QuoteNumber"),
    "Payment": Resource("Payments", "PaymentID", order="PaymentID"),
    "Contact": Resource(
        "Contacts", "ContactID", order="ContactID", ids="IDs", always={"includeArchived": "true"}, echo="Name"
    ),
    "Item": Resource("Items", "ItemID", paged=False, unitdp=True, where=False, echo="Code"),
}


def resource(kind: Kind) -> Resource:
    """Raises LookupError for a kind zx neither reads nor writes."""
    found = RESOURCES.get(kind.name) if kind.system == "xero" else None
    if found is None:
        raise LookupError(f"zx does not read {kind}")
    return found
