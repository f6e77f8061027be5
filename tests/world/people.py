"""What people do on both sides while zx comes and goes, said by number so that a twin world can be told the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.world.world import World

DEAD = ("VOIDED", "DELETED")


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing a person does. ``number`` is that of the Zoho invoice it is about."""

    what: str
    number: str
    value: Any


def zoho_deed(chance: Random, numbers: list[str], new_number: str) -> Deed:
    what = chance.choice(["due date", "due date", "quantity", "quantity", "reference", "new", "new", "cancel"])
    if what == "new":
        return Deed(what, new_number, chance.choice(numbers))
    value: Any = None
    if what == "due date":
        value = f"2026-{chance.randint(5, 9):02}-{chance.randint(1, 28):02}"
    elif what == "quantity":
        value = chance.randint(1, 40)
    elif what == "reference":
        value = f"PO {chance.randint(100, 999)}"
    return Deed(what, chance.choice(numbers), value)


def xero_deed(chance: Random, numbers: list[str]) -> Deed:
    what = chance.choice(["their due date", "their due date", "their description"])
    value = f"2026-10-{chance.randint(1, 28):02}" if what == "their due date" else f"by hand {chance.randint(1, 99)}"
    return Deed(what, chance.choice(numbers), value)


def do(world: World, deed: Deed) -> bool:
    """Whether the deed was possible in this world as it stands."""
    acts: dict[str, Callable[[World, Deed], bool]] = {
        "due date": lambda one, it: _zoho(one, it, {"Due_Date": it.value}),
        "quantity": _quantity,
        "reference": lambda one, it: _zoho(one, it, {"Purchase_Order": it.value}),
        "cancel": lambda one, it: _zoho(one, it, {"Status": "Cancelled"}),
        "new": _new,
        "their due date": lambda one, it: _xero(one, it, {"DueDate": f"{it.value}T00:00:00"}),
        "their description": _description,
    }
    return acts[deed.what](world, deed)


def zoho_invoice(world: World, number: str) -> dict[str, Any] | None:
    return next((one for one in world.dump("zoho")["Invoices"] if one["Invoice_Number"] == number), None)


def xero_invoice(world: World, number: str) -> dict[str, Any] | None:
    """The first live invoice made of the Zoho invoice ``number``, which it carries as number or as reference."""
    found = (one for one in world.dump("xero")["Invoices"] if own_number(one) == f"Z-{number}")
    return next((one for one in found if one["Status"] not in DEAD), None)


def own_number(invoice: dict[str, Any]) -> str:
    number = str(invoice.get("InvoiceNumber", ""))
    return number if number.startswith("Z-") else str(invoice.get("Reference", ""))


def _zoho(world: World, deed: Deed, fields: dict[str, Any]) -> bool:
    invoice = zoho_invoice(world, deed.number)
    if invoice is None:
        return False
    world.edit("zoho", "Invoices", invoice["id"], fields)
    return True


def _quantity(world: World, deed: Deed) -> bool:
    invoice = zoho_invoice(world, deed.number)
    if invoice is None:
        return False
    row = invoice["Invoiced_Items"][0]
    world.edit("zoho", "Invoices", invoice["id"], {"Invoiced_Items": [{"id": row["id"], "Quantity": deed.value}]})
    return True


def _new(world: World, deed: Deed) -> bool:
    like = zoho_invoice(world, deed.value)
    if like is None or zoho_invoice(world, deed.number) is not None:
        return False
    kept = ("Subject", "Account_Name", "Contact_Name", "Invoice_Date", "Due_Date", "Currency", "Owner")
    fields = {name: like[name] for name in kept if name in like}
    rows = ("Product_Name", "Quantity", "List_Price", "Description", "Line_Tax")
    lines = [{name: row[name] for name in rows if name in row} for row in like["Invoiced_Items"]]
    world.edit(
        "zoho",
        "Invoices",
        "new",
        {**fields, "Invoice_Number": deed.number, "Status": "Approved", "Invoiced_Items": lines},
    )
    return True


def _xero(world: World, deed: Deed, fields: dict[str, Any]) -> bool:
    invoice = xero_invoice(world, deed.number)
    if invoice is None:
        return False
    world.edit("xero", "Invoices", invoice["InvoiceID"], fields)
    return True


def _description(world: World, deed: Deed) -> bool:
    invoice = xero_invoice(world, deed.number)
    if invoice is None:
        return False
    line = {"LineItemID": invoice["LineItems"][0]["LineItemID"], "Description": deed.value}
    world.edit("xero", "Invoices", invoice["InvoiceID"], {"LineItems": [line]})
    return True
