"""Quotes (reference/xero 2.3): upper-case tax modes, own status moves, no tax type from the account."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from zx.sandbox.xero import contacts, errors, lines
from zx.sandbox.xero.documents import next_number, set_currency
from zx.sandbox.xero.errors import Invalid
from zx.sandbox.xero.lines import LineRules
from zx.sandbox.xero.organisation import Organisation, new_id
from zx.sandbox.xero.shapes import ZERO_ID, day_in, folded
from zx.sandbox.xero.totals import document_totals

MODES = ("EXCLUSIVE", "INCLUSIVE", "NOTAX")
_MOVES: Mapping[str, frozenset[str]] = {
    "DRAFT": frozenset({"SENT", "DELETED"}),
    "SENT": frozenset({"ACCEPTED", "DECLINED", "DELETED"}),
    "ACCEPTED": frozenset({"INVOICED", "SENT", "DELETED"}),
    "DECLINED": frozenset({"SENT", "DELETED"}),
    "INVOICED": frozenset({"SENT", "DELETED"}),
}
_EDITABLE = frozenset({"DRAFT", "SENT"})
_LENGTHS: Mapping[str, int] = {"Reference": 4000, "Title": 100, "Summary": 3000, "Terms": 4000, "QuoteNumber": 255}
BAD_CREATE = "Quote not of valid status for creation"
BAD_CHANGE = "Quote not of valid status for modification"
NUMBER_TAKEN = "Quote # must be unique."


def match(org: Organisation, element: Mapping[str, Any]) -> dict[str, Any] | None:
    quote_id = element.get("QuoteID")
    if quote_id and quote_id != ZERO_ID:
        found = org.store.get("Quotes", folded(quote_id))
        if found is None:
            raise Invalid(errors.bad_value("QuoteID", quote_id))
        return found
    if element.get("QuoteNumber"):
        numbered = org.store.find("Quotes", "number", folded(element["QuoteNumber"]))
        return numbered[0] if numbered else None
    return None


def save(org: Organisation, element: Mapping[str, Any], *, create_only: bool) -> dict[str, Any]:
    """PUT or POST of one quote; the quote as kept. Raises Invalid."""
    existing = match(org, element)
    if existing is not None and create_only:
        raise Invalid(NUMBER_TAKEN)
    if not element.get("Date"):
        raise Invalid("Date must be specified.")
    contact = contacts.for_document(org, element.get("Contact"))
    if existing is None:
        quote = _new(org, element)
    else:
        quote = _changed(existing, element)
    quote["Contact"] = {"ContactID": contact["ContactID"], "Name": contact["Name"]}
    before = copy.deepcopy(quote)
    _header(org, quote, element)
    sent = element.get("LineItems")
    if sent is not None:
        quote["LineItems"] = lines.merge(quote.get("LineItems") or [], sent)
    if not quote.get("LineItems"):
        raise Invalid(errors.NO_LINES)
    if existing is None or sent is not None or quote["LineAmountTypes"] != before["LineAmountTypes"]:
        rebuild(org, quote)
    if existing is not None and existing["Status"] not in _EDITABLE and quote["Status"] == existing["Status"]:
        _check_closed(existing, quote)
    quote["UpdatedDateUTC"] = org.stamp()
    org.store.put("Quotes", quote["QuoteID"], quote)
    return quote


def rebuild(org: Organisation, quote: dict[str, Any], *, check: bool = True) -> None:
    """Lines and totals, in place. Unit amounts keep 4 decimals without unitdp."""
    rules = LineRules(quote["LineAmountTypes"], False, True, 4, tax_from_account=False, check=check)
    quote["LineItems"] = lines.build(org, quote["LineItems"], rules)
    quote.update(document_totals(quote["LineItems"], quote["LineAmountTypes"]))


def blank(org: Organisation) -> dict[str, Any]:
    return {
        "QuoteID": new_id(),
        "QuoteNumber": next_number(org, "Quotes", "QuoteNumber", "QU-"),
        "Status": "DRAFT",
        "Date": org.today(),
        "LineAmountTypes": "EXCLUSIVE",
        "CurrencyCode": org.base_currency,
        "HasAttachments": False,
    }


def _new(org: Organisation, element: Mapping[str, Any]) -> dict[str, Any]:
    status = element.get("Status") or "DRAFT"
    if status not in _EDITABLE:
        raise Invalid(BAD_CREATE)
    quote = blank(org)
    quote["Status"] = status
    return quote


def _changed(existing: Mapping[str, Any], element: Mapping[str, Any]) -> dict[str, Any]:
    was, status = existing["Status"], element.get("Status") or existing["Status"]
    if was == "DELETED" or (status != was and status not in _MOVES.get(was, frozenset())):
        raise Invalid(BAD_CHANGE)
    quote = copy.deepcopy(dict(existing))
    quote["Status"] = status
    return quote


def _header(org: Organisation, quote: dict[str, Any], element: Mapping[str, Any]) -> None:
    for name in ("Date", "ExpiryDate"):
        if element.get(name):
            day = day_in(element[name])
            if day is None:
                raise Invalid(errors.bad_value(name, element[name]))
            quote[name] = day
    for name, length in _LENGTHS.items():
        if element.get(name) is not None:
            text = str(element[name])
            if len(text) > length:
                raise Invalid(errors.too_long(name, length))
            quote[name] = text
    mode = element.get("LineAmountTypes")
    if mode:
        if mode not in MODES:
            raise Invalid(errors.bad_value("LineAmountTypes", mode))
        quote["LineAmountTypes"] = mode
    if element.get("BrandingThemeID"):
        quote["BrandingThemeID"] = folded(element["BrandingThemeID"])
    set_currency(org, quote, element)
    for other in org.store.find("Quotes", "number", folded(quote["QuoteNumber"])):
        if other["QuoteID"] != quote["QuoteID"]:
            raise Invalid(NUMBER_TAKEN)


def _check_closed(existing: Mapping[str, Any], quote: Mapping[str, Any]) -> None:
    """DECLINED, ACCEPTED and INVOICED: only contact details and terms may change."""
    for name in ("Date", "LineAmountTypes", "CurrencyCode", "Total", "TotalTax", "LineItems"):
        if existing.get(name) != quote.get(name):
            raise Invalid(BAD_CHANGE)
