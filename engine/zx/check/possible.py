"""What an expression can give when some fields are known and nothing is known of the rest: sets of values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field

from zx.check import ir
from zx.check.operators import ordered
from zx.check.typed import TypedLet
from zx.diagnostics.diagnostic import Span
from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Given:
    """One value that can come out; ``rows`` are the rows of tables that decided. ``known`` off: it can be anything.
    ``stops``: nothing comes out, a `fail`, `skip` or `cancel` does."""

    value: object = None
    known: bool = True
    stops: bool = False
    rows: tuple[Span, ...] = ()


_ANYTHING = Given(known=False)
_MOST = 64


@dataclass(frozen=True, slots=True)
class Possible:
    """Evaluates with the fields of ``known`` (by name, of the record itself) and any value for the others."""

    known: Mapping[str, object]
    lets: tuple[TypedLet, ...]
    tables: Mapping[str, ir.TableCode]
    parameters: Mapping[str, tuple[Given, ...]] = field(default_factory=dict)
    worked_out: dict[int, tuple[Given, ...]] = field(default_factory=dict)
    """What each let can give, once it was asked."""

    def of(self, node: ir.Node, depth: int = 0) -> tuple[Given, ...]:
        """Everything ``node`` can give, each once."""
        if depth > 40:
            return (_ANYTHING,)
        found = tuple(dict.fromkeys(self._of(node, depth + 1)))
        return found if len(found) <= _MOST else (_ANYTHING,)

    def _of(self, node: ir.Node, depth: int) -> Iterator[Given]:
        match node:
            case ir.Const():
                yield Given(node.value)
            case ir.Member(base=ir.Root(parent=False)) if node.key in self.known:
                yield Given(self.known[node.key])
            case ir.LetRef():
                if node.index not in self.worked_out:
                    is_let = node.index < len(self.lets)
                    self.worked_out[node.index] = self.of(self.lets[node.index].node, depth) if is_let else (_ANYTHING,)
                yield from self.worked_out[node.index]
            case ir.Param():
                yield from self.parameters.get(node.name, (_ANYTHING,))
            case ir.Halt():
                yield Given(stops=True)
            case ir.Notice():
                yield from self.of(node.then, depth)
            case ir.Otherwise():
                yield from self._otherwise(node, depth)
            case ir.Choose():
                verdict = self.verdict(node.condition, depth)
                yield from self.of(node.then, depth) if verdict is not False else ()
                yield from self.of(node.otherwise, depth) if verdict is not True else ()
            case ir.Pick():
                names = tuple(f"${index}" for index in range(len(node.subjects)))
                given = dict(zip(names, (self.of(one, depth) for one in node.subjects), strict=True))
                inside = Possible(self.known, self.lets, self.tables, {**self.parameters, **given}, self.worked_out)
                yield from inside._rows(node.rows, tuple(given.values()), depth)
            case ir.TableCall():
                yield from self._call(node, depth)
            case _:
                yield _ANYTHING

    def _otherwise(self, node: ir.Otherwise, depth: int) -> Iterator[Given]:
        for one in self.of(node.left, depth):
            if not one.known or one.value is not None or one.stops:
                yield one
            if not one.stops and (one.value is None or not one.known):
                yield from self.of(node.right, depth)

    def _call(self, node: ir.TableCall, depth: int) -> Iterator[Given]:
        code = self.tables.get(node.table)
        if code is None or code.csv is not None:
            yield _ANYTHING
            return
        given = tuple(self.of(argument, depth) for argument in node.arguments)
        inside = Possible({}, (), self.tables, dict(zip(code.parameters, given, strict=True)))
        yield from inside._rows(code.rows, given, depth)

    def _rows(self, rows: tuple[ir.TableRow, ...], given: tuple[tuple[Given, ...], ...], depth: int) -> Iterator[Given]:
        for row in rows:
            verdicts = [self._test(test, given[test.column]) for test in row.tests]
            if False in verdicts:
                continue
            for one in self.of(row.result, depth):
                yield Given(one.value, one.known, one.stops, (row.span, *one.rows))
            if None not in verdicts:
                return

    def _test(self, test: ir.Test, given: tuple[Given, ...]) -> bool | None:
        """Whether the cell takes what is given: surely, surely not, or (None) perhaps."""
        verdicts = {self._one(test, one) for one in given if not one.stops}
        return verdicts.pop() if len(verdicts) == 1 else None

    def _one(self, test: ir.Test, one: Given) -> bool | None:
        if not one.known:
            return None
        if test.kind in ("missing", "present"):
            return (one.value is None) == (test.kind == "missing")
        if test.kind == "values":
            return one.value in test.values
        bound = test.bound
        if test.kind == "compare" and isinstance(bound, ir.Const) and one.value is not None:
            return ordered(test.operator, one.value, bound.value)
        return None

    def verdict(self, node: ir.Node, depth: int = 0) -> bool | None:
        """Whether a condition holds; None where that depends on what is not known."""
        match node:
            case ir.Const():
                return node.value if isinstance(node.value, bool) else None
            case ir.Not():
                inner = self.verdict(node.operand, depth + 1)
                return None if inner is None else not inner
            case ir.Logic():
                sides = {self.verdict(node.left, depth + 1), self.verdict(node.right, depth + 1)}
                decisive = node.operator == "or"
                return decisive if decisive in sides else None if None in sides else not decisive
            case ir.Equal():
                return self._among(node.left, self.of(node.right, depth), negated=node.negated, depth=depth)
            case ir.OneOfThese():
                values = tuple(one for value in node.values for one in self.of(value, depth))
                return self._among(node.operand, values, negated=node.negated, depth=depth)
            case ir.Presence():
                given = self.of(node.operand, depth)
                if len(given) == 1 and given[0].known and not given[0].stops:
                    return (given[0].value is None) == node.missing
                return None
            case _:
                return None

    def _among(self, operand: ir.Node, values: tuple[Given, ...], *, negated: bool, depth: int) -> bool | None:
        given = self.of(operand, depth)
        if not all(one.known and not one.stops for one in (*given, *values)):
            return None
        found = {one.value in [value.value for value in values] for one in given}
        return None if len(found) > 1 else found.pop() != negated
