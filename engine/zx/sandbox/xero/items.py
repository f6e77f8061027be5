"""Items (reference/xero 2.5)."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from zx.sandbox.xero import errors
from zx.sandbox.xero.errors import Invalid
from zx.sandbox.xero.organisation import Organisation, new_id
from zx.sandbox.xero.shapes import ZERO_ID, folded, number_of
from zx.values.money import round_half_up

_LENGTHS: Mapping[str, int] = {"Code": 30, "Name": 50, "Description": 4000, "PurchaseDescription": 4000}
_DETAILS = ("SalesDetails", "PurchaseDetails")


def match(org: Organisation, element: Mapping[str, Any]) -> dict[str, Any] | None:
    """By ItemID, else by Code. Raises Invalid for an id nobody has."""
    item_id = element.get("ItemID")
    if item_id and item_id != ZERO_ID:
        found = org.store.get("Items", folded(item_id))
        if found is None:
            raise Invalid(errors.bad_value("ItemID", item_id))
        return found
    return org.item(str(element["Code"])) if element.get("Code") else None


def save(
    org: Organisation, element: Mapping[str, Any], *, create_only: bool, dp: int, check: bool = True
) -> dict[str, Any]:
    """Creates or updates an item and returns it as kept. Raises Invalid."""
    existing = match(org, element)
    code = str(element.get("Code") or "").strip()
    if existing is not None and create_only:
        raise Invalid(errors.item_taken(code or str(existing["Code"])))
    if existing is None and not code:
        raise Invalid("Item Code must be specified.")
    item: dict[str, Any] = copy.deepcopy(existing) if existing else {"ItemID": new_id()}
    for field, length in _LENGTHS.items():
        if element.get(field) is None:
            continue
        text = str(element[field])
        if check and len(text) > length:
            raise Invalid(errors.too_long(field, length))
        item[field] = text
    for other in org.store.find("Items", "code", folded(item["Code"])):
        if check and other["ItemID"] != item["ItemID"]:
            raise Invalid(errors.item_taken(str(item["Code"])))
    for side in _DETAILS:
        if isinstance(element.get(side), Mapping):
            item[side] = _details(org, item.get(side) or {}, element[side], dp, check=check)
    for flag, text_field, side in (
        ("IsSold", "Description", "SalesDetails"),
        ("IsPurchased", "PurchaseDescription", "PurchaseDetails"),
    ):
        item[flag] = bool(element[flag]) if element.get(flag) is not None else item.get(flag, True)
        if not item[flag]:
            item.pop(text_field, None)
            item.pop(side, None)
    _tracking(org, item, element, check=check)
    item["UpdatedDateUTC"] = org.stamp()
    org.store.put("Items", item["ItemID"], item)
    return item


def delete(org: Organisation, item: Mapping[str, Any]) -> None:
    """Takes an item away for good. Raises Invalid for a tracked one with stock."""
    if item.get("IsTrackedAsInventory") and item.get("QuantityOnHand"):
        raise Invalid(f"Price List Item with Code '{item['Code']}' cannot be deleted as it is tracked.")
    org.store.put("Items", item["ItemID"], item, deleted=org.store.stamp())


def move_stock(org: Organisation, lines: list[dict[str, Any]], sign: int) -> None:
    """Approval of a sales document takes stock (``sign`` -1), voiding gives it back (+1). Raises Invalid when
    there is not enough."""
    needed: dict[str, Decimal] = {}
    for line in lines:
        if line.get("ItemCode"):
            code = str(line["ItemCode"])
            needed[code] = needed.get(code, Decimal(0)) + (number_of(line.get("Quantity")) or Decimal(0))
    for code, quantity in needed.items():
        item = org.item(code)
        if item is None or not item.get("IsTrackedAsInventory"):
            continue
        on_hand = number_of(item.get("QuantityOnHand")) or Decimal(0)
        if sign < 0 and quantity > on_hand:
            raise Invalid(errors.out_of_stock(code, on_hand))
        org.store.put("Items", item["ItemID"], {**item, "QuantityOnHand": on_hand + sign * quantity})


def _details(
    org: Organisation, stored: Mapping[str, Any], given: Mapping[str, Any], dp: int, *, check: bool
) -> dict[str, Any]:
    details = dict(stored)
    if given.get("UnitPrice") is not None:
        price = number_of(given["UnitPrice"])
        if price is None:
            raise Invalid(errors.bad_value("UnitPrice", given["UnitPrice"]))
        details["UnitPrice"] = round_half_up(price, dp)
    for field in ("AccountCode", "COGSAccountCode", "TaxType"):
        if given.get(field) is not None:
            details[field] = str(given[field])
    if check:
        for field in ("AccountCode", "COGSAccountCode"):
            account = org.account(details.get(field)) if details.get(field) else None
            if details.get(field) and (account is None or account.get("Status", "ACTIVE") != "ACTIVE"):
                raise Invalid(errors.account_unknown(str(details[field])))
        rate = org.tax_rates.get(str(details.get("TaxType")))
        if details.get("TaxType") not in (None, "NONE") and (rate is None or rate.get("Status", "ACTIVE") != "ACTIVE"):
            raise Invalid(errors.tax_unknown(str(details["TaxType"])))
    return details


def _tracking(org: Organisation, item: dict[str, Any], element: Mapping[str, Any], *, check: bool) -> None:
    """An asset account and a cost account make an item tracked; it stays so (reference/xero 2.5)."""
    asset = element.get("InventoryAssetAccountCode")
    if asset:
        account = org.account(asset)
        if check and (account is None or account.get("Type") != "INVENTORY"):
            raise Invalid(errors.account_unknown(str(asset)))
        item["InventoryAssetAccountCode"] = str(asset)
    tracked = bool(item.get("InventoryAssetAccountCode"))
    purchase = item.get("PurchaseDetails") or {}
    if check and tracked and not purchase.get("COGSAccountCode"):
        raise Invalid("A tracked item needs a COGSAccountCode.")
    if check and tracked and purchase.get("AccountCode"):
        raise Invalid(errors.account_unknown(str(purchase["AccountCode"])))
    item["IsTrackedAsInventory"] = tracked
    if tracked:
        item.setdefault("QuantityOnHand", Decimal("0.0000"))
        item.setdefault("TotalCostPool", Decimal("0.00"))
