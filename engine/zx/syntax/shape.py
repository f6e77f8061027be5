"""Trees without their places: what two texts must share to mean the same."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

from zx.diagnostics.diagnostic import Span


def shape(node: object) -> object:
    """``node`` as nested tuples of names and plain values, every span left out. Equal shapes are equal trees."""
    if isinstance(node, tuple):
        return tuple(shape(child) for child in node)
    if is_dataclass(node) and not isinstance(node, type):
        values = ((field.name, getattr(node, field.name)) for field in fields(node))
        return (
            type(node).__name__,
            *((name, shape(value)) for name, value in values if not isinstance(value, Span)),
        )
    return node
