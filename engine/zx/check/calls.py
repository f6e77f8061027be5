"""Calls of built-in functions: number and kinds of arguments, result, missing ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeGuard

from zx.catalog.fieldtypes import Bool, Date, DateTime, Enum, Money, Number, OneOf, Ref, SetOf, Text
from zx.check.ir import Apply, AsCode, Const, Node
from zx.check.scope import Value, World
from zx.diagnostics.diagnostic import Span
from zx.diagnostics.suggest import nearest
from zx.stdlib.patterns import PatternError, compiled
from zx.stdlib.registry import FROM_EXCEL, FUNCTIONS
from zx.stdlib.signature import Argument, Function, Parameter
from zx.stdlib.types import (
    ExprType,
    KeyedRows,
    ListOf,
    Nothing,
    Object,
    Reported,
    Rows,
    ScalarType,
    describe,
    expression_type,
)
from zx.syntax import ast

if TYPE_CHECKING:
    from zx.check.expressions import Expressions

_WORDS = {
    "text": "a text",
    "number": "a number",
    "amount": "a number or an amount",
    "date": "a date",
    "instant": "a date with time",
    "bool": "yes or no",
    "list": "a list",
    "amounts": "a list of numbers or amounts",
    "texts": "a list of texts",
    "comparables": "a list of them",
    "items": "a list of values",
    "comparable": "numbers, amounts or dates",
    "pattern": "a pattern",
}


def builtin(checker: Expressions, function: Function, expr: ast.Call, arguments: Sequence[Value]) -> Value:
    """A checked call of ``function``."""
    if any(isinstance(argument.type, Reported) for argument in arguments):
        return checker.reported(expr.span)
    if not _count_fits(checker.world, function, expr, len(arguments)):
        return checker.reported(expr.span)
    if not _patterns(checker.world, function, expr):
        return checker.reported(expr.span)
    nodes: list[Node] = []
    for position, argument in enumerate(arguments):
        parameter = function.parameters[min(position, len(function.parameters) - 1)]
        node = _argument(checker.world, function, parameter, argument)
        if node is None:
            return checker.reported(expr.span)
        nodes.append(node)
    if not _one_family(checker.world, function, arguments):
        return checker.reported(expr.span)
    known = [Argument(argument.type, argument.constant, argument.maybe) for argument in arguments]
    kind = _result(function, known)
    misses = function.may_miss(known)
    maybe = misses if function.lenient else misses or any(argument.maybe for argument in arguments)
    raw = [Argument(argument.type, argument.constant, argument.node.maybe) for argument in arguments]
    raw_misses = function.may_miss(raw)
    raw_maybe = raw_misses if function.lenient else raw_misses or any(node.maybe for node in nodes)
    if not function.context and nodes and all(isinstance(node, Const) for node in nodes):
        values = [node.value for node in nodes if isinstance(node, Const)]
        if not any(value is None for value in values):
            try:
                result = function.implementation(*values)
            except (ArithmeticError, ValueError):
                return beyond(checker, expr.span)
            return Value(Const(expr.span, result), kind, result is None, expr.span)
    owners = {argument.money_of for argument in arguments if isinstance(argument.type, Money)}
    money = owners.pop() if len(owners) == 1 and isinstance(kind, Money) else None
    return Value(Apply(expr.span, function, tuple(nodes), raw_maybe), kind, maybe, expr.span, money_of=money)


def _one_family(world: World, function: Function, arguments: Sequence[Value]) -> bool:
    """Whether what ``min`` and ``max`` compare has an order: all of it numbers and amounts, or all of it days."""
    if not function.repeats or "comparable" not in function.parameters[-1].takes:
        return True
    items = [(one, one.type.item if isinstance(one.type, ListOf) else one.type) for one in arguments]
    settled = [(one, isinstance(kind, Date)) for one, kind in items if not isinstance(kind, Nothing)]
    odd = next((one for one, is_day in settled if is_day != settled[0][1]), None)
    if odd is not None:
        world.reporter.error(
            "E0301",
            f"{describe(settled[0][0].type)} and {describe(odd.type)} have no order",
            odd.span,
            "numbers and amounts can be compared with each other, and dates with dates",
        )
    return odd is None


def beyond(checker: Expressions, span: Span) -> Value:
    """E0301 for something written out whose result no number or day can hold."""
    checker.world.reporter.error(
        "E0301",
        f"`{checker.world.text(span)}` cannot be worked out",
        span,
        "numbers have 28 digits at most, days the years 1 to 9999",
    )
    return checker.reported(span)


def _result(function: Function, known: Sequence[Argument]) -> ExprType:
    if known and all(isinstance(argument.type, Nothing) for argument in known[:1]) and not function.lenient:
        settled = [argument for argument in known if not isinstance(argument.type, Nothing)]
        if not settled and function.name in ("min", "max"):
            return Nothing()
    return function.result(known)


def _count_fits(world: World, function: Function, expr: ast.Call, count: int) -> bool:
    least = sum(1 for parameter in function.parameters if not parameter.default)
    most = None if function.repeats else len(function.parameters)
    if count >= least and (most is None or count <= most):
        return True
    world.reporter.error(
        "E0301",
        f"`{function.name}` takes {_amount(least, most)}, here {'is' if count == 1 else 'are'} {count}",
        expr.span,
        function.signature,
    )
    return False


def _amount(least: int, most: int | None) -> str:
    if most is None:
        return f"{least} or more values"
    if most == 0:
        return "no value"
    return f"{least} value{'' if least == 1 else 's'}" if least == most else f"{least} or {most} values"


def _argument(world: World, function: Function, parameter: Parameter, value: Value) -> Node | None:
    takes = parameter.takes.split()
    if any(_takes(kind, value.type) for kind in takes):
        is_record = isinstance(value.type, Ref) and not world.catalogue.is_list(value.type.system, value.type.name)
        if "text" in takes and is_record:
            return AsCode(value.span, value.node, number=False)
        return value.node
    wanted = " or ".join(_WORDS[kind] for kind in takes)
    text = world.text(value.span)
    if takes == ["text"] and isinstance(value.type, Number | Money):
        code, label, fix = "E0309", "use text(…)", f"text({text})"
    elif "date" in takes and isinstance(value.type, Text | DateTime):
        code, label, fix = "E0310", "use date(…)", f"date({text})"
    else:
        code, label, fix = "E0301", f"{text} is {describe(value.type)}", None
        if isinstance(value.type, Rows | KeyedRows):
            some = _some_field(world, value.type, takes)
            label = f"name a field of its rows, as in {text}.{some}" if some else label
    world.reporter.error(
        code, f"`{function.name}` needs {wanted} here, this gives {describe(value.type)}", value.span, label, fix=fix
    )
    return None


def _some_field(world: World, rows: Rows | KeyedRows, takes: Sequence[str]) -> str | None:
    """A field of the rows that would fit."""
    shape = world.catalogue.shape(rows.system, rows.shape)
    fields = [] if shape is None else list(shape.fields.values())
    kinds = [(field.name, expression_type(rows.system, field.type)) for field in fields]
    fitting = [n for n, k in kinds if _is_scalar(k) and any(_takes(kind, ListOf(k)) for kind in takes)]
    return fitting[0] if fitting else None


def _is_scalar(kind: ExprType) -> TypeGuard[ScalarType]:
    return not isinstance(kind, Rows | KeyedRows | Object | ListOf | Nothing | Reported)


def _patterns(world: World, function: Function, expr: ast.Call) -> bool:
    """Whether every pattern is a literal that RE2 understands (E0311)."""
    for parameter, argument in zip(function.parameters, expr.arguments, strict=False):
        if parameter.takes != "pattern" or (isinstance(argument, ast.Constant) and argument.kind == "missing"):
            continue
        literal = argument.constant if isinstance(argument, ast.TextLiteral) else None
        if literal is None:
            world.reporter.error(
                "E0311",
                f"the pattern of `{function.name}` must stand here as a text",
                argument.span,
                "it is checked before anything runs",
                help="a brace of a pattern is written `{{`: [0-9]{{4}"
                if isinstance(argument, ast.TextLiteral)
                else None,
            )
            return False
        try:
            compiled(literal)
        except PatternError as error:
            world.reporter.error(
                "E0311",
                "this is not a pattern",
                argument.span,
                str(error),
                help="patterns are those of RE2: no look-around, no references back to a group",
            )
            return False
    return True


def _takes(kind: str, given: ExprType) -> bool:
    if isinstance(given, Nothing):
        return True
    if kind == "pattern":
        return isinstance(given, Text)
    if kind == "text":
        return isinstance(given, Text | Enum | OneOf | Ref)
    if kind == "list":
        return isinstance(given, Rows | KeyedRows | ListOf | SetOf)
    if kind == "items":
        return isinstance(given, ListOf | SetOf)
    if kind == "texts":
        return isinstance(given, SetOf) or (isinstance(given, ListOf) and _takes("text", given.item))
    if kind in ("amounts", "comparables"):
        one = "amount" if kind == "amounts" else "comparable"
        return isinstance(given, ListOf) and _takes(one, given.item)
    kinds: dict[str, tuple[type[object], ...]] = {
        "number": (Number,),
        "amount": (Number, Money),
        "date": (Date,),
        "instant": (DateTime,),
        "bool": (Bool,),
        "comparable": (Number, Money, Date),
    }
    return isinstance(given, kinds[kind])


def unknown_function(world: World, expr: ast.Call) -> None:
    """E0209, with what stands here for a function of a spreadsheet."""
    if world.is_lost(expr.name):
        return
    if expr.name == "sequence":
        world.reporter.error(
            "E0514",
            "`sequence()` counts summaries, this is not said of one",
            expr.span,
            "only in the fields of a `summary`",
        )
        return
    excel = FROM_EXCEL.get(expr.name.lower())
    candidates = [*FUNCTIONS, *world.rules.tables]
    near = None if excel else nearest(expr.name, candidates)
    world.reporter.error(
        "E0209",
        f"there is no function or table `{expr.name}`",
        expr.name_span,
        excel or (f"did you mean `{near}`?" if near else "neither built in nor a table of this sync"),
        fix=near,
    )
