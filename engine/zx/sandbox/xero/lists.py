"""List requests: filters, order, pages (reference/xero 3.3 to 3.5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from zx.catalog.load import packaged
from zx.sandbox.xero import errors
from zx.sandbox.xero.organisation import Organisation
from zx.sandbox.xero.rendering import show
from zx.sandbox.xero.shapes import Kind, day_in, folded, moment_of, number_of
from zx.sandbox.xero.where import comparable, where_test

Params = Mapping[str, str]
_LISTED = {"Contacts": ("IDs", "ContactID"), "Invoices": ("IDs", "InvoiceID")}
_SEARCHED: Mapping[str, tuple[str, ...]] = {
    "Contacts": ("Name", "FirstName", "LastName", "ContactNumber", "EmailAddress"),
    "Invoices": ("InvoiceNumber", "Reference"),
}


def list_records(
    org: Organisation, kind: Kind, params: Params, since: str | None
) -> tuple[list[dict[str, Any]], dict[str, int] | None]:
    """Shown records and, where paging was in force, the ``pagination`` object. Raises Fault."""
    records = org.store.all(kind.name)
    records = _by_parameters(org, kind, records, params)
    if since is not None:
        moment = modified_since(since)
        records = [entry for entry in records if moment_of(entry.get("UpdatedDateUTC", "1970-01-01")) >= moment]
    if params.get("where") and kind.name != "Quotes":
        test = where_test(params["where"], lambda record, path: _field(org, kind, record, path))
        records = [entry for entry in records if test(entry)]
    records = _ordered(org, kind, records, params.get("order"))
    dp = 4 if params.get("unitdp") == "4" else 2
    summary = flag(params, "summaryOnly") and kind.name in ("Contacts", "Invoices")
    paged = kind.paged and (
        "page" in params or "pageSize" in params or (kind.name == "Invoices" and ("Statuses" in params or summary))
    )
    pagination: dict[str, int] | None = None
    if paged:
        records, pagination = _page(records, params)
    full = paged or "IDs" in params or kind.name in ("Quotes", "Payments") or not kind.paged
    detail = "summary" if summary else "full" if full else "thin"
    return [show(org, kind.name, entry, dp=dp, detail=detail) for entry in records], pagination


def flag(params: Params, name: str) -> bool:
    """A boolean parameter; the official SDK writes ``True`` (reference/xero 7.2)."""
    return params.get(name, "").lower() == "true"


def modified_since(text: str) -> datetime:
    """ISO in UTC unless it has an offset, or the form of RFC 1123; fractions of a second are cut."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            raise errors.bad_query(f"If-Modified-Since '{text}' is no date") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).replace(microsecond=0)


def _by_parameters(
    org: Organisation, kind: Kind, records: list[dict[str, Any]], params: Params
) -> list[dict[str, Any]]:
    if kind.name in _LISTED and "IDs" in params:
        wanted = _words(params["IDs"])
        records = [entry for entry in records if folded(entry[kind.id_field]) in wanted]
    if kind.name == "Contacts" and not flag(params, "includeArchived") and "IDs" not in params:
        records = [entry for entry in records if entry.get("ContactStatus", "ACTIVE") != "ARCHIVED"]
    if kind.name == "Invoices":
        records = _invoice_parameters(records, params)
    if kind.name == "Quotes":
        records = _quote_parameters(records, params)
    if params.get("searchTerm") and kind.name in _SEARCHED:
        term = params["searchTerm"].casefold()
        names = _SEARCHED[kind.name]
        records = [entry for entry in records if any(term in str(entry.get(name) or "").casefold() for name in names)]
    return records


def _invoice_parameters(records: list[dict[str, Any]], params: Params) -> list[dict[str, Any]]:
    if "InvoiceNumbers" in params:
        wanted = _words(params["InvoiceNumbers"])
        records = [entry for entry in records if folded(entry.get("InvoiceNumber") or "") in wanted]
    if "ContactIDs" in params:
        wanted = _words(params["ContactIDs"])
        records = [entry for entry in records if folded((entry.get("Contact") or {}).get("ContactID")) in wanted]
    if "Statuses" in params:
        wanted = _words(params["Statuses"])
        records = [entry for entry in records if folded(entry.get("Status")) in wanted]
    return records


def _quote_parameters(records: list[dict[str, Any]], params: Params) -> list[dict[str, Any]]:
    if "ContactID" in params:
        wanted = folded(params["ContactID"])
        records = [entry for entry in records if folded((entry.get("Contact") or {}).get("ContactID")) == wanted]
    if "Status" in params:
        records = [entry for entry in records if entry.get("Status") == params["Status"]]
    if "QuoteNumber" in params:
        part = params["QuoteNumber"].casefold()
        records = [entry for entry in records if part in str(entry.get("QuoteNumber")).casefold()]
    for name, field, later in (
        ("DateFrom", "Date", True),
        ("DateTo", "Date", False),
        ("ExpiryDateFrom", "ExpiryDate", True),
        ("ExpiryDateTo", "ExpiryDate", False),
    ):
        if name not in params:
            continue
        day = day_in(params[name])
        if day is None:
            raise errors.bad_query(f"{name} is no date")
        records = [
            entry for entry in records if entry.get(field) and (entry[field] >= day if later else entry[field] <= day)
        ]
    return records


def _field(org: Organisation, kind: Kind, record: Mapping[str, Any], path: str) -> Any:
    """The value of a field by the name the API gives it; KeyError when the kind has none of that name."""
    name, _, rest = path.partition(".")
    if name == "Contact" and rest:
        contact_id = (record.get("Contact") or {}).get("ContactID")
        contact = org.contact(contact_id) or record.get("Contact") or {}
        if kind.name == "Payments":
            contact = {}
        return contact.get(rest)
    value = record.get(name)
    if value is None and not _exists(kind, name):
        raise KeyError(path)
    for part in rest.split(".") if rest else ():
        value = value.get(part) if isinstance(value, Mapping) else None
    number = number_of(value) if not isinstance(value, str) else None
    return value if number is None else number


def _exists(kind: Kind, name: str) -> bool:
    shape = packaged().shape("xero", kind.noun)
    return name in (kind.id_field, "UpdatedDateUTC") or shape is None or name in shape.fields


def _ordered(org: Organisation, kind: Kind, records: list[dict[str, Any]], order: str | None) -> list[dict[str, Any]]:
    """By the fields given; the default is UpdatedDateUTC, then the id (reference/xero 3.4)."""
    if not order and not kind.paged:
        return records
    records = sorted(records, key=lambda entry: str(entry[kind.id_field]))
    for clause in reversed((order or "UpdatedDateUTC ASC").split(",")):
        name, _, direction = clause.strip().partition(" ")
        if direction.strip().upper() not in ("", "ASC", "DESC"):
            raise errors.bad_query(f"'{direction.strip()}' is no direction")

        def key(entry: dict[str, Any], name: str = name) -> tuple[int, Any]:
            try:
                value = comparable(_field(org, kind, entry, name))
            except KeyError:
                raise errors.bad_query(f"No property or field '{name}' exists in type '{kind.noun}'") from None
            return (0, "") if value is None or isinstance(value, Mapping | list) else (1, value)

        records = sorted(records, key=key, reverse=direction.strip().upper() == "DESC")
    return records


def _page(records: list[dict[str, Any]], params: Params) -> tuple[list[dict[str, Any]], dict[str, int]]:
    page = max(_whole(params.get("page"), 1), 1)
    size = min(max(_whole(params.get("pageSize"), 100), 1), 1000)
    pagination = {
        "page": page,
        "pageSize": size,
        "pageCount": (len(records) + size - 1) // size,
        "itemCount": len(records),
    }
    return records[(page - 1) * size : page * size], pagination


def _whole(text: str | None, default: int) -> int:
    try:
        return default if text is None else int(text)
    except ValueError:
        return default


def _words(text: str) -> frozenset[str]:
    return frozenset(folded(word) for word in text.split(",") if word.strip())
