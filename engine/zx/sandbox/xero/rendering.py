"""How stored Xero records are shown: whole, thin, at two or four decimals (reference/xero 2.0, 3.5, 3.6)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from zx.sandbox.xero.contacts import ADDRESS_PARTS, ADDRESS_TYPES, PHONE_PARTS, PHONE_TYPES
from zx.sandbox.xero.organisation import Organisation
from zx.sandbox.xero.shapes import number_of, outward
from zx.values.money import round_half_up

_MONEY = [
    "SubTotal",
    "TotalTax",
    "Total",
    "TotalDiscount",
    "AmountDue",
    "AmountPaid",
    "AmountCredited",
    "RemainingCredit",
    "AppliedAmount",
    "Amount",
    "BankAmount",
    "LineAmount",
    "TaxAmount",
    "DiscountAmount",
    "DiscountRate",
    "TotalCostPool",
]
_THIN_CONTACT = ("ContactID", "Name")
# Left out of an unpaged list of contacts (reference/xero 2.4).
_PAGED_CONTACT = frozenset(
    [
        "ContactPersons",
        "PaymentTerms",
        "Balances",
        "SalesDefaultAccountCode",
        "PurchasesDefaultAccountCode",
        "MergedToContactID",
        "SalesDefaultLineAmountType",
        "PurchasesDefaultLineAmountType",
        "SalesTrackingCategories",
        "PurchasesTrackingCategories",
        "AttachmentsCount",
        "BatchPayments",
    ]
)
_SUMMARY_CONTACT = _PAGED_CONTACT | frozenset({"Addresses", "ContactGroups", "IsCustomer", "IsSupplier"})
_DOCUMENTS = frozenset({"Invoices", "CreditNotes", "Quotes"})
# Kept for the arithmetic, and no members of the answer (reference/xero 2.2, 2.3).
_UNTOLD: Mapping[str, tuple[str, ...]] = {
    "CreditNotes": ("IsDiscounted", "TotalDiscount"),
    "Quotes": ("HasAttachments", "IsDiscounted"),
}
_SUMMARY_INVOICE = frozenset({"LineItems", "Payments", "HasAttachments", "CISDeduction"})


def show(
    org: Organisation, collection: str, record: Mapping[str, Any], *, dp: int = 2, detail: str = "full"
) -> dict[str, Any]:
    """``record`` as an answer holds it. ``detail``: full, thin (an unpaged list) or summary (summaryOnly)."""
    match collection:
        case name if name in _DOCUMENTS:
            shown = _document(org, collection, record, dp, detail)
        case "Contacts":
            shown = _contact(record, detail)
        case "Items":
            shown = _item(record, dp)
        case "Payments":
            shown = _payment(org, record)
        case _:
            shown = dict(record)
    result: dict[str, Any] = outward(shown, companions=collection in _DOCUMENTS)
    return result


def _document(org: Organisation, collection: str, record: Mapping[str, Any], dp: int, detail: str) -> dict[str, Any]:
    full = detail == "full"
    shown = _rounded(record)
    contact = org.contact((record.get("Contact") or {}).get("ContactID"))
    if contact is None:
        shown["Contact"] = dict(record.get("Contact") or {})
    elif full and collection != "Quotes":
        shown["Contact"] = _contact(contact, "thin")
    else:
        shown["Contact"] = {key: contact[key] for key in _THIN_CONTACT}
    unit_dp = 4 if collection == "Quotes" else dp
    shown["LineItems"] = [_line(line, unit_dp) for line in record.get("LineItems") or []] if full else []
    if record.get("CurrencyRate") is not None:
        shown["CurrencyRate"] = round_half_up(number_of(record["CurrencyRate"]) or Decimal(1), 10)
    shown.setdefault("HasAttachments", False)
    if collection == "Invoices":
        for name in ("Payments", "CreditNotes", "Prepayments", "Overpayments"):
            shown[name] = [_rounded(entry) for entry in record.get(name) or []]
        shown.setdefault("IsDiscounted", False)
        shown.setdefault("SentToContact", False)
        shown["HasErrors"] = False
        shown["Reference"] = record.get("Reference", "")
    elif collection == "CreditNotes":
        for name in ("Payments", "Allocations"):
            shown[name] = [_rounded(entry) for entry in record.get(name) or []]
        shown["HasErrors"] = False
        shown["Reference"] = record.get("Reference", "")
    untold = _SUMMARY_INVOICE if collection == "Invoices" and detail == "summary" else _UNTOLD.get(collection, ())
    return {key: value for key, value in shown.items() if key not in untold}


def _line(line: Mapping[str, Any], dp: int) -> dict[str, Any]:
    shown = _rounded(line)
    if (unit := number_of(line.get("UnitAmount"))) is not None:
        shown["UnitAmount"] = round_half_up(unit, dp)
    if (quantity := number_of(line.get("Quantity"))) is not None:
        shown["Quantity"] = round_half_up(quantity, 4)
    shown.setdefault("Tracking", [])
    return shown


def _contact(contact: Mapping[str, Any], detail: str) -> dict[str, Any]:
    """Every address and every telephone is there, blank where unset (reference/xero 2.4)."""
    shown = dict(contact)
    addresses = {block.get("AddressType"): block for block in contact.get("Addresses") or []}
    shown["Addresses"] = [
        {"AddressType": kind, **{part: str((addresses.get(kind) or {}).get(part) or "") for part in ADDRESS_PARTS}}
        for kind in ADDRESS_TYPES
    ]
    phones = {block.get("PhoneType"): block for block in contact.get("Phones") or []}
    kinds = (*PHONE_TYPES, *(kind for kind in phones if kind not in PHONE_TYPES and kind))
    shown["Phones"] = [
        {"PhoneType": kind, **{part: str((phones.get(kind) or {}).get(part) or "") for part in PHONE_PARTS}}
        for kind in kinds
    ]
    for name in ("FirstName", "LastName", "EmailAddress", "BankAccountDetails"):
        shown.setdefault(name, "")
    shown.setdefault("ContactGroups", [])
    shown.setdefault("IsSupplier", False)
    shown.setdefault("IsCustomer", False)
    shown.setdefault("ContactPersons", [])
    shown["HasValidationErrors"] = False
    shown.setdefault("HasAttachments", False)
    if detail == "full":
        return shown
    drop = _SUMMARY_CONTACT if detail == "summary" else _PAGED_CONTACT
    return {key: value for key, value in shown.items() if key not in drop}


def _item(item: Mapping[str, Any], dp: int) -> dict[str, Any]:
    shown = _rounded(item)
    for side in ("SalesDetails", "PurchaseDetails"):
        details = dict(item.get(side) or {})
        if (price := number_of(details.get("UnitPrice"))) is not None:
            details["UnitPrice"] = round_half_up(price, dp)
        shown[side] = details
    if (quantity := number_of(item.get("QuantityOnHand"))) is not None:
        shown["QuantityOnHand"] = round_half_up(quantity, 4)
    shown.setdefault("IsSold", True)
    shown.setdefault("IsPurchased", True)
    shown.setdefault("IsTrackedAsInventory", False)
    return shown


def _payment(org: Organisation, payment: Mapping[str, Any]) -> dict[str, Any]:
    shown = _rounded(payment)
    if payment.get("CurrencyRate") is not None:
        shown["CurrencyRate"] = round_half_up(number_of(payment["CurrencyRate"]) or Decimal(1), 10)
    invoice = org.store.get("Invoices", str((payment.get("Invoice") or {}).get("InvoiceID", "")).lower())
    if invoice is not None:
        contact = org.contact((invoice.get("Contact") or {}).get("ContactID")) or invoice.get("Contact") or {}
        shown["Invoice"] = {
            "Type": invoice.get("Type"),
            "InvoiceID": invoice["InvoiceID"],
            "InvoiceNumber": invoice.get("InvoiceNumber"),
            "CurrencyCode": invoice.get("CurrencyCode"),
            "AmountDue": _money(invoice.get("AmountDue")),
            "Total": _money(invoice.get("Total")),
            "IsDiscounted": bool(invoice.get("IsDiscounted", False)),
            "HasErrors": False,
            "Contact": {key: contact[key] for key in _THIN_CONTACT if key in contact},
        }
    shown.setdefault("HasAccount", bool(payment.get("Account")))
    shown.setdefault("IsReconciled", False)
    shown.setdefault("Status", "AUTHORISED")
    shown["HasValidationErrors"] = False
    return shown


def _rounded(record: Mapping[str, Any]) -> dict[str, Any]:
    """Money at two decimals, as Xero writes it."""
    shown = dict(record)
    for name in _MONEY:
        if shown.get(name) is not None:
            shown[name] = _money(shown[name])
    return shown


def _money(value: Any) -> Decimal | None:
    number = number_of(value)
    return None if number is None else round_half_up(number)
