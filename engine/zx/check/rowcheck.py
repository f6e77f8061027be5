"""Rows that do nothing: what rows above always take (W0403), values that the system no longer offers (W0407)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from zx.catalog.fieldtypes import Enum
from zx.check.coverage import Atom, Column, atoms_of, takes
from zx.check.scope import World
from zx.diagnostics.diagnostic import Label, Span
from zx.diagnostics.suggest import nearest
from zx.stdlib.types import Reported
from zx.syntax import ast
from zx.syntax.lookalikes import is_mixed

_LIMIT = 50_000
"""Comparisons of a row above with a value; larger tables are looked through for equal rows only."""


def report_rows(world: World, rows: ast.Rows, columns: Sequence[Column]) -> bool:
    """Reports the rows of a table or ``pick`` that can never decide, and says whether there are any. Constants of one
    sync play no part."""
    if any(isinstance(column.type, Reported) for column in columns):
        return False
    complete = [row for row in rows.rows if len(row.cells) == len(columns) + 1]
    with world.reporter.silence():
        dead = list(_unreachable(world, complete, columns))
    for first, above in _by_culprit(dead):
        more = sum(1 for _, other in dead if other is above) - 1
        others = f", and {more} more below" if more else ""
        world.reporter.warning(
            "W0403",
            f"this row can never be reached{others}",
            first.span,
            "move it up, or delete it",
            others=(Label(above.span, "already takes everything it would"),),
        )
    for index, column in enumerate(columns):
        if isinstance(column.type, Enum):
            _gone(world, [row.cells[index] for row in complete], column.type)
    return bool(dead)


def _by_culprit(dead: Sequence[tuple[ast.Row, ast.Row]]) -> Iterator[tuple[ast.Row, ast.Row]]:
    """The first of the rows that one row above makes useless."""
    seen: set[Span] = set()
    for row, above in dead:
        if above.span not in seen:
            seen.add(above.span)
            yield row, above


def _unreachable(world: World, rows: Sequence[ast.Row], columns: Sequence[Column]) -> Iterator[tuple[ast.Row, ast.Row]]:
    """Each row that rows above take whole, with the first of those that takes anything of it."""
    width = len(columns)
    atoms = [atoms_of(world, column, [row.cells[index] for row in rows]) for index, column in enumerate(columns)]
    count = 1
    for part in atoms:
        count *= len(part)
    if count * len(rows) > _LIMIT:
        yield from _repeated(rows, width)
        return
    taken = [
        [[takes(world, row.cells[i], columns[i], atom.value) for atom in atoms[i]] for i in range(width)]
        for row in rows
    ]
    for index, row in enumerate(rows):
        regions = [_region(row.cells[i], atoms[i], taken[index][i]) for i in range(width)]
        above = None
        for choice in product(*regions):
            winner = next((n for n in range(index) if all(taken[n][i][atom] for i, atom in enumerate(choice))), None)
            if winner is None:
                break
            above = winner if above is None else max(above, winner)
        else:
            if above is not None:
                yield row, rows[above]


def _region(cell: ast.Cell, atoms: Sequence[Atom], taken: Sequence[bool]) -> list[int]:
    """The atoms a cell may take; a formula may take any."""
    if isinstance(cell, ast.FormulaCell):
        return list(range(len(atoms)))
    return [index for index, one in enumerate(taken) if one]


def _repeated(rows: Sequence[ast.Row], width: int) -> Iterator[tuple[ast.Row, ast.Row]]:
    """Rows whose single values all stood alone in one row above."""
    seen: dict[tuple[object, ...], ast.Row] = {}
    for row in rows:
        cells = row.cells[:width]
        if not all(isinstance(cell, ast.ValuesCell) and len(cell.values) == 1 for cell in cells):
            continue
        key = tuple(cell.values[0].text for cell in cells if isinstance(cell, ast.ValuesCell))
        first = seen.setdefault(key, row)
        if first is not row:
            yield row, first


def _gone(world: World, cells: Sequence[ast.Cell], kind: Enum) -> None:
    """W0407. A second spelling of a value that has a row of its own is left in peace: organisations differ."""
    enumeration = world.catalogue.enumeration(kind.system, kind.name)
    when = world.read_at(kind.system)
    if enumeration is None or not enumeration.open or not enumeration.values or not when:
        return
    items = [item for cell in cells if isinstance(cell, ast.ValuesCell) for item in cell.values]
    named = {item.text for item in items}
    for item in items:
        if item.text in enumeration.values or (item.text == "missing" and not item.quoted) or is_mixed(item.text):
            continue  # Letters that only look right were reported (W0110).
        near = nearest(item.text, enumeration.values)
        if near is not None and near in named:
            continue
        world.reporter.warning(
            "W0407",
            f'{kind.system.capitalize()} does not offer "{item.text}"',
            item.span,
            f"did you mean {near}?" if near else f"values read {when}: {', '.join(enumeration.values)}",
            help=None if near else "delete it, or add the value there and run `zx pull`",
            fix=near,
        )
