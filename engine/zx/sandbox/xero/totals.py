"""Xero's arithmetic (reference/xero 4.1): decimal, half away from zero, tax rounded per line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zx.sandbox.xero import errors
from zx.sandbox.xero.errors import Invalid
from zx.values.money import ZERO, round_half_up

_TOP = Decimal("9999999999.99")


@dataclass(frozen=True, slots=True)
class LineInput:
    """What a line states. ``dp``: decimals of a unit amount (2, or 4 with unitdp=4); ``rate``: effective tax rate in
    percent; ``mode``: EXCLUSIVE, INCLUSIVE or NOTAX; ``tax_amount``: an override."""

    quantity: Decimal | None
    unit_amount: Decimal | None
    line_amount: Decimal | None
    discount_rate: Decimal | None
    discount_amount: Decimal | None
    tax_amount: Decimal | None
    rate: Decimal
    mode: str
    dp: int


@dataclass(frozen=True, slots=True)
class LineResult:
    quantity: Decimal
    unit_amount: Decimal
    line_amount: Decimal
    tax_amount: Decimal
    discount: Decimal


def compute_line(line: LineInput) -> LineResult:
    """Steps 1 to 7 of reference/xero 4.1, and the check of a stated line amount (4.3). Raises Invalid."""
    quantity, unit = _quantity_and_unit(line)
    gross = round_half_up(quantity * unit)
    amount = _after_discount(line, quantity * unit, gross)
    if abs(amount) > _TOP:
        raise Invalid(errors.bad_value("LineAmount", amount))
    stated = line.line_amount
    if stated is not None and line.quantity is not None and line.unit_amount is not None:
        if stated == 0 and amount == 0 and gross != 0:
            raise Invalid(errors.line_mismatch(-gross, amount))  # a stated 0 counts as nothing stated (4.3)
        if round_half_up(stated) != amount:
            raise Invalid(errors.line_mismatch(stated, amount))
    return LineResult(quantity, unit, amount, _tax(line, amount), gross - amount)


def document_totals(lines: Iterable[Mapping[str, Any]], mode: str) -> dict[str, Decimal]:
    """Steps 8 to 10: SubTotal, TotalTax, Total and TotalDiscount."""
    net = tax = discount = ZERO
    for line in lines:
        net += line.get("LineAmount") or ZERO
        tax += line.get("TaxAmount") or ZERO
        discount += line.get("_Discount") or ZERO
    sub_total = net - tax if mode == "INCLUSIVE" else net
    return {
        "SubTotal": round_half_up(sub_total),
        "TotalTax": round_half_up(tax),
        "Total": round_half_up(sub_total + tax),
        "TotalDiscount": round_half_up(discount),
    }


def _quantity_and_unit(line: LineInput) -> tuple[Decimal, Decimal]:
    """What is missing is derived from the rest (reference/xero 4.3)."""
    quantity, unit, amount = line.quantity, line.unit_amount, line.line_amount
    if quantity is not None:
        quantity = round_half_up(quantity, 4)
    if unit is not None:
        unit = round_half_up(unit, line.dp)
    if unit is None and amount is not None:
        divisor = quantity if quantity else Decimal(1)
        return divisor, round_half_up(amount / divisor, line.dp)
    if quantity is None and amount is not None and unit:
        return round_half_up(amount / unit, 4), unit
    if unit is None:
        return quantity if quantity is not None else Decimal(1), ZERO
    return quantity if quantity is not None else Decimal(1), unit


def _after_discount(line: LineInput, exact: Decimal, gross: Decimal) -> Decimal:
    if line.discount_rate is not None:  # the rate wins where both are sent (4.4)
        rate = round_half_up(line.discount_rate)
        if not 0 <= rate <= 100:
            raise Invalid(errors.discount_too_big(rate))
        return round_half_up(exact * (100 - rate) / 100)
    if line.discount_amount is not None:
        discount = round_half_up(line.discount_amount)
        if discount < 0 or discount > gross:
            raise Invalid(errors.discount_too_big(discount))
        return round_half_up(exact - discount)
    return gross


def _tax(line: LineInput, amount: Decimal) -> Decimal:
    if line.mode == "NOTAX":
        return round_half_up(ZERO)
    if line.tax_amount is not None:
        return round_half_up(line.tax_amount)
    if line.mode == "INCLUSIVE":
        return round_half_up(amount * line.rate / (100 + line.rate))
    return round_half_up(amount * line.rate / 100)
