"""What looks needless: an ``otherwise`` that is never used (W0307), a condition that never changes (W0308).

The same text is judged several times: in each map that shares it, with and without what the guards above settle. Only
what is needless every time is reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, fields, is_dataclass

from zx.check.reporter import Reporter
from zx.check.scope import Facts, Scope, Value
from zx.diagnostics.diagnostic import Diagnostic, Severity, Span
from zx.syntax import ast
from zx.values.dataclass import dataclass


@dataclass(slots=True)
class Doubts:
    """One entry for each place: the warning, or None once the text was of use there."""

    _entries: dict[tuple[str, Span], Diagnostic | None] = field(default_factory=dict)

    def needed(self, code: str, span: Span) -> None:
        self._entries[code, span] = None

    def needless(self, doubt: Diagnostic) -> None:
        self._entries.setdefault((doubt.code, doubt.span), doubt)

    def report(self, reporter: Reporter) -> None:
        reporter.take(doubt for doubt in self._entries.values() if doubt is not None)


def doubt_otherwise(doubts: Doubts, expr: ast.Binary, left: Value, scope: Scope, facts: Facts, text: str) -> None:
    """``left otherwise …``: of use where ``left`` may be missing, in this sync or with other settings."""
    if left.maybe or left.is_constant or not _same_everywhere(expr.left, scope):
        doubts.needed("W0307", _after(expr))
        return
    doubts.needless(
        Diagnostic(
            "W0307",
            f"`{text}` is never missing, so what follows `otherwise` is never used",
            _after(expr),
            _why_present(facts, left.key, scope),
            Severity.WARNING,
            help="delete it",
        )
    )


def _after(expr: ast.Binary) -> Span:
    """From `otherwise` to the end."""
    start, end = expr.operator_span, expr.right.span
    return Span(start.file, start.line, start.column, end.end_line, end.end_column)


def doubt_presence(doubts: Doubts, expr: ast.Unary, value: Value, scope: Scope, facts: Facts, text: str) -> None:
    """``X is present`` and ``X is missing``."""
    if value.maybe or value.is_constant or not _same_everywhere(expr.operand, scope):
        doubts.needed("W0308", expr.span)
        return
    always = "true" if expr.operator == "is present" else "false"
    doubts.needless(
        Diagnostic(
            "W0308",
            f"this condition is always {always}: `{text}` is never missing",
            expr.span,
            _why_present(facts, value.key, scope),
            Severity.WARNING,
            help="delete it, or correct what it asks",
        )
    )


def doubt_constant(doubts: Doubts, expr: ast.Expr, value: Value, scope: Scope) -> None:
    """A condition that is constant though no setting has a say in it."""
    if not isinstance(expr, ast.Binary | ast.In) or (isinstance(expr, ast.Binary) and expr.operator in ("and", "or")):
        return
    if not value.is_constant or not isinstance(value.constant, bool) or not _written(expr, scope):
        doubts.needed("W0308", expr.span)
        return
    doubts.needless(
        Diagnostic(
            "W0308",
            f"this condition is always {'true' if value.constant else 'false'}",
            expr.span,
            "both sides are written here and never change",
            Severity.WARNING,
            help="delete it, or correct what it compares",
        )
    )


def _written(expr: ast.Expr, scope: Scope, seen: set[str] | None = None) -> bool:
    """Whether everything in ``expr`` is written in the rules: no record, setting, table or map has a say."""
    seen = set() if seen is None else seen
    for node in _nodes(expr):
        if isinstance(node, ast.Via | ast.Find | ast.Pick):
            return False
        if isinstance(node, ast.Path):
            entry = scope.lets.get(node.head)
            if entry is None or node.rest:
                return False
            if node.head not in seen:
                seen.add(node.head)
                if not _written(entry.node.value, scope, seen):
                    return False
        if isinstance(node, ast.Call) and not node.arguments:
            return False
    return True


def _same_everywhere(expr: ast.Expr, scope: Scope, seen: set[str] | None = None) -> bool:
    """Whether no setting has a say in ``expr``."""
    seen = set() if seen is None else seen
    for node in _nodes(expr):
        if isinstance(node, ast.Path):
            entry = scope.lets.get(node.head)
            if node.head == "settings":
                return False
            if entry is not None and node.head not in seen:
                seen.add(node.head)
                if not _same_everywhere(entry.node.value, scope, seen):
                    return False
    return True


def _nodes(value: object) -> Iterator[object]:
    if isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)
    elif is_dataclass(value) and not isinstance(value, Span | type):
        yield value
        for part in fields(value):
            yield from _nodes(getattr(value, part.name))


def _why_present(facts: Facts, key: str | None, scope: Scope) -> str:
    """Why something is never missing, in a few words."""
    if key is not None and any(kind == "present" and path.startswith(key) for kind, path, _ in facts):
        return "a condition before it has settled that"
    if key is not None and scope.shape is not None and key in scope.shape.fields and key not in scope.lets:
        return f"{scope.shape.system.capitalize()} always has it"
    return "it always has a value"
