"""Is there a row for everything? Each column is cut into atoms; a combination that no row takes is a gap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import ClassVar

from zx.catalog.fieldtypes import Bool, Date, Enum, Money, Number, OneOf, Text
from zx.check.cells import WRONG, cell_value
from zx.check.scope import World
from zx.check.settings import constant_value
from zx.stdlib.types import ExprType, Reported
from zx.syntax import ast
from zx.values.dataclass import dataclass
from zx.values.money import plain

_LIMIT = 20_000
"""Combinations looked at; a larger table must end with a row of ``*``, which makes it complete by itself."""


@dataclass(frozen=True, slots=True)
class Column:
    """What can stand in one column. ``constant`` is the value where it is known.

    ``among`` lists the only values that what stands above lets through, None where nothing does; ``besides`` are
    values that it keeps out.
    """

    UNKNOWN: ClassVar[object] = object()

    label: str
    type: ExprType
    optional: bool
    constant: object = UNKNOWN
    among: tuple[str, ...] | None = None
    besides: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Gap:
    """A combination without a row: in words, and as the cells of a row."""

    words: tuple[str, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Atom:
    """A part of a column that every cell takes as a whole or not at all. ``value`` stands for it."""

    value: object
    cell: str
    words: str


OTHER = object()


def first_gap(world: World, rows: ast.Rows, columns: Sequence[Column]) -> Gap | None:
    """The first combination that no row takes, or None."""
    width = len(columns)
    complete = [row for row in rows.rows if len(row.cells) == width + 1]
    if any(isinstance(column.type, Reported) for column in columns):
        return None
    if any(_is_wrong(world, row.cells[index], column) for row in complete for index, column in enumerate(columns)):
        return None  # Reported there; what the cell was meant to take is unknown.
    if any(all(isinstance(cell, ast.AnyCell) for cell in row.cells[:width]) for row in complete):
        return None
    atoms = [_atoms(world, column, [row.cells[index] for row in complete]) for index, column in enumerate(columns)]
    count = 1
    for part in atoms:
        count *= len(part)
    if count > _LIMIT:
        return Gap(("every value: the table is too large to look through",), tuple("*" for _ in columns))
    taken = [
        [
            [takes(world, row.cells[index], column, atom.value) for atom in atoms[index]]
            for index, column in enumerate(columns)
        ]
        for row in complete
    ]
    for choice in product(*(range(len(part)) for part in atoms)):
        if not any(all(row[index][atom] for index, atom in enumerate(choice)) for row in taken):
            return _gap(columns, [atoms[index][atom] for index, atom in enumerate(choice)])
    return None


def _is_wrong(world: World, cell: ast.Cell, column: Column) -> bool:
    if not isinstance(cell, ast.ValuesCell):
        return False
    return any(
        cell_value(world, item, column.type, matching=True) is WRONG
        for item in cell.values
        if item.text != "missing" or item.quoted
    )


def _gap(columns: Sequence[Column], atoms: Sequence[Atom]) -> Gap:
    words = tuple(
        f"{column.label} {atom.words}" for column, atom in zip(columns, atoms, strict=True) if atom.cell != "*"
    )
    words = words or tuple(f"{column.label} {atom.words}" for column, atom in zip(columns, atoms, strict=True))
    return Gap(words, tuple(atom.cell for atom in atoms))


def atoms_of(world: World, column: Column, cells: Sequence[ast.Cell]) -> list[Atom]:
    """The atoms of a column, values that an open picklist does not name (yet) included."""
    atoms = _atoms(world, replace(column, constant=Column.UNKNOWN, among=None, besides=frozenset()), cells)
    known = {atom.value for atom in atoms}
    if isinstance(column.type, Enum) and OTHER not in known:
        named = [item.text for cell in cells if isinstance(cell, ast.ValuesCell) for item in cell.values]
        extra = [text for text in dict.fromkeys(named) if text not in known]
        atoms += [Atom(text, text, f'"{text}"') for text in extra]
        atoms.append(Atom(OTHER, "*", "of any other value"))
    return atoms


def _atoms(world: World, column: Column, cells: Sequence[ast.Cell]) -> list[Atom]:
    if column.constant is not Column.UNKNOWN:
        return [Atom(column.constant, str(column.constant), f'"{column.constant}"')]
    if all(isinstance(cell, ast.AnyCell) for cell in cells):
        return [Atom(OTHER, "*", "of any kind")]
    if column.among is not None and isinstance(column.type, Text | OneOf | Enum):
        atoms = [Atom(value, value, f'"{value}"') for value in column.among]
    else:
        atoms = [atom for atom in _known_atoms(world, column, cells) if atom.value not in column.besides]
    if column.optional:
        atoms.append(Atom(None, "missing", "that is missing"))
    return atoms


def _known_atoms(world: World, column: Column, cells: Sequence[ast.Cell]) -> Iterator[Atom]:
    kind = column.type
    if isinstance(kind, OneOf):
        yield from (Atom(value, value, f'"{value}"') for value in kind.values)
    elif isinstance(kind, Enum) and (enumeration := world.catalogue.enumeration(kind.system, kind.name)):
        # An open picklist can hold more than its list says; such a value stops its record at run time.
        yield from (Atom(value, value, f'"{value}"') for value in enumeration.values)
        if not enumeration.values:
            yield Atom(OTHER, "*", "of any other value")
    elif isinstance(kind, Bool):
        yield Atom(True, "yes", "yes")
        yield Atom(False, "no", "no")
    elif isinstance(kind, Number | Money):
        yield from _intervals(sorted(_numbers(cells)))
    elif isinstance(kind, Date) and any(isinstance(cell, ast.CompareCell) for cell in cells):
        days = sorted(_days(cells))
        yield Atom("0001-01-01", "*", f"before {days[0]}" if days else "of any day")
        for day in days:
            yield Atom(day, day, day)
            yield Atom(day + "+", "*", f"after {day}")
    else:
        mentioned: list[object] = []
        for cell in cells:
            for item in cell.values if isinstance(cell, ast.ValuesCell) else ():
                value = cell_value(world, item, kind, matching=True)
                if value is not WRONG and value not in mentioned and not (item.text == "missing" and not item.quoted):
                    mentioned.append(value)
                    yield Atom(value, item.text, f'"{item.text}"')
        yield Atom(OTHER, "*", "of any other value")


def _numbers(cells: Sequence[ast.Cell]) -> set[Decimal]:
    found: set[Decimal] = set()
    for cell in cells:
        if isinstance(cell, ast.CompareCell):
            known, value = constant_value(cell.value)
            if known and isinstance(value, Decimal):
                found.add(value)
        elif isinstance(cell, ast.ValuesCell):
            for item in cell.values:
                try:
                    found.add(Decimal(item.text))
                except ArithmeticError:
                    continue
    return found


def _days(cells: Sequence[ast.Cell]) -> set[str]:
    found: set[str] = set()
    for cell in cells:
        if isinstance(cell, ast.CompareCell):
            known, value = constant_value(cell.value)
            if known and isinstance(value, str):
                found.add(value)
        elif isinstance(cell, ast.ValuesCell):
            found.update(item.text for item in cell.values if item.text != "missing")
    return found


def _intervals(bounds: Sequence[Decimal]) -> Iterator[Atom]:
    """The numbers mentioned and the stretches between them."""
    if not bounds:
        yield Atom(OTHER, "*", "of any amount")
        return
    yield Atom(bounds[0] - 1, f"< {plain(bounds[0])}", f"below {plain(bounds[0])}")
    for position, bound in enumerate(bounds):
        yield Atom(bound, plain(bound), plain(bound))
        if position + 1 < len(bounds):
            yield Atom((bound + bounds[position + 1]) / 2, f"> {plain(bound)}", f"above {plain(bound)}")
    yield Atom(bounds[-1] + 1, f"> {plain(bounds[-1])}", f"above {plain(bounds[-1])}")


def takes(world: World, cell: ast.Cell, column: Column, value: object) -> bool:
    """Whether ``cell`` takes an atom for certain; a formula never does, since nobody knows what it gives."""
    if isinstance(cell, ast.AnyCell):
        return True
    if isinstance(cell, ast.MissingCell):
        return (value is not None) == cell.present
    if isinstance(cell, ast.ValuesCell):
        for item in cell.values:
            if item.text == "missing" and not item.quoted:
                if value is None:
                    return True
            elif value is not None and cell_value(world, item, column.type, matching=True) == value:
                return True
        return False
    if isinstance(cell, ast.CompareCell) and value is not None and value is not OTHER:
        known, bound = constant_value(cell.value)
        if known and isinstance(bound, Decimal | str) and isinstance(value, bound.__class__):
            if isinstance(bound, Decimal) and isinstance(value, Decimal):
                sign = (value > bound) - (value < bound)
            else:
                sign = (str(value) > str(bound)) - (str(value) < str(bound))
            return {"<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0}[cell.operator]
    return False
