"""Cells of tables: what their text means in a column of some type."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from zx.catalog.fieldtypes import Bool, Date, DateTime, Enum, Money, Number, OneOf, Ref, SetOf
from zx.check.fitting import check_choice, check_code
from zx.check.scope import World
from zx.stdlib.types import ExprType, Reported, describe
from zx.syntax import ast
from zx.values.money import decimal_from, plain

_TAX = re.compile(r'^(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>.*?))\s+(?P<percentage>\d+(?:\.\d+)?)\s?%$')

WRONG = object()
"""A cell that was reported."""


def cell_value(world: World, cell: ast.CellValue, kind: ExprType, *, matching: bool) -> object:
    """The run-time value a cell names in a column of ``kind``; WRONG when it was reported.

    ``matching``: the cell is compared with values that are read, so that open picklists take any text and sets come
    as frozen sets; otherwise it is a result.
    """
    if isinstance(kind, Reported):
        return WRONG
    if isinstance(kind, SetOf):
        return _set(world, cell, kind, matching)
    if isinstance(kind, Number | Money):
        number = decimal_from(cell.text.removesuffix("%"))
        if number is None or cell.quoted:
            return _wrong(world, cell, kind)
        return number / 100 if cell.text.endswith("%") else number
    if isinstance(kind, Date):
        return cell.text if _is_date(cell.text) else _wrong(world, cell, kind)
    if isinstance(kind, Bool):
        return cell.text == "yes" if cell.text in ("yes", "no") else _wrong(world, cell, kind)
    if isinstance(kind, DateTime):
        return _wrong(world, cell, kind)
    if isinstance(kind, Enum | OneOf):
        return cell.text if check_choice(world, cell.text, kind, cell.span, quoted=cell.quoted) else WRONG
    if isinstance(kind, Ref):
        if world.catalogue.is_list(kind.system, kind.name):
            return cell.text if check_code(world, cell.text, kind, cell.span) else WRONG
        return cell.text if matching else _wrong(world, cell, kind)
    return cell.text


def _wrong(world: World, cell: ast.CellValue, kind: ExprType) -> object:
    formula = " written as a formula, `= …`" if isinstance(kind, Ref | DateTime) else ""
    world.reporter.error(
        "E0301",
        f"this column holds {describe(kind)}, `{cell.text}` is none",
        cell.span,
        f"{describe(kind)}{formula} belongs here",
    )
    return WRONG


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _set(world: World, cell: ast.CellValue, kind: SetOf, matching: bool) -> object:
    entries: list[object] = []
    for member in cell.members or (cell,):
        if kind.name != "Tax":
            entries.append(member.text)
            continue
        found = _TAX.match(member.text)
        if found is None:
            _without_percentage(world, member, kind)
            return WRONG
        quoted = found["quoted"]
        name = found["plain"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        entries.append((name, Decimal(found["percentage"])))
    if matching:
        return frozenset(entries)
    return [{"name": entry[0], "percentage": entry[1]} if isinstance(entry, tuple) else entry for entry in entries]


def _without_percentage(world: World, cell: ast.CellValue, kind: SetOf) -> None:
    """E0410: ``GST`` could be any rate; the cure is known when the organisation has one tax of that name."""
    taxes = world.catalogue.list(kind.system, kind.name) or {}
    same = [code for code, entry in taxes.items() if entry.attributes.get("name") == cell.text]
    world.reporter.error(
        "E0410",
        "a Zoho tax is named with its percentage",
        cell.span,
        f"`{cell.text}` could be any rate",
        fix=same[0] if len(same) == 1 else None,
        help=None if len(same) == 1 else f"{cell.text} 10%",
    )


def percentage_of(entries: object) -> Decimal | None:
    """The percentages of a set of taxes added up."""
    if not isinstance(entries, frozenset):
        return None
    rates = [entry[1] for entry in entries if isinstance(entry, tuple)]
    return sum(rates, Decimal(0)) if len(rates) == len(entries) else None


def rate_shown(rate: Decimal) -> str:
    return f"{plain(rate)} %"
