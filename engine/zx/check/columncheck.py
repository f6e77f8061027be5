"""W0406: a column whatever stands in it, the answer is the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from itertools import product

from zx.check.coverage import Column, atoms_of, takes
from zx.check.scope import World
from zx.diagnostics.diagnostic import Span
from zx.stdlib.types import Reported
from zx.syntax import ast

_LIMIT = 50_000
"""Comparisons of a row with a combination; larger tables are looked through for columns of ``*`` only."""


def report_columns(world: World, rows: ast.Rows, columns: Sequence[Column], names: Sequence[str]) -> None:
    """Reports columns without a say. A table of one row is a place for more, and what a formula reads has a say."""
    width = len(columns)
    complete = [row for row in rows.rows if len(row.cells) == width + 1]
    if len(complete) < 2 or len(complete) != len(rows.rows) or any(isinstance(one.type, Reported) for one in columns):
        return
    read = set(_read([row.cells[-1] for row in complete]))
    with world.reporter.silence():
        idle = [index for index in range(width) if names[index] not in read and _idle(world, complete, columns, index)]
    for index in idle:
        header = rows.header[index]
        world.reporter.warning(
            "W0406",
            f'the column "{header.text}" never changes the result',
            header.span,
            "whatever stands here, the answer is the same",
            help="delete the column and its parameter, or use it in a row",
        )


def _idle(world: World, rows: Sequence[ast.Row], columns: Sequence[Column], index: int) -> bool:
    if all(isinstance(row.cells[index], ast.AnyCell) for row in rows):
        return True
    if any(isinstance(cell, ast.FormulaCell) for row in rows for cell in row.cells[:-1]):
        return False
    atoms = [atoms_of(world, column, [row.cells[i] for row in rows]) for i, column in enumerate(columns)]
    count = len(rows)
    for part in atoms:
        count *= len(part)
    if count > _LIMIT:
        return False
    taken = [
        [[takes(world, row.cells[i], columns[i], atom.value) for atom in part] for i, part in enumerate(atoms)]
        for row in rows
    ]
    results = [world.text(row.cells[-1].span) for row in rows]
    others = [range(len(part)) if i != index else range(1) for i, part in enumerate(atoms)]
    for choice in product(*others):
        answers = set()
        for atom in range(len(atoms[index])):
            asked = [*choice[:index], atom, *choice[index + 1 :]]
            winner = next((n for n, row in enumerate(taken) if all(row[i][a] for i, a in enumerate(asked))), None)
            answers.add(None if winner is None else results[winner])
        if len(answers) > 1:
            return False
    return True


def _read(value: object) -> Iterator[str]:
    """The names that formulas and messages begin with."""
    if isinstance(value, ast.Path):
        yield value.head
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _read(item)
    elif is_dataclass(value) and not isinstance(value, Span | type):
        for part in fields(value):
            yield from _read(getattr(value, part.name))
