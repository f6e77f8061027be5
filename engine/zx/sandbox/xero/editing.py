"""An edit as a person makes it in the web page: no restriction of the API but arithmetic."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from zx.catalog.load import packaged
from zx.sandbox.errors import SandboxError, UnknownRecord
from zx.sandbox.xero import contacts, documents, items, lines, payments, quotes
from zx.sandbox.xero.documents import CREDIT_NOTE, INVOICE, DocumentKind
from zx.sandbox.xero.errors import Invalid
from zx.sandbox.xero.lines import LineRules
from zx.sandbox.xero.organisation import Organisation, new_id
from zx.sandbox.xero.shapes import KINDS, Kind, folded, inward, number_of

_DOCUMENTS: Mapping[str, DocumentKind] = {"Invoices": INVOICE, "CreditNotes": CREDIT_NOTE}
_COMPUTED = frozenset({"SubTotal", "TotalTax", "Total", "TotalDiscount", "UpdatedDateUTC", "LineItems", "Contact"})


def edit(org: Organisation, kind: Kind, record_id: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Merges ``fields`` into a record (``new``: adds one) and returns it as kept. Raises UnknownRecord, and
    SandboxError for what no arithmetic can be done with."""
    given = inward(fields)
    stored = None if record_id == "new" else _stored(org, kind, record_id)
    _check_names(org, kind, given)
    try:
        with org.store.savepoint():
            if kind.name in _DOCUMENTS:
                return _document(org, _DOCUMENTS[kind.name], stored, given)
            if kind.name == "Quotes":
                return _quote(org, stored, given)
            if kind.name == "Contacts":
                element = {**given, "ContactID": stored["ContactID"]} if stored else given
                return contacts.save(org, element, create_only=stored is None, check=False)
            if kind.name == "Items":
                return _item(org, stored, given)
            if kind.name == "Payments":
                return _payment(org, stored, given)
            return _setting(org, kind, stored, given)
    except Invalid as invalid:
        raise SandboxError(f"Xero {kind.name} {record_id}: {'; '.join(invalid.messages)}") from None


def _check_names(org: Organisation, kind: Kind, given: Mapping[str, Any]) -> None:
    """A field nobody has would be kept and never read: a slip of the finger must not look like an edit."""
    shape = packaged().shape("xero", kind.noun)
    known = dict.fromkeys(
        [*(shape.fields if shape else ()), *(key for entry in org.store.all(kind.name) for key in entry)]
    )
    for name in given:
        if known and name not in known:
            shown = ", ".join(key for key in known if not key.startswith("_"))
            raise UnknownRecord(f"Xero {kind.name} has no field {name}; there are {shown}")


def _stored(org: Organisation, kind: Kind, record_id: str) -> dict[str, Any]:
    found = org.store.get(kind.name, record_id) or org.store.get(kind.name, folded(record_id))
    if found is None and kind.number:
        found = next((entry for entry in org.store.all(kind.name) if entry.get(kind.number) == record_id), None)
    if found is None:
        records = org.store.all(kind.name)
        label = kind.number or "Name"
        shown = ", ".join(f"{entry[kind.id_field]} ({entry.get(label, '')})" for entry in records[:8])
        more = f" and {len(records) - 8} more" if len(records) > 8 else ""
        there = f"; there are {shown}{more}" if records else "; it is empty"
        raise UnknownRecord(f"Xero {kind.name} has no record {record_id}{there}")
    return found


def _document(
    org: Organisation, kind: DocumentKind, stored: Mapping[str, Any] | None, given: Mapping[str, Any]
) -> dict[str, Any]:
    if stored is None:
        document = documents.blank(org, kind, str(given.get("Type") or kind.sales_type))
        document["LineItems"] = []
        if not given.get(kind.number_field) and document["Type"] == kind.sales_type:
            document[kind.number_field] = documents.next_number(org, kind.collection, kind.number_field, kind.prefix)
    else:
        document = copy.deepcopy(dict(stored))
    document.update({name: value for name, value in given.items() if name not in _COMPUTED and name != kind.id_field})
    _contact(org, document, given, new=stored is None)
    sales = document["Type"] == kind.sales_type
    documents.set_currency(org, document, given)
    if stored is None or "LineItems" in given or "LineAmountTypes" in given:
        mode = str(document["LineAmountTypes"]).upper()
        rules = LineRules(mode, False, sales, 4, discounts=True, check=False)
        document["LineItems"] = lines.build(
            org,
            lines.merge(
                document.get("LineItems") or [], given.get("LineItems", document["LineItems"]), keep_others=True
            ),
            rules,
        )
        documents.compute(kind, document)
    if not {"AmountPaid", "AmountCredited", "AppliedAmount"}.isdisjoint(given):
        documents.compute(kind, document)
    if "Status" not in given:
        documents.settle_status(kind, document, org.today())
    if document["Status"] in ("VOIDED", "DELETED"):
        document["AmountDue" if kind is INVOICE else "RemainingCredit"] = number_of("0.00")
    document["UpdatedDateUTC"] = org.stamp()
    org.store.put(kind.collection, document[kind.id_field], document)
    return document


def _quote(org: Organisation, stored: Mapping[str, Any] | None, given: Mapping[str, Any]) -> dict[str, Any]:
    quote = quotes.blank(org) if stored is None else copy.deepcopy(dict(stored))
    quote.update({name: value for name, value in given.items() if name not in _COMPUTED and name != "QuoteID"})
    _contact(org, quote, given, new=stored is None)
    documents.set_currency(org, quote, given)
    if stored is None or "LineItems" in given or "LineAmountTypes" in given:
        old = quote.get("LineItems") or []
        quote["LineItems"] = lines.merge(old, given.get("LineItems", old), keep_others=True)
        quotes.rebuild(org, quote, check=False)
    quote["UpdatedDateUTC"] = org.stamp()
    org.store.put("Quotes", quote["QuoteID"], quote)
    return quote


def _contact(org: Organisation, document: dict[str, Any], given: Mapping[str, Any], *, new: bool) -> None:
    if new or given.get("Contact"):
        contact = contacts.for_document(org, given.get("Contact"), check=False)
        document["Contact"] = {"ContactID": contact["ContactID"], "Name": contact["Name"]}


def _item(org: Organisation, stored: Mapping[str, Any] | None, given: Mapping[str, Any]) -> dict[str, Any]:
    element = {**given, "ItemID": stored["ItemID"]} if stored else given
    item = items.save(org, element, create_only=False, dp=4, check=False)
    counts = {
        name: given[name] for name in ("QuantityOnHand", "TotalCostPool", "IsTrackedAsInventory") if name in given
    }
    if counts:
        item = {**item, **counts}
        org.store.put("Items", item["ItemID"], item)
    return item


def _payment(org: Organisation, stored: Mapping[str, Any] | None, given: Mapping[str, Any]) -> dict[str, Any]:
    if stored is None:
        return payments.create(org, given)
    if given.get("Status") == "DELETED":
        return payments.delete(org, stored)
    changed = {**stored, **given, "PaymentID": stored["PaymentID"], "UpdatedDateUTC": org.stamp()}
    if number_of(changed.get("Amount")) != number_of(stored.get("Amount")):
        raise SandboxError("the amount of a payment cannot be edited: delete it and add another, as in the web page")
    org.store.put("Payments", stored["PaymentID"], changed)
    return changed


def _setting(
    org: Organisation, kind: Kind, stored: Mapping[str, Any] | None, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Organisation, accounts, tax rates, currencies: merged as they are."""
    record = {**(stored or {}), **given}
    if stored is not None:
        record[kind.id_field] = stored[kind.id_field]
    elif kind.id_field not in record:
        if kind.name != "Accounts":
            raise SandboxError(f"a new record of Xero {kind.name} needs its {kind.id_field}")
        record[kind.id_field] = new_id()
    if kind.name in ("Organisation", "Accounts"):
        stamp = org.stamp()
        if kind.name == "Accounts":
            record["UpdatedDateUTC"] = stamp
    if kind.name == "TaxRates" and "TaxComponents" in given and "EffectiveRate" not in given:
        record["EffectiveRate"] = record["DisplayTaxRate"] = sum(
            number_of(part.get("Rate")) or 0 for part in given["TaxComponents"]
        )
    key = str(record[kind.id_field])
    org.store.put(kind.name, folded(key) if kind.id_field.endswith("ID") else key, record)
    return record


def collections() -> str:
    return ", ".join(KINDS)
