"""Which record an upsert means (reference/zoho 2.9, 4.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zx.sandbox.zoho import errors
from zx.sandbox.zoho.organisation import Organisation
from zx.sandbox.zoho.schema import Module

_DEFAULT_KEYS: Mapping[str, str] = {
    "Accounts": "Account_Name",
    "Contacts": "Email",
    "Products": "Product_Name",
    "Quotes": "Subject",
    "Sales_Orders": "Subject",
    "Invoices": "Subject",
}


def matched(
    org: Organisation, module: Module, given: Mapping[str, Any], path: str, asked: Any
) -> tuple[str | None, str | None]:
    """The field and the id of the record that ``given`` changes; (None, None) for a new one.

    ``asked``: the fields to compare, in their order; without them the module's own key. Fields marked unique are always
    compared. Raises Refusal where they point at different records, or for a field the module does not have.
    """
    found: list[tuple[str, str]] = []
    for name in _names(module, asked):
        wanted = str(given.get(name) or "").casefold()
        same = (one["id"] for one in org.store.all(module.name) if str(one.get(name) or "").casefold() == wanted)
        record_id = next(same, None) if wanted else None
        if record_id is not None:
            found.append((name, record_id))
    if not found:
        return None, None
    unique = [(name, record_id) for name, record_id in found if module.fields[name].unique]
    if len({record_id for _, record_id in unique}) > 1:
        name, record_id = unique[-1]
        raise errors.duplicate(name, f"{path}.{name}", module.name, record_id)
    return found[0]


def _names(module: Module, asked: Any) -> list[str]:
    unique = [field.name for field in module.fields.values() if field.unique]
    if asked is None:
        return [_DEFAULT_KEYS[module.name], *unique]
    if not isinstance(asked, list) or not all(name in module.fields for name in asked):
        raise errors.bad_data("duplicate_check_fields", "$.duplicate_check_fields", expected_data_type="jsonarray")
    return list(dict.fromkeys([*asked, *unique]))
