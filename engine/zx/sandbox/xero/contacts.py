"""Contacts: matching, uniqueness, partial updates, and the contact inside a document (reference/xero 2.4, 3.7)."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from zx.sandbox.xero import errors
from zx.sandbox.xero.errors import Invalid
from zx.sandbox.xero.organisation import Organisation, new_id
from zx.sandbox.xero.shapes import ZERO_ID, folded

ADDRESS_TYPES = ("STREET", "POBOX")
PHONE_TYPES = ("DDI", "DEFAULT", "FAX", "MOBILE")
ADDRESS_PARTS = [
    "AddressLine1",
    "AddressLine2",
    "AddressLine3",
    "AddressLine4",
    "City",
    "Region",
    "PostalCode",
    "Country",
    "AttentionTo",
]
PHONE_PARTS = ("PhoneNumber", "PhoneAreaCode", "PhoneCountryCode")
_LENGTHS: Mapping[str, int] = {
    "Name": 255,
    "FirstName": 255,
    "LastName": 255,
    "EmailAddress": 255,
    "ContactNumber": 50,
    "AccountNumber": 50,
    "CompanyNumber": 50,
    "TaxNumber": 50,
}
_PART_LENGTHS: Mapping[str, int] = {
    **dict.fromkeys(("AddressLine1", "AddressLine2", "AddressLine3", "AddressLine4"), 500),
    **dict.fromkeys(("City", "Region", "AttentionTo"), 255),
    **dict.fromkeys(("PostalCode", "Country", "PhoneNumber"), 50),
    "PhoneAreaCode": 10,
    "PhoneCountryCode": 20,
}
_PLAIN = frozenset(
    [
        "BankAccountDetails",
        "BatchPayments",
        "AccountsReceivableTaxType",
        "AccountsPayableTaxType",
        "DefaultCurrency",
        "TaxNumberType",
        "SalesDefaultAccountCode",
        "PurchasesDefaultAccountCode",
        "SalesDefaultLineAmountType",
        "PurchasesDefaultLineAmountType",
        "SalesTrackingCategories",
        "PurchasesTrackingCategories",
        "PaymentTerms",
        "XeroNetworkKey",
    ]
)
_STATUSES = ("ACTIVE", "ARCHIVED", "GDPRREQUEST")
_TERM_TYPES = ("DAYSAFTERBILLDATE", "DAYSAFTERBILLMONTH", "OFCURRENTMONTH", "OFFOLLOWINGMONTH")


def match(org: Organisation, element: Mapping[str, Any]) -> dict[str, Any] | None:
    """The contact an element means: by ContactID, else ContactNumber, else Name among active ones. Raises Invalid
    for an id nobody has."""
    contact_id = element.get("ContactID")
    if contact_id and contact_id != ZERO_ID:
        found = org.contact(contact_id)
        if found is None:
            raise Invalid(errors.bad_value("ContactID", contact_id))
        return found
    for field, key in (("ContactNumber", "number"), ("Name", "name")):
        if element.get(field):
            matches = org.store.find("Contacts", key, folded(element[field]))
            if matches:
                return matches[0]
    return None


def save(org: Organisation, element: Mapping[str, Any], *, create_only: bool, check: bool = True) -> dict[str, Any]:
    """Creates or updates a contact and returns it as kept. ``create_only``: PUT. Raises Invalid."""
    existing = None if create_only else match(org, element)
    if existing is None:
        if not str(element.get("Name") or "").strip():
            raise Invalid(errors.EMPTY_NAME)
        contact: dict[str, Any] = {
            "ContactID": new_id(),
            "ContactStatus": "ACTIVE",
            "IsSupplier": False,
            "IsCustomer": False,
            "HasAttachments": False,
        }
    else:
        contact = copy.deepcopy(existing)
    _merge(contact, element, check=check)
    if check:
        _check(org, contact)
    contact["UpdatedDateUTC"] = org.stamp()
    org.store.put("Contacts", contact["ContactID"], contact)
    return contact


def for_document(org: Organisation, given: Any, *, check: bool = True) -> dict[str, Any]:
    """The contact of a document, made or changed on the way as the API does (reference/xero 3.7). Raises Invalid."""
    if not isinstance(given, Mapping) or not given:
        raise Invalid(errors.NO_CONTACT)
    if not any(given.get(key) for key in ("ContactID", "ContactNumber", "Name")):
        raise Invalid(errors.NAMELESS_CONTACT)
    contact = match(org, given)
    if contact is None:
        return save(org, given, create_only=False, check=check)
    if check and contact.get("ContactStatus", "ACTIVE") != "ACTIVE":
        raise Invalid(errors.ARCHIVED_CONTACT)
    changes = {key: value for key, value in given.items() if key != "ContactID" and value not in (None, [], False)}
    if not changes or all(_same(contact, key, value) for key, value in changes.items()):
        return contact
    # Extra members beside a known contact change it; persons that are not listed are lost (reference/xero 3.7).
    return save(org, {"ContactPersons": [], **changes, "ContactID": contact["ContactID"]}, create_only=False)


def note_use(org: Organisation, contact_id: str, *, sales: bool) -> None:
    """A first document makes a customer or a supplier; the stamp does not move (reference/xero 3.3)."""
    contact = org.contact(contact_id)
    field = "IsCustomer" if sales else "IsSupplier"
    if contact is not None and not contact.get(field):
        org.store.put("Contacts", contact["ContactID"], {**contact, field: True})


def _merge(contact: dict[str, Any], element: Mapping[str, Any], *, check: bool) -> None:
    for field, length in _LENGTHS.items():
        value = element.get(field)
        if value is None:
            continue
        text = str(value).strip()
        if check and len(text) > length:
            raise Invalid(errors.too_long(field, length))
        if text or field == "Name":
            contact[field] = text
        else:
            contact.pop(field, None)
    for field in _PLAIN & element.keys():
        if element[field] is not None:
            contact[field] = copy.deepcopy(element[field])
    if element.get("ContactStatus") is not None:
        if element["ContactStatus"] not in _STATUSES:
            raise Invalid(errors.bad_value("ContactStatus", element["ContactStatus"]))
        contact["ContactStatus"] = element["ContactStatus"]
    if isinstance(element.get("ContactPersons"), list):
        contact["ContactPersons"] = copy.deepcopy(element["ContactPersons"][:5])
    _merge_keyed(contact, element, "Addresses", "AddressType", ADDRESS_TYPES, ADDRESS_PARTS, replace=True)
    types = (*PHONE_TYPES, "OFFICE")
    _merge_keyed(contact, element, "Phones", "PhoneType", types, PHONE_PARTS, replace=True)
    _check_terms(element.get("PaymentTerms"))


def _merge_keyed(
    contact: dict[str, Any],
    element: Mapping[str, Any],
    field: str,
    key: str,
    types: tuple[str, ...],
    parts: tuple[str, ...] | list[str],
    *,
    replace: bool,
) -> None:
    """A sent block replaces the block of its type; types that are not sent stay (reference/xero 2.4)."""
    sent = element.get(field)
    if not isinstance(sent, list):
        return
    blocks = {block[key]: block for block in contact.get(field) or [] if key in block}
    for block in sent:
        if not isinstance(block, Mapping) or block.get(key) not in types:
            raise Invalid(errors.bad_value(key, block.get(key) if isinstance(block, Mapping) else block))
        kept: dict[str, Any] = {key: block[key]}
        for part in parts:
            text = str(block.get(part) or "").strip()
            if len(text) > _PART_LENGTHS[part]:
                raise Invalid(errors.too_long(part, _PART_LENGTHS[part]))
            if text:
                kept[part] = text
        blocks[block[key]] = kept if replace else {**blocks.get(block[key], {}), **kept}
    contact[field] = list(blocks.values())


def _check(org: Organisation, contact: Mapping[str, Any]) -> None:
    own = contact["ContactID"]
    if not contact.get("Name"):
        raise Invalid(errors.EMPTY_NAME)
    if contact["ContactStatus"] == "ACTIVE" and _others(org, "name", contact["Name"], own):
        raise Invalid(errors.name_taken(str(contact["Name"])))
    if contact.get("ContactNumber") and _others(org, "number", contact["ContactNumber"], own):
        raise Invalid(f"The Contact Number '{contact['ContactNumber']}' is already assigned to another contact.")
    if contact.get("AccountNumber") and _others(org, "account", contact["AccountNumber"], own):
        raise Invalid(errors.ACCOUNT_NUMBER_TAKEN)
    email = contact.get("EmailAddress")
    if email and not re.fullmatch(r"[!-~]+@[!-~]+\.[!-~]+", email):
        raise Invalid(errors.BAD_EMAIL)
    currency = contact.get("DefaultCurrency")
    if currency and currency not in org.currencies:
        raise Invalid(errors.currency_unknown(currency))


def _check_terms(terms: Any) -> None:
    if terms is None:
        return
    if not isinstance(terms, Mapping):
        raise Invalid(errors.bad_value("PaymentTerms", terms))
    for side in terms.values():
        if isinstance(side, Mapping) and side.get("Type") is not None and side["Type"] not in _TERM_TYPES:
            raise Invalid(errors.bad_value("PaymentTerms.Type", side["Type"]))


def _others(org: Organisation, field: str, value: Any, own: str) -> bool:
    return any(other["ContactID"] != own for other in org.store.find("Contacts", field, folded(value)))


def _same(contact: Mapping[str, Any], key: str, value: Any) -> bool:
    if key not in _LENGTHS and key not in _PLAIN and key not in ("Addresses", "Phones", "ContactPersons"):
        return True  # read-only noise such as HasAttachments, ContactStatus of an echo
    if key in ("ContactNumber", "Name"):
        return folded(contact.get(key, "")) == folded(value)
    return bool(contact.get(key) == value)
