"""E0409: the taxes that a row names and the rate it leads to must be the same percentage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from zx.catalog.fieldtypes import Ref, SetOf
from zx.catalog.schema import ListEntry
from zx.check.cells import cell_value, percentage_of, rate_shown
from zx.check.scope import World
from zx.check.typenames import NamedType
from zx.diagnostics.diagnostic import Span
from zx.stdlib.types import ExprType
from zx.syntax import ast


class Rates:
    """The rates that the tables of one world lead to."""

    def __init__(self, world: World) -> None:
        self._world = world

    def known(self, parameters: Sequence[NamedType], result: NamedType) -> Mapping[str, ListEntry] | None:
        """The organisation's rates when a table leads taxes to one of them, else None."""
        taxed = len(parameters) == 1 and isinstance(parameters[0].type, SetOf) and parameters[0].type.name == "Tax"
        if not taxed or not isinstance(result.type, Ref) or result.type.name != "TaxRate":
            return None
        return self._world.catalogue.list(result.type.system, result.type.name)

    def check(self, table: ast.Table, parameters: Sequence[NamedType], result: NamedType) -> None:
        """Every row of ``table`` that leads to a rate by name."""
        rates = self.known(parameters, result)
        if rates is None or table.rows is None:
            return
        for row in table.rows.rows:
            cell = row.cells[-1]
            if len(row.cells) != len(parameters) + 1:
                continue
            if _any_taxes(row.cells[0]) and not (isinstance(cell, ast.OutcomeCell) and _stops(cell)):
                self._for_all(row.cells[0], cell)
            if not isinstance(cell, ast.ValuesCell):
                continue
            code = cell.values[0].text
            for taxes in self._percentages(row.cells[0], parameters[0].type):
                self.compare(rates, code, taxes, cell.span)

    def _for_all(self, taxes: ast.Cell, result: ast.Cell) -> None:
        if self._world.reporter.is_wrong(result.span):
            return
        self._world.reporter.error(
            "E0409",
            f"`{self._world.text(taxes.span)}` stands for taxes of every percentage, this is one Xero rate",
            result.span,
            "it cannot be compared with the taxes",
            help='name the taxes in rows of their own; `*` may lead to fail "…" or skip "…" only',
        )

    def compare(self, rates: Mapping[str, ListEntry], code: str, taxes: Decimal | None, span: Span) -> None:
        """Whether the rate ``code`` at ``span`` is the percentage of the ``taxes``."""
        entry = rates.get(code)
        rate = entry.attributes.get("EffectiveRate") if entry else None
        if taxes is None or not isinstance(rate, Decimal) or rate == taxes:
            return
        fitting = [entry for entry in rates.values() if entry.attributes.get("EffectiveRate") == taxes]
        when = self._world.read_at("xero")
        self._world.reporter.error(
            "E0409",
            f"the Zoho taxes add up to {rate_shown(taxes)}, the Xero rate {code} is {rate_shown(rate)}",
            span,
            f"EffectiveRate {rate:f}" + (f", fetched {when}" if when else ""),
            help=None
            if not fitting
            else f'a rate of {rate_shown(taxes)} in this organisation: {fitting[0].code} "{fitting[0].label}"',
        )

    def _percentages(self, cell: ast.Cell, kind: ExprType) -> list[Decimal]:
        if isinstance(cell, ast.MissingCell) and not cell.present:
            return [Decimal(0)]
        if not isinstance(cell, ast.ValuesCell):
            return []
        found: list[Decimal] = []
        with self._world.reporter.silence():
            for item in cell.values:
                if item.text == "missing" and not item.quoted:
                    found.append(Decimal(0))
                    continue
                taxes = percentage_of(cell_value(self._world, item, kind, matching=True))
                if taxes is not None:
                    found.append(taxes)
        return found


def _any_taxes(cell: ast.Cell) -> bool:
    return isinstance(cell, ast.AnyCell) or (isinstance(cell, ast.MissingCell) and cell.present)


def _stops(cell: ast.OutcomeCell) -> bool:
    return isinstance(cell.outcome, ast.Stop)
