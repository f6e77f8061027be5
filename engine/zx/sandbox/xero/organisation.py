"""One simulated Xero organisation as one request sees it, and how the store is filled."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from zx.sandbox.errors import SandboxDataError
from zx.sandbox.folder import Data
from zx.sandbox.store import Store
from zx.sandbox.xero.shapes import KINDS, folded, inward, moment_of, number_of, stamp_text
from zx.sandbox.xero.totals import document_totals
from zx.values.dates import add_days, add_months, end_of_month
from zx.values.money import ZERO

# Xero names zones as Windows does, without blanks (reference/xero 2.9).
_ZONES: Mapping[str, str] = {
    "AUSEASTERNSTANDARDTIME": "Australia/Sydney",
    "EAUSTRALIASTANDARDTIME": "Australia/Brisbane",
    "WAUSTRALIASTANDARDTIME": "Australia/Perth",
    "CENAUSTRALIASTANDARDTIME": "Australia/Adelaide",
    "AUSCENTRALSTANDARDTIME": "Australia/Darwin",
    "TASMANIASTANDARDTIME": "Australia/Hobart",
    "NEWZEALANDSTANDARDTIME": "Pacific/Auckland",
    "GMTSTANDARDTIME": "Europe/London",
    "EASTERNSTANDARDTIME": "America/New_York",
    "PACIFICSTANDARDTIME": "America/Los_Angeles",
}
# A made-up day rate: US dollars for one unit. The real service asks XE (reference/xero 4.7).
_DOLLARS: Mapping[str, Decimal] = {
    "USD": Decimal("1"),
    "AUD": Decimal("0.65"),
    "NZD": Decimal("0.60"),
    "GBP": Decimal("1.27"),
    "EUR": Decimal("1.08"),
    "CAD": Decimal("0.73"),
    "SGD": Decimal("0.74"),
    "JPY": Decimal("0.0067"),
}
_CLASS_FLAGS: Mapping[str, str] = {
    "REVENUE": "CanApplyToRevenue",
    "EXPENSE": "CanApplyToExpenses",
    "ASSET": "CanApplyToAssets",
    "LIABILITY": "CanApplyToLiabilities",
    "EQUITY": "CanApplyToEquity",
}
_TYPE_CLASSES: Mapping[str, str] = {
    **dict.fromkeys(["BANK", "CURRENT", "FIXED", "INVENTORY", "NONCURRENT", "PREPAYMENT"], "ASSET"),
    **dict.fromkeys(["CURRLIAB", "LIABILITY", "TERMLIAB", "PAYG"], "LIABILITY"),
    **dict.fromkeys(["DEPRECIATN", "DIRECTCOSTS", "EXPENSE", "OVERHEADS"], "EXPENSE"),
    **dict.fromkeys(["OTHERINCOME", "REVENUE", "SALES"], "REVENUE"),
    "EQUITY": "EQUITY",
}


class Organisation:
    """Settings of the organisation for the length of one request, and the stamps and ids it gives."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @cached_property
    def settings(self) -> dict[str, Any]:
        return self.store.all("Organisation")[0]

    @cached_property
    def base_currency(self) -> str:
        return str(self.settings.get("BaseCurrency") or "AUD")

    @cached_property
    def currencies(self) -> frozenset[str]:
        return frozenset({self.base_currency, *(str(entry["Code"]) for entry in self.store.all("Currencies"))})

    @cached_property
    def tax_rates(self) -> dict[str, dict[str, Any]]:
        return {str(rate["TaxType"]): rate for rate in self.store.all("TaxRates")}

    @cached_property
    def accounts(self) -> list[dict[str, Any]]:
        return self.store.all("Accounts")

    def account(self, code: Any, account_id: Any = None) -> dict[str, Any] | None:
        """The account with this code, else with this id, whatever its status."""
        if code not in (None, ""):
            return next((entry for entry in self.accounts if str(entry.get("Code")) == str(code)), None)
        return next((entry for entry in self.accounts if folded(entry["AccountID"]) == folded(account_id)), None)

    def item(self, code: str) -> dict[str, Any] | None:
        found = self.store.find("Items", "code", folded(code))
        return found[0] if found else None

    def contact(self, contact_id: Any) -> dict[str, Any] | None:
        return self.store.get("Contacts", folded(contact_id)) if contact_id else None

    def today(self) -> str:
        """The calendar day in the organisation's zone."""
        zone = _ZONES.get(str(self.settings.get("Timezone") or ""), "UTC")
        return self.store.now().astimezone(ZoneInfo(zone)).date().isoformat()

    def stamp(self) -> str:
        return stamp_text(self.store.stamp())

    def day_rate(self, currency: str) -> Decimal:
        """Units of ``currency`` for one of the base currency, 6 decimals."""
        own, other = _DOLLARS.get(self.base_currency), _DOLLARS.get(currency)
        if currency == self.base_currency or own is None or other is None:
            return Decimal(1)
        return round(own / other, 6)

    def tax_fits(self, rate: Mapping[str, Any], account: Mapping[str, Any]) -> bool:
        kind = str(account.get("Class") or _TYPE_CLASSES.get(str(account.get("Type")), ""))
        return bool(rate.get(_CLASS_FLAGS.get(kind, ""), True))

    def lock_date(self) -> tuple[str, bool] | None:
        """The later of the two lock dates, and whether it is the end of year one."""
        period, year = self.settings.get("PeriodLockDate"), self.settings.get("EndOfYearLockDate")
        if year and (not period or year > period):
            return str(year), True
        return (str(period), False) if period else None


def new_id() -> str:
    return str(uuid.uuid4())


def load(store: Store, data: Data) -> None:
    """Fills the empty ``store``. Records are copied as they are given; only what is missing is added."""
    organisation = dict(inward(data.collections["Organisation"][0])) if data.collections["Organisation"] else {}
    # The identity is this copy's own, so that two workspaces over the same data never meet (design 3).
    organisation["OrganisationID"] = new_id()
    organisation.setdefault("Name", "Sandbox")
    store.put("Organisation", organisation["OrganisationID"], organisation)
    store.set_meta("tenant", organisation["OrganisationID"])
    store.set_meta("connection", new_id())
    store.set_meta("connected", stamp_text(store.now()))
    stamps: list[datetime] = []
    for kind in KINDS.values():
        if kind.name == "Organisation":
            continue
        seen: set[str] = set()
        for given in data.collections.get(kind.name, []):
            record = inward(given)
            record_id = folded(record.get(kind.id_field) or new_id()) if kind.id_field.endswith("ID") else None
            if record_id is None:
                record_id = str(record.get(kind.id_field) or "")
            else:
                record[kind.id_field] = record_id
            if record_id in seen or not record_id:
                raise SandboxDataError(f"{kind.name}.json", None, f"two records with {kind.id_field} {record_id!r}")
            seen.add(record_id)
            if kind.name not in ("TaxRates", "Currencies", "Accounts"):
                record.setdefault("UpdatedDateUTC", stamp_text(store.now()))
            if "UpdatedDateUTC" in record:
                stamps.append(moment_of(record["UpdatedDateUTC"]))
            _complete(kind.name, record)
            store.put(kind.name, record_id, record)
    if stamps:
        store.seen(max(stamps))
    _link_payments(store)


def _complete(collection: str, record: dict[str, Any]) -> None:
    """What a record of a file may leave out and the API never does."""
    if collection == "Contacts":
        record.setdefault("ContactStatus", "ACTIVE")
    if collection not in ("Invoices", "CreditNotes", "Quotes"):
        return
    for line in record.get("LineItems") or []:
        line.setdefault("LineItemID", new_id())
        if line.get("DiscountRate") or line.get("DiscountAmount"):
            gross = (number_of(line.get("Quantity")) or ZERO) * (number_of(line.get("UnitAmount")) or ZERO)
            line.setdefault("_Discount", round(gross, 2) - (number_of(line.get("LineAmount")) or ZERO))
    if isinstance(record.get("Contact"), dict) and record["Contact"].get("ContactID"):
        record["Contact"]["ContactID"] = folded(record["Contact"]["ContactID"])
    mode = str(record.get("LineAmountTypes") or "Exclusive").upper()
    for name, value in document_totals(record.get("LineItems") or [], mode).items():
        record.setdefault(name, value)
    if collection == "Invoices":
        record.setdefault("AmountPaid", ZERO)
        record.setdefault("AmountCredited", ZERO)
        record.setdefault("AmountDue", record["Total"] - record["AmountPaid"] - record["AmountCredited"])
    if collection == "CreditNotes":
        record.setdefault("RemainingCredit", record["Total"])


def _link_payments(store: Store) -> None:
    """Payments of the files show in their invoices, also where the invoice's own record does not list them."""
    for payment in store.all("Payments"):
        invoice_id = folded((payment.get("Invoice") or {}).get("InvoiceID") or "")
        invoice = store.get("Invoices", invoice_id)
        if invoice is None or payment.get("Status", "AUTHORISED") == "DELETED":
            continue
        listed = invoice.get("Payments") or []
        if all(folded(entry.get("PaymentID")) != payment["PaymentID"] for entry in listed):
            summary = {key: payment[key] for key in ("PaymentID", "Date", "Amount", "Reference") if key in payment}
            store.put("Invoices", invoice_id, {**invoice, "Payments": [*listed, summary]})


def due_day(terms: Any, day: str) -> str | None:
    """The day a document of ``day`` is due by a contact's or the organisation's terms (reference/xero 2.4)."""
    if not isinstance(terms, Mapping) or "Type" not in terms:
        return None
    count = int(number_of(terms.get("Day")) or 0)
    match terms["Type"]:
        case "DAYSAFTERBILLDATE":
            return add_days(day, count)
        case "DAYSAFTERBILLMONTH":
            return add_days(end_of_month(day), count)
        case "OFCURRENTMONTH" | "OFFOLLOWINGMONTH":
            start = day if terms["Type"] == "OFCURRENTMONTH" else add_months(day[:8] + "01", 1)
            last = date.fromisoformat(end_of_month(start)).day
            return f"{start[:8]}{min(max(count, 1), last):02d}"
    return None
