"""What a test writes, judged against the catalogue: paths of a record, plain values, cells of rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from zx.catalog.fieldtypes import DateTime, Ref, SetOf, Text
from zx.catalog.schema import Catalogue, Shape
from zx.check.cells import WRONG, cell_value
from zx.check.checker import expressions
from zx.check.fitting import fit
from zx.check.ir import AddressOf, Clear, Const, Follow, Member, Node, Root
from zx.check.paths import Paths
from zx.check.reporter import Reporter
from zx.check.scope import NO_FACTS, Scope, Value, World
from zx.diagnostics.diagnostic import Diagnostic, Span
from zx.model.record import Kind
from zx.resolve.ruleset import RuleSet
from zx.runtime.values import CLEAR
from zx.stdlib.types import ExprType, KeyedRows, Nothing, Object, Reported, Rows, describe
from zx.syntax import ast
from zx.values.dataclass import dataclass
from zx.values.dates import instant, instant_text

_PATH = re.compile(r"(?P<head>[$A-Za-z_][$\w]*)(?:\[(?P<key>\w+)\])?(?P<rest>(?:\.[$A-Za-z_][$\w]*)*)")

ANY = object()
"""A cell of ``expect`` that may hold anything."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A path of a record that a test fills: where it leads, and what may stand there."""

    node: Node
    type: ExprType


class Typing:
    """Judges what one test says. Everything wrong is in ``diagnostics``."""

    def __init__(self, catalogue: Catalogue, rules: RuleSet, sources: Mapping[str, str]) -> None:
        self._reporter = Reporter()
        self.world = World(catalogue, rules, {}, self._reporter, sources)
        self._checker = expressions(self.world)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Errors only: that a text may be cut is the rules' affair."""
        return tuple(found for found in self._reporter.diagnostics if found.is_error)

    def report(self, code: str, message: str, span: Span, label: str, **cure: str | None) -> None:
        self._reporter.error(code, message, span, label, help=cure.get("help"), fix=cure.get("fix"))

    # --- paths ------------------------------------------------------------------------------------------------------

    def path(self, cell: ast.HeaderCell) -> ast.Path | None:
        """The path a header cell names."""
        found = _PATH.fullmatch(cell.text)
        if found is None:
            self.report("E0405", f"`{cell.text}` is no field", cell.span, "the header of a test's rows names fields")
            return None
        return ast.Path(cell.span, found["head"], found["key"], tuple(found["rest"].split(".")[1:]))

    def slot(self, path: ast.Path, shape: Shape, kind: Kind | None) -> Slot | None:
        """Where ``path`` leads in a record or row of ``shape``; None when it was reported (E0201)."""
        scope = Scope(kind, shape, None)
        value = Paths(self.world, lambda entry, facts: _nothing(entry.node.span)).value(path, scope, NO_FACTS)
        if isinstance(value.type, Reported):
            return None
        if isinstance(value.node, AddressOf) or isinstance(value.type, Rows | KeyedRows | Object | Nothing):
            what = "part by part" if isinstance(value.node, AddressOf) else "by rows or part by part"
            self.report("E0301", f"`{path.text}` is given {what}", path.span, describe(value.type))
            return None
        return Slot(value.node, value.type)

    # --- values -----------------------------------------------------------------------------------------------------

    def value(self, expr: ast.Expr, wanted: ExprType, place: str) -> Any:
        """The plain value of ``expr`` for a place of type ``wanted``: None for missing, WRONG when it was reported."""
        if isinstance(wanted, SetOf) and isinstance(expr, ast.TextLiteral) and expr.constant is not None:
            members = tuple(ast.CellValue(expr.span, part, False) for part in expr.constant.split(" + "))
            whole = ast.CellValue(expr.span, expr.constant, False, members if len(members) > 1 else ())
            return cell_value(self.world, whole, wanted, matching=False)
        if isinstance(expr, ast.TextLiteral) and isinstance(wanted, DateTime) and expr.constant is not None:
            return self._instant(expr.constant, expr.span)
        value = self._checker.value(expr, Scope(None, None, None), NO_FACTS)
        if isinstance(value.type, Reported):
            return WRONG
        if isinstance(value.node, Clear):
            return CLEAR
        if not isinstance(value.node, Const):
            self.report("E0301", "a test gives plain values", expr.span, "this has to be worked out first")
            return WRONG
        if value.node.value is None:
            return None
        before = len(self.diagnostics)
        fit(self.world, value, self._written(wanted), place)
        return WRONG if len(self.diagnostics) > before else value.node.value

    def cell(self, cell: ast.Cell, wanted: ExprType, place: str) -> Any:
        """The value of a cell under a column of type ``wanted``: ANY for ``*``."""
        match cell:
            case ast.AnyCell():
                return ANY
            case ast.MissingCell(present=False):
                return None
            case ast.FormulaCell():
                return self.value(cell.formula, wanted, place)
            case ast.ValuesCell(values=(single,)):
                if isinstance(wanted, DateTime):
                    return self._instant(single.text, single.span)
                return cell_value(self.world, single, self._written(wanted), matching=False)
            case ast.ValuesCell():
                help = "a text that holds a comma is written in quotes"
                self.report("E0301", "one value stands in a cell of a test", cell.span, "here are several", help=help)
            case _:
                self.report("E0301", "a cell of a test holds a value", cell.span, f"{place} is {describe(wanted)}")
        return WRONG

    def _written(self, wanted: ExprType) -> ExprType:
        """How a value is written: a record is named by its name or code."""
        if isinstance(wanted, Ref) and not self.world.catalogue.is_list(wanted.system, wanted.name):
            return Text()
        return wanted

    def _instant(self, text: str, span: Span) -> Any:
        try:
            return instant_text(instant(text))
        except ValueError:
            self.report(
                "E0301",
                f"`{text}` is no date with time and zone",
                span,
                "the moment needs an offset",
                fix='"2026-03-31T10:00:00+11:00"',
            )
            return WRONG


def _nothing(span: Span) -> Value:
    return Value(Const(span, None), Nothing(), True, span)


def put(values: dict[str, Any], slot: Slot, leaf: Any) -> None:
    """Writes ``leaf`` where ``slot`` leads, making lookups and objects on the way. None writes nothing, but the lookup
    that would hold it is there."""
    node = slot.node
    assert isinstance(node, Member | Follow)
    if leaf is None and not isinstance(node, Follow):
        return
    inside, key = _inside(values, node)
    if isinstance(slot.type, Ref) and isinstance(leaf, str) and not _is_code(slot):
        known = inside.setdefault(key, {})
        known |= {"id": known.get("id", f"{key} {leaf}"), "name": leaf}
    elif leaf is not None:
        inside[key] = leaf


def _is_code(slot: Slot) -> bool:
    return isinstance(slot.type, Ref) and slot.type.name in ("Account", "TaxRate", "Currency")


def _inside(values: dict[str, Any], node: Member | Follow) -> tuple[dict[str, Any], str]:
    """The object that holds what ``node`` reads, and the key there."""
    base = node.base
    if isinstance(base, AddressOf):
        return _whole(values, base.base), dict(base.parts)[node.key]
    return _whole(values, base, lookup=isinstance(node, Follow)), node.key


def _whole(values: dict[str, Any], node: Node, *, lookup: bool = False) -> dict[str, Any]:
    """The object at ``node``, made when there is none; a lookup also gets an id and a name to go by."""
    if isinstance(node, Root):
        return values
    assert isinstance(node, Member | Follow)
    if isinstance(node, Follow) and not node.key:
        return _whole(values, node.base, lookup=True)
    inside, key = _inside(values, node)
    made: dict[str, Any] = inside.setdefault(key, {})
    if lookup:
        made.setdefault("id", f"{key} of this test")
    return made
