"""Xero's own records for data folders: contacts, items and sales invoices as the API returns them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tests.e2e.shop import Json


def uuid(number: int, kind: int) -> str:
    return f"{number:08d}-{kind:04d}-4{kind:03d}-8{kind:03d}-{kind:012d}"


def customer(number: int, name: str, **more: Any) -> Json:
    known = {"ContactID": uuid(number, 1), "Name": name, "ContactStatus": "ACTIVE"}
    return {**known, "IsCustomer": True, "IsSupplier": False, **more}


def item(code: str, name: str) -> Json:
    return {"ItemID": uuid(len(code), 2), "Code": code, "Name": name}


def row(number: int, amount: str, tax: str, quantity: str = "1", rate: str = "OUTPUT", **more: Any) -> Json:
    """A line worth ``amount``: before tax in an exclusive document, with it in an inclusive one."""
    value = Decimal(amount)
    return {
        "LineItemID": uuid(number, 3),
        "Description": "Beans",
        "Quantity": Decimal(quantity),
        "UnitAmount": (value / Decimal(quantity)).quantize(Decimal("0.0001")),
        "LineAmount": value,
        "TaxAmount": Decimal(tax),
        "TaxType": rate,
        "AccountCode": "200",
        **more,
    }


def bill_of(number: int, rows: Sequence[Json], buyer: Json, amounts: str = "Exclusive", **more: Any) -> Json:
    """An approved sales invoice that was born in Xero, ``INV-0042``."""
    worth = sum((one["LineAmount"] for one in rows), Decimal(0))
    tax = sum((one["TaxAmount"] for one in rows), Decimal(0))
    total = worth if amounts == "Inclusive" else worth + tax
    return {
        "InvoiceID": uuid(number, 4),
        "Type": "ACCREC",
        "InvoiceNumber": f"INV-{number:04d}",
        "Status": "AUTHORISED",
        "DateString": "2026-03-05T00:00:00",
        "Date": "2026-03-05",
        "DueDateString": "2026-04-04T00:00:00",
        "DueDate": "2026-04-04",
        "Contact": {"ContactID": buyer["ContactID"], "Name": buyer["Name"]},
        "LineAmountTypes": amounts,
        "LineItems": list(rows),
        "SubTotal": total - tax,
        "TotalTax": tax,
        "Total": total,
        "AmountDue": total,
        "AmountPaid": Decimal(0),
        "CurrencyCode": "AUD",
        "CurrencyRate": Decimal(1),
        **more,
    }
