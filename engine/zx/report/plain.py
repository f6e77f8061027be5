"""Values of a plan as JSON data."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from zx.plan.action import After
from zx.report.figures import number_text
from zx.runtime.values import CLEAR, TargetRef


def settled(value: object) -> object:
    """``value`` without the signals of the rule language: a reference becomes the code or id it stands for, or the
    ``After`` of the action that brings the id; an asked-for blank becomes blank text."""
    if value is CLEAR:
        return ""
    if isinstance(value, TargetRef):
        if value.code is not None or value.id is not None:
            return value.code if value.code is not None else value.id
        return After(str(value.source_id) if value.map is None else f"{value.map}:{value.source_id}")
    return value


def plain_value(value: object, field: str) -> Any:
    """``value`` of ``field`` as JSON data: decimals as text, ``After(id)`` as ``{"after": id}``.

    Raises TypeError for what has no form in a document; a planner that lets such a value through has a bug.
    """
    value = settled(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Decimal):
        return number_text(value, field)
    if isinstance(value, After):
        return {"after": value.action}
    if isinstance(value, Mapping):
        return {str(key): plain_value(item, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_value(item, field) for item in value]
    raise TypeError(f"{field}: a {type(value).__name__} has no form in a document")
