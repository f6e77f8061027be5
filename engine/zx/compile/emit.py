"""Typed nodes to Python expressions.

Names that generated code uses: ``v`` the record or row, ``p`` the document of a row, ``c`` the context, ``W`` the
warnings, ``L`` the lets (a list, or a Tracer in the careful form); everything else is bound by the Binder.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

from zx.check import ir
from zx.compile import nodes as py
from zx.diagnostics.diagnostic import Span
from zx.stdlib.signature import Function
from zx.values.dataclass import dataclass

_ORDERS: Mapping[str, Callable[[], ast.cmpop]] = {"<": ast.Lt, "<=": ast.LtE, ">": ast.Gt, ">=": ast.GtE}
_ROUNDINGS: Mapping[str, str] = {"round": ROUND_HALF_UP, "round_even": ROUND_HALF_EVEN}
_OF_ROWS: Mapping[str, str] = {"sum": "_sum_of", "first": "_first_of"}
_SUMS: Mapping[str, Callable[[], ast.operator]] = {"+": ast.Add, "-": ast.Sub, "*": ast.Mult}


@dataclass(frozen=True, slots=True)
class LookUp:
    """A table whose rows are looked up at once: the bound name of its results by value, and the result of all other
    values where that is known."""

    rows: ast.expr
    form: ir.Form
    rest: ir.Const | None


class Binder:
    """Names that generated code uses beside the helpers. They begin with ``_``, as no generated function does."""

    def __init__(self) -> None:
        self.constants: dict[str, object] = {}
        self.functions: dict[str, Function] = {}
        self.look_ups: dict[str, LookUp] = {}
        self._known: dict[str, str] = {}

    def constant(self, value: object) -> ast.expr:
        """``value`` in the code: texts, whole truths and missing as they are, all else as a bound name."""
        if value is None or isinstance(value, str | bool | int):
            return py.constant(value)
        key = f"{value.__class__.__name__}:{value!r}"
        if isinstance(value, frozenset):
            key = f"frozenset:{sorted(map(repr, value))}"
        identifier = self._known.setdefault(key, f"_k{len(self._known)}")
        self.constants.setdefault(identifier, value)
        return py.name(identifier)

    def data(self, value: Mapping[object, object] | Mapping[object, int], word: str) -> ast.expr:
        """Rows that are looked up, under a name of their own."""
        self.constants[f"_d_{word}"] = value
        return py.name(f"_d_{word}")

    def function(self, function: Function) -> str:
        self.functions[f"_f_{function.name}"] = function
        return f"_f_{function.name}"


class Emitter:
    """Expressions of one function. ``careful``: lets and tables tell which rows decided."""

    def __init__(self, binder: Binder, careful: bool, names: Mapping[str, str] | None = None) -> None:
        self._binder = binder
        self._careful = careful
        self._names = dict(names or {})
        self._temporaries = 0

    def expr(self, node: ir.Node) -> ast.expr:
        """The Python expression of ``node``, placed in the rule text."""
        return py.at(_EMIT[node.__class__](self, node), node.span)

    def temporary(self) -> str:
        self._temporaries += 1
        return f"t{self._temporaries}"

    def lifted(self, operands: Sequence[ir.Node], build: Callable[[Sequence[ast.expr]], ast.expr]) -> ast.expr:
        """``build`` of the operands; missing when one of them is."""
        checks: list[ast.expr] = []
        ready: list[ast.expr] = []
        for operand in operands:
            if operand.maybe:
                first, again = self.kept(operand)
                checks.append(py.is_none(first))
                ready.append(again)
            else:
                ready.append(self.expr(operand))
        result = build(ready)
        return py.choose(py.either(checks), py.constant(None), result) if checks else result

    def kept(self, node: ir.Node) -> tuple[ast.expr, ast.expr]:
        """``node`` to be worked out, and the name it has from then on."""
        value = self.expr(node)
        if isinstance(value, ast.Name):
            return value, py.name(value.id)
        identifier = self.temporary()
        return py.assign(identifier, value), py.name(identifier)

    # --- reading --------------------------------------------------------------------------------------------------

    def constant(self, node: ir.Const) -> ast.expr:
        return self._binder.constant(node.value)

    def clear(self, node: ir.Clear) -> ast.expr:
        return py.name("_clear")

    def root(self, node: ir.Root) -> ast.expr:
        return py.name("p" if node.parent else "v")

    def member(self, node: ir.Member) -> ast.expr:
        return self.lifted((node.base,), lambda base: py.method(base[0], "get", py.constant(node.key)))

    def column(self, node: ir.Column) -> ast.expr:
        return py.call("_column", self.expr(node.base), py.constant(node.key))

    def follow(self, node: ir.Follow) -> ast.expr:
        place = [py.constant(node.system), py.constant(node.kind)]
        if not node.key:
            return self.lifted((node.base,), lambda base: py.call("_whole", py.name("c"), base[0], *place))
        ends = [py.constant(node.key), py.constant(node.embedded)]
        return self.lifted((node.base,), lambda base: py.call("_follow", py.name("c"), base[0], *place, *ends))

    def address(self, node: ir.AddressOf) -> ast.expr:
        return py.call("_address", self.expr(node.base), self._binder.constant(node.parts))

    def let(self, node: ir.LetRef) -> ast.expr:
        if self._careful:
            return py.method(py.name("L"), "let", py.constant(node.index))
        known = py.item("L", node.index)
        arguments = [py.name(identifier) for identifier in ("v", "p", "c", "W", "L")]
        fresh = py.call(self._names[f"let {node.index}"], *arguments)
        return py.choose(py.compare(known, ast.IsNot(), py.name("_unset")), py.item("L", node.index), fresh)

    def param(self, node: ir.Param) -> ast.expr:
        return py.name(self._names[node.name])

    # --- calls ----------------------------------------------------------------------------------------------------

    def apply(self, node: ir.Apply) -> ast.expr:
        known = None if self._careful else self.rounded(node) or self.of_rows(node)
        if known is not None:
            return known
        identifier = self._binder.function(node.function)
        division = _divided(node)
        if division is not None:
            rest = node.arguments[1:]
            return self.lifted(
                (*division, *rest), lambda values: py.call(identifier, py.call("_ratio", *values[:2]), *values[2:])
            )
        first = [py.name("c")] if node.function.context else []
        if node.function.lenient:
            return py.call(identifier, *first, *(self.expr(argument) for argument in node.arguments))
        return self.lifted(node.arguments, lambda values: py.call(identifier, *first, *values))

    def of_rows(self, node: ir.Apply) -> ast.expr | None:
        """``sum`` and ``first`` of one field of all rows, without a list in between."""
        helper = _OF_ROWS.get(node.function.name)
        rows = node.arguments[0] if helper is not None else None
        if helper is None or not isinstance(rows, ir.Column):
            return None
        return py.call(helper, self.expr(rows.base), py.constant(rows.key))

    def rounded(self, node: ir.Apply) -> ast.expr | None:
        """``round`` and ``round_even`` to a known number of places, in place."""
        mode = _ROUNDINGS.get(node.function.name)
        places = node.arguments[1] if len(node.arguments) > 1 else ir.Const(node.span, Decimal(0))
        if mode is None or not isinstance(places, ir.Const) or not isinstance(places.value, Decimal):
            return None
        unit = self._binder.constant(Decimal(1).scaleb(-int(places.value)))

        def build(values: Sequence[ast.expr]) -> ast.expr:
            amount = values[0] if len(values) == 1 else ast.BinOp(left=values[0], op=ast.Div(), right=values[1])
            return py.method(amount, "quantize", unit, py.constant(mode))

        return self.lifted(_divided(node) or node.arguments[:1], build)

    def table(self, node: ir.TableCall) -> ast.expr:
        identifier = self._names[f"table {node.table}"]
        checks: list[ast.expr] = []
        ready: list[ast.expr] = []
        for argument, settled in zip(node.arguments, node.settled, strict=True):
            if settled and argument.maybe:
                first, again = self.kept(argument)
                checks.append(py.is_none(first))
                ready.append(again)
            else:
                ready.append(self.expr(argument))
        known = None if self._careful else self._binder.look_ups.get(node.table)
        if known is not None and known.rest is not None:
            key = py.call("_code_of", ready[0]) if known.form == "reference" else ready[0]
            result = py.method(known.rows, "get", key, self._binder.constant(known.rest.value))
        elif known is not None:
            name, found = self.temporary(), self.temporary()
            kept = py.assign(name, ready[0])
            asked = py.call("_code_of", kept) if known.form == "reference" else kept
            result = py.method(known.rows, "get", asked, py.name("_unset"))
            other = py.call(identifier, py.name(name), py.name("c"), py.name("W"), py.name("L"))
            test = py.compare(py.assign(found, result), ast.IsNot(), py.name("_unset"))
            result = py.choose(test, py.name(found), other)
        else:
            result = py.call(identifier, *ready, py.name("c"), py.name("W"), py.name("L"))
        return py.choose(py.either(checks), py.constant(None), result) if checks else result

    def via(self, node: ir.ViaMap) -> ast.expr:
        return self.lifted(
            (node.operand,), lambda values: py.method(py.name("c"), "via", py.constant(node.map), values[0])
        )

    def find(self, node: ir.FindOne) -> ast.expr:
        words = [py.constant(word) for word in (node.system, node.kind, node.field)]
        return self.lifted(
            (node.value,),
            lambda values: py.method(py.name("c"), "find", *words, values[0], py.constant(node.or_create)),
        )

    # --- operators ------------------------------------------------------------------------------------------------

    def invert(self, node: ir.Not) -> ast.expr:
        return py.negated(self.expr(node.operand))

    def negative(self, node: ir.Negative) -> ast.expr:
        return self.lifted((node.operand,), lambda values: ast.UnaryOp(op=ast.USub(), operand=values[0]))

    def presence(self, node: ir.Presence) -> ast.expr:
        value = self.expr(node.operand)
        return py.is_none(value) if node.missing else py.is_some(value)

    def logic(self, node: ir.Logic) -> ast.expr:
        sides = [self.expr(node.left), self.expr(node.right)]
        return py.both(sides) if node.operator == "and" else py.either(sides)

    def order(self, node: ir.Compare) -> ast.expr:
        operator = _ORDERS[node.operator]
        return self.lifted((node.left, node.right), lambda values: py.compare(values[0], operator(), values[1]))

    def equal(self, node: ir.Equal) -> ast.expr:
        return self._same(self.expr(node.left), self.expr(node.right), node.form, node.negated)

    def _same(self, left: ast.expr, right: ast.expr, form: ir.Form, negated: bool) -> ast.expr:
        if form == "reference":
            result = py.call("_same", left, right)
            return py.negated(result) if negated else result
        if form == "set":
            left, right = py.call("_set_key", left), py.call("_set_key", right)
        return py.compare(left, ast.NotEq() if negated else ast.Eq(), right)

    def one_of_these(self, node: ir.OneOfThese) -> ast.expr:
        if node.form == "plain" and all(isinstance(value, ir.Const) for value in node.values):
            known = frozenset(value.value for value in node.values if isinstance(value, ir.Const))
            operator = ast.NotIn() if node.negated else ast.In()
            return py.compare(self.expr(node.operand), operator, self._binder.constant(known))
        identifier = self.temporary()
        first: ast.expr = py.assign(identifier, self.expr(node.operand))
        tests: list[ast.expr] = []
        for value in node.values:
            tests.append(self._same(first, self.expr(value), node.form, False))
            first = py.name(identifier)
        return py.negated(py.either(tests)) if node.negated else py.either(tests)

    def text_test(self, node: ir.TextTest) -> ast.expr:
        if node.operator == "contains":
            return self.lifted((node.left, node.right), lambda values: py.compare(values[1], ast.In(), values[0]))
        return self.lifted((node.left, node.right), lambda values: py.method(values[0], "startswith", values[1]))

    def joined(self, node: ir.Joined) -> ast.expr:
        return self.lifted(node.parts, _added)

    def as_code(self, node: ir.AsCode) -> ast.expr:
        return self.lifted((node.operand,), lambda values: py.call("_plain" if node.number else "_code_of", *values))

    def message(self, node: ir.Message) -> ast.expr:
        parts = [
            py.constant(part) if isinstance(part, str) else py.call("_show", self.expr(part)) for part in node.parts
        ]
        return _added(parts) if parts else py.constant("")

    def filled(self, node: ir.Filled) -> ast.expr:
        values = [part for part in node.message.parts if not isinstance(part, str)]

        def build(ready: Sequence[ast.expr]) -> ast.expr:
            following = iter(ready)
            return _added(
                [
                    py.constant(part) if isinstance(part, str) else py.call("_show", next(following))
                    for part in node.message.parts
                ]
            )

        return self.lifted(values, build)

    def arithmetic(self, node: ir.Arithmetic) -> ast.expr:
        if node.operator == "/":
            return self.lifted((node.left, node.right), lambda values: py.call("_divide", *values))
        operator = _SUMS[node.operator]
        return self.lifted(
            (node.left, node.right), lambda values: ast.BinOp(left=values[0], op=operator(), right=values[1])
        )

    def shift(self, node: ir.Shift) -> ast.expr:
        ends = [py.constant(node.unit), self._binder.constant(node.sign)]
        return self.lifted((node.date, node.amount), lambda values: py.call("_shift", *values, *ends))

    # --- choices --------------------------------------------------------------------------------------------------

    def otherwise(self, node: ir.Otherwise) -> ast.expr:
        first, again = self.kept(node.left)
        return py.choose(py.is_some(first), again, self.expr(node.right))

    def choose(self, node: ir.Choose) -> ast.expr:
        return py.choose(self.expr(node.condition), self.expr(node.then), self.expr(node.otherwise))

    def halt(self, node: ir.Halt) -> ast.expr:
        start = [py.constant(node.outcome), self.expr(node.message), py.constant(node.span.place)]
        if not node.table:
            return py.call("_halt", *start)
        subjects = py.items([self.expr(subject) for subject in node.subjects])
        choices = py.items([py.constant(choice) for choice in node.choices])
        return py.call("_row_halt", *start, py.constant(node.table), subjects, choices)

    def notice(self, node: ir.Notice) -> ast.expr:
        noted = py.call("_warn", py.name("W"), self.expr(node.message), py.constant(node.span.place))
        return py.choose(py.is_none(noted), self.expr(node.then), py.constant(None))

    def pick(self, node: ir.Pick) -> ast.expr:
        """Subjects are worked out once, then the rows are asked in order."""
        outer = dict(self._names)
        steps: list[ast.expr] = []
        keys: list[str] = []
        for index, (subject, form) in enumerate(zip(node.subjects, node.forms, strict=True)):
            identifier = self.temporary()
            steps.append(py.assign(identifier, self.expr(subject)))
            keys.append(identifier)
            if form == "set":
                keys[-1] = self.temporary()
                steps.append(py.assign(keys[-1], py.call("_set_key", py.name(identifier))))
            self._names[f"${index}"] = identifier
        locals_ = [self._names[f"${index}"] for index in range(len(node.subjects))]
        result = self.no_row("pick", node.span, locals_)
        for row in reversed(node.rows):
            value = self.expr(row.result)
            if self._careful:
                value = py.choose(py.is_none(self.hit(row.span)), self.done(value, row.span), py.constant(None))
            tests = [self.test(test, keys, node.forms) for test in row.tests]
            result = py.choose(py.both(tests), value, result) if tests else value
        self._names = outer
        steps.append(result)
        return ast.Subscript(value=py.items(steps), slice=py.constant(len(steps) - 1), ctx=ast.Load())

    # --- rows -----------------------------------------------------------------------------------------------------

    def hit(self, span: Span) -> ast.expr:
        return py.at(py.method(py.name("L"), "hit", py.constant(span.place)), span)

    def done(self, value: ast.expr, span: Span) -> ast.expr:
        return py.at(py.method(py.name("L"), "done", value), span)

    def no_row(self, table: str, span: Span, arguments: Sequence[str]) -> ast.expr:
        values = py.items([py.name(argument) for argument in arguments])
        return py.at(py.call("_no_row", py.constant(table), py.constant(span.place), values), span)

    def test(self, test: ir.Test, keys: Sequence[str], forms: Sequence[ir.Form]) -> ast.expr:
        """One cell as a condition. ``keys`` are the local names of the values that are compared."""
        subject = py.name(keys[test.column])
        form = forms[test.column]
        if test.kind == "missing":
            made = py.is_none(subject)
        elif test.kind == "present":
            made = py.is_some(subject)
        elif test.kind == "values":
            made = self._one_of(subject, test.values, form)
        elif test.bound is None:
            made = py.constant(False)
        elif test.kind == "compare":
            order = py.compare(subject, _ORDERS[test.operator](), self.expr(test.bound))
            made = py.both([py.is_some(py.name(keys[test.column])), order])
        else:
            made = self._same(subject, self.expr(test.bound), "plain" if form == "set" else form, False)
        return py.at(made, test.span)

    def _one_of(self, subject: ast.expr, values: Sequence[object], form: ir.Form) -> ast.expr:
        if form == "reference":
            subject = py.call("_code_of", subject)
        if len(values) == 1:
            value = values[0]
            if value is None:
                return py.is_none(subject)
            return py.compare(subject, ast.Eq(), self._binder.constant(value))
        return py.compare(subject, ast.In(), self._binder.constant(frozenset(values)))


def _divided(node: ir.Apply) -> tuple[ir.Node, ir.Node] | None:
    """The sides of a division that is rounded at once: it is not rounded at 12 places before (language 3.4)."""
    inner = node.arguments[0] if node.function.name in _ROUNDINGS else None
    return (inner.left, inner.right) if isinstance(inner, ir.Arithmetic) and inner.operator == "/" else None


def _added(parts: Sequence[ast.expr]) -> ast.expr:
    result = parts[0]
    for part in parts[1:]:
        result = ast.BinOp(left=result, op=ast.Add(), right=part)
    return result


_EMIT: Mapping[type, Callable[[Emitter, Any], ast.expr]] = {
    ir.Const: Emitter.constant,
    ir.Clear: Emitter.clear,
    ir.Root: Emitter.root,
    ir.Member: lambda emitter, node: emitter.member(node),
    ir.Column: lambda emitter, node: emitter.column(node),
    ir.Follow: lambda emitter, node: emitter.follow(node),
    ir.AddressOf: Emitter.address,
    ir.LetRef: lambda emitter, node: emitter.let(node),
    ir.Param: Emitter.param,
    ir.Apply: lambda emitter, node: emitter.apply(node),
    ir.TableCall: lambda emitter, node: emitter.table(node),
    ir.Not: Emitter.invert,
    ir.Negative: Emitter.negative,
    ir.Presence: Emitter.presence,
    ir.Logic: Emitter.logic,
    ir.Compare: Emitter.order,
    ir.Equal: Emitter.equal,
    ir.OneOfThese: Emitter.one_of_these,
    ir.TextTest: Emitter.text_test,
    ir.Joined: Emitter.joined,
    ir.AsCode: Emitter.as_code,
    ir.Message: Emitter.message,
    ir.Filled: Emitter.filled,
    ir.Arithmetic: Emitter.arithmetic,
    ir.Shift: Emitter.shift,
    ir.Otherwise: Emitter.otherwise,
    ir.Choose: Emitter.choose,
    ir.Halt: Emitter.halt,
    ir.Notice: Emitter.notice,
    ir.ViaMap: Emitter.via,
    ir.FindOne: Emitter.find,
    ir.Pick: Emitter.pick,
}
