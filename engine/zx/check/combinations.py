"""W0411: combinations of taxes that lines carry and that no row of their table names; they come to its `*` row.

Single taxes are known from the organisation's list, which E0401 looks through; combinations only lines can show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from zx.check import ir
from zx.check.census import Census, Taxes, in_order
from zx.check.typed import TypedMap, TypedRules
from zx.diagnostics.diagnostic import Diagnostic, Severity
from zx.resolve.ruleset import RuleSet
from zx.syntax import ast

_SHOWN = 3


def report_combinations(rules: RuleSet, typed: TypedRules, census: Census) -> Iterator[Diagnostic]:
    """One warning for each table with a `*` row that takes taxes it does not name, and how many lines carry them."""
    for name, table in rules.tables.items():
        column = _tax_column(table)
        if column is None or table.rows is None:
            continue
        carried: Counter[Taxes] = Counter()
        for made in typed.maps.values():
            carried.update(_carried(made, name, typed, census))
        named = set(_named(typed.tables.values(), name, column))
        unnamed = [(taxes, lines) for taxes, lines in carried.most_common() if len(taxes) > 1 and taxes not in named]
        rest = next((row for row in table.rows.rows if _takes_any(row, column)), None)
        if unnamed and rest is not None:
            yield _warning(table, rest, column, unnamed)


def _tax_column(table: ast.Table) -> int | None:
    """The parameter that takes a set of Zoho taxes."""
    for index, parameter in enumerate(table.parameters):
        kind = parameter.type
        if kind.kind == "set" and kind.remote is not None and (kind.remote.system, kind.remote.name) == ("zoho", "Tax"):
            return index
    return None


def _carried(made: TypedMap, table: str, typed: TypedRules, census: Census) -> Counter[Taxes]:
    """The taxes on the lines of every list that asks ``table``."""
    found: Counter[Taxes] = Counter()
    count = census.get(made.source)
    for section in made.sections:
        nodes = [*(field.node for field in section.body.fields), *(let.node for let in section.body.lets)]
        if count is not None and section.source is not None and any(_asks(node, table, typed) for node in nodes):
            found.update(count.taxes.get(section.source, {}))
    return found


def _asks(root: ir.Node, table: str, typed: TypedRules) -> bool:
    calls = (node for node in ir.walk(root) if isinstance(node, ir.TableCall))
    return any(typed.tables[call.table].name == table for call in calls)


def _named(codes: Iterable[ir.TableCode], name: str, column: int) -> Iterator[Taxes]:
    for code in codes:
        for row in code.rows if code.name == name else ():
            for test in row.tests:
                if test.column == column and test.kind == "values":
                    yield from (in_order(value) for value in test.values if isinstance(value, frozenset))


def _takes_any(row: ast.Row, column: int) -> bool:
    cell = row.cells[column] if column < len(row.cells) else None
    return isinstance(cell, ast.AnyCell) or (isinstance(cell, ast.MissingCell) and cell.present)


def _warning(table: ast.Table, rest: ast.Row, column: int, unnamed: list[tuple[Taxes, int]]) -> Diagnostic:
    (taxes, lines), others = unnamed[0], len(unnamed) - 1
    more = f"; {others} more {'has' if others == 1 else 'have'} none" if others else ""
    cells = [*("*" for _ in range(column)), "{}", *("*" for _ in table.parameters[column + 1 :]), "…"]
    rows = [f"| {' | '.join(cells)} |".format(shown(one)) for one, _ in unnamed[:_SHOWN]]
    return Diagnostic(
        "W0411",
        f'the combination "{shown(taxes)}" has no row, {lines} line{" carries" if lines == 1 else "s carry"} it{more}',
        rest.cells[column].span,
        f"no row of `{table.name.text}` but this one takes it",
        Severity.WARNING,
        help="\n".join(f"{'add' if index == 0 else '   '} {row}" for index, row in enumerate(rows)),
    )


def shown(taxes: Taxes) -> str:
    """As a cell names it: ``GST 5% + PST 7%``."""
    return " + ".join(f'"{name}" {rate}%' if set(name) & set(',+|"') else f"{name} {rate}%" for name, rate in taxes)
