"""What Xero will make of a payload: line amounts, taxes, total (reference/xero 4.1).

Pure arithmetic in Decimals. The sandbox computes the same figures by code of its own, so that one mistake cannot hide
behind the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from zx.values.dataclass import dataclass
from zx.values.money import ZERO, round_half_up

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class LineTotals:
    amount: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class DocumentTotals:
    """``total`` is what Xero will show as the document's total; ``lines`` has one entry for each line, text lines
    too."""

    lines: tuple[LineTotals, ...]
    subtotal: Decimal
    tax: Decimal
    total: Decimal


def line_amount(quantity: Decimal, unit_amount: Decimal, discount: Decimal = ZERO) -> Decimal:
    """Quantity and price, both as Xero keeps them (4 decimals), less the line's discount, rounded to cents."""
    return round_half_up(round_half_up(quantity, 4) * round_half_up(unit_amount, 4) - round_half_up(discount))


def line_tax(amount: Decimal, rate: Decimal, amounts_are: str) -> Decimal:
    """The tax of one line; ``amounts_are`` is ``exclusive``, ``inclusive`` or ``notax``."""
    if amounts_are == "exclusive":
        return round_half_up(amount * rate / _HUNDRED)
    if amounts_are == "inclusive":
        return round_half_up(amount * rate / (_HUNDRED + rate))
    return ZERO


def predict(lines: Sequence[Mapping[str, Any]], line_amount_types: str, rates: Mapping[str, Decimal]) -> DocumentTotals:
    """Totals of ``lines`` in Xero's own field names, sent with ``unitdp=4``.

    ``rates`` gives the effective rate in percent of each tax type; a line without tax type has no tax. A line without
    UnitAmount is a text line.
    """
    amounts_are = line_amount_types.lower()
    computed = []
    for line in lines:
        if "UnitAmount" not in line:
            computed.append(LineTotals(ZERO, ZERO))
            continue
        quantity = line.get("Quantity", Decimal(1))
        amount = line_amount(quantity, line["UnitAmount"], line.get("DiscountAmount", ZERO))
        rate = rates.get(line.get("TaxType", ""), ZERO)
        tax = line.get("TaxAmount", line_tax(amount, rate, amounts_are))
        computed.append(LineTotals(amount, tax))
    amount_sum = sum((line.amount for line in computed), ZERO)
    tax_sum = sum((line.tax for line in computed), ZERO)
    if amounts_are == "inclusive":
        return DocumentTotals(tuple(computed), amount_sum - tax_sum, tax_sum, amount_sum)
    return DocumentTotals(tuple(computed), amount_sum, tax_sum, amount_sum + tax_sum)
