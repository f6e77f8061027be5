"""Functions over lists: the rows of a record, or one field of all its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from zx.catalog.fieldtypes import Number, SetOf, Text
from zx.runtime.support import set_member
from zx.stdlib.signature import Argument, Function, Parameter, always
from zx.stdlib.types import ExprType, ListOf


def _item(arguments: Sequence[Argument]) -> ExprType:
    first = arguments[0].type
    return first.item if isinstance(first, ListOf) else Text() if isinstance(first, SetOf) else first


def _first(items: Sequence[Any] | None) -> Any:
    found = next((item for item in items or () if item is not None), None)
    return set_member(found) if isinstance(found, Mapping) and "percentage" in found else found


LISTS: tuple[Function, ...] = (
    Function(
        "count",
        (Parameter("list", "list"),),
        lambda arguments: Number(),
        lambda items: Decimal(len(items or ())),
        "How many entries; 0 when the list is empty.",
        ("count(missing)", "0"),
        lenient=True,
    ),
    Function(
        "sum",
        (Parameter("list", "amounts"),),
        _item,
        lambda items: sum((item for item in items or () if item is not None), Decimal(0)),
        "All entries added up; missing ones are left out.",
        ("sum(missing)", "0"),
        lenient=True,
    ),
    Function(
        "first",
        (Parameter("list", "items"),),
        _item,
        _first,
        "The first entry that is present.",
        ("first(missing)", "missing"),
        lenient=True,
        may_miss=always,
    ),
)
