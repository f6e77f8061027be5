"""Operators: what fits them, what they give, what follows when a side is constant."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, cast

from zx.catalog.fieldtypes import Address, Bool, Date, DateTime, Enum, Money, Number, OneOf, Ref, SetOf, Text
from zx.check.calls import beyond
from zx.check.doubts import doubt_presence
from zx.check.fitting import check_choice, check_code, choices, comparable
from zx.check.ir import (
    Arithmetic,
    AsCode,
    Compare,
    Const,
    Equal,
    Follow,
    Form,
    Joined,
    Logic,
    Member,
    Negative,
    Node,
    Not,
    OneOfThese,
    Presence,
    Shift,
    TextTest,
)
from zx.check.narrowing import facts_when
from zx.check.scope import Facts, Scope, Value
from zx.runtime.support import divide, shift
from zx.stdlib.numbers import NUMBER_LENGTH
from zx.stdlib.types import ExprType, ListOf, Nothing, Reported, Rows, describe, is_textual
from zx.syntax import ast
from zx.values.money import plain

_SLASHED = re.compile(r"\d+ ?/ ?\d+ ?/ ?\d+")

if TYPE_CHECKING:
    from zx.check.expressions import Expressions


def unary(checker: Expressions, expr: ast.Unary, scope: Scope, facts: Facts) -> Value:
    if expr.operator == "not":
        value = checker.condition(expr.operand, scope, facts)
        if value.is_constant and isinstance(value.constant, bool):
            return Value(Const(expr.span, not value.constant), Bool(), False, expr.span)
        return Value(Not(expr.span, value.node), value.type, False, expr.span)
    value = checker.value(expr.operand, scope, facts)
    if isinstance(value.type, Reported):
        return value
    if expr.operator == "-":
        if not isinstance(value.type, Number | Money | Nothing):
            _needs(checker, value, "a number or an amount", "`-`")
            return checker.reported(expr.span)
        if value.is_constant and isinstance(value.constant, Decimal):
            return Value(Const(expr.span, -value.constant), value.type, False, expr.span)
        return Value(Negative(expr.span, value.node), value.type, value.maybe, expr.span)
    doubt_presence(checker.doubts, expr, value, scope, facts, checker.world.text(expr.operand.span))
    missing = expr.operator == "is missing"
    if value.is_constant:
        return Value(Const(expr.span, (value.constant is None) == missing), Bool(), False, expr.span)
    return Value(Presence(expr.span, value.node, missing), Bool(), False, expr.span)


def binary(checker: Expressions, expr: ast.Binary, scope: Scope, facts: Facts) -> Value:
    operator = expr.operator
    if operator in ("and", "or"):
        return _logic(checker, expr, scope, facts)
    if operator in ("+", "-") and isinstance(expr.right, ast.Duration):
        return _shift(checker, expr, expr.right, scope, facts)
    left = checker.value(expr.left, scope, facts)
    right = checker.value(expr.right, scope, facts)
    if isinstance(left.type, Reported) or isinstance(right.type, Reported):
        return checker.reported(expr.span)
    if operator in ("is", "is not"):
        return _equal(checker, expr, left, right)
    if operator in ("<", "<=", ">", ">="):
        return _compare(checker, expr, left, right, scope, facts)
    if operator in ("starts with", "contains"):
        return _text_test(checker, expr, left, right)
    if operator == "&":
        return _join(checker, expr, left, right)
    return _arithmetic(checker, expr, left, right)


def _logic(checker: Expressions, expr: ast.Binary, scope: Scope, facts: Facts) -> Value:
    decisive = expr.operator == "or"
    left = checker.condition(expr.left, scope, facts)
    known = facts | facts_when(expr.left, not decisive, scope)
    if left.is_constant and left.constant is decisive:
        with checker.dead():
            checker.condition(expr.right, scope, known)
        return Value(Const(expr.span, decisive), Bool(), False, expr.span)
    right = checker.condition(expr.right, scope, known)
    if isinstance(left.type, Reported) or isinstance(right.type, Reported):
        return checker.reported(expr.span)
    if left.is_constant and left.constant is (not decisive):
        return Value(right.node, Bool(), right.maybe, expr.span)
    if right.is_constant and right.constant is (not decisive):
        return Value(left.node, Bool(), left.maybe, expr.span)
    if right.is_constant and right.constant is decisive:
        # What the left side would say plays no part any more.
        return Value(Const(expr.span, decisive), Bool(), False, expr.span)
    operator = cast(Literal["and", "or"], expr.operator)
    return Value(Logic(expr.span, operator, left.node, right.node), Bool(), False, expr.span)


def form_of(checker: Expressions, *types: ExprType) -> Form:
    """How values of these types are compared."""
    for type in types:
        if isinstance(type, SetOf):
            return "set"
        if isinstance(type, Ref) and not checker.world.catalogue.is_list(type.system, type.name):
            return "reference"
    return "plain"


def _check_side(checker: Expressions, literal: Value, other: Value) -> None:
    """A literal compared with a closed list is one of its values; with a list of codes, one of them."""
    if not (literal.is_constant and isinstance(literal.constant, str)) or not isinstance(literal.type, Text):
        return
    world = checker.world
    if world.text(literal.span)[:1] != '"':
        return
    if isinstance(other.type, Enum | OneOf):
        if choices(world, other.type) is not None:
            check_choice(world, literal.constant, other.type, literal.span, quoted=True)
    elif isinstance(other.type, Ref) and world.catalogue.is_list(other.type.system, other.type.name):
        check_code(world, literal.constant, other.type, literal.span)


def _equal(checker: Expressions, expr: ast.Binary, left: Value, right: Value) -> Value:
    negated = expr.operator == "is not"
    if not comparable(left.type, right.type):
        _apart(checker, left, right)
        return checker.reported(expr.span)
    _check_side(checker, left, right)
    _check_side(checker, right, left)
    if left.is_constant and right.is_constant:
        return Value(Const(expr.span, (left.constant == right.constant) != negated), Bool(), False, expr.span)
    _blank(checker, expr, left, right)
    form = form_of(checker, left.type, right.type)
    return Value(Equal(expr.span, left.node, right.node, negated, form), Bool(), False, expr.span)


def _blank(checker: Expressions, expr: ast.Binary, left: Value, right: Value) -> None:
    """``X is ""``: what a system leaves blank is missing here, never an empty text (W0308)."""
    if not (right.is_constant and right.constant == "") or not isinstance(left.node, Member | Follow):
        return
    always, meant = ("false", "is missing") if expr.operator == "is" else ("true", "is present")
    checker.world.reporter.warning(
        "W0308",
        f"this condition is always {always}: what is blank in {_system(left)} is missing here",
        expr.span,
        "an empty text is never read",
        fix=f"{checker.world.text(left.span)} {meant}",
    )


def _system(value: Value) -> str:
    return "the source" if not isinstance(value.node, Follow) else value.node.system.capitalize()


def member(checker: Expressions, expr: ast.In, scope: Scope, facts: Facts) -> Value:
    operand = checker.value(expr.operand, scope, facts)
    values = [checker.value(value, scope, facts) for value in expr.values]
    if any(isinstance(value.type, Reported) for value in (operand, *values)):
        return checker.reported(expr.span)
    for value in values:
        if not comparable(operand.type, value.type):
            _apart(checker, operand, value)
            return checker.reported(expr.span)
        _check_side(checker, value, operand)
    if operand.is_constant and all(value.is_constant for value in values):
        found = operand.constant in [value.constant for value in values]
        return Value(Const(expr.span, found != expr.negated), Bool(), False, expr.span)
    form = form_of(checker, operand.type, *(value.type for value in values))
    node = OneOfThese(expr.span, operand.node, tuple(value.node for value in values), expr.negated, form)
    return Value(node, Bool(), False, expr.span)


def _apart(checker: Expressions, left: Value, right: Value) -> None:
    checker.world.reporter.error(
        "E0301",
        f"{describe(left.type)} is never equal to {describe(right.type)}",
        right.span,
        f"{checker.world.text(left.span)} is {describe(left.type)}",
    )


def _compare(checker: Expressions, expr: ast.Binary, left: Value, right: Value, scope: Scope, facts: Facts) -> Value:
    numbers = isinstance(left.type, Number | Money) and isinstance(right.type, Number | Money)
    dates = isinstance(left.type, Date | DateTime) and left.type == right.type
    if not numbers and not dates and not isinstance(left.type, Nothing) and not isinstance(right.type, Nothing):
        _order_mismatch(checker, left, right)
        return checker.reported(expr.span)
    for side, part in ((left, expr.left), (right, expr.right)):
        if side.maybe:
            culprit = checker.culprit(part, scope, facts)
            name = checker.world.text(culprit)
            whole = checker.world.text(expr.span)
            fix = checker.guarded(culprit, expr.span)
            checker.world.reporter.error(
                "E0302",
                f"`{name}` may be missing, so it cannot be compared",
                culprit,
                checker.origin(culprit, scope),
                help=None if fix else f"{name} is present and {whole}",
                fix=fix,
            )
            return checker.reported(expr.span)
    if isinstance(left.node, Const) and isinstance(right.node, Const):
        result = ordered(expr.operator, left.constant, right.constant)
        return Value(Const(expr.span, result), Bool(), False, expr.span)
    operator = cast(Literal["<", "<=", ">", ">="], expr.operator)
    return Value(Compare(expr.span, operator, left.node, right.node), Bool(), False, expr.span)


def _order_mismatch(checker: Expressions, left: Value, right: Value) -> None:
    for side, other in ((left, right), (right, left)):
        if isinstance(other.type, Date) and isinstance(side.type, Text | DateTime):
            text = checker.world.text(side.span)
            checker.world.reporter.error(
                "E0310",
                f"a date is compared with {describe(side.type)}",
                side.span,
                "use date(…)",
                fix=f"date({text})",
            )
            return
    written = checker.world.text(right.span)
    checker.world.reporter.error(
        "E0301",
        f"{describe(left.type)} and {describe(right.type)} have no order",
        right.span,
        "numbers, amounts and dates can be compared",
        help="a day is written year-month-day: 2026-07-01" if _SLASHED.fullmatch(written) else None,
    )


def ordered(operator: str, left: object, right: object) -> bool:
    """``left operator right`` for two constants of one kind."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        difference = left - right
        sign = (difference > 0) - (difference < 0)
    else:
        first, second = str(left), str(right)
        sign = (first > second) - (first < second)
    return {"<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0}[operator]


def _text_test(checker: Expressions, expr: ast.Binary, left: Value, right: Value) -> Value:
    for side in (left, right):
        if not is_textual(side.type) and not isinstance(side.type, Ref | Nothing):
            _needs(checker, side, "a text", f"`{expr.operator}`")
            return checker.reported(expr.span)
    for side in (left, right):
        if side.maybe:
            name = checker.world.text(side.span)
            checker.world.reporter.error(
                "E0302",
                f"`{name}` may be missing, so it cannot be compared",
                side.span,
                "it may have no value",
                help=f"{name} is present and {checker.world.text(expr.span)}",
            )
            return checker.reported(expr.span)
    if isinstance(left.node, Const) and isinstance(right.node, Const):
        whole, part = str(left.constant), str(right.constant)
        found = whole.startswith(part) if expr.operator == "starts with" else part in whole
        return Value(Const(expr.span, found), Bool(), False, expr.span)
    operator = cast(Literal["starts with", "contains"], expr.operator)
    nodes = [as_text(checker, side) for side in (left, right)]
    return Value(TextTest(expr.span, operator, nodes[0], nodes[1]), Bool(), False, expr.span)


def as_text(checker: Expressions, value: Value) -> Node:
    """``value`` as a text: references count as their code, numbers as their digits."""
    if isinstance(value.type, Ref) and not checker.world.catalogue.is_list(value.type.system, value.type.name):
        return AsCode(value.span, value.node, number=False)
    if isinstance(value.type, Number):
        if isinstance(value.node, Const) and isinstance(value.constant, Decimal):
            return Const(value.span, plain(value.constant))
        return AsCode(value.span, value.node, number=True, maybe=value.node.maybe)
    return value.node


def _join(checker: Expressions, expr: ast.Binary, left: Value, right: Value) -> Value:
    for side in (left, right):
        if isinstance(side.type, Date | DateTime | Money):
            text = checker.world.text(side.span)
            pattern = "0.00" if isinstance(side.type, Money) else "yyyy-mm-dd"
            checker.world.reporter.error(
                "E0309",
                f"{describe(side.type)} cannot be joined to a text as it is",
                side.span,
                "say how it is written",
                fix=f'format({text}, "{pattern}")',
            )
            return checker.reported(expr.span)
        if isinstance(side.type, Address | Bool | SetOf | ListOf | Rows):
            _needs(checker, side, "a text", "`&`")
            return checker.reported(expr.span)
    nodes = [as_text(checker, side) for side in (left, right)]
    maybe = left.maybe or right.maybe
    length = _sum_length(left, right)
    if all(isinstance(node, Const) for node in nodes):
        texts = [node.value for node in nodes if isinstance(node, Const)]
        joined = None if None in texts else "".join(str(text) for text in texts)
        return Value(Const(expr.span, joined), Text(None if joined is None else len(joined)), maybe, expr.span)
    parts: list[Node] = []
    for node in nodes:
        parts.extend(node.parts if isinstance(node, Joined) else (node,))
    return Value(Joined(expr.span, tuple(parts)), Text(length), maybe, expr.span)


def _sum_length(left: Value, right: Value) -> int | None:
    total = 0
    for side in (left, right):
        if isinstance(side.node, Const):
            total += len(str(side.constant or ""))
        elif isinstance(side.type, Text) and side.type.length is not None:
            total += side.type.length
        elif isinstance(side.type, Number):
            total += NUMBER_LENGTH
        else:
            return None
    return total


def _arithmetic(checker: Expressions, expr: ast.Binary, left: Value, right: Value) -> Value:
    if expr.operator == "+" and is_textual(left.type) and is_textual(right.type):
        checker.world.reporter.error(
            "E0301", "`+` adds numbers, these are texts", expr.operator_span, "texts are joined with `&`", fix="&"
        )
        return checker.reported(expr.span)
    for side in (left, right):
        if not isinstance(side.type, Number | Money | Nothing):
            help = "`A_Date + 14 days`" if isinstance(side.type, Date) else None
            _needs(checker, side, "a number or an amount", f"`{expr.operator}`", help)
            return checker.reported(expr.span)
    kind = _result(expr.operator, left, right)
    if kind is None:
        checker.world.reporter.error(
            "E0301",
            f"`{expr.operator}` of {describe(left.type)} and {describe(right.type)} has no meaning",
            expr.operator_span,
            "an amount can be added to an amount, and multiplied or divided by a number",
        )
        return checker.reported(expr.span)
    if expr.operator in ("+", "-") and _two_currencies(checker, left, right):
        return checker.reported(expr.span)
    maybe = left.maybe or right.maybe
    if isinstance(left.node, Const) and isinstance(right.node, Const):
        folded = _folded(expr.operator, left.constant, right.constant)
        if folded is not None:
            return Value(Const(expr.span, folded), kind, False, expr.span)
    operator = cast(Literal["+", "-", "*", "/"], expr.operator)
    money = left.money_of if left.money_of is not None else right.money_of
    return Value(Arithmetic(expr.span, operator, left.node, right.node), kind, maybe, expr.span, money_of=money)


def _two_currencies(checker: Expressions, left: Value, right: Value) -> bool:
    """E0304: amounts of two records, each in a currency of its own, where the organisation has several."""
    world, (ours, theirs) = checker.world, (left.money_of, right.money_of)
    if ours is None or theirs is None or ours == theirs:
        return False
    currencies = world.catalogue.list("zoho", "Currency")
    if currencies is not None and len(currencies) < 2:
        return False
    far = right if theirs else left
    record = far.money_of or ""
    world.reporter.error(
        "E0304",
        "money of two currencies in one sum",
        far.span,
        f"in the currency of `{record}`, the other amount in that of "
        + (f"`{ours if far is right else theirs}`" if ours and theirs else "the document"),
        help="use an amount of the document itself; zx converts nothing",
    )
    return True


def _result(operator: str, left: Value, right: Value) -> ExprType | None:
    """The type of an arithmetic result; a written number counts as an amount where one is wanted."""
    money = [isinstance(side.type, Money) for side in (left, right)]
    if not any(money):
        return Number()
    if operator in ("+", "-"):
        fits = all(known or side.is_constant for known, side in zip(money, (left, right), strict=True))
        return Money() if fits else None
    if operator == "*":
        return Money() if not all(money) else None
    if money[1]:
        return Number() if money[0] else None
    return Money()


def _folded(operator: str, left: object, right: object) -> Decimal | None:
    if not isinstance(left, Decimal) or not isinstance(right, Decimal) or (operator == "/" and right == 0):
        return None
    results = {"+": left + right, "-": left - right, "*": left * right}
    return divide(left, right) if operator == "/" else results[operator]


def _shift(checker: Expressions, expr: ast.Binary, duration: ast.Duration, scope: Scope, facts: Facts) -> Value:
    day = checker.value(expr.left, scope, facts)
    amount = checker.value(duration.amount, scope, facts)
    if isinstance(day.type, Reported) or isinstance(amount.type, Reported):
        return checker.reported(expr.span)
    if not isinstance(day.type, Date | Nothing):
        code = "E0310" if isinstance(day.type, Text | DateTime) else "E0301"
        text = checker.world.text(day.span)
        checker.world.reporter.error(
            code,
            f"{duration.unit}s are added to a date, this is {describe(day.type)}",
            day.span,
            "use date(…)" if code == "E0310" else "a date belongs here",
            fix=f"date({text})" if code == "E0310" else None,
        )
        return checker.reported(expr.span)
    if not isinstance(amount.type, Number | Nothing):
        _needs(checker, amount, "a number", f"`{duration.unit}s`")
        return checker.reported(expr.span)
    sign = 1 if expr.operator == "+" else -1
    maybe = day.maybe or amount.maybe
    if isinstance(day.constant, str) and isinstance(amount.constant, Decimal):
        try:
            moved = shift(day.constant, amount.constant, duration.unit, sign)
        except (ArithmeticError, ValueError):
            return beyond(checker, expr.span)
        return Value(Const(expr.span, moved), Date(), False, expr.span)
    return Value(Shift(expr.span, day.node, amount.node, duration.unit, sign), Date(), maybe, expr.span)


def _needs(checker: Expressions, value: Value, wanted: str, place: str, help: str | None = None) -> None:
    checker.world.reporter.error(
        "E0301",
        f"{place} needs {wanted}, this gives {describe(value.type)}",
        value.span,
        f"{checker.world.text(value.span)} is {describe(value.type)}",
        help=help,
    )
