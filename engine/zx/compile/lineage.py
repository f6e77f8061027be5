"""Which lines of the rules a result depends on: for each statement its own, and those of the lets, functions and
tables it reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field

from zx.check import ir
from zx.check.typed import TypedBody, TypedMap, TypedRules
from zx.diagnostics.diagnostic import Span
from zx.values.dataclass import dataclass

Line = tuple[str, int]
"""A file and a line in it, from 1."""


@dataclass(slots=True)
class Scope:
    """What one statement depends on: ``own`` are its own lines, ``all`` these and those it reaches; ``tables`` and
    ``maps`` are those it asks."""

    own: set[Line] = field(default_factory=set)
    all: set[Line] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)
    maps: set[str] = field(default_factory=set)

    def add(self, other: Scope) -> None:
        self.own |= other.own
        self.all |= other.all
        self.tables |= other.tables
        self.maps |= other.maps


@dataclass(frozen=True, slots=True)
class Lineage:
    """``statements`` by their place (``rules/tax.zx:9``), ``tables`` the lines of each, ``guards`` what decides whether
    a record of a map is sent at all, ``maps`` everything a map depends on."""

    statements: Mapping[str, Scope]
    tables: Mapping[str, frozenset[Line]]
    guards: Mapping[str, Scope]
    maps: Mapping[str, Scope]

    def table_at(self, line: Line) -> str | None:
        """The table that ``line`` stands in."""
        return next((name for name, lines in self.tables.items() if line in lines), None)


def lineage(rules: TypedRules) -> Lineage:
    """The lineage of every map that this sync uses."""
    statements: dict[str, Scope] = {}
    guards: dict[str, Scope] = {}
    maps: dict[str, Scope] = {}
    for made in rules.maps.values():
        deciding, whole = guards.setdefault(made.name, Scope()), maps.setdefault(made.name, Scope())
        deciding.own.add((made.span.file, made.span.line))
        for kind, span, nodes, body in _statements(made):
            scope = _scope(span, nodes, body, rules)
            statements.setdefault(span.place, Scope()).add(scope)
            whole.add(scope)
            if kind != "field":
                deciding.add(scope)
    tables: dict[str, set[Line]] = {}
    for code in rules.tables.values():
        tables.setdefault(code.name, set()).update(_table(code))
    return Lineage(statements, {name: frozenset(lines) for name, lines in tables.items()}, guards, maps)


def _statements(made: TypedMap) -> Iterator[tuple[str, Span, list[ir.Node], TypedBody]]:
    """Every statement: ``field``, or what decides whether and as what a record is sent."""
    for body in (made.body, *(section.body for section in made.sections)):
        for guard in body.guards:
            yield "guard", guard.span, [guard.condition, *([guard.message] if guard.message else [])], body
        for item in body.fields:
            yield "field", item.span, [item.node], body
    for match in made.matches:
        yield "match", match.span, [key.node for key in match.keys if key.node is not None], made.body
    for never in made.nevers:
        yield "never", never.span, [node for node in (never.condition, never.reason) if node is not None], made.body
    if made.total is not None:
        parts = (made.total.amount, made.total.method, made.total.limit, made.total.account)
        yield "total", made.total.span, [part for part in parts if part is not None], made.body
    for spread in made.spreads:
        yield "field", spread.span, [node for node in (spread.amount, spread.condition) if node is not None], made.body
    for section in made.sections:
        yield "field", section.span, [], section.body


def _scope(span: Span, nodes: Iterable[ir.Node], body: TypedBody, rules: TypedRules) -> Scope:
    scope = Scope(own=set(_lines(span)), all=set(_lines(span)))
    done: set[object] = set()
    for node in nodes:
        _visit(node, body, rules, scope, done)
    return scope


def _visit(start: ir.Node | ir.TableRow, body: TypedBody, rules: TypedRules, scope: Scope, done: set[object]) -> None:
    for node in ir.walk(start):
        scope.all.update(_lines(node.span))
        if isinstance(node, ir.LetRef) and (id(body), node.index) not in done:
            done.add((id(body), node.index))
            let = body.lets[node.index]
            scope.all.update(_lines(let.span))
            _visit(let.node, body, rules, scope, done)
        elif isinstance(node, ir.TableCall) and node.table not in done:
            done.add(node.table)
            code = rules.tables[node.table]
            scope.tables.add(code.name)
            scope.all |= _table(code)
            for row in code.rows:
                _visit(row, body, rules, scope, done)
        elif isinstance(node, ir.ViaMap):
            scope.maps.add(node.map)


def _table(code: ir.TableCode) -> set[Line]:
    lines = set(_lines(code.span))
    for row in code.rows:
        lines.update(_lines(row.span))
    if code.csv is not None:
        lines |= {(code.csv.file, line) for line in code.csv.lines.values()}
    return lines


def _lines(span: Span) -> Iterator[Line]:
    for line in range(span.line, span.end_line + 1):
        yield span.file, line
