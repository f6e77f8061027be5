"""A table or ``pick`` as a whole: rows and columns that do nothing, and values that no row takes (E0401, E0402)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from zx.catalog.fieldtypes import Ref, SetOf
from zx.catalog.schema import ListEntry
from zx.check.columncheck import report_columns
from zx.check.coverage import Column, first_gap, takes
from zx.check.rowcheck import report_rows
from zx.check.scope import World
from zx.diagnostics.diagnostic import Span
from zx.syntax import ast
from zx.values.dataclass import dataclass

_GONE = frozenset({"ARCHIVED", "DELETED"})
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Whole:
    """Rows with what is known of their columns. ``names`` are those by which formulas read the columns; ``live``
    whether a rule of this sync asks, so that the organisation's lists count."""

    rows: ast.Rows
    columns: Sequence[Column]
    names: Sequence[str]
    span: Span
    what: str
    live: bool


def report_whole(world: World, whole: Whole) -> None:
    if not report_rows(world, whole.rows, whole.columns) and not world.reporter.is_wrong(whole.rows.span):
        report_columns(world, whole.rows, whole.columns, whole.names)
    entries = _entries(world, whole)
    if entries is not None:
        uncovered = [entry for entry in entries if not _taken(world, whole, entry)]
        if uncovered:
            _report_entries(world, whole, uncovered)
            return
    with world.reporter.silence():
        gap = first_gap(world, whole.rows, whole.columns)
    if gap is None or (entries is not None and gap.cells == ("*",) and isinstance(whole.columns[0].type, Ref)):
        return
    shown = " and ".join(gap.words)
    row = f"| {' | '.join(gap.cells)} | … |"
    world.reporter.error(
        "E0402",
        f"no row for {shown}",
        whole.span,
        f"{whole.what} would have no answer",
        help=f'add {row}, or add | {" | ".join("*" for _ in whole.columns)} | fail "…" |',
    )


def _entries(world: World, whole: Whole) -> list[ListEntry] | None:
    """The entries of the organisation's list that the only column draws from; None where nothing is known."""
    if len(whole.columns) != 1 or not whole.live or whole.columns[0].constant is not Column.UNKNOWN:
        return None
    kind = whole.columns[0].type
    if not isinstance(kind, Ref | SetOf):
        return None
    known = world.catalogue.list(kind.system, kind.name)
    if known is None:
        return None
    return [entry for entry in known.values() if entry.attributes.get("Status") not in _GONE]


def _taken(world: World, whole: Whole, entry: ListEntry) -> bool:
    column = whole.columns[0]
    value: object = entry.code
    if isinstance(column.type, SetOf):
        percentage = entry.attributes.get("percentage")
        if not isinstance(percentage, Decimal):
            return True
        value = frozenset(((entry.attributes.get("name"), percentage),))
    with world.reporter.silence():
        return any(takes(world, row.cells[0], column, value) for row in whole.rows.rows if len(row.cells) == 2)


def _report_entries(world: World, whole: Whole, uncovered: Sequence[ListEntry]) -> None:
    kind = whole.columns[0].type
    assert isinstance(kind, Ref | SetOf)
    one, many = _NOUNS.get(kind.name, (kind.name, kind.name))
    count = len(uncovered)
    said = f"{count} {many} that exist in" if count > 1 else f"1 {one} that exists in"
    codes = [f'"{entry.code}"' for entry in uncovered[:_SHOWN]]
    more = f" and {count - _SHOWN} more" if count > _SHOWN else ""
    world.reporter.error(
        "E0401",
        f"{said} {kind.system.capitalize()} {'has' if count == 1 else 'have'} no row in {whole.what}",
        whole.span,
        f"no `*` row, and not covered: {', '.join(codes)}{more}",
        help="\n".join((*_cures(uncovered), 'or add | * | fail "…" |')),
    )


_NOUNS = {"Tax": ("tax", "taxes"), "TaxRate": ("tax rate", "tax rates"), "Account": ("account", "accounts")}


def _cures(uncovered: Sequence[ListEntry]) -> Iterator[str]:
    for index, entry in enumerate(uncovered[:_SHOWN]):
        yield f"{'add ' if index == 0 else '    '}| {entry.code} | … |"
