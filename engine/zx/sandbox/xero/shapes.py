"""Collections of a simulated Xero organisation, their keys, and how dates are kept and written.

The store keeps document dates as ``2026-03-02``, stamps as ``2026-03-02T10:00:00.123`` (UTC) and no companion strings.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

ZERO_ID = "00000000-0000-0000-0000-000000000000"
_DATES = frozenset(
    [
        "Date",
        "DueDate",
        "ExpiryDate",
        "ExpectedPaymentDate",
        "PlannedPaymentDate",
        "FullyPaidOnDate",
        "PeriodLockDate",
        "EndOfYearLockDate",
    ]
)
_STAMPS = frozenset({"UpdatedDateUTC", "CreatedDateUTC"})
_COMPANIONS = ("Date", "DueDate", "ExpiryDate")
_WIRE = re.compile(r"/Date\((-?\d+)([+-]\d{4})?\)/")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Kind:
    """A collection: its name in paths, the array that holds it in answers, its id and the name other keys go by."""

    name: str
    array: str
    id_field: str
    number: str | None = None
    paged: bool = False
    noun: str = ""


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("Organisation", "Organisations", "OrganisationID", noun="Organisation"),
        Kind("Accounts", "Accounts", "AccountID", "Code", noun="Account"),
        Kind("TaxRates", "TaxRates", "TaxType", noun="TaxRate"),
        Kind("Currencies", "Currencies", "Code", noun="Currency"),
        Kind("Contacts", "Contacts", "ContactID", "ContactNumber", paged=True, noun="Contact"),
        Kind("Items", "Items", "ItemID", "Code", noun="Item"),
        Kind("Invoices", "Invoices", "InvoiceID", "InvoiceNumber", paged=True, noun="Invoice"),
        Kind("Quotes", "Quotes", "QuoteID", "QuoteNumber", paged=True, noun="Quote"),
        Kind("CreditNotes", "CreditNotes", "CreditNoteID", "CreditNoteNumber", paged=True, noun="CreditNote"),
        Kind("Payments", "Payments", "PaymentID", paged=True, noun="Payment"),
    )
}


def keys(collection: str, body: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """What records are looked up by (reference/xero 3.7); values are case folded."""
    found: list[tuple[str, Any]] = []
    contact = (body.get("Contact") or {}).get("ContactID")
    match collection:
        case "Invoices":
            found = [("number", body.get("InvoiceNumber")), ("contact", contact)]
            if body.get("Type") != "ACCREC":
                found[0] = ("bill number", body.get("InvoiceNumber"))
        case "CreditNotes":
            found = [("number", body.get("CreditNoteNumber")), ("contact", contact)]
            if body.get("Type") != "ACCRECCREDIT":
                found[0] = ("bill number", body.get("CreditNoteNumber"))
        case "Quotes":
            found = [("number", body.get("QuoteNumber")), ("contact", contact)]
        case "Contacts":
            found = [("number", body.get("ContactNumber")), ("account", body.get("AccountNumber"))]
            if body.get("ContactStatus", "ACTIVE") == "ACTIVE":
                found.append(("name", body.get("Name")))
        case "Items" | "Accounts":
            found = [("code", body.get("Code"))]
        case "Payments":
            found = [("invoice", (body.get("Invoice") or {}).get("InvoiceID"))]
    return [(name, folded(value)) for name, value in found if value]


def folded(value: Any) -> str:
    return str(value).strip().casefold()


def day_in(value: Any) -> str | None:
    """A calendar day from any of the forms Xero reads (reference/xero 3.2), or None when it is none of them."""
    if not isinstance(value, str):
        return None
    match = _WIRE.fullmatch(value.strip())
    try:
        if match:
            return (_EPOCH + timedelta(milliseconds=int(match[1]))).date().isoformat()
        return date.fromisoformat(value.strip()[:10]).isoformat()
    except (ValueError, OverflowError):
        return None


def stamp_in(value: Any) -> str | None:
    """An instant from the form of an answer or from ISO text (UTC unless it has an offset)."""
    if not isinstance(value, str):
        return None
    match = _WIRE.fullmatch(value.strip())
    try:
        if match:
            return stamp_text(_EPOCH + timedelta(milliseconds=int(match[1])))
        moment = datetime.fromisoformat(value.strip())
    except (ValueError, OverflowError):
        return None
    return stamp_text(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def stamp_text(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")


def moment_of(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp).replace(tzinfo=UTC)


def inward(value: Any, key: str = "") -> Any:
    """A record of a data file as the store keeps it: dates in our form, companion strings and blanks left out."""
    if isinstance(value, Mapping):
        return {
            name: inward(item, name)
            for name, item in value.items()
            if item is not None and not name.endswith(("DateString", "DateUTCString"))
        }
    if isinstance(value, list):
        return [inward(item) for item in value]
    if key in _DATES:
        return day_in(value) or value
    if key in _STAMPS:
        return stamp_in(value) or value
    return value


def outward(value: Any, key: str = "", *, companions: bool = False) -> Any:
    """As Xero writes it: ``/Date(ms+0000)/``, nothing that is null, none of our own marks. ``companions``: ``value`` is
    a document, whose own dates are told as text beside (reference/xero 3.2)."""
    if isinstance(value, Mapping):
        shown: dict[str, Any] = {}
        for name, item in value.items():
            if item is None or name.startswith("_"):
                continue
            if companions and name in _COMPANIONS and isinstance(item, str) and day_in(item):
                shown[f"{name}String"] = f"{day_in(item)}T00:00:00"
            shown[name] = outward(item, name)
        return shown
    if isinstance(value, list):
        return [outward(item) for item in value]
    if key in _DATES and isinstance(value, str) and (day := day_in(value)):
        return f"/Date({calendar.timegm(date.fromisoformat(day).timetuple()) * 1000}+0000)/"
    if key in _STAMPS and isinstance(value, str) and (stamp := stamp_in(value)):
        return f"/Date({milliseconds(moment_of(stamp))}+0000)/"
    return value


def milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def number_of(value: Any) -> Decimal | None:
    """A number sent as number or as text (the official SDK sends floats, some clients text)."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str):
        try:
            number = Decimal(value.strip())
        except ArithmeticError:
            return None
        return number if number.is_finite() else None
    return None
