"""Text functions. Positions count from 1, as in a spreadsheet; lengths count characters."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from zx.catalog.fieldtypes import Number, Text
from zx.runtime.support import set_member
from zx.stdlib.signature import Argument, Function, Parameter, always
from zx.stdlib.types import ExprType, ListOf
from zx.values.text import digits, squeezed

_TEXT = Parameter("text", "text")


def text_length(type: ExprType) -> int | None:
    """The most characters a value of ``type`` can have, None when nothing limits it."""
    return type.length if isinstance(type, Text) else None


def _same_length(arguments: Sequence[Argument]) -> ExprType:
    return Text(text_length(arguments[0].type))


def _unlimited(arguments: Sequence[Argument]) -> ExprType:
    return Text()


def _number(arguments: Sequence[Argument]) -> ExprType:
    return Number()


def _counted(position: int) -> Any:
    """A result rule: as long as the constant count at ``position`` says, and never longer than the text."""

    def rule(arguments: Sequence[Argument]) -> ExprType:
        known = text_length(arguments[0].type)
        count = arguments[position].value
        if isinstance(count, Decimal):
            return Text(int(count) if known is None else min(int(count), known))
        return Text(known)

    return rule


def _joined(arguments: Sequence[Argument]) -> ExprType:
    items = arguments[1:]
    if any(isinstance(item.type, ListOf) for item in items):
        return Text()
    lengths = [text_length(item.type) for item in items]
    between = len(arguments[0].value) if isinstance(arguments[0].value, str) else None
    if between is None or any(length is None for length in lengths):
        return Text()
    return Text(sum(length or 0 for length in lengths) + between * (len(items) - 1))


def _none_sure(arguments: Sequence[Argument]) -> bool:
    """Whether every item of a ``join`` may be missing."""
    return all(item.maybe or isinstance(item.type, ListOf) for item in arguments[1:])


def left(text: str, count: Decimal) -> str:
    return text[: max(int(count), 0)]


def right(text: str, count: Decimal) -> str:
    size = max(int(count), 0)
    return text[-size:] if size else ""


def mid(text: str, start: Decimal, count: Decimal) -> str:
    first = max(int(start), 1) - 1
    return text[first : first + max(int(count), 0)]


def proper(text: str) -> str:
    """Every word with a capital first letter; an apostrophe does not start a word."""
    return " ".join(word[:1].upper() + word[1:].lower() for word in text.split(" "))


def join(between: str, *items: Any) -> str | None:
    """The items that are present with ``between`` between them; missing when none is."""
    flat: list[str] = []
    for item in items:
        if isinstance(item, list | tuple):
            flat.extend(set_member(part) for part in item if part is not None)
        elif item is not None:
            flat.append(str(item))
    return between.join(flat) if flat else None


def before(text: str, mark: str) -> str | None:
    """What stands before the first ``mark``; missing when there is none."""
    head, found, _ = text.partition(mark)
    return head if found else None


def after(text: str, mark: str) -> str | None:
    _, found, tail = text.partition(mark)
    return tail if found else None


TEXTS: tuple[Function, ...] = (
    Function(
        "trim",
        (_TEXT,),
        _same_length,
        squeezed,
        "Without blanks at the ends; runs of blanks become one.",
        ('trim("  Quay   Side ")', "Quay Side"),
    ),
    Function("upper", (_TEXT,), _same_length, str.upper, "In capitals.", ('upper("ab")', "AB")),
    Function("lower", (_TEXT,), _same_length, str.lower, "In small letters.", ('lower("A@B.example")', "a@b.example")),
    Function(
        "proper", (_TEXT,), _same_length, proper, "Every word with a capital.", ('proper("ADA o\'hara")', "Ada O'hara")
    ),
    Function(
        "left",
        (_TEXT, Parameter("count", "number")),
        _counted(1),
        left,
        "The first characters.",
        ('left("Widget", 3)', "Wid"),
    ),
    Function(
        "right",
        (_TEXT, Parameter("count", "number")),
        _counted(1),
        right,
        "The last characters.",
        ('right("Widget", 3)', "get"),
    ),
    Function(
        "mid",
        (_TEXT, Parameter("start", "number"), Parameter("count", "number")),
        _counted(2),
        mid,
        "Characters from a position on.",
        ('mid("Widget", 2, 3)', "idg"),
    ),
    Function("len", (_TEXT,), _number, lambda text: Decimal(len(text)), "How many characters.", ('len("Widget")', "6")),
    Function(
        "replace",
        (_TEXT, Parameter("old", "text"), Parameter("new", "text")),
        _unlimited,
        lambda text, old, new: text.replace(old, new) if old else text,
        "Every `old` as `new`.",
        ('replace("a-b-c", "-", " ")', "a b c"),
    ),
    Function(
        "join",
        (Parameter("between", "text"), Parameter("items", "text texts")),
        _joined,
        join,
        "The items that are present, with a text between them; missing when none is.",
        ('join(" ", "Ada", missing, "Lovelace")', "Ada Lovelace"),
        repeats=True,
        lenient=True,
        may_miss=_none_sure,
    ),
    Function(
        "digits",
        (_TEXT,),
        _same_length,
        lambda text: digits(text) or None,
        "Only the digits; missing when there are none.",
        ('digits("+61 (0)2 55")', "610255"),
        may_miss=always,
    ),
    Function(
        "before",
        (_TEXT, Parameter("mark", "text")),
        _same_length,
        before,
        "What stands before the first mark; missing without one.",
        ('before("AU-1001", "-")', "AU"),
        may_miss=always,
    ),
    Function(
        "after",
        (_TEXT, Parameter("mark", "text")),
        _same_length,
        after,
        "What stands after the first mark; missing without one.",
        ('after("AU-1001", "-")', "1001"),
        may_miss=always,
    ),
)
