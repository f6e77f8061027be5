"""Invoices, bills and credit notes: creating, changing, status moves, numbers and locks (reference/xero 2.1, 2.2)."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zx.sandbox.xero import contacts, errors, items, lines
from zx.sandbox.xero.errors import Invalid
from zx.sandbox.xero.lines import LineRules
from zx.sandbox.xero.organisation import Organisation, due_day, new_id
from zx.sandbox.xero.shapes import ZERO_ID, day_in, folded, number_of
from zx.sandbox.xero.totals import document_totals
from zx.values.money import ZERO, round_half_up


@dataclass(frozen=True, slots=True)
class DocumentKind:
    collection: str
    id_field: str
    number_field: str
    sales_type: str
    bill_type: str
    prefix: str


INVOICE = DocumentKind("Invoices", "InvoiceID", "InvoiceNumber", "ACCREC", "ACCPAY", "INV-")
CREDIT_NOTE = DocumentKind("CreditNotes", "CreditNoteID", "CreditNoteNumber", "ACCRECCREDIT", "ACCPAYCREDIT", "CN-")
MODES = ("Exclusive", "Inclusive", "NoTax")
_MOVES: Mapping[str, frozenset[str]] = {
    "DRAFT": frozenset({"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"}),
    "SUBMITTED": frozenset({"SUBMITTED", "DRAFT", "AUTHORISED", "DELETED"}),
    "AUTHORISED": frozenset({"AUTHORISED", "VOIDED"}),
    "PAID": frozenset({"PAID"}),
}
_CREATED = frozenset({"DRAFT", "SUBMITTED", "AUTHORISED"})
_DEAD = frozenset({"VOIDED", "DELETED"})
_POSTED = frozenset({"AUTHORISED", "PAID"})
_DATES = ("Date", "DueDate", "ExpectedPaymentDate", "PlannedPaymentDate")
# What may not change once something is applied (reference/xero 2.1); of a line everything but text, account, tracking.
_FIXED = ("Date", "CurrencyCode", "CurrencyRate", "LineAmountTypes", "Type")
_FIXED_LINE = (
    "Quantity",
    "UnitAmount",
    "LineAmount",
    "TaxType",
    "TaxAmount",
    "DiscountRate",
    "DiscountAmount",
    "ItemCode",
)


def match(org: Organisation, kind: DocumentKind, element: Mapping[str, Any]) -> dict[str, Any] | None:
    """By id, else (sales side) by number, dead ones too. Raises Invalid for an id nobody has."""
    document_id = element.get(kind.id_field)
    if document_id and document_id != ZERO_ID:
        found = org.store.get(kind.collection, folded(document_id))
        if found is None:
            raise Invalid(errors.bad_value(kind.id_field, document_id))
        return found
    number = element.get(kind.number_field)
    if number and element.get("Type", kind.sales_type) == kind.sales_type:
        found_all = org.store.find(kind.collection, "number", folded(number))
        return found_all[0] if found_all else None
    return None


def save(
    org: Organisation, kind: DocumentKind, element: Mapping[str, Any], *, create_only: bool, dp: int
) -> dict[str, Any]:
    """PUT or POST of one element; the document as kept. Raises Invalid."""
    existing = match(org, kind, element)
    if existing is not None and create_only:
        raise Invalid(errors.NUMBER_TAKEN)
    return create(org, kind, element, dp) if existing is None else update(org, kind, existing, element, dp)


def create(org: Organisation, kind: DocumentKind, element: Mapping[str, Any], dp: int) -> dict[str, Any]:
    if element.get("Type") not in (kind.sales_type, kind.bill_type):
        raise Invalid(errors.bad_value("Type", element.get("Type")))
    status = element.get("Status") or "DRAFT"
    if status not in _CREATED:
        raise Invalid(errors.BAD_CREATE)
    if not element.get("LineItems"):
        raise Invalid(errors.NO_LINES)
    document = blank(org, kind, str(element["Type"]))
    contact = contacts.for_document(org, element.get("Contact"))
    document["Contact"] = {"ContactID": contact["ContactID"], "Name": contact["Name"]}
    _header(org, kind, document, element)
    document["Status"] = status
    if not document.get(kind.number_field) and document["Type"] == kind.sales_type:
        document[kind.number_field] = next_number(org, kind.collection, kind.number_field, kind.prefix)
    document["LineItems"] = lines.merge([], element["LineItems"])
    return _finish(org, kind, document, None, dp)


def update(
    org: Organisation, kind: DocumentKind, existing: Mapping[str, Any], element: Mapping[str, Any], dp: int
) -> dict[str, Any]:
    status = element.get("Status") or existing["Status"]
    was = "AUTHORISED" if existing["Status"] == "PAID" and not settled(existing) else existing["Status"]
    if status == "PAID" and was == "AUTHORISED" and existing["Status"] == "PAID":
        status = was
    if was in _DEAD or status not in _MOVES.get(was, frozenset()):
        raise Invalid(errors.BAD_CHANGE)
    if element.get("Type", existing["Type"]) != existing["Type"]:
        raise Invalid(errors.BAD_CHANGE)
    if status in _DEAD:
        return _end(org, kind, existing, status)
    document = copy.deepcopy(dict(existing))
    if element.get("Contact"):
        contact = contacts.for_document(org, element["Contact"])
        document["Contact"] = {"ContactID": contact["ContactID"], "Name": contact["Name"]}
    _header(org, kind, document, element)
    document["Status"] = status
    sent = element.get("LineItems")
    touched = sent is not None or document["LineAmountTypes"] != existing["LineAmountTypes"]
    if sent is not None:
        document["LineItems"] = lines.merge(existing.get("LineItems") or [], sent)
        if not document["LineItems"]:
            raise Invalid(errors.NO_LINES)
    elif touched:
        document["LineItems"] = lines.merge(existing.get("LineItems") or [], existing.get("LineItems") or [])
    approved = status in ("SUBMITTED", "AUTHORISED") and existing["Status"] != status
    return _finish(org, kind, document, existing, dp, rebuild=touched or approved)


def blank(org: Organisation, kind: DocumentKind, document_type: str) -> dict[str, Any]:
    """A new document with its id, its day and the organisation's currency."""
    document: dict[str, Any] = {
        "Type": document_type,
        kind.id_field: new_id(),
        "Date": org.today(),
        "Status": "DRAFT",
        "LineAmountTypes": "Exclusive",
        "CurrencyCode": org.base_currency,
        "SentToContact": False,
        "HasAttachments": False,
    }
    return document


def settled(document: Mapping[str, Any]) -> bool:
    """Whether a payment or a credit is applied."""
    return any(
        (number_of(document.get(name)) or ZERO) != 0 for name in ("AmountPaid", "AmountCredited", "AppliedAmount")
    )


def compute(kind: DocumentKind, document: dict[str, Any]) -> None:
    """Totals and amounts due from the lines, in place."""
    document.update(document_totals(document["LineItems"], str(document["LineAmountTypes"]).upper()))
    document["IsDiscounted"] = document["TotalDiscount"] != 0
    total = document["Total"]
    if kind is INVOICE:
        paid = number_of(document.get("AmountPaid")) or ZERO
        credited = number_of(document.get("AmountCredited")) or ZERO
        document.update(AmountPaid=round_half_up(paid), AmountCredited=round_half_up(credited))
        document["AmountDue"] = round_half_up(total - paid - credited)
    else:
        applied = number_of(document.get("AppliedAmount")) or ZERO
        document.update(AppliedAmount=round_half_up(applied), RemainingCredit=round_half_up(total - applied))


def settle_status(kind: DocumentKind, document: dict[str, Any], day: str) -> None:
    """AUTHORISED becomes PAID when nothing is due, and PAID goes back when something is (reference/xero 2.1)."""
    due = document["AmountDue" if kind is INVOICE else "RemainingCredit"]
    if document["Status"] == "AUTHORISED" and due == 0:
        document["Status"] = "PAID"
        document["FullyPaidOnDate"] = day
    elif document["Status"] == "PAID" and due != 0:
        document["Status"] = "AUTHORISED"
        document.pop("FullyPaidOnDate", None)


def check_lock(org: Organisation, day: str) -> None:
    """Raises Invalid for a day at or before a lock date."""
    lock = org.lock_date()
    if lock is not None and day <= lock[0]:
        raise Invalid(errors.year_locked(lock[0]) if lock[1] else errors.locked(lock[0]))


def next_number(org: Organisation, collection: str, field: str, prefix: str) -> str:
    """The next free number of Xero's own series."""
    pattern = re.compile(re.escape(prefix) + r"(\d+)")
    used = [int(found[1]) for entry in org.store.all(collection) if (found := pattern.fullmatch(str(entry.get(field))))]
    return f"{prefix}{max(used, default=0) + 1:04d}"


def set_currency(org: Organisation, document: dict[str, Any], element: Mapping[str, Any]) -> None:
    """Currency and rate: 1 for the base currency, what was sent, or the day's (reference/xero 4.7). Raises Invalid."""
    code = element.get("CurrencyCode") or document["CurrencyCode"]
    if code not in org.currencies:
        raise Invalid(errors.currency_unknown(str(code)))
    changed = code != document["CurrencyCode"] or "CurrencyRate" not in document
    document["CurrencyCode"] = code
    rate = number_of(element.get("CurrencyRate"))
    if code == org.base_currency:
        document["CurrencyRate"] = Decimal(1)
    elif rate:
        document["CurrencyRate"] = round_half_up(rate, 6)
    elif changed:
        document["CurrencyRate"] = org.day_rate(str(code))


def _header(org: Organisation, kind: DocumentKind, document: dict[str, Any], element: Mapping[str, Any]) -> None:
    for name in _DATES:
        if element.get(name):
            day = day_in(element[name])
            if day is None:
                raise Invalid(errors.bad_value(name, element[name]))
            document[name] = day
    mode = element.get("LineAmountTypes")
    if mode:
        if mode not in MODES:
            raise Invalid(errors.bad_value("LineAmountTypes", mode))
        document["LineAmountTypes"] = mode
    if element.get("Reference") is not None and document["Type"] == kind.sales_type:
        document["Reference"] = _text("Reference", element["Reference"], 255)
    if element.get("Url"):
        url = str(element["Url"])
        if not re.match(r"https?://[^/]", url) or "xero" in url.lower():
            raise Invalid(errors.bad_value("Url", url))
        document["Url"] = url
    if element.get("BrandingThemeID"):
        document["BrandingThemeID"] = folded(element["BrandingThemeID"])
    if element.get("SentToContact") is not None:
        document["SentToContact"] = str(element["SentToContact"]).lower() == "true"
    set_currency(org, document, element)
    if element.get(kind.number_field):
        number = _text(kind.number_field, element[kind.number_field], 255)
        if not re.fullmatch(r"[ -~]+", number):
            raise Invalid(errors.bad_value(kind.number_field, number))
        document[kind.number_field] = number


def _text(name: str, value: Any, length: int) -> str:
    text = str(value)
    if len(text) > length:
        raise Invalid(errors.too_long(name, length))
    return text


def _finish(
    org: Organisation,
    kind: DocumentKind,
    document: dict[str, Any],
    before: Mapping[str, Any] | None,
    dp: int,
    *,
    rebuild: bool = True,
) -> dict[str, Any]:
    """Checks, computes and keeps a document; ``before``: as it was, None for a new one."""
    sales = document["Type"] == kind.sales_type
    strict = document["Status"] in ("SUBMITTED", "AUTHORISED", "PAID")
    _check_number(org, kind, document)
    if strict:
        _due(org, kind, document)
    if document["Status"] in _POSTED:
        check_lock(org, document["Date"])
    if before is not None and before["Status"] in _POSTED:
        check_lock(org, before["Date"])
    if rebuild:
        mode = str(document["LineAmountTypes"]).upper()
        rules = LineRules(mode, strict, sales, dp, discounts=kind is INVOICE and sales)
        document["LineItems"] = lines.build(org, document["LineItems"], rules)
        compute(kind, document)
        if document["Total"] < 0 and kind is INVOICE and strict:
            raise Invalid("The document total must be greater than or equal to zero.")
    if before is not None and settled(before):
        _check_fixed(before, document)
    if kind is INVOICE and sales:
        _stock(org, document, before)
    settle_status(kind, document, document["Date"])
    document["UpdatedDateUTC"] = org.stamp()
    org.store.put(kind.collection, document[kind.id_field], document)
    contacts.note_use(org, document["Contact"]["ContactID"], sales=sales)
    return document


def _check_number(org: Organisation, kind: DocumentKind, document: Mapping[str, Any]) -> None:
    number = document.get(kind.number_field)
    if not number or document["Type"] != kind.sales_type:
        return
    for other in org.store.find(kind.collection, "number", folded(number)):
        if other[kind.id_field] != document[kind.id_field]:
            raise Invalid(errors.NUMBER_TAKEN)


def _due(org: Organisation, kind: DocumentKind, document: dict[str, Any]) -> None:
    """An approved invoice has a due date: its own, or by the contact's or the organisation's terms."""
    if kind is not INVOICE or document.get("DueDate"):
        return
    side = "Sales" if document["Type"] == kind.sales_type else "Bills"
    contact = org.contact(document["Contact"]["ContactID"]) or {}
    for owner in (contact, org.settings):
        day = due_day((owner.get("PaymentTerms") or {}).get(side), document["Date"])
        if day is not None:
            document["DueDate"] = day
            return
    raise Invalid(errors.NO_DUE_DATE)


def _check_fixed(before: Mapping[str, Any], document: Mapping[str, Any]) -> None:
    """Once something is applied only what moves no money may change (reference/xero 2.1)."""
    old_lines, new_lines = before.get("LineItems") or [], document["LineItems"]
    same = all(before.get(name) == document.get(name) for name in _FIXED) and len(old_lines) == len(new_lines)
    same = same and all(
        old["LineItemID"] == new["LineItemID"] and all(old.get(name) == new.get(name) for name in _FIXED_LINE)
        for old, new in zip(old_lines, new_lines, strict=False)
    )
    if not same:
        raise Invalid(errors.SETTLED)


def _stock(org: Organisation, document: Mapping[str, Any], before: Mapping[str, Any] | None) -> None:
    if before is not None and before["Status"] in _POSTED:
        items.move_stock(org, before.get("LineItems") or [], 1)
    if document["Status"] in _POSTED:
        items.move_stock(org, document["LineItems"], -1)


def _end(org: Organisation, kind: DocumentKind, existing: Mapping[str, Any], status: str) -> dict[str, Any]:
    """VOIDED or DELETED: terminal, and the number stays taken."""
    if settled(existing):
        raise Invalid(errors.SETTLED)
    if existing["Status"] in _POSTED:
        check_lock(org, existing["Date"])
    document = copy.deepcopy(dict(existing))
    document["Status"] = status
    document.pop("FullyPaidOnDate", None)
    document["AmountDue" if kind is INVOICE else "RemainingCredit"] = round_half_up(ZERO)
    if kind is INVOICE and existing["Type"] == kind.sales_type and existing["Status"] in _POSTED:
        items.move_stock(org, existing.get("LineItems") or [], 1)
    document["UpdatedDateUTC"] = org.stamp()
    org.store.put(kind.collection, document[kind.id_field], document)
    return document
