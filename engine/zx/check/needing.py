"""`needed` in a guard: what is asked of a record that a document needs, and of one that nobody asks for."""

from __future__ import annotations

from zx.check.ir import Const, Logic, Needed, Node, walk
from zx.diagnostics.diagnostic import Span


def asks_for(node: Node) -> bool:
    """Whether ``needed`` has a say in ``node``."""
    return any(isinstance(part, Needed) for part in walk(node))


def misplaced(node: Node) -> Span | None:
    """Where ``needed`` stands in anything but ``and`` and ``or``: turned round, compared, or part of a choice."""
    if isinstance(node, Needed):
        return None
    if isinstance(node, Logic):
        return misplaced(node.left) or misplaced(node.right)
    return next((part.span for part in walk(node) if isinstance(part, Needed)), None)


def answered(node: Node, needed: bool) -> Node:
    """``node`` with the answer in place of ``needed``, as short as it then gets."""
    if isinstance(node, Needed):
        return Const(node.span, needed)
    if not isinstance(node, Logic):
        return node
    left, right = answered(node.left, needed), answered(node.right, needed)
    for side, other in ((left, right), (right, left)):
        if isinstance(side, Const):
            return side if side.value is (node.operator == "or") else other
    return Logic(node.span, node.operator, left, right)
