"""What a condition says about presence and length when it holds, or when it does not."""

from __future__ import annotations

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
            facts |= facts_when(entry.node.value, holds, scope, depth + 1)
        return facts
    if isinstance(expr, ast.In):
        settled = holds != expr.negated and not any(_is_missing(value) for value in expr.values)
        return _keys(expr.operand) if settled else NO_FACTS
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
        return facts_when(expr.left, holds, scope, depth + 1) & facts_when(expr.right, holds, scope, depth + 1)
    if operator in ("is", "is not"):
        if holds != (operator == "is"):
            return NO_FACTS
        facts: set[Fact] = set()
        if _is_literal(expr.right):
            facts |= _keys(expr.left)
        if _is_literal(expr.left):
            facts |= _keys(expr.right)
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


def is_present(facts: Facts, key: str) -> bool:
    """Whether ``facts`` say that ``key`` is there, itself or by something below it."""
    return any(kind == "present" and (path == key or path.startswith(key + ".")) for kind, path, _ in facts)


def known_length(facts: Facts, key: str) -> int | None:
    return min((limit for kind, path, limit in facts if kind == "length" and path == key), default=None)
