"""Parse trees of expressions to nodes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, cast

from zx.diagnostics.diagnostic import Diagnostic, Span
from zx.syntax.ast import (
    Binary,
    Call,
    Constant,
    Duration,
    Expr,
    Find,
    If,
    In,
    Path,
    QName,
    Stop,
    TextLiteral,
    Unary,
    Via,
    WarnThen,
)
from zx.syntax.damage import Damage
from zx.syntax.literals import plain_text, text_literal
from zx.syntax.tree import Node, Token, Tree

if TYPE_CHECKING:
    from zx.syntax.origin import Origin

MAX_NESTING = 32
# Chains like `a & b & c` make deep trees without looking nested; the stages after this one walk trees by recursion.
MAX_DEPTH = 100

# Words that stand between values; no field of either system has such a name.
_NO_NAMES = frozenset(("otherwise", "then", "else", "and", "or", "via", "in", "is", "because", "when"))

Branch = Tree
Operator = Literal[
    "otherwise", "or", "and", "is", "is not", "<", "<=", ">", ">=", "starts with", "contains", "&", "+", "-", "*", "/"
]

_BINARY: dict[str, Operator] = {
    "or_": "or",
    "and_": "and",
    "is_": "is",
    "is_not": "is not",
    "starts_with": "starts with",
    "contains": "contains",
    "cat": "&",
    "add": "+",
    "sub": "-",
    "mul": "*",
    "div": "/",
}
_UNARY: dict[str, Literal["not", "-", "is missing", "is present"]] = {
    "not_op": "not",
    "neg": "-",
    "is_missing": "is missing",
    "is_present": "is present",
}
_NESTING = frozenset(("not_op", "neg", "if_", "call", "find"))


def branch(node: Node) -> Branch:
    """``node`` where the grammar allows a tree only."""
    assert isinstance(node, Tree)
    return node


def token(node: Node) -> Token:
    """``node`` where the grammar allows a token only."""
    assert isinstance(node, Token)
    return node


class Expressions:
    """Makes the nodes of one parsed stretch. Raises Damage for what the grammar cannot refuse."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self._makers: dict[str, Callable[[Branch, int, int], Expr]] = {
            "path": lambda node, _nesting, _depth: self.path(node),
            "call": self._call,
            "text": lambda node, _nesting, _depth: self.text(token(node.children[0])),
            "num": self._number,
            "percent": self._percent,
            "date": self._date,
            "yes": lambda node, _nesting, _depth: Constant(self._span(node), "bool", True),
            "no": lambda node, _nesting, _depth: Constant(self._span(node), "bool", False),
            "missing": lambda node, _nesting, _depth: Constant(self._span(node), "missing", None),
            "clear": lambda node, _nesting, _depth: Constant(self._span(node), "clear", None),
            "cmp": self._compare,
            "in_": self._in,
            "not_in": self._in,
            "if_": self._if,
            "otherwise": self._otherwise,
            "stop": lambda node, _nesting, _depth: self.stop(node),
            "warn_then": self._warn_then,
            "duration": self._duration,
            "via": self._via,
            "find": self._find,
        }

    def expression(self, node: Node, nesting: int = 0, depth: int = 0) -> Expr:
        tree = branch(node)
        kind = tree.data
        nesting += kind in _NESTING
        if nesting > MAX_NESTING or depth > MAX_DEPTH:
            raise Damage(self._too_deep(tree))
        if kind in _BINARY:
            return self._binary(tree, nesting, depth)
        if kind in _UNARY:
            return Unary(self._span(tree), _UNARY[kind], self.expression(tree.children[0], nesting, depth + 1))
        return self._makers[kind](tree, nesting, depth)

    def path(self, node: Node) -> Path:
        head, selector, *rest = cast("list[Token | None]", branch(node).children)
        if head in _NO_NAMES and head is not None:
            raise Damage(
                Diagnostic(
                    "E0100", f"`{head}` does not fit here", self.origin.span(head), "a field or a value belongs here"
                )
            )
        return Path(
            self._span(branch(node)),
            str(head),
            None if selector is None else str(selector),
            tuple([str(name) for name in rest]),
        )

    def text(self, quoted: Token) -> TextLiteral:
        return text_literal(quoted, self.origin.span(quoted))

    def plain(self, quoted: Token) -> str:
        return plain_text(quoted, self.origin.span(quoted))

    def qname(self, node: Node) -> QName:
        system, name = branch(node).children
        return QName(self._span(branch(node)), str(system), str(name))

    def stop(self, node: Node) -> Stop:
        outcome, message = cast("list[Token]", branch(node).children)
        return Stop(
            self._span(branch(node)), cast("Literal['fail', 'skip', 'cancel']", str(outcome)), self.text(message)
        )

    def _span(self, node: Branch) -> Span:
        return self.origin.span(node)

    def _binary(self, tree: Branch, nesting: int, depth: int) -> Expr:
        """Chains lean to the left: their spine is walked, so that a long one needs no deep recursion here."""
        spine: list[Branch] = []
        node = tree
        while node.data in _BINARY:
            spine.append(node)
            node = branch(node.children[0])
        depth += len(spine)
        if depth > MAX_DEPTH:
            raise Damage(self._too_deep(tree))
        result = self.expression(node, nesting, depth)
        for node in reversed(spine):
            right = self.expression(node.children[1], nesting, depth + 1)
            result = self._pair(node, _BINARY[node.data], result, right, node.children[1])
        return result

    def _pair(self, node: Branch, operator: Operator, left: Expr, right: Expr, right_node: Node) -> Binary:
        place = self.origin.operator(branch(node.children[0]), branch(right_node))
        return Binary(self._span(node), operator, left, right, place)

    def _compare(self, node: Branch, nesting: int, depth: int) -> Expr:
        left, sign, right = node.children
        return Binary(
            self._span(node),
            cast("Operator", str(sign)),
            self.expression(left, nesting, depth + 1),
            self.expression(right, nesting, depth + 1),
            self.origin.span(token(sign)),
        )

    def _otherwise(self, tree: Branch, nesting: int, depth: int) -> Expr:
        spine: list[Branch] = []
        node = tree
        while node.data == "otherwise":
            spine.append(node)
            node = branch(node.children[1])
        depth += len(spine)
        if len(spine) + nesting > MAX_NESTING:
            raise Damage(self._too_deep(tree))
        result = self.expression(node, nesting, depth)
        for node in reversed(spine):
            left = self.expression(node.children[0], nesting, depth)
            result = self._pair(node, "otherwise", left, result, node.children[1])
        return result

    def _in(self, node: Branch, nesting: int, depth: int) -> Expr:
        operand, group = node.children
        values = tuple(self.expression(child, nesting, depth + 1) for child in branch(group).children)
        return In(self._span(node), self.expression(operand, nesting, depth + 1), values, node.data == "not_in")

    def _if(self, node: Branch, nesting: int, depth: int) -> Expr:
        condition, then, otherwise = (self.expression(child, nesting, depth + 1) for child in node.children)
        return If(self._span(node), condition, then, otherwise)

    def _warn_then(self, node: Branch, nesting: int, depth: int) -> Expr:
        return self.warn_then(node, nesting, depth)

    def warn_then(self, node: Branch, nesting: int = 0, depth: int = 0) -> WarnThen:
        _warn, message, then = node.children
        return WarnThen(self._span(node), self.text(token(message)), self.expression(then, nesting, depth + 1))

    def _call(self, node: Branch, nesting: int, depth: int) -> Expr:
        name, *arguments = node.children
        values = tuple(self.expression(child, nesting, depth + 1) for child in arguments if child is not None)
        return Call(self._span(node), str(name), self.origin.span(token(name)), values)

    def _duration(self, node: Branch, nesting: int, depth: int) -> Expr:
        amount, unit = node.children
        singular = cast("Literal['day', 'week', 'month', 'year']", str(unit).removesuffix("s"))
        return Duration(self._span(node), self.expression(amount, nesting, depth + 1), singular)

    def _via(self, node: Branch, nesting: int, depth: int) -> Expr:
        operand, name = node.children
        return Via(
            self._span(node),
            self.expression(operand, nesting, depth + 1),
            str(name),
            self.origin.span(token(name)),
        )

    def _find(self, node: Branch, nesting: int, depth: int) -> Expr:
        kind, field, value, or_create = node.children
        return Find(
            self._span(node),
            self.qname(kind),
            str(field),
            self.origin.span(token(field)),
            self.expression(value, nesting, depth + 1),
            or_create is not None,
        )

    def _number(self, node: Branch, _nesting: int, _depth: int) -> Expr:
        return Constant(self._span(node), "number", Decimal(str(node.children[0])))

    def _percent(self, node: Branch, _nesting: int, _depth: int) -> Expr:
        return Constant(self._span(node), "percent", Decimal(str(node.children[0]).rstrip("%")))

    def _date(self, node: Branch, _nesting: int, _depth: int) -> Expr:
        written = str(node.children[0])
        try:
            date.fromisoformat(written)
        except ValueError:
            raise Damage(
                Diagnostic("E0115", f"{written} is no day of the calendar", self._span(node), "year-month-day")
            ) from None
        return Constant(self._span(node), "date", written)

    def _too_deep(self, node: Branch) -> Diagnostic:
        return Diagnostic(
            "E0109",
            f"this expression is nested too deeply: {MAX_NESTING} levels and {MAX_DEPTH} parts are allowed",
            self._span(node),
            "split it here",
            help="give parts of it a name with `let`, or make it a table",
        )
