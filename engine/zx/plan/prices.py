"""How a line that is worth an amount is written as quantity and price (starter rules 2.1), and how a document's
discount
is spread over its lines (starter rules 2.2)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

from zx.values.dataclass import dataclass
from zx.values.money import CENT, ZERO, plain, round_half_up

_FOUR = Decimal("0.0001")
_DESCRIPTION_LENGTH = 4000
"""The longest line description Xero takes (reference/xero 2.1)."""


@dataclass(frozen=True, slots=True)
class PriceForm:
    """Quantity and unit price whose rounded product is the amount. ``single``: the quantity went into the
    description."""

    quantity: Decimal
    unit_amount: Decimal
    single: bool = False


def price_form(amount: Decimal, quantity: Decimal) -> PriceForm:
    """The first form whose rounded product is ``amount``: price at 2 decimals, at 4, then quantity 1 at the full
    amount.

    A negative quantity moves its sign to the price, since Xero refuses negative quantities.
    """
    size = abs(quantity)  # the amount carries the sign
    if size > 0 and size == size.quantize(_FOUR):
        for places in (2, 4):
            price = round_half_up(amount / size, places)
            if round_half_up(size * price) == amount:
                return PriceForm(size, price)
    return PriceForm(Decimal(1), amount, single=True)


def single_description(description: str, quantity: Decimal) -> str:
    """``description`` with the quantity that the quantity-1 form cannot show."""
    suffix = f" (quantity {plain(quantity)})"
    return description[: _DESCRIPTION_LENGTH - len(suffix)] + suffix


def spread_shares(total: Decimal, gross: Sequence[Decimal]) -> list[Decimal] | None:
    """``total`` split over ``gross`` by size, in cents, by largest remainder; the shares add up to ``total``.

    Lines that are zero or below carry nothing. A total below zero is a surcharge, shared in the same way. None when the
    lines cannot carry the total.
    """
    carriers = [max(amount, ZERO) for amount in gross]
    whole = sum(carriers, ZERO)
    if total == 0:
        return [ZERO for _ in gross]
    if whole <= 0 or total > whole:
        return None
    exact = [total * amount / whole for amount in carriers]
    shares = [share.quantize(CENT, rounding=ROUND_FLOOR) for share in exact]
    left = int((total - sum(shares, ZERO)) / CENT)
    order = sorted(range(len(exact)), key=lambda index: (shares[index] - exact[index], index))
    for index in order[:left]:
        shares[index] += CENT
    return shares
