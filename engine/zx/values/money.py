"""Exact decimal amounts. No float ever enters; every rounding is named at its call."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, InvalidOperation

CENT = Decimal("0.01")
ZERO = Decimal(0)


def round_half_up(amount: Decimal, places: int = 2) -> Decimal:
    """``amount`` at ``places`` decimals, halves away from zero: the accounting convention, and Xero's
    (reference/xero 4.1: 2.165 becomes 2.17)."""
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def round_half_even(amount: Decimal, places: int = 2) -> Decimal:
    """``amount`` at ``places`` decimals, halves to the even neighbour."""
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)


def decimal_from(text: str) -> Decimal | None:
    """The finite decimal written in ``text``, or None when it is none (``"12.50"`` yes; ``"NaN"``, ``"1e5"`` no)."""
    stripped = text.strip()
    if not stripped or stripped.lower().strip("+-").startswith(("nan", "inf", "snan")) or "e" in stripped.lower():
        return None
    try:
        return Decimal(stripped)
    except InvalidOperation:
        return None


def plain(number: Decimal) -> str:
    """``number`` as digits without exponent and without needless zeros: ``Decimal("33.3300")`` gives ``33.33``."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def amount_text(amount: Decimal) -> str:
    """``amount`` for people and documents: two decimals at least, more only where they carry something."""
    text = plain(amount)
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction.ljust(2, '0')}"
