"""Calendar functions on ISO dates. The only clock is the date of the run, which is handed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from zx.catalog.fieldtypes import Date, Number, Text
from zx.stdlib.signature import Argument, Function, Parameter
from zx.stdlib.types import ExprType
from zx.values.dates import days_between, end_of_month, local_date
from zx.values.money import round_half_up

_DATE = Parameter("date", "date")


def _date(arguments: Sequence[Argument]) -> ExprType:
    return Date()


def _number(arguments: Sequence[Argument]) -> ExprType:
    return Number()


def _from_text(arguments: Sequence[Argument]) -> bool:
    return isinstance(arguments[0].type, Text)


def to_date(context: Any, value: str) -> str | None:
    """The day of an instant in the sync's zone, a date as it is, or the date a text holds (None: it holds none)."""
    if len(value) == 10:
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            return None
    try:
        return local_date(value, context.timezone)
    except ValueError:
        return None


_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def format_value(value: Any, pattern: str) -> str:
    """A date by ``yyyy yy mmmm mmm mm m dd d``; a number by the decimals of ``0.00`` (``#,##0.00`` with separators)."""
    if isinstance(value, Decimal):
        whole = pattern.partition(".")
        rounded = round_half_up(value, len(whole[2]))
        return f"{rounded:,f}" if "," in whole[0] else f"{rounded:f}"
    day = date.fromisoformat(value[:10])
    pieces = {
        "yyyy": f"{day.year:04d}",
        "yy": f"{day.year % 100:02d}",
        "mmmm": _NAMES[day.month - 1],
        "mmm": _NAMES[day.month - 1][:3],
        "mm": f"{day.month:02d}",
        "m": str(day.month),
        "dd": f"{day.day:02d}",
        "d": str(day.day),
    }
    result = ""
    position = 0
    while position < len(pattern):
        token = next((piece for piece in pieces if pattern.startswith(piece, position)), None)
        result += pieces[token] if token else pattern[position]
        position += len(token) if token else 1
    return result


DATES: tuple[Function, ...] = (
    Function(
        "date",
        (Parameter("value", "date instant text"),),
        _date,
        to_date,
        "The day of an instant in the sync's time zone, or the date a text holds.",
        ('date("2026-03-31")', "2026-03-31"),
        context=True,
        may_miss=_from_text,
    ),
    Function(
        "format",
        (Parameter("value", "date amount"), Parameter("pattern", "text")),
        lambda arguments: Text(),
        format_value,
        "A date by `yyyy yy mmmm mmm mm m dd d`, or a number by `0.00` (`#,##0.00` with separators), as text.",
        ('format(2026-03-31, "yymmdd")', "260331"),
    ),
    Function(
        "day",
        (_DATE,),
        _number,
        lambda day: Decimal(int(day[8:10])),
        "The day of the month.",
        ("day(2026-03-31)", "31"),
    ),
    Function(
        "month",
        (_DATE,),
        _number,
        lambda day: Decimal(int(day[5:7])),
        "The month, 1 to 12.",
        ("month(2026-03-31)", "3"),
    ),
    Function("year", (_DATE,), _number, lambda day: Decimal(int(day[:4])), "The year.", ("year(2026-03-31)", "2026")),
    Function(
        "weekday",
        (_DATE,),
        _number,
        lambda day: Decimal(date.fromisoformat(day).isoweekday()),
        "1 for Monday to 7 for Sunday.",
        ("weekday(2026-03-31)", "2"),
    ),
    Function(
        "end_of_month",
        (_DATE,),
        _date,
        end_of_month,
        "The last day of its month.",
        ("end_of_month(2026-02-10)", "2026-02-28"),
    ),
    Function(
        "days_between",
        (Parameter("first", "date"), Parameter("second", "date")),
        _number,
        lambda first, second: Decimal(days_between(first, second)),
        "Days from the first to the second.",
        ("days_between(2026-03-01, 2026-03-31)", "30"),
    ),
    Function(
        "run_date",
        (),
        _date,
        lambda context: context.run_date,
        "The date of this run in the sync's time zone.",
        ("run_date()", "2026-04-01"),
        context=True,
    ),
)
