"""Numbers and conversions. Everything is Decimal; ``round`` rounds halves away from zero, as bookkeepers do."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from zx.catalog.fieldtypes import Money, Number, Text
from zx.stdlib.signature import Argument, Function, Parameter, always
from zx.stdlib.types import ExprType, ListOf
from zx.values.money import decimal_from, plain, round_half_even, round_half_up

NUMBER_LENGTH = 40
"""Characters of a written number at most: 28 digits, a point and a sign, with room for zeros in front."""

_AMOUNT = Parameter("amount", "amount")
_PLACES = Parameter("places", "number", default=True)


def _same(arguments: Sequence[Argument]) -> ExprType:
    return arguments[0].type


def _same_item(arguments: Sequence[Argument]) -> ExprType:
    first = arguments[0].type
    return first.item if isinstance(first, ListOf) else first


def _lists_only(arguments: Sequence[Argument]) -> bool:
    return all(isinstance(item.type, ListOf) for item in arguments)


def _rounded(amount: Decimal, places: Decimal = Decimal(0)) -> Decimal:
    return round_half_up(amount, int(places))


def _rounded_even(amount: Decimal, places: Decimal = Decimal(0)) -> Decimal:
    return round_half_even(amount, int(places))


def least(*items: Any) -> Any:
    return min(_flat(items), default=None)


def greatest(*items: Any) -> Any:
    return max(_flat(items), default=None)


def _flat(items: Sequence[Any]) -> list[Any]:
    flat: list[Any] = []
    for item in items:
        if isinstance(item, list | tuple):
            flat.extend(part for part in item if part is not None)
        elif item is not None:
            flat.append(item)
    return flat


def _text_length(arguments: Sequence[Argument]) -> ExprType:
    kind = arguments[0].type
    return Text(NUMBER_LENGTH if isinstance(kind, Number | Money) else getattr(kind, "length", None))


def as_text(value: Any) -> str:
    """A number without needless zeros, a date as 2026-03-31, yes or no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return plain(value)
    return str(value)


NUMBERS: tuple[Function, ...] = (
    Function(
        "round",
        (_AMOUNT, _PLACES),
        _same,
        _rounded,
        "At so many decimals, halves away from zero.",
        ("round(2.165, 2)", "2.17"),
    ),
    Function(
        "round_even",
        (_AMOUNT, _PLACES),
        _same,
        _rounded_even,
        "At so many decimals, halves to the even neighbour.",
        ("round_even(2.165, 2)", "2.16"),
    ),
    Function("abs", (_AMOUNT,), _same, abs, "Without its sign.", ("abs(0 - 3)", "3")),
    Function(
        "floor",
        (_AMOUNT,),
        _same,
        lambda amount: amount.to_integral_value(ROUND_FLOOR),
        "The whole number below.",
        ("floor(2.9)", "2"),
    ),
    Function(
        "ceil",
        (_AMOUNT,),
        _same,
        lambda amount: amount.to_integral_value(ROUND_CEILING),
        "The whole number above.",
        ("ceil(2.1)", "3"),
    ),
    Function(
        "min",
        (Parameter("items", "comparable comparables"),),
        _same_item,
        least,
        "The least of several values or of a list.",
        ("min(3, 2, 5)", "2"),
        repeats=True,
        may_miss=_lists_only,
    ),
    Function(
        "max",
        (Parameter("items", "comparable comparables"),),
        _same_item,
        greatest,
        "The greatest of several values or of a list.",
        ("max(3, 2, 5)", "5"),
        repeats=True,
        may_miss=_lists_only,
    ),
    Function(
        "text",
        (Parameter("value", "text amount date instant bool"),),
        _text_length,
        as_text,
        "A number, date or yes/no as text.",
        ("text(2.50)", "2.5"),
    ),
    Function(
        "number",
        (Parameter("text", "text"),),
        lambda arguments: Number(),
        decimal_from,
        "The number a text holds; missing when it holds none.",
        ('number("12.50")', "12.5"),
        may_miss=always,
    ),
)
