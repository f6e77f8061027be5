"""What people call a kind of record and one record of it."""

from __future__ import annotations

from zx.catalog.schema import Catalogue, Shape
from zx.model.record import Kind, Record

_NAMES = ("Invoice_Number", "Quote_Number", "Account_Name", "Full_Name", "Last_Name", "Product_Code", "Product_Name")
_FALLBACKS = ("InvoiceNumber", "QuoteNumber", "CreditNoteNumber", "Name", "Code", "Subject", "Reference")


def noun_of(catalogue: Catalogue, kind: Kind) -> str:
    """``Xero contact``, ``Zoho invoice``."""
    shape = catalogue.shape(kind.system, kind.name)
    return shape.noun if shape is not None else str(kind)


def names_of(shape: Shape, record: Record) -> set[str]:
    """Everything that people call ``record``: its label, and its other numbers, names and codes."""
    others = {str(record.values[name]) for name in (*_NAMES, *_FALLBACKS) if isinstance(record.values.get(name), str)}
    return {label_of(shape, record)} | others - {str(record.values.get("Reference"))}


def label_of(shape: Shape, record: Record) -> str:
    """The number, name or code by which people know ``record``; its id when it has none of them."""
    values = record.values
    if record.kind.name == "Payment":
        paid = values.get("Invoice") or values.get("CreditNote") or {}
        return str(paid.get("InvoiceNumber") or paid.get("CreditNoteNumber") or record.id)
    if shape.number_field is not None and values.get(shape.number_field):
        return str(values[shape.number_field])
    if shape.key_field is not None and isinstance(values.get(shape.key_field), str):
        return str(values[shape.key_field])
    if record.kind.name == "Contacts":
        full = " ".join(str(values[name]) for name in ("First_Name", "Last_Name") if values.get(name))
        if full:
            return full
    for name in (*_NAMES, *_FALLBACKS):
        if isinstance(values.get(name), str):
            return str(values[name])
    return record.id
