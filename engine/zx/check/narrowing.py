"""What a condition says about presence and length when it holds, or when it does not."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from zx.check.scope import NO_FACTS, Fact, Facts, Scope, present
from zx.syntax import ast


def facts_when(expr: ast.Expr, holds: bool, scope: Scope, depth: int = 0) -> Facts:
    """Facts that follow from ``expr`` being true (``holds``) or false; lets are looked into."""
    if depth > 16:
        return NO_FACTS
    if isinstance(expr, ast.Unary):
        return _unary(expr, holds, scope, depth)
    if isinstance(expr, ast.Path):
        facts: Facts = frozenset({present(expr.text)}) if holds else NO_FACTS
        entry = scope.lets.get(expr.head)
        if entry is not None and not expr.rest:
            if holds not in entry.facts:
                entry.facts[holds] = NO_FACTS  # Of a let that needs itself nothing is known.
                entry.facts[holds] = facts_when(entry.node.value, holds, scope, depth + 1)
            facts |= entry.facts[holds]
        return facts
    if isinstance(expr, ast.In):
        if any(_is_missing(value) for value in expr.values):
            return NO_FACTS
        inside = holds != expr.negated
        return _values(expr.operand, expr.values, inside=inside) | (_keys(expr.operand) if inside else NO_FACTS)
    if isinstance(expr, ast.Binary):
        return _binary(expr, holds, scope, depth)
    return NO_FACTS


def _unary(expr: ast.Unary, holds: bool, scope: Scope, depth: int) -> Facts:
    if expr.operator == "not":
        return facts_when(expr.operand, not holds, scope, depth + 1)
    if expr.operator == "is present":
        return _keys(expr.operand) if holds else NO_FACTS
    if expr.operator == "is missing":
        return NO_FACTS if holds else _keys(expr.operand)
    return NO_FACTS


def _binary(expr: ast.Binary, holds: bool, scope: Scope, depth: int) -> Facts:
    operator = expr.operator
    if operator in ("and", "or"):
        if holds == (operator == "and"):
            return facts_when(expr.left, holds, scope, depth + 1) | facts_when(expr.right, holds, scope, depth + 1)
        return _either(facts_when(expr.left, holds, scope, depth + 1), facts_when(expr.right, holds, scope, depth + 1))
    if operator in ("is", "is not"):
        inside = holds == (operator == "is")
        facts: set[Fact] = set()
        for side, other in ((expr.left, expr.right), (expr.right, expr.left)):
            if _is_literal(other):
                facts |= _values(side, (other,), inside=inside) | (_keys(side) if inside else NO_FACTS)
        return frozenset(facts)
    if operator in ("<", "<=", ">", ">="):
        return _length(expr, holds) | (_keys(expr.left) | _keys(expr.right) if holds else NO_FACTS)
    if operator in ("starts with", "contains") and holds:
        return _keys(expr.left) | _keys(expr.right)
    return NO_FACTS


def _length(expr: ast.Binary, holds: bool) -> Facts:
    """``len(X) > 30`` being false limits X to 30 characters."""
    call, bound = expr.left, expr.right
    if not (isinstance(call, ast.Call) and call.name == "len" and len(call.arguments) == 1):
        return NO_FACTS
    path = call.arguments[0]
    if not (isinstance(path, ast.Path) and isinstance(bound, ast.Constant) and isinstance(bound.value, Decimal)):
        return NO_FACTS
    count = int(bound.value)
    limits = {(">", False): count, (">=", False): count - 1, ("<=", True): count, ("<", True): count - 1}
    limit = limits.get((expr.operator, holds))
    return NO_FACTS if limit is None else frozenset({("length", path.text, limit)})


def _keys(expr: ast.Expr) -> Facts:
    return frozenset({present(expr.text)}) if isinstance(expr, ast.Path) else NO_FACTS


def _is_literal(expr: ast.Expr) -> bool:
    if isinstance(expr, ast.Constant):
        return expr.kind not in ("missing", "clear")
    return isinstance(expr, ast.TextLiteral) and expr.constant is not None


def _is_missing(expr: ast.Expr) -> bool:
    return not _is_literal(expr)


def _either(left: Facts, right: Facts) -> Facts:
    """What holds when one of two sides does: of values, those of either side."""
    both = set(left & right)
    for kind, key, values in left:
        if kind == "among" and isinstance(values, tuple):
            for other, same, more in right:
                if (other, same) == (kind, key) and isinstance(more, tuple):
                    both.add((kind, key, tuple(dict.fromkeys((*values, *more)))))
    return frozenset(both)


def _values(operand: ast.Expr, values: Sequence[ast.Expr], *, inside: bool) -> Facts:
    """The texts that a path is, or is not, one of."""
    texts = [value.constant for value in values if isinstance(value, ast.TextLiteral)]
    known = tuple(text for text in texts if text is not None)
    if not isinstance(operand, ast.Path) or len(known) != len(values):
        return NO_FACTS
    return frozenset({("among" if inside else "besides", operand.text, known)})


def allows(facts: Facts, key: str | None, value: str) -> bool:
    """Whether what is read at ``key`` can still be ``value``."""
    for kind, path, values in facts:
        if path == key and isinstance(values, tuple) and (value in values) != (kind == "among"):
            return False
    return True


def listed(facts: Facts, key: str | None) -> tuple[str, ...] | None:
    """The only values that can still be read at ``key``; None where nothing lists them."""
    found: list[str] | None = None
    for kind, path, values in sorted(facts, key=str):
        if kind == "among" and path == key and isinstance(values, tuple):
            found = [value for value in values if found is None or value in found]
    return None if found is None else tuple(value for value in found if allows(facts, key, value))


def is_present(facts: Facts, key: str) -> bool:
    """Whether ``facts`` say that ``key`` is there, itself or by something below it."""
    return any(kind == "present" and (path == key or path.startswith(key + ".")) for kind, path, _ in facts)


def known_length(facts: Facts, key: str) -> int | None:
    limits = (limit for kind, path, limit in facts if kind == "length" and path == key and isinstance(limit, int))
    return min(limits, default=None)
