"""Trees without their places: what two texts must share to mean the same."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

from zx.diagnostics.diagnostic import Span

_NAMES: dict[type, tuple[str, ...]] = {}


def same_shape(one: object, other: object) -> bool:
    """Whether two trees are equal in everything but their spans."""
    kind = one.__class__
    if kind is not other.__class__:
        return False
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same_shape, one, other))
    names = _NAMES.get(kind)
    if names is None:
        names = _NAMES[kind] = _names(kind)
    if not names:
        return isinstance(one, Span) or one == other
    for name in names:
        left, right = getattr(one, name), getattr(other, name)
        if left is not right and not same_shape(left, right):
            return False
    return True


def _names(kind: type) -> tuple[str, ...]:
    """The fields of a node's class; none for a span or a plain value."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) and kind is not Span else ()
