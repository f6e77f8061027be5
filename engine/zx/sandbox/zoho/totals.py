"""Zoho's arithmetic (reference/zoho 3.1 to 3.4): decimal, half up at two places, sums never rounded again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from zx.values.money import ZERO, decimal_from, plain, round_half_up

RECORD_INPUTS = frozenset({"Discount", "Adjustment", "$line_tax"})
"""Fields of a record that move its totals (besides its rows)."""


def amount(value: Any) -> Decimal:
    """A number of a record; nothing counts as 0."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str):
        return decimal_from(value) or ZERO
    return ZERO


def tidy(number: Decimal) -> Decimal:
    """``number`` without needless zeros: Zoho writes 412.5 and 3."""
    return Decimal(plain(number))


def discount_amount(given: Any, total: Decimal) -> Decimal:
    """An amount for the whole line, or a share of it written ``"10%"`` (reference/zoho 3.2)."""
    if isinstance(given, str) and given.strip().endswith("%"):
        return round_half_up(total * (decimal_from(given.strip()[:-1]) or ZERO) / 100)
    return round_half_up(amount(given))


def line_total(row: Mapping[str, Any]) -> Decimal:
    return round_half_up(amount(row.get("Quantity")) * amount(row.get("List_Price")))


def compute_row(row: dict[str, Any]) -> Decimal:
    """Fills the computed fields of ``row`` in place and returns its Net_Total."""
    total = line_total(row)
    discount = discount_amount(row.get("Discount"), total)
    after = total - discount
    tax = ZERO
    taxes = []
    for line_tax in row.get("Line_Tax") or []:
        value = round_half_up(after * amount(line_tax.get("percentage")) / 100)
        tax += value
        taxes.append({**line_tax, "value": tidy(value)})
    row["Total"] = tidy(total)
    row["Discount"] = tidy(discount)
    row["Total_After_Discount"] = tidy(after)
    row["Line_Tax"] = taxes
    row["Tax"] = tidy(tax)
    row["Net_Total"] = tidy(after + tax)
    return after + tax


def compute_record(record: dict[str, Any], rows: Iterable[dict[str, Any]]) -> None:
    """Fills the totals of ``record`` and of its ``rows`` in place."""
    sub_total = sum((compute_row(row) for row in rows), ZERO)
    base = sub_total - amount(record.get("Discount"))
    tax = ZERO
    taxes = []
    for record_tax in record.get("$line_tax") or []:
        value = round_half_up(base * amount(record_tax.get("percentage")) / 100)
        tax += value
        taxes.append({**record_tax, "value": tidy(value)})
    record["$line_tax"] = taxes
    record["Sub_Total"] = tidy(sub_total)
    record["Discount"] = tidy(amount(record.get("Discount")))
    record["Adjustment"] = tidy(amount(record.get("Adjustment")))
    record["Tax"] = tidy(tax)
    record["Grand_Total"] = tidy(base + tax + amount(record.get("Adjustment")))
