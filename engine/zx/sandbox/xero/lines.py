"""Line items: merging by LineItemID, defaults from items and accounts, checks and amounts (reference/xero 2.1, 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zx.sandbox.xero import errors
from zx.sandbox.xero.errors import Invalid
from zx.sandbox.xero.organisation import Organisation, new_id
from zx.sandbox.xero.shapes import folded, number_of
from zx.sandbox.xero.totals import LineInput, compute_line
from zx.values.money import ZERO, round_half_up

_TEXT = ("Description", "ItemCode", "AccountCode", "TaxType")
_NUMBERS = ("Quantity", "UnitAmount", "LineAmount", "TaxAmount", "DiscountRate", "DiscountAmount")
_COMPUTED = ("LineAmount", "TaxAmount")


@dataclass(frozen=True, slots=True)
class LineRules:
    """How the lines of one document are read. ``mode``: EXCLUSIVE, INCLUSIVE, NOTAX; ``strict``: it is or becomes
    approved; ``sales``: sales side of items; ``tax_from_account``: false for quotes (reference/xero 2.3);
    ``discounts``: ACCREC and quotes only; ``check``: false for an edit in the web page that only needs arithmetic."""

    mode: str
    strict: bool
    sales: bool
    dp: int
    tax_from_account: bool = True
    discounts: bool = True
    check: bool = True


def merge(stored: list[dict[str, Any]], sent: Any, *, keep_others: bool = False) -> list[dict[str, Any]]:
    """Lines after an update (reference/xero 2.1): a known LineItemID changes that line, no id is a new line, a line
    that is not sent is gone (unless ``keep_others`` and some line was named by its id). Raises Invalid."""
    if not isinstance(sent, list) or not all(isinstance(item, Mapping) for item in sent):
        raise Invalid(errors.bad_value("LineItems", sent))
    known = {folded(line["LineItemID"]): line for line in stored}
    result: list[dict[str, Any]] = []
    named: set[str] = set()
    for item in sent:
        line_id = folded(item.get("LineItemID") or "")
        old = known.get(line_id)
        named.add(line_id)
        result.append(_merged_line(old, item))
    if keep_others and named & known.keys():
        rest = [dict(line) for line_id, line in known.items() if line_id not in named]
        order = list(known)
        result = sorted([*rest, *result], key=lambda line: _place(order, folded(line["LineItemID"])))
    return result


def build(org: Organisation, lines: list[dict[str, Any]], rules: LineRules) -> list[dict[str, Any]]:
    """Lines as Xero keeps them: defaults filled, checked, computed. Raises Invalid with every line's messages."""
    built: list[dict[str, Any]] = []
    messages: list[str] = []
    for line in lines:
        try:
            built.append(_build_line(org, line, rules))
        except Invalid as invalid:
            messages.extend(message for message in invalid.messages if message not in messages)
    if messages:
        raise Invalid(*messages)
    return built


def _merged_line(old: Mapping[str, Any] | None, item: Mapping[str, Any]) -> dict[str, Any]:
    line: dict[str, Any] = {"LineItemID": old["LineItemID"] if old is not None else new_id()}
    if old is not None:
        line.update({key: value for key, value in old.items() if key not in _COMPUTED})
        if old.get("_DiscountIsAmount"):
            line.pop("DiscountRate", None)
        if "DiscountRate" in item or "DiscountAmount" in item:
            line.pop("DiscountRate", None)
            line.pop("DiscountAmount", None)
        if "ItemCode" in item and item["ItemCode"] != old.get("ItemCode"):
            line.pop("Item", None)
        if "AccountCode" in item and item["AccountCode"] != old.get("AccountCode"):
            line.pop("AccountID", None)
    for name in _TEXT:
        if item.get(name) is not None:
            line[name] = str(item[name])
    for name in _NUMBERS:
        if item.get(name) is not None:
            number = number_of(item[name])
            if number is None:
                raise Invalid(errors.bad_value(name, item[name]))
            line[name] = number
    if item.get("AccountID") is not None and "AccountCode" not in item:
        line["AccountID"] = str(item["AccountID"])
        line.pop("AccountCode", None)
    if isinstance(item.get("Tracking"), list):
        line["Tracking"] = [dict(entry) for entry in item["Tracking"] if isinstance(entry, Mapping)][:2]
    return line


def _build_line(org: Organisation, given: dict[str, Any], rules: LineRules) -> dict[str, Any]:
    line = {key: value for key, value in given.items() if value != "" or key == "Description"}
    _from_item(org, line, rules)
    if len(str(line.get("Description", ""))) > 4000:
        raise Invalid(errors.too_long("Description", 4000))
    if not any(name in line for name in ("Quantity", "UnitAmount", "LineAmount", "ItemCode", "AccountCode")):
        if not line.get("Description") and rules.check:
            raise Invalid(errors.NO_DESCRIPTION)
        return {**line, "LineAmount": round_half_up(ZERO), "TaxAmount": round_half_up(ZERO)}  # a comment line
    account = _account(org, line, rules)
    rate = _tax(org, line, account, rules)
    if rules.strict and rules.check and not line.get("Description"):
        raise Invalid(errors.NO_DESCRIPTION)
    return _amounts(line, rate, rules)


def _amounts(line: dict[str, Any], rate: Decimal, rules: LineRules) -> dict[str, Any]:
    rate_given, amount_given = line.get("DiscountRate"), line.get("DiscountAmount")
    if not rules.discounts and (rate_given or amount_given):
        raise Invalid(errors.discount_too_big(rate_given or amount_given or ZERO))
    result = compute_line(
        LineInput(
            line.get("Quantity"),
            line.get("UnitAmount"),
            line.get("LineAmount"),
            rate_given,
            amount_given if rate_given is None else None,
            line.get("TaxAmount"),
            rate,
            rules.mode,
            rules.dp,
        )
    )
    line.update(
        Quantity=result.quantity,
        UnitAmount=result.unit_amount,
        LineAmount=result.line_amount,
        TaxAmount=result.tax_amount,
        _Discount=result.discount,
    )
    line.pop("_DiscountIsAmount", None)
    if rate_given is not None:
        line["DiscountRate"] = round_half_up(rate_given)
        line.pop("DiscountAmount", None)
    elif amount_given is not None:
        gross = result.line_amount + result.discount
        line["DiscountAmount"] = round_half_up(amount_given)
        line["_DiscountIsAmount"] = True
        if gross:  # an answer shows both (reference/xero 4.4, the round-trip trap)
            line["DiscountRate"] = round_half_up(amount_given * 100 / gross)
    return line


def _from_item(org: Organisation, line: dict[str, Any], rules: LineRules) -> None:
    """An existing item fills what the line leaves out."""
    code = line.get("ItemCode")
    if code is None:
        return
    item = org.item(str(code))
    if item is None:
        if rules.check:
            raise Invalid(errors.item_unknown(str(code)))
        return
    details = item.get("SalesDetails" if rules.sales else "PurchaseDetails") or {}
    text = item.get("Description" if rules.sales else "PurchaseDescription")
    if line.get("Description") in (None, "") and text:
        line["Description"] = text
    for own, theirs in (("UnitAmount", "UnitPrice"), ("AccountCode", "AccountCode"), ("TaxType", "TaxType")):
        if (
            line.get(own) is None
            and details.get(theirs) is not None
            and not (own == "UnitAmount" and "LineAmount" in line)
        ):
            if own == "AccountCode" and line.get("AccountID"):
                continue
            line[own] = details[theirs]
    line["ItemCode"] = item["Code"]
    line["Item"] = {key: item[key] for key in ("ItemID", "Name", "Code") if item.get(key) is not None}


def _account(org: Organisation, line: dict[str, Any], rules: LineRules) -> dict[str, Any] | None:
    code, account_id = line.get("AccountCode"), line.get("AccountID")
    if code is None and account_id is None:
        if rules.strict and rules.check:
            raise Invalid(errors.NO_ACCOUNT)
        return None
    account = org.account(code, account_id)
    if account is None or (rules.check and not _usable(account)):
        if rules.check:
            raise Invalid(errors.account_unknown(str(code or account_id)))
        return None
    line["AccountCode"] = account.get("Code")
    line["AccountID"] = account["AccountID"]
    return account


def _usable(account: Mapping[str, Any]) -> bool:
    """Invoice lines may use neither archived accounts nor bank, debtor and creditor accounts (reference/xero 2.6)."""
    return (
        account.get("Status", "ACTIVE") == "ACTIVE"
        and account.get("Type") != "BANK"
        and account.get("SystemAccount") not in ("DEBTORS", "CREDITORS")
    )


def _tax(org: Organisation, line: dict[str, Any], account: Mapping[str, Any] | None, rules: LineRules) -> Decimal:
    """The line's effective rate in percent."""
    if rules.mode == "NOTAX":
        line["TaxType"] = "NONE"
        return ZERO
    tax_type = line.get("TaxType")
    if tax_type is None and rules.tax_from_account and account is not None and account.get("TaxType"):
        tax_type = line["TaxType"] = account["TaxType"]
    if tax_type is None:
        return ZERO
    rate = org.tax_rates.get(str(tax_type))
    if rate is None and tax_type == "NONE":
        rate = {"EffectiveRate": ZERO}
    if rate is None or rate.get("Status", "ACTIVE") != "ACTIVE":
        if rules.check:
            raise Invalid(errors.tax_unknown(str(tax_type)))
        return ZERO
    if rules.check and account is not None and not org.tax_fits(rate, account):
        raise Invalid(errors.tax_unfit(str(tax_type), str(account.get("Code"))))
    if rules.check and tax_type == "NONE" and line.get("TaxAmount"):
        raise Invalid(errors.bad_value("TaxAmount", line["TaxAmount"]))
    return number_of(rate.get("EffectiveRate")) or ZERO


def _place(order: list[str], line_id: str) -> int:
    return order.index(line_id) if line_id in order else len(order)
